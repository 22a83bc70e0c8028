"""The same choice as an integer program, for limits that no network can carry.

Every edge is a column that places one person; every box of the tree and every limit that cuts across is a row. The
rest is `program`: relaxations that bound each criterion, and a small integer program among the edges that can matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import scipy.sparse as sp

from . import lost, residual
from .arrays import Ints
from .network import Network
from .packing import NO_LOWER, Packing, Rows
from .prices import prices
from .program import Chosen, clear
from .tables import Tables
from .tree import had
from .types import COMPULSORY, FIT, KEPT, PLACED
from .waiting import Stopped, while_waiting

# Edges of each person that the relaxation begins with; it takes in what else it needs.
_FEW = 8


@dataclass(frozen=True, slots=True)
class Program:
    """The edges chosen, and what is proven of each criterion that was tried: with the earlier ones held as they
    were reached, nothing is above its bound. `packing`: what they were `chosen` from."""

    edges: Ints
    bounds: Mapping[str, int]
    stopped: bool
    packing: Packing
    chosen: Chosen


def solve(
    tables: Tables,
    network: Network,
    flow: Ints,
    start: Ints,
    report: Callable[[str], None],
    stop: Callable[[], bool],
) -> Program:
    """Solve, beginning from `start`, a valid choice, which is the answer where it is stopped.

    `flow`: the best choice without the limits that cut across. Edges that cost it little are likely to be needed.
    """
    packing = _packing(tables, network)
    criteria, effort = tables.problem.rules.criteria, tables.problem.effort
    try:
        work = partial(clear, packing, criteria, start, effort, near=_near(criteria, network, flow))
        chosen = while_waiting(work, report, stop)
    except Stopped:
        chosen = Chosen(start, {}, stopped=True)
    return Program(np.sort(chosen.columns), chosen.bounds, chosen.stopped, packing, chosen)


def causes(tables: Tables, program: Program, stop: Callable[[], bool]) -> dict[int, str]:
    """By which criterion each person without a place lost, by position in the network, where that is known; of nobody
    if somebody says stop before it is."""
    rules, effort = tables.problem.rules, tables.problem.effort
    placed = program.packing.members[program.edges]
    without = np.setdiff1d(np.arange(program.packing.people), placed).tolist()

    def work(report: Callable[[str], None], stopped: Callable[[], bool]) -> dict[int, str]:
        return lost.causes(program.packing, rules.criteria, program.chosen, without, effort, stopped)

    if stop():
        return {}
    try:
        found = while_waiting(work, lambda stage: None, stop)
    except Stopped:
        return {}
    return {person: cause for person, cause in found.items() if cause != lost.TOGETHER}


def _near(criteria: tuple[str, ...], network: Network, flow: Ints) -> Ints:
    """The few edges of each person that would cost least, counted without the limits that cut across."""
    price = prices(criteria, network, len(flow))
    slack = residual.slack(residual.build(network, flow, price), price)
    order = np.lexsort((slack, network.person))
    begin = np.searchsorted(network.person[order], np.arange(len(network.rows)))
    few = order[np.arange(len(order)) - begin[network.person[order]] < _FEW]
    return np.union1d(few, flow)


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
