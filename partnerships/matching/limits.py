"""Organisations' own limits as arrays: how many may be away and how many visits are taken, each week and quarter."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from .arrays import UNLIMITED, Ints
from .types import Organisation, Problem


class Limits:
    """What is left of each organisation's limits after other bookings and what is fixed."""

    def __init__(
        self,
        problem: Problem,
        organisations: Sequence[Organisation],
        org_row: Mapping[str, int],
        slot_row: Mapping[str, int],
        week_list: Sequence[int],
        quarter_of: Ints,
    ) -> None:
        self.organisations = organisations
        self.week_list = week_list
        self.quarters = sorted(problem.rules.quarters)
        home = {person.id: person.organisation_id for person in problem.people}
        host = {slot.id: slot.organisation_id for slot in problem.slots}
        # Of thousands of organisations few have other bookings.
        self.used: dict[str, defaultdict[int, Counter[int]]] = {
            "visits": defaultdict(Counter),
            "away": defaultdict(Counter),
        }
        for row, organisation in enumerate(organisations):
            for way, booked in (("visits", organisation.booked_visits), ("away", organisation.booked_away)):
                if booked:
                    self.used[way][row].update(booked)
        for fixed in problem.rules.fixed:
            self.used["visits"][org_row[host[fixed.offer_id]]][fixed.week] += 1
            self.used["away"][org_row[home[fixed.person_id]]][fixed.week] += 1

    def week(self, way: str) -> Ints:
        """By organisation and week (`way`: "visits" or "away")."""
        position = {week: at for at, week in enumerate(self.week_list)}
        rows = np.full((len(self.organisations), len(self.week_list)), UNLIMITED, dtype=np.int64)
        for row, organisation in enumerate(self.organisations):
            limit = organisation.visits_per_week if way == "visits" else organisation.away_per_week
            if limit is None:
                continue
            rows[row] = limit
            for week in position.keys() & self.used[way][row].keys():
                rows[row, position[week]] = max(0, limit - self.used[way][row][week])
        return rows

    def quarter(self, way: str) -> Ints:
        """By organisation and quarter."""
        rows = np.full((len(self.organisations), len(self.quarters) + 1), UNLIMITED, dtype=np.int64)
        for row, organisation in enumerate(self.organisations):
            limit = organisation.visits_per_quarter if way == "visits" else organisation.away_per_quarter
            if limit is not None:
                used: Counter[int] = Counter()
                for week, times in self.used[way][row].items():
                    used[bisect_right(self.quarters, week)] += times
                rows[row] = [max(0, limit - used[quarter]) for quarter in range(len(self.quarters) + 1)]
        return rows
