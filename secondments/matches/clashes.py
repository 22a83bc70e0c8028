"""Other visits of the people of a round, as the engine is told of them: it knows weeks, and a week is made of days.

It is told in which weeks a host's days for somebody are all days of theirs elsewhere. Whether several who are each
elsewhere on some days all find days at one host is seen of its answer: where they do not, that host has fewer places in
that week, and the engine is asked again. So whatever it answers has days.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from partnerships.matching.repair import STANDS
from partnerships.matching.types import Allocation, Person, Problem
from secondments.matches.asked_again import Solved, of_first
from secondments.matches.days import Calendar, days_together, week_number
from secondments.models.days import HalfDay
from secondments.states import Half

ByWeek = Mapping[int, frozenset[date]]

NOWHERE: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Opening:
    """The free half-days of an offer, and how many days of a week a visit there takes."""

    calendar: Calendar
    days: int


class Clashes:
    """What other visits leave of the weeks of people, and of the places of offers."""

    def __init__(self, openings: Mapping[str, Opening], elsewhere: Mapping[str, Iterable[date]]) -> None:
        """By offer when it is free, and by person who is to be placed the days on which they are elsewhere."""
        self._openings = openings
        self._elsewhere = {person: _by_week(days) for person, days in elsewhere.items()}

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Clashes:
        """What a run kept of them."""
        openings = {offer: _opening_from(one) for offer, one in stored.get("openings", {}).items()}
        elsewhere = stored.get("elsewhere", {}).items()
        return cls(openings, {person: map(date.fromisoformat, days) for person, days in elsewhere})

    def as_stored(self, asked: Problem, answered: Problem) -> dict[str, Any]:
        """What a run keeps of them, so that it can be asked later what a change would have done.

        The days of hosts in the weeks in which somebody is elsewhere: of others it is enough how many places there are.
        `places`: those that the engine was told of at first, where it was asked again with fewer.
        """
        if not self._elsewhere:
            return {}
        weeks = {week for by_week in self._elsewhere.values() for week in by_week}
        openings = {
            slot.id: _opening_as_stored(self._openings[slot.id], shared)
            for slot in asked.slots
            if (shared := weeks & slot.places.keys())
        }
        fewer = zip(asked.slots, answered.slots, strict=True)
        return {
            "elsewhere": {
                person: sorted(day.isoformat() for days in by_week.values() for day in days)
                for person, by_week in self._elsewhere.items()
            },
            "openings": openings,
            "places": {before.id: before.places for before, after in fewer if before.places != after.places},
        }

    def left_out(self, problem: Problem) -> Problem:
        """The problem, told in which weeks which hosts have no day left for somebody."""
        closed = _Closed(problem, self._openings)
        people = (
            dataclasses.replace(person, elsewhere=closed.to(person.weeks, self._elsewhere[person.id]))
            if person.id in self._elsewhere
            else person
            for person in problem.people
        )
        return dataclasses.replace(problem, people=tuple(people))

    def beside_fixed(self, problem: Problem, people: Collection[str]) -> Problem:
        """The problem, told as well where some of its people find no days beside those whose visits are fixed."""
        there = _who_is_fixed(problem)

        def told(person: Person) -> Person:
            closed = dict(person.elsewhere)
            for (offer, week), fixed in there.items():
                others = [other for other in fixed if other != person.id]
                if others and week in person.weeks and not self.have_days(offer, week, [*others, person.id]):
                    closed[offer] = closed.get(offer, frozenset()) | {week}
            return dataclasses.replace(person, elsewhere=closed)

        told_of = (told(person) if person.id in people else person for person in problem.people)
        return dataclasses.replace(problem, people=tuple(told_of))

    def have_days(self, offer: str, week: int, people: Collection[str]) -> bool:
        """Whether all of these, for whom there are places, find days there."""
        return self._with_days(offer, week, people) == len(people)

    def solved(
        self, problem: Problem, solve: Callable[[Problem], Allocation], *, first: Allocation | None = None
    ) -> Solved:
        """An answer in which everybody who is placed has days. `first`: what the engine answers to the problem as it
        is, where that is at hand.

        Where a broker stopped it, it is left as it was: whoever finds no days then is told so once it is published.
        """
        first = first or solve(problem)
        asked, answer = problem, first
        while not answer.stopped and (fewer := dict(self._too_many(asked, answer))):
            slots = (
                dataclasses.replace(slot, places={**slot.places, **fewer[slot.id]}) if slot.id in fewer else slot
                for slot in asked.slots
            )
            with_fewer = dataclasses.replace(asked, slots=tuple(slots))
            again = solve(with_fewer)
            if again.stopped:
                # The one before was whole, and of this there may be nothing yet.
                answer = dataclasses.replace(answer, stopped=True)
            else:
                asked, answer = with_fewer, again
        # What was never asked again, or stopped before it was, is known as the engine says.
        known = answer.criteria if asked is problem else tuple(of_first(problem, first.criteria, answer.criteria))
        return Solved(asked, answer, known)

    def _too_many(self, problem: Problem, answer: Allocation) -> Iterator[tuple[str, Mapping[int, int]]]:
        """Offers, and in some weeks how many places there should have been for those whom this answer sends there.

        What stands has its days already, and what is set by hand keeps its place.
        """
        places = {slot.id: slot.places for slot in problem.slots}
        going: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        kept: dict[tuple[str, int, bool], int] = defaultdict(int)
        for hosting in answer.hostings:
            leg, stands = hosting.leg, hosting.fixed == STANDS
            if hosting.fixed:
                kept[leg.offer_id, leg.week, stands] += 1
            if not stands:
                going[leg.offer_id][leg.week].append(leg.person_id)
        for offer, by_week in going.items():
            fewer = {}
            for week, people in by_week.items():
                beside = kept[offer, week, True]
                many = beside + max(self._with_days(offer, week, people), kept[offer, week, False])
                if many < places[offer][week] and many < beside + len(people):
                    fewer[week] = many
            if fewer:
                yield offer, fewer

    def _with_days(self, offer: str, week: int, people: Collection[str]) -> int:
        """How many people can have days there, if they are like these."""
        elsewhere = [self._elsewhere.get(person, {}).get(week, NOWHERE) for person in people]
        if not any(elsewhere):
            return len(people)
        opening = self._openings[offer]
        if all(days_together(opening.calendar, week, opening.days, elsewhere)):
            return len(people)
        return opening.calendar.visitors_in(week, opening.days, elsewhere)


def as_first_asked(problem: Problem, stored: Mapping[str, Any]) -> Problem:
    """The problem of a run with the places of which the engine was told before it was asked again."""
    first = {
        offer: {int(week): many for week, many in places.items()} for offer, places in stored.get("places", {}).items()
    }
    slots = (dataclasses.replace(slot, places=first.get(slot.id, slot.places)) for slot in problem.slots)
    return dataclasses.replace(problem, slots=tuple(slots)) if first else problem


class _Closed:
    """Which offers have days in a week, and none for somebody who is elsewhere on some of its days."""

    def __init__(self, problem: Problem, openings: Mapping[str, Opening]) -> None:
        self._problem, self._openings = problem, openings
        self._days: dict[int, dict[str, Collection[date]]] = {}
        self._found: dict[tuple[int, frozenset[date]], frozenset[str]] = {}

    def to(self, weeks: Iterable[int], elsewhere: ByWeek) -> Mapping[str, frozenset[int]]:
        """By offer the weeks of somebody who is elsewhere on these days."""
        found: dict[str, set[int]] = defaultdict(set)
        for week in elsewhere.keys() & weeks:
            for offer in self._in(week, elsewhere[week]):
                found[offer].add(week)
        return {offer: frozenset(some) for offer, some in found.items()}

    def _in(self, week: int, elsewhere: frozenset[date]) -> frozenset[str]:
        if (week, elsewhere) not in self._found:
            self._found[week, elsewhere] = frozenset(
                offer
                for offer, days in self._days_in(week).items()
                if len(days) - len(elsewhere.intersection(days)) < self._openings[offer].days
            )
        return self._found[week, elsewhere]

    def _days_in(self, week: int) -> Mapping[str, Collection[date]]:
        """Of each offer with places in a week its days: read once, because many people ask."""
        if week not in self._days:
            open_then = (slot.id for slot in self._problem.slots if week in slot.places)
            self._days[week] = {offer: self._openings[offer].calendar.days_of(week).keys() for offer in open_then}
        return self._days[week]


def _opening_as_stored(opening: Opening, weeks: Iterable[int]) -> dict[str, Any]:
    places = {day.isoformat(): many for week in weeks for day, many in opening.calendar.days_of(week).items()}
    return {"days": opening.days, "places": dict(sorted(places.items()))}


def _opening_from(stored: Mapping[str, Any]) -> Opening:
    """Days are all that is kept of its half-days."""
    places = {HalfDay(date.fromisoformat(day), Half.MORNING): many for day, many in stored["places"].items()}
    return Opening(Calendar(places), stored["days"])


def _who_is_fixed(problem: Problem) -> Mapping[tuple[str, int], list[str]]:
    """By offer and week."""
    there: dict[tuple[str, int], list[str]] = defaultdict(list)
    for one in problem.rules.fixed:
        there[one.offer_id, one.week].append(one.person_id)
    return there


def _by_week(days: Iterable[date]) -> ByWeek:
    found: dict[int, set[date]] = defaultdict(set)
    for day in days:
        found[week_number(day)].add(day)
    return {week: frozenset(some) for week, some in found.items()}
