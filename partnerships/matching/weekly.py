"""The packing of a round that holds exchanges: rings, visits one way, and the rows of everything that limits them.

A visit one way is a column for each week. A ring is one column, and only where a limit could be broken by some visit of
it do columns of their own say in which week that visit falls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from .arrays import UNLIMITED, Bools, Ints, unpack
from .candidates import Pairs
from .packing import NO_LOWER, Packing, Rows
from .rules import Examiner
from .tables import Tables
from .tree import had
from .types import COMPULSORY, FIT, KEPT, PLACED


@dataclass(frozen=True, slots=True)
class Start:
    """Rings to begin from, and by pair the week in which its visit would fall."""

    rings: Ints
    week_of: Ints


@dataclass(frozen=True, slots=True)
class Round:
    """A packing and what its columns are: first the rings (rows of `pairs`, -1 where there is no third), then the
    visits one way, then the weeks of visits in rings. `pair` and `week` are those of the latter two."""

    packing: Packing
    rings: Ints
    pair: Ints
    week: Ints

    def legs(self, columns: Ints, first: Ints) -> tuple[Ints, Ints, list[Ints]]:
        """Of a choice of columns: the pairs visited one way, their weeks, and the rings, each as rows of (pair, week).
        `first`: by pair, the week where none had to be chosen."""
        week_of = self._weeks_of(columns, first)
        one_way = self._beyond(columns, 1)
        rings = [ring[ring >= 0] for ring in self.rings[columns[columns < len(self.rings)]]]
        return self.pair[one_way], self.week[one_way], [np.stack([ring, week_of[ring]], axis=1) for ring in rings]

    def start(self, columns: Ints, first: Ints, names: Ints) -> Start:
        """A choice of rings as something that another round can begin from; `names`: what each ring is called there."""
        return Start(names[columns[columns < len(self.rings)]], self._weeks_of(columns, first))

    def columns_of(self, start: Start) -> Ints:
        """The columns of a start whose rings are named by this round."""
        arcs = self.rings[start.rings]
        arcs = arcs[arcs >= 0]
        weekly = len(self.rings) + np.flatnonzero(
            (self.packing.sizes[len(self.rings) :] == 0)
            & np.isin(self.pair, arcs)
            & (self.week == start.week_of[self.pair])
        )
        return np.concatenate([np.sort(start.rings), weekly])

    def _weeks_of(self, columns: Ints, first: Ints) -> Ints:
        week_of = first.copy()
        weekly = self._beyond(columns, 0)
        week_of[self.pair[weekly]] = self.week[weekly]
        return week_of

    def _beyond(self, columns: Ints, people: int) -> Ints:
        """The places, in `pair` and `week`, of the columns of so many people after the rings."""
        after: Ints = columns[(columns >= len(self.rings)) & (self.packing.sizes[columns] == people)]
        return after - len(self.rings)


@dataclass(frozen=True, slots=True)
class Visits:
    """Possible visits, each a column: who goes where in which week; `alone`: it needs no visit in return."""

    column: Ints
    pair: Ints
    week: Ints
    alone: Bools


def build(
    examiner: Examiner, pairs: Pairs, fit: Ints, kept: Ints, rings: Ints, one_way: Ints, *, limited: bool
) -> Round:
    """The round of these rings and of these pairs one way (both rows of `pairs`); not `limited`: whatever breaks."""
    tables, apart = examiner.tables, examiner.tables.problem.rules.apart
    weeks = len(tables.weeks)
    at, week = np.nonzero(unpack(pairs.weeks[:, one_way], weeks))
    edges = Visits(len(rings) + np.arange(len(at)), one_way[at], week, np.ones(len(at), dtype=np.bool_))
    arcs = np.unique(rings[rings >= 0])
    at, week = np.nonzero(unpack(pairs.weeks[:, arcs], weeks))
    legs = Visits(np.zeros(len(at), dtype=np.int64), arcs[at], week, np.zeros(len(at), dtype=np.bool_))
    limits = [limit for limit in _limits(tables, pairs, edges, legs) if limited and limit.binds()]
    some = np.unique(np.concatenate([np.zeros(0, np.int64), *(limit.arcs() for limit in limits)]))
    tied = np.isin(legs.pair, _with_all_of_a_ring(rings, some) if apart else some)
    column = np.where(tied, len(rings) + len(edges.pair) + np.cumsum(tied) - 1, -1)
    rows = [limit.row(column) for limit in limits]
    if apart:
        rows.extend(_one_a_week(examiner, pairs, legs, column))
    count = len(rings) + len(edges.pair) + int(tied.sum())
    pair, week = np.concatenate([edges.pair, legs.pair[tied]]), np.concatenate([edges.week, legs.week[tied]])
    members = _members(pairs, rings, edges, count)
    packing = Packing(
        people=len(tables.people),
        members=members,
        worth=_worth(tables, pairs, fit, kept, rings, edges, members),
        visits=_visits(tables, pairs, rings, edges, count),
        had=np.array(had(tables), dtype=np.int64)[_asked(tables)],
        rows=_rows(rings, legs.pair[tied], column[tied], rows, count),
    )
    return Round(packing, rings, pair, week)


@dataclass(frozen=True, slots=True)
class _Limit:
    """At most `places` of these visits; `edges` one way (columns) and `legs` of rings (places in the list of legs)."""

    edges: Ints
    legs: Ints
    places: int
    people: int
    leg_pairs: Ints

    def binds(self) -> bool:
        """Whether it could be broken at all."""
        return self.people > self.places

    def arcs(self) -> Ints:
        return self.leg_pairs

    def row(self, column: Ints) -> tuple[Ints, int]:
        return np.concatenate([self.edges, column[self.legs]]), self.places


def _limits(tables: Tables, pairs: Pairs, edges: Visits, legs: Visits) -> Iterator[_Limit]:
    """Every limit that some of these visits share: of an offer, of the host, of the home."""
    pair, week = np.concatenate([edges.pair, legs.pair]), np.concatenate([edges.week, legs.week])
    person, slot = pairs.person[pair], pairs.slot[pair]
    host, home, quarter = tables.s_host[slot], tables.p_home[person], tables.quarter_of[week]
    kinds = (
        (slot, week, tables.left, True),
        (slot, np.zeros_like(slot), tables.left_in_all[:, None], True),
        (host, week, tables.visits_week_left, False),
        (host, quarter, tables.visits_quarter_left, False),
        (home, week, tables.away_week_left, False),
        (home, quarter, tables.away_quarter_left, False),
    )
    for owner, period, left, of_offer in kinds:
        if of_offer and not len(edges.pair):
            continue  # Exchanges alone bring an offer one visitor: who shows it is in one of them.
        places = left[owner, period]
        inside = np.flatnonzero(places < UNLIMITED)
        key = owner[inside] * left.shape[1] + period[inside]
        order = np.argsort(key, kind="stable")
        for group in np.split(inside[order], np.flatnonzero(np.diff(key[order])) + 1):
            alone = group[group < len(edges.pair)]
            if not len(group) or (of_offer and not len(alone)):
                continue
            in_ring = group[group >= len(edges.pair)] - len(edges.pair)
            people = len(np.unique(person[group]))
            yield _Limit(edges.column[alone], in_ring, int(places[group[0]]), people, np.unique(legs.pair[in_ring]))


def _with_all_of_a_ring(rings: Ints, arcs: Ints) -> Ints:
    """These and whatever is in a ring with one of them, so that a ring has weeks of its own for all visits or none."""
    while True:
        touched = rings[np.isin(rings, arcs).any(axis=1)]
        more = np.unique(np.concatenate([arcs, touched[touched >= 0]]))
        if len(more) == len(arcs):
            return more
        arcs = more


def _one_a_week(examiner: Examiner, pairs: Pairs, legs: Visits, column: Ints) -> Iterator[tuple[Ints, int]]:
    """Whoever visits in a week receives nobody in it."""
    tied = np.flatnonzero(column >= 0)
    pair, week = legs.pair[tied], legs.week[tied]
    either = np.concatenate([pairs.person[pair], examiner.showing.shower[pairs.slot[pair]]])
    key = either * len(examiner.tables.weeks) + np.tile(week, 2)
    order = np.argsort(key, kind="stable")
    for group in np.split(np.tile(column[tied], 2)[order], np.flatnonzero(np.diff(key[order])) + 1):
        if len(group) > 1:
            yield group, 1


def _members(pairs: Pairs, rings: Ints, edges: Visits, count: int) -> Ints:
    members = np.full((count, 3), -1, dtype=np.int64)
    members[: len(rings)] = np.where(rings >= 0, pairs.person[rings], -1)
    members[edges.column, 0] = pairs.person[edges.pair]
    return members


def _worth(
    tables: Tables, pairs: Pairs, fit: Ints, kept: Ints, rings: Ints, edges: Visits, members: Ints
) -> dict[str, Ints]:
    compulsory = np.array([person.compulsory for person in tables.people] + [False], dtype=np.int64)
    worth = {PLACED: (members >= 0).sum(axis=1), COMPULSORY: compulsory[members].sum(axis=1)}
    for name, each in ((KEPT, kept), (FIT, fit)):
        worth[name] = np.zeros(len(members), dtype=np.int64)
        worth[name][: len(rings)] = np.where(rings >= 0, each[rings], 0).sum(axis=1)
        worth[name][edges.column] = each[edges.pair]
    return worth


def _asked(tables: Tables) -> Ints:
    return np.flatnonzero([organisation.asked_for_more for organisation in tables.organisations])


def _visits(tables: Tables, pairs: Pairs, rings: Ints, edges: Visits, count: int) -> sp.csr_array:
    """By organisation that asked for visitors: how many each column brings."""
    asked = _asked(tables)
    number = np.full(len(tables.organisations), -1)
    number[asked] = np.arange(len(asked))
    ring, place = np.nonzero(rings >= 0)
    column = np.concatenate([ring, edges.column])
    host = number[tables.s_host[pairs.slot[np.concatenate([rings[ring, place], edges.pair])]]]
    counted = host >= 0
    ones = np.ones(int(counted.sum()), dtype=np.int64)
    return sp.csr_array((ones, (host[counted], column[counted])), shape=(len(asked), count))


def _rows(rings: Ints, tied: Ints, column: Ints, limits: list[tuple[Ints, int]], count: int) -> Rows | None:
    """The limits, and for each visit of a ring that has weeks of its own: one of them if a ring with it is chosen."""
    if not limits:
        return None
    arcs, number = np.unique(tied, return_inverse=True)
    ring, place = np.nonzero(np.isin(rings, arcs) & (rings >= 0))
    of_ring = np.searchsorted(arcs, rings[ring, place])
    sizes = [len(columns) for columns, _ in limits]
    limited = np.concatenate([columns for columns, _ in limits])
    row = np.concatenate([number, of_ring, len(arcs) + np.repeat(np.arange(len(limits)), sizes)])
    at = np.concatenate([column, ring, limited])
    value = np.concatenate([np.ones(len(column)), -np.ones(len(ring)), np.ones(len(limited))]).astype(np.int64)
    matrix = sp.csr_array((value, (row, at)), shape=(len(arcs) + len(limits), count))
    nought = np.zeros(len(arcs), dtype=np.int64)
    places = np.array([most for _, most in limits], dtype=np.int64)
    return Rows(matrix, np.concatenate([nought, np.full(len(limits), NO_LOWER)]), np.concatenate([nought, places]))
