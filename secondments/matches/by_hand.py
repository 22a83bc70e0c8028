"""Changes by hand, as the engine is told of them; and what one would cost, before it is made."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem, Refused
from partnerships.matching import engine
from partnerships.matching import types as told
from secondments.matches.clashes import Clashes, as_first_asked
from secondments.matches.days import monday_of, week_number
from secondments.matches.keys import offer_key, person_id
from secondments.matches.problem import Asked
from secondments.models import Adjustment, HostOffer, Match, MatchRun, Participation, Round
from secondments.states import AdjustmentKind, AdjustmentState

BY_HAND = "by_hand"
"""Why a placement of the engine stood before it began."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """What holds by hand in a round, oldest first, with every match of an exchange of which one is kept.

    `unknown`: whether the proposal that it was read for does not know of all of it.
    """

    changes: Sequence[Adjustment]
    exchanged: Sequence[Match]
    unknown: bool = False

    @classmethod
    def in_round(cls, a_round: Round) -> ByHand:
        changes = list(Adjustment.objects.standing_in(a_round).with_people())
        return cls(changes, _exchanged(changes))

    @classmethod
    def beside(cls, run: MatchRun) -> ByHand:
        """Read once for all that a page asks about a proposal."""
        read: list[Any] = list(Adjustment.objects.read_on(run).with_people())
        changes = [each for each in read if each.state == AdjustmentState.STANDING]
        return cls(changes, _exchanged(changes), unknown=any(each.since for each in read))

    def and_kept(self, match: Match) -> ByHand:
        """The same with a match that is proposed."""
        kept = Adjustment(
            run_id=match.run_id,
            kind=AdjustmentKind.KEEP,
            participation=match.participation,
            offer_id=match.offer_id,
            week=match.week,
        )
        changes = [*self.changes, kept]
        return ByHand(changes, _exchanged(changes), self.unknown)

    def of(self, participation: Participation) -> list[Adjustment]:
        """What was changed for one person."""
        return [each for each in self.changes if each.participation_id == participation.pk]

    def settles(self, participation: Participation) -> bool:
        """Whether it is set where somebody goes, by a change of theirs or of somebody they change places with."""
        return person_id(participation) in self.settled()

    def settled(self) -> set[str]:
        """Everybody whose visit is set, and whoever changes places with them."""
        set_alone = {person_id(each.participation) for each in self.changes if each.week is not None}
        return set_alone | {person_id(each.participation) for each in self.exchanged}


def _exchanged(changes: Iterable[Adjustment]) -> list[Match]:
    kept = {each.run_id for each in changes if each.kind == AdjustmentKind.KEEP}
    return list(Match.objects.exchanged_in(kept)) if kept else []


def with_changes(asked: Asked, a_round: Round) -> told.Problem:
    """The problem with what holds by hand, and with what is proposed now to be kept where nothing better is lost."""
    return _with(asked, ByHand.in_round(a_round), _proposed_in(a_round))


def _proposed_in(a_round: Round) -> Iterator[tuple[str, str, int]]:
    """Who is proposed where, and when. What was stopped half way was proposed to nobody, and need not be held on to."""
    matches = Match.objects.proposed_in(a_round).values_list("participation__uuid", "offer", "week")
    return ((str(person), offer_key(offer), week_number(week)) for person, offer, week in matches)


def _with(asked: Asked, by_hand: ByHand, proposed: Iterable[tuple[str, str, int]] = ()) -> told.Problem:
    """What cannot hold any more, because a host has closed or has no place or no days left, is left out; the desk says
    so."""
    problem = asked.problem
    known = {person.id for person in problem.people}
    to_keep = {person: (offer, week) for person, offer, week in proposed if person in known}
    rules = dataclasses.replace(
        problem.rules,
        criteria=_with_kept(problem.rules.criteria) if to_keep else problem.rules.criteria,
        proposed={person: offer for person, (offer, _week) in to_keep.items()},
        proposed_weeks={person: week for person, (_offer, week) in to_keep.items()},
        fixed=tuple(_fixed(asked, known, by_hand)),
        forbidden=kept_apart(by_hand.changes),
    )
    return dataclasses.replace(problem, rules=rules)


def kept_apart(standing: Iterable[Adjustment]) -> frozenset[tuple[str, str]]:
    """Whom a broker never sends where."""
    return frozenset(
        (person_id(each.participation), offer_key(each.offer_id))
        for each in standing
        if each.kind == AdjustmentKind.FORBID
    )


def _with_kept(criteria: tuple[str, ...]) -> tuple[str, ...]:
    """People are counted first; then as few as possible lose what they were proposed."""
    head = [name for name in criteria if name in (told.PLACED, told.COMPULSORY)]
    tail = [name for name in criteria if name not in (*head, told.KEPT)]
    return (*head, told.KEPT, *tail)


def _fixed(asked: Asked, known: set[str], by_hand: ByHand) -> Iterator[told.Fixed]:
    """Every visit that holds, as long as there is room for it; those of an exchange hold together or not at all."""
    places = {slot.id: slot.places for slot in asked.problem.slots}
    there: dict[tuple[str, int], list[str]] = defaultdict(list)
    settled: set[str] = set()

    def room_in(cell: tuple[str, int], more: list[str]) -> bool:
        offer, week = cell
        together = [*there[cell], *more]
        enough = len(together) <= places.get(offer, {}).get(week, 0)
        return enough and asked.clashes.have_days(offer, week, together)

    for visits in _visits_of(by_hand):
        going: dict[tuple[str, int], list[str]] = defaultdict(list)
        for one in visits:
            going[one.offer_id, one.week].append(one.person_id)
        people = {one.person_id for one in visits}
        if people <= known - settled and all(room_in(*each) for each in going.items()):
            settled |= people
            for cell, more in going.items():
                there[cell] += more
            yield from visits


def _visits_of(by_hand: ByHand) -> Iterator[list[told.Fixed]]:
    """What each change settles: one visit, or where a match of an exchange is kept, the whole exchange."""
    exchanges: dict[str, list[told.Fixed]] = defaultdict(list)
    exchange_of: dict[tuple[int, int], str] = {}
    for match in by_hand.exchanged:
        name = f"{BY_HAND} {match.run_id} {match.exchange}"
        person, offer = person_id(match.participation), offer_key(match.offer_id)
        exchanges[name].append(told.Fixed(person, offer, week_number(match.week), BY_HAND, name))
        exchange_of[match.run_id, match.participation_id] = name
    for each in by_hand.changes:
        key = each.run_id, each.participation_id
        if each.kind == AdjustmentKind.KEEP and key in exchange_of:
            yield exchanges[exchange_of[key]]
        elif each.week is not None and each.exchange is None:
            yield [told.Fixed(person_id(each.participation), offer_key(each.offer_id), week_number(each.week), BY_HAND)]
    yield from _made_together(by_hand.changes)


def _made_together(settling: Iterable[Adjustment]) -> Iterable[list[told.Fixed]]:
    """The visits of those whom a broker lets change places, or go round."""
    made: dict[str, list[told.Fixed]] = defaultdict(list)
    for each in settling:
        if each.week is not None and each.exchange is not None:
            name = f"{BY_HAND} {each.exchange}"
            person, offer = person_id(each.participation), offer_key(each.offer_id)
            made[name].append(told.Fixed(person, offer, week_number(each.week), BY_HAND, name))
    return made.values()


def problem_now(run: MatchRun, by_hand: ByHand | None = None, answer: told.Allocation | None = None) -> told.Problem:
    """What would be solved if the round were matched again now. `answer`: that of the run, where it is at hand."""
    asked, by_hand = asked_by(run), by_hand or ByHand.beside(run)
    if answer is None or run.stopped_early:
        return _with(asked, by_hand, _proposed_in(run.round))
    return _with(asked, by_hand, ((leg.person_id, leg.offer_id, leg.week) for leg in answer.legs()))


def problem_beside(
    run: MatchRun, by_hand: ByHand, wanted: Collection[str], *, exchanging: bool = False
) -> told.Problem:
    """The same with those who are wanted and those who were set by hand alone: all that says which hosts suit them.

    Most of a large problem is people, and a page need not wait for them. Where these are to be `exchanging` places,
    whoever shows something is in it too.
    """
    asked = asked_by(run, {*wanted, *by_hand.settled(), *(_showing(run) if exchanging else ())})
    return asked.clashes.beside_fixed(_with(asked, by_hand), wanted)


def _showing(run: MatchRun) -> Iterator[str]:
    slots = run.problem["slots"] if run.problem else ()
    return (slot["shown_by"] for slot in slots if slot.get("shown_by"))


def asked_by(run: MatchRun, wanted: Collection[str] | None = None) -> Asked:
    """What a run asked first; of its people only those who are `wanted`, where that is said."""
    run.read_question()
    if run.problem is None:
        sentence = _("What this proposal was made from has been erased. Put it aside and match again.")
        raise Refused([Problem("erased", sentence)])
    stored = run.problem
    if wanted is not None:
        stored = {**stored, "people": [person for person in stored["people"] if person["id"] in wanted]}
    problem = as_first_asked(engine.problem_from_plain(stored), run.days)
    return Asked(problem, Clashes.from_stored(run.days))


def hosts_for(problem: told.Problem, participation: Participation) -> tuple[engine.Suggestion, ...]:
    """Every host that suits this person and has room for them beside what holds by hand, best first."""
    key = person_id(participation)
    if not any(person.id == key for person in problem.people):
        # Nobody has said that they work where they say, or they joined later: the engine does not know them.
        return ()
    # What somebody shows is for whoever they change places with: it takes no visitors one way, unless it says so.
    slots = tuple(
        dataclasses.replace(slot, shown_by="", also_one_way=False)
        for slot in problem.slots
        if not slot.shown_by or slot.also_one_way
    )
    shown = {slot.id for slot in slots}
    fixed = tuple(
        dataclasses.replace(one, exchange="")
        for one in problem.rules.fixed
        if one.person_id != key and one.offer_id in shown
    )
    wanted = {key, *(one.person_id for one in fixed)}
    alone = dataclasses.replace(
        problem,
        slots=slots,
        people=tuple(person for person in problem.people if person.id in wanted),
        rules=dataclasses.replace(problem.rules, fixed=fixed),
    )
    return engine.best_hosts(alone, key, most=len(problem.slots))


def weeks_of_match(
    run: MatchRun, by_hand: ByHand, participation: Participation, offer: HostOffer
) -> Mapping[date, int]:
    """The week in which these two are proposed to each other, if they are, with the place that is theirs as long as
    nobody else was given it by hand."""
    match = run.matches.filter(participation=participation, offer=offer).select_related("participation").first()
    if match is None:
        return {}
    with_it = by_hand.and_kept(match)
    fixed = _with(asked_by(run, with_it.settled()), with_it).rules.fixed
    return {match.week: 1} if any(one.person_id == person_id(participation) for one in fixed) else {}


def room_for(problem: told.Problem, participation: Participation, offer: HostOffer) -> Mapping[date, int]:
    """The weeks in which this host suits this person, with the places that nobody else was given by hand."""
    found = next((one for one in hosts_for(problem, participation) if one.offer_id == offer_key(offer.pk)), None)
    if found is None:
        return {}
    slot = next(slot for slot in problem.slots if slot.id == found.offer_id)
    others = (one for one in problem.rules.fixed if one.person_id != person_id(participation))
    taken = Counter(one.week for one in others if one.offer_id == slot.id)
    return {monday_of(week): slot.places[week] - taken[week] for week in found.weeks}
