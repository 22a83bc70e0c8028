"""Whom it is worth asking about: all but those whom a person's own list, or the map, rules out in any case.

The independent check asks every rule of what is left, so that it need not ask of every pair in a large round. As
everything of it, this is worked out from the problem alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from .types import Person, Point, Problem, Slot

T = TypeVar("T", Person, Slot)


class Near:
    """The offers that a person could be at, and the people who could be at an offer, so far as places and lists go."""

    def __init__(self, problem: Problem) -> None:
        self.programme_km = problem.rules.max_km
        self.slot = {slot.id: slot for slot in problem.slots}
        self.offers = _Along((slot for slot in problem.slots if not slot.remote), problem.slots)
        free = [person for person in problem.people if not person.listed_only]
        self.widest_m = max((self._reach_m(person) for person in free), default=0.0)
        self.visitors = _Along((person for person in free if not person.remote_ok), free)
        self.listing: dict[str, list[Person]] = defaultdict(list)
        for person in problem.people:
            for offer_id in dict.fromkeys(person.preferences) if person.listed_only else ():
                self.listing[offer_id].append(person)

    def slots(self, person: Person) -> Iterator[Slot]:
        """Every offer that this person could be at, and some others."""
        if person.listed_only:
            listed = dict.fromkeys(person.preferences)
            yield from (self.slot[offer_id] for offer_id in listed if offer_id in self.slot)
        else:
            yield from self.offers.within(person.point, self._reach_m(person))

    def people(self, slot: Slot) -> Iterator[Person]:
        """Everybody who could be at this offer, and some others."""
        yield from self.listing[slot.id]
        yield from self.visitors.within(slot.point, self.widest_m)

    def _reach_m(self, person: Person) -> float:
        limits = [1000 * km for km in (person.max_km, self.programme_km) if km is not None]
        return min(limits, default=float("inf"))


class _Along(Generic[T]):
    """Things from west to east; what has no place, or is not bound to it, is near everywhere."""

    def __init__(self, bound: Iterable[T], everything: Iterable[T]) -> None:
        placed = [(one.point.east_m, one.point.north_m, one.id, one) for one in bound if one.point is not None]
        self.placed: list[tuple[int, int, str, T]] = sorted(placed, key=lambda row: row[:3])
        self.east: list[int] = [row[0] for row in self.placed]
        known = {row[2] for row in self.placed}
        self.everywhere: list[T] = [one for one in everything if one.id not in known]

    def within(self, point: Point | None, reach_m: float) -> Iterator[T]:
        """What lies no further than that to any side of a point."""
        yield from self.everywhere
        if point is None:
            yield from (row[3] for row in self.placed)
            return
        begin, end = bisect_left(self.east, point.east_m - reach_m), bisect_right(self.east, point.east_m + reach_m)
        south, north = point.north_m - reach_m, point.north_m + reach_m
        yield from (one for _, up, _, one in self.placed[begin:end] if south <= up <= north)
