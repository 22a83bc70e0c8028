"""Problems that contradict themselves are refused whole, every fault listed, before anything is solved."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from .calendars import calendars, weeks_offered
from .types import COMPULSORY, CRITERIA, FIT, PLACED, Fixed, InvalidProblem, Person, Problem, Sentence, Slot

# Ten years. Nothing breaks above it, but rows of places by week grow with it, and no programme is as long.
MOST_WEEKS = 520
_MOST = 10**6


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def check(problem: Problem) -> None:
    """Raise `InvalidProblem` with every fault, or return."""
    faults = tuple(_faults(problem))
    if faults:
        raise InvalidProblem(faults)


def _faults(problem: Problem) -> Iterator[Sentence]:
    yield from _twice("person", problem.people)
    yield from _twice("offer", problem.slots)
    yield from _twice("organisation", problem.organisations)
    yield from _unknown_organisations(problem)
    yield from _criteria(problem.rules.criteria)
    yield from _numbers(problem)
    yield from _fixed(problem)
    yield from _exchanges(problem)
    weeks = weeks_offered(problem.slots)
    if len(weeks) > MOST_WEEKS:
        yield Sentence("too_many_weeks", {"weeks": len(weeks), "most": MOST_WEEKS})


def _twice(what: str, things: Iterable[_Named]) -> Iterator[Sentence]:
    for thing_id, times in sorted(Counter(thing.id for thing in things).items()):
        if times > 1:
            yield Sentence("id_twice", {"what": what, "id": thing_id})


def _unknown_organisations(problem: Problem) -> Iterator[Sentence]:
    known = {organisation.id for organisation in problem.organisations}
    things: tuple[Person | Slot, ...] = (*problem.people, *problem.slots)
    for thing in things:
        if thing.organisation_id not in known:
            yield Sentence("unknown_organisation", {"id": thing.id, "organisation": thing.organisation_id})


def _criteria(criteria: tuple[str, ...]) -> Iterator[Sentence]:
    """`placed` and `fit` must be there, fit last; people are counted before anything else is weighed.

    "placed" and "compulsory" go first, in either order (and give the same answer: see `hosting`).
    """
    unknown = [name for name in criteria if name not in CRITERIA]
    head = [name in (PLACED, COMPULSORY) for name in criteria]
    in_order = head == sorted(head, reverse=True) and len(set(criteria)) == len(criteria)
    if unknown or not in_order or PLACED not in criteria or criteria[-1:] != (FIT,):
        yield Sentence("criteria_order", {"criteria": ", ".join(criteria)})


def _numbers(problem: Problem) -> Iterator[Sentence]:
    """Whole numbers from nought to a million: enough for every unit here, and sums stay exact."""
    for person in problem.people:
        yield from _number(person.id, person.max_km, person.pays_up_to_pence, person.cover_pence)
    read = calendars(problem.slots)
    wrong = {
        key for key, places in read.items() if places and not 0 <= min(places.values()) <= max(places.values()) <= _MOST
    }
    for slot in problem.slots:
        yield from _number(slot.id, slot.places_in_all, slot.payment_pence)
        if id(slot.places) in wrong:
            yield from _number(slot.id, *slot.places.values())
        yield from _number(slot.id, *slot.checks.values())
    for home in problem.organisations:
        yield from _number(home.id, home.visits_per_week, home.visits_per_quarter, home.visitors_had)
        yield from _number(home.id, home.away_per_week, home.away_per_quarter)
        yield from _number(home.id, *home.booked_visits.values(), *home.booked_away.values())
    rules = problem.rules
    yield from _number("rules", rules.max_km, rules.pays_up_to_pence, rules.pays_cover_up_to_pence)
    yield from _number("weights", *dataclasses.astuple(problem.weights))
    yield from _number("effort", problem.effort)


def _number(owner: str, *values: int | None) -> Iterator[Sentence]:
    for value in values:
        if value is not None and not 0 <= value <= _MOST:
            yield Sentence("number_out_of_range", {"id": owner, "number": value, "most": _MOST})


def _fixed(problem: Problem) -> Iterator[Sentence]:
    people = {person.id for person in problem.people}
    slots = {slot.id: slot for slot in problem.slots}
    for person_id, times in sorted(Counter(fixed.person_id for fixed in problem.rules.fixed).items()):
        if times > 1:
            yield Sentence("fixed_twice", {"id": person_id})
        if person_id not in people:
            yield Sentence("fixed_unknown", {"id": person_id})
    taken = Counter((fixed.offer_id, fixed.week) for fixed in problem.rules.fixed)
    for (offer_id, week), times in sorted(taken.items()):
        if offer_id not in slots:
            yield Sentence("fixed_unknown", {"id": offer_id})
        elif times > slots[offer_id].places.get(week, 0):
            yield Sentence("fixed_over_places", {"id": offer_id, "week": week, "people": times})


def _exchanges(problem: Problem) -> Iterator[Sentence]:
    people = {person.id: person for person in problem.people}
    if problem.rules.largest_exchange not in (1, 2, 3):
        yield Sentence("exchange_size", {"number": problem.rules.largest_exchange})
    for slot in problem.slots:
        if slot.shown_by and slot.shown_by not in people:
            yield Sentence("shown_by_unknown", {"id": slot.id, "person": slot.shown_by})
        elif slot.shown_by and people[slot.shown_by].organisation_id != slot.organisation_id:
            yield Sentence("shown_elsewhere", {"id": slot.id, "person": slot.shown_by})
    joined: dict[str, list[Fixed]] = defaultdict(list)
    for fixed in problem.rules.fixed:
        if fixed.exchange:
            joined[fixed.exchange].append(fixed)
    shower = {slot.id: slot.shown_by for slot in problem.slots}
    for name, legs in sorted(joined.items()):
        shown_by = {one.person_id: shower.get(one.offer_id, "") for one in legs}
        if not _is_ring(shown_by):
            yield Sentence("fixed_exchange_open", {"id": name})


def _is_ring(goes_to: Mapping[str, str]) -> bool:
    """Whether these two or three visit one another in one ring."""
    at, passed = next(iter(goes_to)), []
    while at in goes_to and at not in passed:
        passed.append(at)
        at = goes_to[at]
    return at == passed[0] and len(passed) == len(goes_to) and len(passed) in (2, 3)
