"""The few pairs of a person and an offer that somebody named, as sorted arrays of codes.

A code is person × number of offers + offer, both by row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import TypeVar

import numpy as np

from .arrays import Bits, Ints, ints, sets
from .types import Person, Problem, Slot

T = TypeVar("T", Person, Slot)


class NamedPairs:
    """The few pairs that somebody named, as sorted arrays of pair codes."""

    def __init__(
        self,
        problem: Problem,
        people: Sequence[Person],
        slots: Sequence[Slot],
        person_row: Mapping[str, int],
        slot_row: Mapping[str, int],
    ) -> None:
        self.problem, self.people, self.slots = problem, people, slots
        self.person_row, self.slot_row = person_row, slot_row
        self.slots_of = _rows_by(slots, lambda slot: [slot.organisation_id])
        self.slots_with = _rows_by(slots, lambda slot: slot.people)
        self.people_of = _rows_by(people, lambda person: [person.organisation_id])

    def _code(self, person: int, slot: int) -> int:
        return person * len(self.slots) + slot

    @staticmethod
    def _sorted(codes: Iterable[int]) -> Ints:
        return ints(sorted(set(codes)))

    def avoid(self) -> Ints:
        """Those who are not to meet, whoever said so."""
        codes: list[int] = []
        for p, person in enumerate(self.people):
            for organisation_id in person.avoids_organisations:
                codes.extend(self._code(p, s) for s in self.slots_of[organisation_id])
            for other in person.avoids_people:
                codes.extend(self._code(p, s) for s in self.slots_with[other])
        for s, slot in enumerate(self.slots):
            for organisation_id in slot.avoids_organisations:
                codes.extend(self._code(p, s) for p in self.people_of[organisation_id])
            codes.extend(self._code(self.person_row[p], s) for p in slot.avoids_people if p in self.person_row)
        for person_id, offer_id in self.problem.rules.forbidden:
            if person_id in self.person_row and offer_id in self.slot_row:
                codes.append(self._code(self.person_row[person_id], self.slot_row[offer_id]))
        return self._sorted(codes)

    def conflict(self) -> Ints:
        """Visitors whose team funds a host that takes no such visitors."""
        return self._sorted(
            self._code(p, s)
            for p, person in enumerate(self.people)
            for organisation_id in person.funds
            for s in self.slots_of[organisation_id]
            if not self.slots[s].accepts_funders
        )

    def met(self) -> Ints:
        """Those who have met before."""
        return self._sorted(
            self._code(p, s)
            for p, person in enumerate(self.people)
            for organisation_id in person.met
            for s in self.slots_of[organisation_id]
        )

    def asked(self) -> Ints:
        """Whom a host asked for by name."""
        return self._sorted(
            self._code(self.person_row[person_id], s)
            for s, slot in enumerate(self.slots)
            for person_id in slot.asked_for
            if person_id in self.person_row
        )

    def elsewhere(self, position: Mapping[int, int]) -> tuple[Ints, Bits]:
        """Codes of pairs, and of each the weeks in which the person has no day there, as bits by `position`."""
        named = sorted(
            (self._code(p, self.slot_row[offer_id]), weeks)
            for p, person in enumerate(self.people)
            for offer_id, weeks in person.elsewhere.items()
            if offer_id in self.slot_row
        )
        return ints(code for code, _weeks in named), sets(position, [weeks for _code, weeks in named])

    def preferences(self) -> dict[str, Ints]:
        """Codes of ranked pairs, their rank (from 0) and the length of the list they stand in."""
        listed = ints(len(person.preferences) for person in self.people)
        person = np.repeat(np.arange(len(self.people)), listed)
        rank = np.arange(len(person)) - np.repeat(np.cumsum(listed) - listed, listed)
        wishes = chain.from_iterable(one.preferences for one in self.people)
        slot = ints(map(self.slot_row.get, wishes, repeat(-1)))
        known = np.flatnonzero(slot >= 0)
        codes, first = np.unique(person[known] * len(self.slots) + slot[known], return_index=True)
        at = known[first]
        return {"preferred": codes, "preference": rank[at], "preferences": listed[person[at]]}


def _rows_by(things: Sequence[T], keys: Callable[[T], Iterable[str]]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, thing in enumerate(things):
        for key in keys(thing):
            rows[key].append(row)
    return rows
