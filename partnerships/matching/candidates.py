"""Every pair that the rules allow, and no other.

Blocking first (who may cross to whom, who is near enough, who shares a week), each by a condition that a hard rule
implies, so that nothing is lost; then the rules themselves on what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .rules import Examiner
from .tables import UNLIMITED, Bits, Ints

# People looked at together: with 10,000 offers a block of the week test stays under 20 MB.
_BLOCK = 256


@dataclass(frozen=True, slots=True)
class Pairs:
    """Feasible pairs by row of person and offer, in that order, with their open weeks as bits."""

    person: Ints
    slot: Ints
    weeks: Bits

    def __len__(self) -> int:
        return len(self.person)


def find(examiner: Examiner) -> Pairs:
    """Every feasible pair of those who have no fixed placement."""
    tables = examiner.tables
    found = list(_blocks(examiner))
    person, slot, weeks = (
        np.concatenate([block[column] for block in found]) if found else np.zeros(0, dtype=np.int64)
        for column in range(3)
    )
    order = np.argsort(tables.pair(person, slot), kind="stable")
    return Pairs(person[order], slot[order], weeks[order].astype(np.uint64))


def _blocks(examiner: Examiner) -> Iterator[tuple[Ints, Ints, Bits]]:
    tables = examiner.tables
    slot_open = tables.s_weeks & examiner.places_open & examiner.visits_open[tables.s_host]
    anywhere = (tables.s_remote | ~tables.s_known) & (slot_open != 0)
    somewhere = ~anywhere & (slot_open != 0)
    for field in range(len(tables.crossing)):
        people = np.flatnonzero((tables.p_field == field) & tables.p_free & (tables.p_weeks != 0))
        people = people[np.argsort(tables.p_point[people, 0], kind="stable")]
        allowed = tables.crossing[field][tables.s_field]
        always = np.flatnonzero(allowed & anywhere)
        by_east = np.flatnonzero(allowed & somewhere)
        by_east = by_east[np.argsort(tables.s_point[by_east, 0], kind="stable")]
        east = tables.s_point[by_east, 0]
        for start in range(0, len(people), _BLOCK):
            block = people[start : start + _BLOCK]
            low, high = _band(examiner, block)
            near = by_east[np.searchsorted(east, low, "left") : np.searchsorted(east, high, "right")]
            yield _feasible(examiner, block, np.concatenate([always, near]), slot_open)


def _band(examiner: Examiner, block: Ints) -> tuple[int, int]:
    """The strip of the map, west to east, outside which an offer with a place is too far for all in the block."""
    tables = examiner.tables
    reach = np.where(tables.p_known[block], tables.p_reach_m[block], UNLIMITED)
    east = tables.p_point[block, 0]
    return int((east - reach).min()), int((east + reach).max())


def _feasible(examiner: Examiner, block: Ints, slots: Ints, slot_open: Bits) -> tuple[Ints, Ints, Bits]:
    tables = examiner.tables
    shared = (tables.p_weeks[block, None] & slot_open[None, slots]) != 0
    row, column = np.nonzero(shared)
    person, slot = block[row], slots[column]
    weeks = examiner.weeks(person, slot)
    kept = np.ones(len(person), dtype=np.bool_)
    for refused in examiner.refused(person, slot, weeks).values():
        kept &= ~refused
    return person[kept], slot[kept], weeks.open[kept]
