"""What the engine found, in words for people, in their language.

A participant reads causes and never people: who avoids whom, ties and unmet needs are folded into one sentence with
everyday causes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.matching.types import Allocation, Hosting, Problem, Reason
from secondments.matches.days import monday_of
from secondments.models.money import pounds
from secondments.states import CheckKind

PRIVATE_CAUSES = frozenset({"avoid", "conflict", "access"})
"""What tells of somebody what they said for the engine alone."""

FOLDED_CAUSES = PRIVATE_CAUSES | {"full", "limit"}
"""What a participant reads as one sentence without a number: two of them happen every day, so that it tells nothing."""

PARTS: dict[str, str | Promise] = {
    "learn": gettext_lazy("Shows what was asked for"),
    "place": gettext_lazy("Near enough to go easily"),
    "dates": gettext_lazy("Several weeks suit both"),
    "mode": gettext_lazy("They can meet in person"),
    "size": gettext_lazy("A small organisation, seldom visited"),
    "preference": gettext_lazy("On the list of wishes"),
    "new": gettext_lazy("They have not met before"),
    "asked": gettext_lazy("The host asked for this person"),
}

CRITERIA: dict[str, tuple[str | Promise, str | Promise]] = {
    "placed": (
        gettext_lazy("Everyone’s chance of a place"),
        gettext_lazy("As many people as possible have a place, whoever they are."),
    ),
    "compulsory": (
        gettext_lazy("People who have to go"),
        gettext_lazy("As many as possible of those for whom a visit is part of their training have a place."),
    ),
    "kept": (
        gettext_lazy("What was proposed before"),
        gettext_lazy("As few people as possible lose what an earlier proposal gave them."),
    ),
    "hosts": (
        gettext_lazy("Hosts who have had fewest visitors"),
        gettext_lazy(
            "Visitors are spread, first to hosts who have had none: each further visitor of a host counts fewer points."
        ),
    ),
    "fit": (
        gettext_lazy("How well people and hosts fit"),
        gettext_lazy("What people want to see, how near it is, and how many weeks suit both."),
    ),
}

STAGES: dict[str, str | Promise] = {
    "candidates": gettext_lazy("Finding every host that suits each person"),
    "score": gettext_lazy("Working out how well they fit"),
    "placed": gettext_lazy("Giving as many people as possible a place"),
    "compulsory": gettext_lazy("Placing those who have to go"),
    "kept": gettext_lazy("Keeping what was proposed before"),
    "hosts": gettext_lazy("Spreading visitors over hosts"),
    "fit": gettext_lazy("Choosing the best fit"),
    "explain": gettext_lazy("Writing down why"),
    "verify": gettext_lazy("Checking everything once more, independently"),
}

LOST_BY: dict[str, str | Promise] = {
    "placed": gettext_lazy("A place would have left more others without one."),
    "compulsory": gettext_lazy("People who have to go came first, as this programme published."),
    "kept": gettext_lazy("A place would have changed what had been proposed to somebody else."),
    "hosts": gettext_lazy(
        "Somebody else would have lost theirs, and fewer visitors would have gone to hosts who have had fewest."
    ),
    "fit": gettext_lazy(
        "Somebody else would have lost theirs, and the matches as a whole would have fitted less well."
    ),
    "lot": gettext_lazy("Everything else was equal, so a lot was drawn."),
    "together": gettext_lazy("With this place, the result for everyone as a whole would have been worse."),
    "limits": gettext_lazy("The limits that organisations set left no room for one more."),
}


REMOVED: dict[str, Callable[[int], str]] = {
    "own_organisation": lambda count: ngettext(
        "%(count)s offer is by the person’s own organisation.",
        "%(count)s offers are by the person’s own organisation.",
        count,
    ),
    "return_visit": lambda count: ngettext(
        "%(count)s host takes visitors only in return for a visit, which is not possible here.",
        "%(count)s hosts take visitors only in return for a visit, which is not possible here.",
        count,
    ),
    "not_listed": lambda count: ngettext(
        "%(count)s host is not on the person’s list.", "%(count)s hosts are not on the person’s list.", count
    ),
    "crossing": lambda count: ngettext(
        "%(count)s host works in a field that does not count for this person here.",
        "%(count)s hosts work in fields that do not count for this person here.",
        count,
    ),
    "no_common_week": lambda count: ngettext(
        "%(count)s host has no week that suits both.", "%(count)s hosts have no week that suits both.", count
    ),
    "check": lambda count: ngettext(
        "%(count)s host asks for something that cannot be done in time.",
        "%(count)s hosts ask for something that cannot be done in time.",
        count,
    ),
    "full": lambda count: ngettext(
        "%(count)s host has no place left in those weeks.",
        "%(count)s hosts have no place left in those weeks.",
        count,
    ),
    "limit": lambda count: ngettext(
        "With %(count)s host, one of the two organisations takes part in no more visits in those weeks.",
        "With %(count)s hosts, one of the two organisations takes part in no more visits in those weeks.",
        count,
    ),
    "mode": lambda count: ngettext(
        "%(count)s host meets the other way: in person or online.",
        "%(count)s hosts meet the other way: in person or online.",
        count,
    ),
    "too_far": lambda count: ngettext("%(count)s host is too far away.", "%(count)s hosts are too far away.", count),
    "payment": lambda count: ngettext(
        "%(count)s host asks for more than the programme pays.",
        "%(count)s hosts ask for more than the programme pays.",
        count,
    ),
    "cover": lambda count: ngettext(
        "With %(count)s host, the cover needed costs more than the programme pays.",
        "With %(count)s hosts, the cover needed costs more than the programme pays.",
        count,
    ),
    "avoid": lambda count: ngettext(
        "%(count)s host is not to meet this person.", "%(count)s hosts are not to meet this person.", count
    ),
    "conflict": lambda count: ngettext(
        "%(count)s host takes no visitors from a team that funds or inspects it.",
        "%(count)s hosts take no visitors from a team that funds or inspects them.",
        count,
    ),
    "access": lambda count: ngettext(
        "%(count)s host cannot give the access that is needed.",
        "%(count)s hosts cannot give the access that is needed.",
        count,
    ),
}
"""Rule → what it ruled out, for so many offers. Only what is said is looked up: a desk has hundreds of them."""

TO_THEMSELVES: dict[str, Callable[[int], str]] = {
    "own_organisation": lambda count: ngettext(
        "%(count)s offer is by your own organisation.", "%(count)s offers are by your own organisation.", count
    ),
    "not_listed": lambda count: ngettext(
        "%(count)s host is not on your list.", "%(count)s hosts are not on your list.", count
    ),
    "crossing": lambda count: ngettext(
        "%(count)s host works in a field that does not count for you here.",
        "%(count)s hosts work in fields that do not count for you here.",
        count,
    ),
}
"""The same where whom it is about reads it."""


def would_help(change: str, amount: int, kind: str, count: int) -> str:
    """A smallest change that would open so many more hosts."""
    conditions: dict[str, Callable[[], str]] = {
        "week": lambda: _("With the week of %(week)s as well") % {"week": date_format(monday_of(amount), "j F")},
        "km": lambda: _("Going %(km)s km further") % {"km": amount},
        "check": lambda: _("With this done first: %(check)s") % {"check": CheckKind(kind).label},
        "payment": lambda: _("If %(sum)s more could be paid for a day") % {"sum": pounds(amount)},
        "cover": lambda: _("If %(sum)s more could be paid for cover") % {"sum": pounds(amount)},
        "remote": lambda: _("If a visit online would do"),
        "in_person": lambda: _("If a visit in person would do"),
    }
    opens = ngettext("%(count)s more host would suit", "%(count)s more hosts would suit", count) % {"count": count}
    return _("%(condition)s, %(opens)s.") % {"condition": conditions[change](), "opens": opens}


SELDOM_MISSING = frozenset({"mode", "new"})
"""What nearly every match has: said of one, and left out of a list in which it would stand in each row."""


def why_this_match(
    parts: Iterable[Mapping[str, Any]], facts: Mapping[str, Any], *, in_a_list: bool = False
) -> list[str]:
    """The parts of a stored fit that gave points, the most first, as short phrases; last, what was given up."""
    given = sorted((part for part in parts if part["points"]), key=lambda part: (-part["points"], part["name"]))
    if in_a_list:
        given = [part for part in given if part["name"] not in SELDOM_MISSING] or given
    if facts.get("by_hand"):
        # Its week was set, and how many others would have suited is not known.
        given = [part for part in given if part["name"] != "dates"]
    phrases = [_("Chosen by the broker")] if facts.get("by_hand") else []
    phrases += [_phrase(part["name"], facts) for part in given]
    return phrases + _given_up(facts.get("better", 0), in_a_list=in_a_list)


def _given_up(better: int, *, in_a_list: bool) -> list[str]:
    """How many hosts would have fitted better, and, where it is not said in each row, why it is none of them."""
    if not better:
        return []
    if in_a_list:
        words = ngettext("%(count)s host would have fitted better", "%(count)s hosts would have fitted better", better)
    else:
        words = ngettext(
            "%(count)s host would have fitted better, but its place was needed for the best result for everyone",
            "%(count)s hosts would have fitted better, but their places were needed for the best result for everyone",
            better,
        )
    return [words % {"count": better}]


def _phrase(name: str, facts: Mapping[str, Any]) -> str:
    """A part in words, with the number that it rests on where there is one."""
    if name == "place" and facts.get("km") is not None:
        return _("%(km)s km apart") % {"km": facts["km"]} if facts["km"] else _("In the same place")
    if name == "dates" and "weeks" in facts:
        words = ngettext("%(count)s week suits both", "%(count)s weeks suit both", facts["weeks"])
        return words % {"count": facts["weeks"]}
    return str(PARTS[name])


def criterion_words(name: str) -> tuple[str, str]:
    """A criterion's name and what it means, as published."""
    title, meaning = CRITERIA[name]
    return str(title), str(meaning)


def part_words(name: str) -> str:
    """What a part of a fit gives points for, as published."""
    return str(PARTS[name])


def weight_words(weights: Mapping[str, int]) -> list[tuple[str, int]]:
    """What counts in a fit and its points, the most first; what counts nothing is left out."""
    counting = sorted(weights.items(), key=lambda one: (-one[1], list(PARTS).index(one[0])))
    return [(part_words(name), points) for name, points in counting if points]


def stage_words(stage: str) -> str:
    """What the engine is doing, for the page that shows its progress."""
    return str(STAGES.get(stage, stage))


def causes_of(reason: Reason, allocation: Allocation) -> dict[str, Any]:
    """The true causes why a person was not placed, as data that can be stored and told in any language."""
    contest = allocation.contests[reason.contest] if reason.contest is not None else None
    return {
        "code": reason.code,
        "suitable": reason.suitable,
        "lost_by": reason.lost_by,
        "contest": {"people": len(contest.people), "places": contest.places} if contest else None,
        "removed": [[one.code, one.hosts] for one in reason.removed],
        "would_help": [
            {"change": one.change, "amount": one.amount, "kind": one.kind, "hosts": one.hosts}
            for one in reason.relaxations
        ],
    }


NOT_CONFIRMED: dict[str, Any] = {
    "code": "not_confirmed",
    "suitable": 0,
    "lost_by": "",
    "contest": None,
    "removed": [],
    "would_help": [],
}
"""The cause of whom the engine was never told."""

NOT_TAKING_PART: dict[str, Any] = {**NOT_CONFIRMED, "code": "not_taking_part"}
"""The same of whose organisation may not act, or takes part no more."""

INTRODUCED_IN_VAIN: dict[str, Any] = {**NOT_CONFIRMED, "code": "introduced_in_vain"}
"""The same of whoever had been introduced to a host by then, where that visit does not take place."""


def parts_of(hosting: Hosting) -> list[dict[str, Any]]:
    """The parts of a fit, as data that can be stored; they add up to the fit."""
    return [{"name": part.name, "points": part.points, "out_of": part.out_of} for part in hosting.leg.parts]


def facts_in(problem: Problem, answer: Allocation) -> Callable[[Hosting], dict[str, Any]]:
    """What a person would want to know of each match besides its points: distance, weeks, and what was given up.

    Everything is looked up once, for a round of ten thousand has as many matches.
    """
    people = {each.id: each.point for each in problem.people}
    offers = {each.id: each.point for each in problem.slots}
    better = {each.person_id: each.better for each in answer.reasons}

    def facts_of(hosting: Hosting) -> dict[str, Any]:
        here, there = people[hosting.leg.person_id], offers[hosting.leg.offer_id]
        apart = math.hypot(here.east_m - there.east_m, here.north_m - there.north_m) if here and there else None
        return {
            "km": None if apart is None else round(apart / 1000),
            "weeks": len(hosting.leg.weeks),
            "better": better[hosting.leg.person_id],
            "by_hand": bool(hosting.fixed),
        }

    return facts_of


def _by_exchange(code: str, count: int) -> str:
    """Hosts that suited, but only for a visit in return: nobody there could come, or other pairs were better."""
    if code == "no_return":
        words = ngettext(
            "%(count)s host suited, but only for a visit in return, and nobody there could come in exchange.",
            "%(count)s hosts suited, but only for a visit in return, and nobody there could come in exchange.",
            count,
        )
    else:
        words = ngettext(
            "%(count)s host suited, but only for a visit in return, and changing places with others was better.",
            "%(count)s hosts suited, but only for a visit in return, and changing places with others was better.",
            count,
        )
    return words % {"count": count}


class WhyNot(NamedTuple):
    """In sentences: why a person was not placed, which rules took other hosts away, and what would help."""

    causes: list[str]
    rules: list[str]
    helps: list[str]


def what_happened(causes: Mapping[str, Any], *, for_broker: bool = False) -> WhyNot:
    """What is stored of a person who was not placed, in words. The broker reads every cause by its own name."""
    why: list[str] = []
    if causes["code"] == "no_host":
        why.append(_("No host in this round suited what was asked for."))
    elif causes["code"] == NOT_CONFIRMED["code"]:
        why.append(
            _("Their organisation has not said yet that they work there, and nobody is matched without that.")
            if for_broker
            else _("Your organisation has not said yet that you work there, and nobody is matched without that.")
        )
    elif causes["code"] == NOT_TAKING_PART["code"]:
        why.append(
            _("Their organisation does not take part at the moment.")
            if for_broker
            else _("Your organisation does not take part at the moment. Ask its coordinator.")
        )
    elif causes["code"] == INTRODUCED_IN_VAIN["code"]:
        why.append(
            _("They had been introduced to a host when this was matched, and that visit does not take place.")
            if for_broker
            else _("You had been introduced to a host when people were matched, and that visit does not take place.")
        )
    elif causes["code"] == "not_reached":
        why.append(_("The matching was stopped before this place was decided."))
    elif causes["code"] in ("no_return", "others_chosen"):
        why.append(_by_exchange(causes["code"], causes["suitable"]))
    else:
        suited = ngettext(
            "%(count)s host suited, but has no place left.",
            "%(count)s hosts suited, but have no place left.",
            causes["suitable"],
        )
        why.append(suited % {"count": causes["suitable"]})
    contest = causes["contest"]
    if contest and contest["people"] > 1:
        competed = ngettext(
            "%(people)s people could only go to hosts that had %(places)s place for them.",
            "%(people)s people could only go to hosts that had %(places)s places for them.",
            contest["places"],
        )
        why.append(competed % contest)
    if causes["lost_by"]:
        why.append(str(LOST_BY[causes["lost_by"]]))
    helps = [would_help(one["change"], one["amount"], one["kind"], one["hosts"]) for one in causes["would_help"]]
    return WhyNot(why, ruled_out(causes["removed"], for_broker=for_broker), helps)


def ruled_out(removed: Iterable[tuple[str, int]], *, for_broker: bool = False) -> list[str]:
    """Which rule took how many hosts away; what tells of others is folded, except for the broker."""
    counted = list(removed)
    named = [(code, hosts) for code, hosts in counted if for_broker or code not in FOLDED_CAUSES]
    said = REMOVED if for_broker else REMOVED | TO_THEMSELVES
    sentences = [said[code](hosts) % {"count": hosts} for code, hosts in named]
    return sentences if len(named) == len(counted) else [*sentences, _("Some hosts were not available to you.")]
