"""How an answer treats people: who was placed, by what they are; and what a stable answer would not have left.

The best answer for everybody together is not the stable one, where no two would rather have each other. This counts
what that costs, for the figures of a round; nothing of it is promised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import candidates
from .arrays import Bools, Ints, unpack
from .candidates import Pairs
from .rules import Examiner
from .score import score
from .tables import Tables, build
from .types import Allocation, Person, Problem

# Rows of weeks that are looked at together.
_TOGETHER = 1 << 17


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the people, and how many of them were placed."""

    name: str
    people: int
    placed: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """Groups in the order of their names: by sector; by their own organisation ("small", "larger"); by access need
    ("some", "none"); "compulsory" or "willing".

    `envious`: people who would fit better in the place that somebody else was given, in a week open to them; `envy`:
    the pairs of such people. `blocking`: pairs of a person and an offer that fit each other better than what both have:
    better than the person's own place, and with a place free, or one taken by somebody who fits less. Visits that were
    fixed and exchanges are not counted in these three.
    """

    by_sector: tuple[Group, ...]
    by_size: tuple[Group, ...]
    by_access: tuple[Group, ...]
    by_duty: tuple[Group, ...]
    envious: int
    envy: int
    blocking: int


def fairness(problem: Problem, allocation: Allocation) -> Fairness:
    """The figures of an answer."""
    small = {organisation.id for organisation in problem.organisations if organisation.small}
    placed = {leg.person_id for leg in allocation.legs()}

    def groups(name_of: Callable[[Person], str]) -> tuple[Group, ...]:
        people = Counter(map(name_of, problem.people))
        lucky = Counter(name_of(person) for person in problem.people if person.id in placed)
        return tuple(Group(name, people[name], lucky[name]) for name in sorted(people))

    places = _Places(problem, allocation)
    envied = places.envied()
    return Fairness(
        by_sector=groups(lambda person: person.sector),
        by_size=groups(lambda person: "small" if person.organisation_id in small else "larger"),
        by_access=groups(lambda person: "some" if person.access_needs else "none"),
        by_duty=groups(lambda person: "compulsory" if person.compulsory else "willing"),
        envious=len(np.unique(places.rather.person[envied > 0])),
        envy=int(envied.sum()),
        blocking=places.blocking(),
    )


class _Places:
    """Who is where, and which pairs (`rather`) fit better than what the person has."""

    def __init__(self, problem: Problem, allocation: Allocation) -> None:
        self.tables = tables = build(problem)
        examiner = Examiner(tables)
        pairs = candidates.find(examiner)
        fits = score(examiner, pairs).total
        self._take(tables, allocation)
        swapping = np.isin(np.arange(len(tables.people)), self.swapping)
        one_way = np.array([not slot.shown_by or slot.also_one_way for slot in tables.slots], dtype=np.bool_)
        better = (fits > self.own_fit[pairs.person]) & ~swapping[pairs.person] & one_way[pairs.slot]
        self.rather = Pairs(pairs.person[better], pairs.slot[better], pairs.weeks[:, better])
        self.rather_fit = fits[better]

    def _take(self, tables: Tables, allocation: Allocation) -> None:
        person_row = {one.id: row for row, one in enumerate(tables.people)}
        slot_row = {one.id: row for row, one in enumerate(tables.slots)}
        position = {week: at for at, week in enumerate(tables.weeks.tolist())}
        hostings = [one.leg for one in allocation.hostings if not one.fixed]
        swapped = [leg for exchange in allocation.exchanges if not exchange.fixed for leg in exchange.legs]
        legs = [*hostings, *swapped]
        rows = [(person_row[leg.person_id], slot_row[leg.offer_id], position[leg.week], leg.fit) for leg in legs]
        self.who, self.where, self.when, self.fit = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        self.swapping = self.who[len(hostings) :]
        # The visitors in whose place somebody else could be: those of visits one way.
        self.visitors = np.arange(len(hostings))
        count = len(tables.people)
        self.own_fit, self.own_slot, self.own_week = (np.full(count, -1) for _ in range(3))
        self.own_fit[self.who], self.own_slot[self.who], self.own_week[self.who] = self.fit, self.where, self.when

    def envied(self) -> Ints:
        """For each pair that would fit better: how many others have a place there in a week open to this person."""
        at = self.visitors
        visitors = np.zeros((len(self.tables.slots), len(self.tables.weeks)), dtype=np.int64)
        np.add.at(visitors, (self.where[at], self.when[at]), 1)
        counts = np.zeros(len(self.rather), dtype=np.int64)
        for start in range(0, len(counts), _TOGETHER):
            rows = slice(start, start + _TOGETHER)
            open_weeks = unpack(self.rather.weeks[:, rows], len(self.tables.weeks))
            counts[rows] = (open_weeks * visitors[self.rather.slot[rows]]).sum(axis=1)
        return counts

    def blocking(self) -> int:
        """Pairs for which there is a week with room, as it is or once somebody who fits less there has gone."""
        blocks = np.zeros(len(self.rather), dtype=np.bool_)
        left = _Left(self)
        every = np.arange(len(blocks))
        for start in range(0, len(blocks), _TOGETHER):
            rows = every[start : start + _TOGETHER]
            blocks[rows] = left.room(rows, np.full(len(rows), -1))
        rows, gone = self._instead()
        for start in range(0, len(rows), _TOGETHER):
            part = slice(start, start + _TOGETHER)
            np.logical_or.at(blocks, rows[part], left.room(rows[part], gone[part]))
        return int(blocks.sum())

    def _instead(self) -> tuple[Ints, Ints]:
        """Each such pair with every visitor there who fits less (by their place among the legs)."""
        at = self.visitors[np.argsort(self.where[self.visitors], kind="stable")]
        begin, end = (np.searchsorted(self.where[at], self.rather.slot, side) for side in ("left", "right"))
        counts = end - begin
        rows = np.repeat(np.arange(len(counts)), counts)
        nth = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        gone = at[np.repeat(begin, counts) + nth] if len(rows) else rows
        less = self.fit[gone] < self.rather_fit[rows]
        return rows[less], gone[less]


class _Left:
    """What is left of every place and limit, with everybody where they are."""

    def __init__(self, places: _Places) -> None:
        self.places, self.tables = places, places.tables
        tables = self.tables
        slot, week, person = places.where, places.when, places.who
        host, home, quarter = tables.s_host[slot], tables.p_home[person], tables.quarter_of[week]
        self.slot_week, self.slot_all = tables.left.copy(), tables.left_in_all.copy()
        self.host_week, self.host_quarter = tables.visits_week_left.copy(), tables.visits_quarter_left.copy()
        self.home_week, self.home_quarter = tables.away_week_left.copy(), tables.away_quarter_left.copy()
        for left, taken in (
            (self.slot_week, (slot, week)),
            (self.slot_all, (slot,)),
            (self.host_week, (host, week)),
            (self.host_quarter, (host, quarter)),
            (self.home_week, (home, week)),
            (self.home_quarter, (home, quarter)),
        ):
            np.subtract.at(left, taken, 1)

    def room(self, rows: Ints, gone: Ints) -> Bools:
        """Whether the person could go there in some week, having left their own place, and `gone` (-1: nobody) too."""
        places, tables = self.places, self.tables
        person, slot = places.rather.person[rows], places.rather.slot[rows]
        host, home = tables.s_host[slot], tables.p_home[person]
        week = np.arange(len(tables.weeks))
        quarter = tables.quarter_of
        own_week, own_slot = places.own_week[person], places.own_slot[person]
        left_host = (own_slot >= 0) & (tables.s_host[own_slot] == host)
        somebody = gone >= 0
        same_home = somebody & (tables.p_home[np.append(places.who, 0)[gone]] == home)
        gone_week = np.append(places.when, -1)[gone]

        def at(freed: Ints, so: Bools) -> Ints:
            same: Bools = (freed[:, None] == week) & so[:, None]
            return same.astype(np.int64)

        def during(freed: Ints, so: Bools) -> Ints:
            same: Bools = (quarter[freed][:, None] == quarter) & so[:, None] & (freed >= 0)[:, None]
            return same.astype(np.int64)

        room: Bools = unpack(places.rather.weeks[:, rows], len(week))
        room &= self.slot_week[slot] + at(gone_week, somebody) > 0
        room &= (self.slot_all[slot] + somebody > 0)[:, None]
        room &= self.host_week[host] + at(gone_week, somebody) + at(own_week, left_host) > 0
        room &= self.host_quarter[host][:, quarter] + during(gone_week, somebody) + during(own_week, left_host) > 0
        away = own_week >= 0
        room &= self.home_week[home] + at(gone_week, same_home) + at(own_week, away) > 0
        room &= self.home_quarter[home][:, quarter] + during(gone_week, same_home) + during(own_week, away) > 0
        found: Bools = np.any(room, axis=1)
        return found
