"""The same choice as an integer program, for limits that no network can carry.

Every edge is a column that places one person; every box of the tree and every limit that cuts across is a row. The
rest is `program`: relaxations that bound each criterion, and a small integer program among the edges that can matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import scipy.sparse as sp

from .arrays import Ints
from .network import Network
from .packing import NO_LOWER, Packing, Rows
from .program import clear
from .tables import Tables
from .tree import had
from .types import COMPULSORY, FIT, KEPT, PLACED
from .waiting import Stopped, while_waiting


@dataclass(frozen=True, slots=True)
class Program:
    """The edges chosen, and what is proven of each criterion that was tried: with the earlier ones held as they
    were reached, nothing is above its bound."""

    edges: Ints
    bounds: dict[str, int]
    stopped: bool


def solve(
    tables: Tables,
    network: Network,
    start: Ints,
    report: Callable[[str], None],
    stop: Callable[[], bool],
) -> Program:
    """Solve, beginning from `start`, a valid choice, which is the answer where it is stopped."""
    packing = _packing(tables, network)
    criteria, effort = tables.problem.rules.criteria, tables.problem.effort
    try:
        chosen = while_waiting(partial(clear, packing, criteria, start, effort), report, stop)
    except Stopped:
        return Program(start, {}, stopped=True)
    return Program(np.sort(chosen.columns), dict(chosen.bounds), chosen.stopped)


def _packing(tables: Tables, network: Network) -> Packing:
    edges = len(network.pair)
    members = np.full((edges, 3), -1)
    members[:, 0] = network.person
    asked = np.array([one.asked_for_more for one in tables.organisations], dtype=np.bool_)
    host = tables.s_host[network.pairs.slot[network.pair]]
    brings = np.flatnonzero(asked[host])
    visits = (np.ones(len(brings), dtype=np.int64), ((np.cumsum(asked) - 1)[host[brings]], brings))
    return Packing(
        people=len(network.rows),
        members=members,
        worth={
            PLACED: np.ones(edges, dtype=np.int64),
            COMPULSORY: network.first[network.person].astype(np.int64),
            KEPT: network.kept,
            FIT: network.fit,
        },
        visits=sp.csr_array(visits, shape=(int(asked.sum()), edges)),
        had=np.array(had(tables), dtype=np.int64)[asked],
        rows=_rows(network),
    )


def _rows(network: Network) -> Rows | None:
    """What binds at all: boxes and limits under which there are more edges than places."""
    binding = [(edges, places) for edges, places in _all_rows(network) if len(edges) > places]
    if not binding:
        return None
    row = np.repeat(np.arange(len(binding)), [len(edges) for edges, _ in binding])
    column = np.concatenate([edges for edges, _ in binding])
    matrix = sp.csr_array((np.ones(len(row), dtype=np.int64), (row, column)), shape=(len(binding), len(network.pair)))
    upper = np.array([places for _, places in binding], dtype=np.int64)
    return Rows(matrix, np.full(len(binding), NO_LOWER), upper)


def _all_rows(network: Network) -> Iterator[tuple[Ints, int]]:
    tree = network.tree
    places = np.full(tree.sink + 1, len(network.rows))
    plain = tree.points == 0
    places[tree.tail[plain]] = tree.most[plain]
    node = network.cell.copy()
    inside = np.arange(len(node))
    while len(inside):
        order = np.argsort(node, kind="stable")
        found, counts = np.unique(node, return_counts=True)
        for one, count, end in zip(found.tolist(), counts.tolist(), np.cumsum(counts).tolist(), strict=True):
            yield inside[order[end - count : end]], int(places[one])
        node = tree.parent[node]
        inside, node = inside[node < tree.sink], node[node < tree.sink]
    for limit in network.limits:
        yield limit.edges, limit.places
