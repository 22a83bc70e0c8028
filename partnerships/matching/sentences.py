"""Plain English for every code, and what a participant may read as against a broker.

The engine translates nothing: a `Sentence` is a code and its parameters, which callers may put through gettext. Where
there are two texts, the first is for a `count` of one.
"""

from __future__ import annotations

from collections.abc import Iterator

from .rules import ACCESS, AVOID, CONFLICT
from .types import Allocation, Exchange, Hosting, Leg, Reason, Sentence

# Folded into one sentence without a number: a participant must not learn who avoids whom.
PRIVATE = frozenset({AVOID, CONFLICT, ACCESS})

TEXTS: dict[str, str | tuple[str, str]] = {
    "own_organisation": "This is the visitor’s own organisation.",
    "crossing": "This programme does not count visits from {from} to {to}.",
    "return_visit": "This host takes visitors only in return for a visit, and none is possible here.",
    "not_listed": "The visitor goes only to hosts on their own list, and this one is not on it.",
    "avoid": "These two are not to meet.",
    "conflict": "The visitor’s team funds, buys from, inspects or assesses this host, which takes no such visitors.",
    "no_common_week": "No week suits both.",
    "check": "A check that this host asks for cannot be done in time: {checks}.",
    "full": "Every place in the weeks that suit is taken.",
    "limit": "One of the organisations has reached its own limit in the weeks that suit both.",
    "mode": "One would meet only in person, the other only remotely.",
    "too_far": "It is {km} km away, further than the visitor or the programme goes.",
    "access": "This host cannot offer what the visitor needs: {needs}.",
    "payment": "This host asks for {pence} pence, more than the programme and the visitor’s organisation pay.",
    "cover": "Covering this visitor’s absence costs {pence} pence, more than the programme pays.",
    "removed.own_organisation": (
        "{count} offer is by your own organisation.",
        "{count} offers are by your own organisation.",
    ),
    "removed.crossing": (
        "{count} host is in a field that this programme does not count for you.",
        "{count} hosts are in fields that this programme does not count for you.",
    ),
    "removed.return_visit": (
        "{count} host takes visitors only in return for a visit, which is not possible for you.",
        "{count} hosts take visitors only in return for a visit, which is not possible for you.",
    ),
    "removed.not_listed": (
        "{count} host is not on your list.",
        "{count} hosts are not on your list.",
    ),
    "removed.no_common_week": (
        "{count} host has no week that suits you both.",
        "{count} hosts have no week that suits you both.",
    ),
    "removed.check": (
        "{count} host asks for a check that cannot be done in time.",
        "{count} hosts ask for a check that cannot be done in time.",
    ),
    "removed.full": (
        "{count} host has no place left in the weeks that suit you.",
        "{count} hosts have no place left in the weeks that suit you.",
    ),
    "removed.limit": (
        "With {count} host, its own limit or your organisation’s limit is reached in the weeks that suit you both.",
        "With {count} hosts, their own limit or your organisation’s limit is reached in the weeks that suit you both.",
    ),
    "removed.mode": (
        "{count} host meets only in person or only remotely, and you meet the other way.",
        "{count} hosts meet only in person or only remotely, and you meet the other way.",
    ),
    "removed.too_far": ("{count} host is too far away.", "{count} hosts are too far away."),
    "removed.payment": (
        "{count} host asks for more than the programme and your organisation pay.",
        "{count} hosts ask for more than the programme and your organisation pay.",
    ),
    "removed.cover": (
        "With {count} host, the cover that your absence needs costs more than the programme pays.",
        "With {count} hosts, the cover that your absence needs costs more than the programme pays.",
    ),
    "removed.avoid": (
        "{count} host and this person are not to meet.",
        "{count} hosts and this person are not to meet.",
    ),
    "removed.conflict": (
        "{count} host does not take visitors from a team that funds or inspects it.",
        "{count} hosts do not take visitors from a team that funds or inspects them.",
    ),
    "removed.access": (
        "{count} host cannot offer the access that is needed.",
        "{count} hosts cannot offer the access that is needed.",
    ),
    "removed.private": "Some hosts were not available to you.",
    "no_host": "No host in this round suited what you told us.",
    "fixed": "This visit was already agreed.",
    "not_reached": "The matching was stopped before your place was decided.",
    "places_taken": (
        "{count} host suited you, but others have its places.",
        "{count} hosts suited you, but others have their places.",
    ),
    "no_return": (
        "{count} host suited you, but only for a visit in return, and nobody could come to what you show.",
        "{count} hosts suited you, but only for a visit in return, and nobody could come to what you show.",
    ),
    "others_chosen": (
        "An exchange was possible with {count} host, but others were matched there.",
        "An exchange was possible with {count} hosts, but others were matched there.",
    ),
    "swap": "The two of you visit each other.",
    "ring": "Three of you visit one another in a ring: you visit one of them, and the other visits you.",
    "contest": (
        "{people} people could only go to hosts that had {count} place for them.",
        "{people} people could only go to hosts that had {count} places for them.",
    ),
    "lost_by.placed": "Placing you would have left more others without a place.",
    "lost_by.compulsory": "People who have to go came first, as this programme published.",
    "lost_by.kept": "Placing you would have changed what had been proposed to somebody else.",
    "lost_by.hosts": "Placing you would have sent fewer visitors to hosts that asked for more and have had fewest.",
    "lost_by.fit": "Placing you would have made the matches as a whole fit less well.",
    "lost_by.lot": "Everything else was equal, so a lot was drawn.",
    "lost_by.together": "No result that is as good for everyone has a place for you.",
    "lost_by.limits": "Placing you was not possible within the limits that organisations set, without a worse result.",
    "would_help.week": (
        "If you could also go in week {amount}, {count} more host would suit you.",
        "If you could also go in week {amount}, {count} more hosts would suit you.",
    ),
    "would_help.km": (
        "If you could go {amount} km further, {count} more host would suit you.",
        "If you could go {amount} km further, {count} more hosts would suit you.",
    ),
    "would_help.check": (
        "If you held this check, {count} more host would suit you: {kind}.",
        "If you held this check, {count} more hosts would suit you: {kind}.",
    ),
    "would_help.payment": (
        "If {amount} pence more could be paid, {count} more host would suit you.",
        "If {amount} pence more could be paid, {count} more hosts would suit you.",
    ),
    "would_help.cover": (
        "If {amount} pence more could be paid for cover, {count} more host would suit you.",
        "If {amount} pence more could be paid for cover, {count} more hosts would suit you.",
    ),
    "would_help.remote": (
        "If you would meet remotely, {count} more host would suit you.",
        "If you would meet remotely, {count} more hosts would suit you.",
    ),
    "would_help.in_person": (
        "If you would meet in person, {count} more host would suit you.",
        "If you would meet in person, {count} more hosts would suit you.",
    ),
    "free": ("{count} of these still has a place.", "{count} of these still have a place."),
    "part.learn": "What you want to see and learn is shown there: {points} of {out_of} points.",
    "part.place": "It is near enough to go easily: {points} of {out_of} points.",
    "part.dates": "There are weeks that suit you both: {points} of {out_of} points.",
    "part.mode": "You can meet in person: {points} of {out_of} points.",
    "part.size": "It is a small organisation: {points} of {out_of} points.",
    "part.preference": "It is on your list: {points} of {out_of} points.",
    "part.new": "You have not been there before: {points} of {out_of} points.",
    "part.asked": "The host asked for you by name: {points} of {out_of} points.",
    "better": (
        "{count} host fitted you better, but the places there were needed for the best result for everyone.",
        "{count} hosts fitted you better, but the places there were needed for the best result for everyone.",
    ),
    "instead_of": "Placing this person would take the place of {id}.",
    "competed": "They all can go only to these hosts: {people} for {offers}.",
    "best_offer": "The best of these was {id}.",
    "id_twice": "There are two of the {what} {id}.",
    "unknown_organisation": "{id} names an organisation that is not there: {organisation}.",
    "criteria_order": "These criteria cannot be taken in this order: {criteria}.",
    "number_out_of_range": "{id} has a number outside 0 to {most}: {number}.",
    "fixed_twice": "{id} has two fixed placements.",
    "fixed_unknown": "A fixed placement names {id}, who or which is not there.",
    "fixed_over_places": "{people} fixed placements at {id} in week {week} are more than its places.",
    "exchange_size": "An exchange is between two or three people, not {number}.",
    "shown_by_unknown": "{id} is shown by {person}, who is not there.",
    "shown_elsewhere": "{id} is shown by {person}, who belongs to another organisation.",
    "fixed_exchange_open": "The fixed visits of the exchange {id} do not answer each other.",
    "too_many_weeks": "The offers are spread over {weeks} weeks; at most {most} can be solved together.",
    "too_large_for_exact_weights": "With {people} people these criteria are too large to be weighed exactly.",
}


def text(sentence: Sentence) -> str:
    """The sentence in English."""
    found = TEXTS[sentence.code]
    if isinstance(found, tuple):
        found = found[0] if sentence.params["count"] == 1 else found[1]
    return found.format(**sentence.params)


def for_participant(reason: Reason, allocation: Allocation) -> tuple[Sentence, ...]:
    """What the person may read: causes, never people; who avoids whom, and unmet access, folded into one sentence."""
    return tuple(_say(reason, allocation, private=False))


def for_broker(reason: Reason, allocation: Allocation) -> tuple[Sentence, ...]:
    """The same with every cause by its own name, and ids of people and offers, which the caller turns into names."""
    return tuple(_say(reason, allocation, private=True))


def how_they_meet(exchange: Exchange) -> Sentence:
    """Who visits whom in an exchange."""
    return Sentence("swap" if len(exchange.legs) == 2 else "ring")


def why_this_match(visit: Hosting | Leg) -> tuple[Sentence, ...]:
    """The parts of a fit that gave points, most first."""
    leg = visit.leg if isinstance(visit, Hosting) else visit
    parts = sorted((part for part in leg.parts if part.points), key=lambda part: (-part.points, part.name))
    return tuple(Sentence(f"part.{part.name}", {"points": part.points, "out_of": part.out_of}) for part in parts)


def _say(reason: Reason, allocation: Allocation, *, private: bool) -> Iterator[Sentence]:
    if reason.code == "placed":
        yield from why_this_match(next(leg for leg in allocation.legs() if leg.person_id == reason.person_id))
        exchanges = [one for one in allocation.exchanges if reason.person_id in {leg.person_id for leg in one.legs}]
        yield from (how_they_meet(one) for one in exchanges)
        if reason.better:
            yield Sentence("better", {"count": reason.better})
            if private:
                yield Sentence("best_offer", {"id": reason.best_offer_id})
        return
    counts = {"places_taken": reason.suitable, "no_return": reason.suitable, "others_chosen": reason.answered}
    yield Sentence(reason.code, {"count": counts[reason.code]} if reason.code in counts else {})
    if reason.contest is not None:
        contest = allocation.contests[reason.contest]
        yield Sentence("contest", {"people": len(contest.people), "count": contest.places})
        if private:
            who, where = ", ".join(contest.people), ", ".join(contest.offers)
            yield Sentence("competed", {"people": who, "offers": where})
    if reason.lost_by:
        yield Sentence(f"lost_by.{reason.lost_by}")
    if private and reason.instead_of:
        yield Sentence("instead_of", {"id": reason.instead_of})
    for removed in reason.removed:
        if private or removed.code not in PRIVATE:
            yield Sentence(f"removed.{removed.code}", {"count": removed.hosts})
    if not private and any(removed.code in PRIVATE for removed in reason.removed):
        yield Sentence("removed.private")
    for change in reason.relaxations:
        params: dict[str, int | str] = {"count": change.hosts, "amount": change.amount, "kind": change.kind}
        yield Sentence(f"would_help.{change.change}", params)
        yield Sentence("free", {"count": change.free})
