"""The feasible pairs as a network: people, then places of an offer in a week, then what the host can take at all.

A limit can be an arc only if the limits of a host lie inside one another like boxes (`tree`). Those that cut across
(how many an organisation may have away in a week, the total of one offer of several in an organisation that limits its
weeks) are listed in `limits`, never dropped: see `hosting` for how they are kept exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from . import tree
from .arrays import UNLIMITED, Bools, Ints, unpack
from .candidates import Pairs
from .tables import Tables
from .tree import Tree
from .types import COMPULSORY, HOSTS, KEPT

SOURCE, FIRST, OTHERS = 0, 1, 2
PEOPLE = 3
_TILE_M = 50_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `places` of these edges."""

    code: str
    edges: Ints
    places: int


@dataclass(frozen=True, slots=True)
class Network:
    """An edge is a pair in one of its weeks. Arcs stand as: one from FIRST or OTHERS to each person, one for each
    edge, then those of the tree from a cell (an offer's week) to the sink.

    `first`: who must be placed first where the programme says "compulsory first". `rows`: the person rows of nodes.
    `numbers`: the nodes in another order, for a solver that goes to and fro between them: those near each other on the
    map lie near each other in memory, which takes a quarter off the time of a large round.
    """

    pairs: Pairs
    rows: Ints
    first: Bools
    pair: Ints
    week: Ints
    person: Ints
    cell: Ints
    cells: Ints
    tree: Tree
    fit: Ints
    kept: Ints
    limits: tuple[Limit, ...]
    numbers: Ints

    @property
    def first_cell(self) -> int:
        """The node of the first cell: people's nodes lie before it."""
        return PEOPLE + len(self.rows)

    @property
    def sink(self) -> int:
        """The last node."""
        return self.first_cell + self.tree.sink

    @property
    def nodes(self) -> int:
        """How many there are."""
        return self.sink + 1

    def tails(self) -> Ints:
        """Where each arc begins."""
        begins = np.where(self.first, FIRST, OTHERS)
        return np.concatenate([begins, self.person + PEOPLE, self.tree.tail + self.first_cell])

    def heads(self) -> Ints:
        """Where each arc ends."""
        people = np.arange(len(self.rows)) + PEOPLE
        return np.concatenate([people, self.cell + self.first_cell, self.tree.head + self.first_cell])

    def capacities(self) -> Ints:
        """How much each arc can carry."""
        ones = np.ones(len(self.rows) + len(self.pair), dtype=np.int64)
        return np.concatenate([ones, self.tree.most])

    def edge_arcs(self) -> slice:
        """Which arcs are edges."""
        return slice(len(self.rows), len(self.rows) + len(self.pair))


def build(tables: Tables, pairs: Pairs, fit: Ints) -> Network:
    """The network of the feasible pairs and their fits."""
    weeks = len(tables.weeks)
    pair, week = np.nonzero(unpack(pairs.weeks, weeks))
    rows, person = _numbered(pairs.person[pair], len(tables.people))
    cells, cell = _numbered(pairs.slot[pair] * weeks + week, len(tables.slots) * weeks)
    criteria = tables.problem.rules.criteria
    compulsory = np.array([tables.people[row].compulsory for row in rows], dtype=np.bool_)
    above = tree.build(tables, cells, most=len(rows), points=HOSTS in criteria)
    return Network(
        pairs=pairs,
        rows=rows,
        first=compulsory & (COMPULSORY in criteria),
        pair=pair,
        week=week,
        person=person,
        cell=cell,
        cells=cells,
        tree=above,
        fit=fit[pair],
        kept=_kept(tables, pairs)[pair] * (KEPT in criteria),
        limits=tuple(
            limit
            for limit in _limits(tables, pairs.person[pair], pairs.slot[pair], week, above.cut)
            if len(np.unique(person[limit.edges])) > limit.places
        ),
        numbers=_numbers(tables, rows, cells, above),
    )


def _numbers(tables: Tables, rows: Ints, cells: Ints, above: Tree) -> Ints:
    (p_east, p_north), (s_east, s_north) = tables.p_point // _TILE_M, tables.s_point // _TILE_M
    slot = cells // max(1, len(tables.weeks))
    tile = np.zeros((2, above.sink + 1), dtype=np.int64)
    tile[:, : len(cells)] = s_north[slot], s_east[slot]
    for start, stop in zip(above.starts, (*above.starts[1:], above.sink), strict=True):
        tile[:, above.parent[start:stop]] = tile[:, start:stop]
    ends = np.zeros((2, PEOPLE), dtype=np.int64)
    north, east = np.concatenate([ends, [p_north[rows], p_east[rows]], tile], axis=1)
    numbers = np.empty(len(north), dtype=np.int64)
    numbers[np.lexsort((east, north))] = np.arange(len(north))
    return numbers


def _numbered(keys: Ints, most: int) -> tuple[Ints, Ints]:
    """The keys that occur, in order, and where each stands among them."""
    occurs = np.zeros(most, dtype=np.bool_)
    occurs[keys] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[keys]


def _kept(tables: Tables, pairs: Pairs) -> Ints:
    row = {slot.id: at for at, slot in enumerate(tables.slots)}
    proposed = tables.problem.rules.proposed
    wanted = np.array([row.get(proposed.get(person.id, ""), -1) for person in tables.people], dtype=np.int64)
    kept: Ints = (wanted[pairs.person] == pairs.slot).astype(np.int64)
    return kept


def _limits(tables: Tables, person: Ints, slot: Ints, week: Ints, cut: Ints) -> Iterator[Limit]:
    """What cuts across: the totals of some offers, and how many an organisation may have away."""
    whole = np.where(np.isin(np.arange(len(tables.slots)), cut), tables.left_in_all, UNLIMITED)
    yield from _grouped("offer_total", whole[:, None], slot, np.zeros_like(slot))
    home = tables.p_home[person]
    yield from _grouped("away_week", tables.away_week_left, home, week)
    yield from _grouped("away_quarter", tables.away_quarter_left, home, tables.quarter_of[week])


def _grouped(code: str, places: Ints, owner: Ints, period: Ints) -> Iterator[Limit]:
    """One limit for each owner and period that has one, over the edges that fall under it."""
    under = np.flatnonzero(places[owner, period] < UNLIMITED)
    key = owner[under] * places.shape[1] + period[under]
    order = np.argsort(key, kind="stable")
    found, counts = np.unique(key, return_counts=True)
    for one, count, stop in zip(found.tolist(), counts, np.cumsum(counts), strict=True):
        yield Limit(code, under[order[stop - count : stop]], int(places.flat[one]))
