"""Whoever keeps their host keeps their week as well, where that costs nobody anything.

No criterion speaks of weeks, so that a round matched again around one change would move people from week to week for
nothing. Once it is settled who goes where, everybody is put back into the week of the earlier proposal: all at once, or
by offer, or one by one, as far as there is room; who stands in the way changes weeks with them if that suits.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from .arrays import Ints
from .tables import Tables
from .types import Leg

Cell = tuple[Ints, tuple[int, int]]


def steadied(tables: Tables, legs: Sequence[Leg], exchanges: Sequence[int] | None = None) -> list[Leg]:
    """The same visits in weeks that change as little. `exchanges`: by visit the number of its exchange; none: no visit
    is in one. What is fixed is no part of it: `tables` have only the room that it leaves."""
    if not tables.problem.rules.proposed_weeks:
        return list(legs)
    weeks = _Weeks(tables, legs, exchanges or range(-len(legs), 0))
    weeks.put_back()
    number = tables.weeks.tolist()
    return [dataclasses.replace(leg, week=number[week]) for leg, week in zip(legs, weeks.week_of, strict=True)]


class _Weeks:
    def __init__(self, tables: Tables, legs: Sequence[Leg], exchanges: Sequence[int]) -> None:
        self.tables, self.legs, self.exchanges = tables, legs, exchanges
        rules = tables.problem.rules
        self.apart = rules.apart
        position = {week: at for at, week in enumerate(tables.weeks.tolist())}
        person = {one.id: row for row, one in enumerate(tables.people)}
        slot = {one.id: row for row, one in enumerate(tables.slots)}
        self.rows = [(person[leg.person_id], slot[leg.offer_id]) for leg in legs]
        self.week_of = [position[leg.week] for leg in legs]
        self.could = [{position[week] for week in leg.weeks} for leg in legs]
        self.wanted = {
            at: position[week]
            for at, leg in enumerate(legs)
            if rules.proposed.get(leg.person_id) == leg.offer_id
            and (week := rules.proposed_weeks.get(leg.person_id)) in leg.weeks
            and week is not None
        }
        self.in_exchange: dict[int, list[int]] = defaultdict(list)
        self.at_offer: dict[int, list[int]] = defaultdict(list)
        for at, exchange in enumerate(exchanges):
            self.in_exchange[exchange].append(at)
            self.at_offer[self.rows[at][1]].append(at)
        self.left = [
            each.copy()
            for each in (
                tables.left,
                tables.visits_week_left,
                tables.visits_quarter_left,
                tables.away_week_left,
                tables.away_quarter_left,
            )
        ]
        for at, week in enumerate(self.week_of):
            self._add(at, week, -1)

    def put_back(self) -> None:
        """Until nobody can be put back any more."""
        self._move(self._away(self.wanted))
        for some in self.at_offer.values():
            self._move(self._away(some))
        while sum(self._one_back(at) for at in self._away(self.wanted)):
            pass

    def _away(self, some: Sequence[int] | Mapping[int, int]) -> dict[int, int]:
        """Those of these visits that are in another week than the wanted one, with that."""
        return {at: self.wanted[at] for at in some if self.wanted.get(at, self.week_of[at]) != self.week_of[at]}

    def _one_back(self, at: int) -> bool:
        wanted, now = self.wanted[at], self.week_of[at]
        if self._move({at: wanted}):
            return True
        others = [other for other in self.at_offer[self.rows[at][1]] if self.week_of[other] == wanted]
        return any(self.wanted.get(other) != wanted and self._move({at: wanted, other: now}) for other in others)

    def _move(self, weeks: Mapping[int, int]) -> bool:
        """Put visits into these weeks, all or none; whether that was possible."""
        if not weeks or not all(week in self.could[at] for at, week in weeks.items()):
            return False
        before = {at: self.week_of[at] for at in weeks}
        self._put(weeks)
        if all(self._stands(at) for at in weeks):
            return True
        self._put(before)
        return False

    def _put(self, weeks: Mapping[int, int]) -> None:
        for at, week in weeks.items():
            self._add(at, self.week_of[at], 1)
            self._add(at, week, -1)
            self.week_of[at] = week

    def _stands(self, at: int) -> bool:
        together = [self.week_of[other] for other in self.in_exchange[self.exchanges[at]]]
        if self.apart and len(set(together)) < len(together):
            return False
        return all(left[cell] >= 0 for left, cell in self._cells(at, self.week_of[at]))

    def _add(self, at: int, week: int, places: int) -> None:
        for left, cell in self._cells(at, week):
            left[cell] += places

    def _cells(self, at: int, week: int) -> Iterator[Cell]:
        """The places that a visit takes in a week: at the offer, of the host and of the home."""
        person, slot = self.rows[at]
        host, home = int(self.tables.s_host[slot]), int(self.tables.p_home[person])
        quarter = int(self.tables.quarter_of[week])
        cells = (slot, week), (host, week), (host, quarter), (home, week), (home, quarter)
        yield from zip(self.left, cells, strict=True)
