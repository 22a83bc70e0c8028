"""Every pair that the rules allow, and no other.

Blocking first (who is listed, who may cross to whom, who is near enough, who shares a week), each by a condition that a
hard rule implies, so that nothing is lost; then the rules themselves on what is left.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .arrays import UNLIMITED, Bits, Ints, some
from .at_once import side_by_side
from .rules import Examiner

# People looked at together, and how far apart the rows of the map are in which they are gathered.
_BLOCK = 256
_ROW_M = 40_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Feasible pairs by row of person and offer, in that order, with their open weeks as bits, words first."""

    person: Ints
    slot: Ints
    weeks: Bits

    def __len__(self) -> int:
        return len(self.person)


def find(examiner: Examiner) -> Pairs:
    """Every feasible pair of those who have no fixed placement."""
    tables = examiner.tables
    found = list(_blocks(examiner))
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return Pairs(none, none, np.zeros((len(tables.p_weeks), 0), dtype=np.uint64))
    person, slot = (np.concatenate([block[column] for block in found]) for column in range(2))
    weeks = np.concatenate([block[2] for block in found], axis=1)
    order = np.argsort(tables.pair(person, slot), kind="stable")
    return Pairs(person[order], slot[order], weeks[:, order])


def _blocks(examiner: Examiner) -> Iterator[tuple[Ints, Ints, Bits]]:
    tables = examiner.tables
    free = tables.p_free & some(tables.p_weeks)
    listed = np.divmod(tables.preferred, max(1, len(tables.slots)))
    asked = (free & examiner.showing.listed_only)[listed[0]]
    yield _allowed(examiner, listed[0][asked], listed[1][asked])
    free &= ~examiner.showing.listed_only
    slot_open = tables.s_weeks & examiner.places_open & examiner.visits_open[:, tables.s_host]
    anywhere = (tables.s_remote | ~tables.s_known) & some(slot_open)
    somewhere = ~anywhere & some(slot_open)
    for field in range(len(tables.crossing)):
        people = np.flatnonzero((tables.p_field == field) & free)
        allowed = tables.crossing[field][tables.s_field]
        always = np.flatnonzero(allowed & anywhere)
        by_east = np.flatnonzero(allowed & somewhere)
        by_east = by_east[np.argsort(tables.s_point[0][by_east], kind="stable")]
        found = functools.partial(_among_near, examiner, always, by_east, slot_open)
        yield from side_by_side(found, list(_neighbours(examiner, people)))


def _neighbours(examiner: Examiner, people: Ints) -> Iterator[Ints]:
    """The people in blocks: near each other, and those who would go anywhere by themselves."""
    tables = examiner.tables
    bounded = tables.p_known[people] & (tables.p_reach_m[people] < UNLIMITED)
    east, north = tables.p_point[:, people]
    people = people[np.lexsort((east, north // _ROW_M, bounded))]
    many = int((~bounded).sum())
    for part in (people[:many], people[many:]):
        for start in range(0, len(part), _BLOCK):
            yield part[start : start + _BLOCK]


def _among_near(
    examiner: Examiner, always: Ints, by_east: Ints, slot_open: Bits, block: Ints
) -> tuple[Ints, Ints, Bits]:
    near = _within_box(examiner, block, by_east)
    return _feasible(examiner, block, np.concatenate([always, near]), slot_open)


def _within_box(examiner: Examiner, block: Ints, by_east: Ints) -> Ints:
    """Offers inside the box on the map outside which all are too far for everybody in the block."""
    tables = examiner.tables
    reach = np.where(tables.p_known[block], tables.p_reach_m[block], UNLIMITED)
    (west, south), (east, north) = (
        (tables.p_point[:, block] - reach).min(axis=1),
        (tables.p_point[:, block] + reach).max(axis=1),
    )
    along = tables.s_point[0][by_east]
    near = by_east[np.searchsorted(along, west, "left") : np.searchsorted(along, east, "right")]
    up = tables.s_point[1][near]
    inside: Ints = near[(south <= up) & (up <= north)]
    return inside


def _feasible(examiner: Examiner, block: Ints, slots: Ints, slot_open: Bits) -> tuple[Ints, Ints, Bits]:
    tables = examiner.tables
    across = block[:, None], slots[None, :]
    possible = some(tables.p_weeks[:, block, None] & slot_open[:, None, slots])
    possible &= examiner.within_reach(*across) | examiner.remote(*across)
    row, column = np.nonzero(possible)
    return _allowed(examiner, block[row], slots[column])


def _allowed(examiner: Examiner, person: Ints, slot: Ints) -> tuple[Ints, Ints, Bits]:
    """Those of these pairs that no rule refuses, and their weeks."""
    weeks = examiner.weeks(person, slot)
    kept = np.ones(len(person), dtype=np.bool_)
    for refused in examiner.refused(person, slot, weeks).values():
        kept &= ~refused
    return person[kept], slot[kept], weeks.open[:, kept]
