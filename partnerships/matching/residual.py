"""What could still move in a best answer, and at what price: the ground of every "somebody else has the place".

In the residual graph of an optimal flow no cycle gains anything, so the cheapest way to make room for one more person
is a shortest path (Bellman and Ford, for all of them at once) to somebody who would give up a place. Its price shows
the first criterion that would suffer. What can be reached at all from those without a place is a set of people with
fewer places than people (Hall's condition fails there): the proof that not all of them could be placed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Ints
from .hosting import Prices
from .network import Network, host_arcs

_FAR = np.int64(1 << 62)


@dataclass(frozen=True, slots=True)
class Residual:
    """Arcs along which the answer can change, and what each change loses; those from the sources are left out, so
    that a path ends where somebody gives up a place."""

    network: Network
    placed: Bools
    tail: Ints
    head: Ints
    loss: Ints


@dataclass(frozen=True, slots=True)
class Displaced:
    """For a person without a place: what the best answer that places them would lose, and who would give way."""

    loss: int
    person: int


def build(network: Network, chosen: Ints, price: Prices) -> Residual:
    """The residual graph of a choice of edges."""
    flow = _flows(network, chosen)
    gain = np.concatenate([np.zeros(len(network.rows), np.int64), price.edges(network), price.tree(network)])
    tail, head, capacity = network.tails(), network.heads(), network.capacities()
    inner = np.arange(len(tail)) >= len(network.rows)
    forward, backward = inner & (flow < capacity), inner & (flow > 0)
    placed = np.zeros(len(network.rows), dtype=np.bool_)
    placed[network.person[chosen]] = True
    return Residual(
        network,
        placed,
        np.concatenate([tail[forward], head[backward]]),
        np.concatenate([head[forward], tail[backward]]),
        np.concatenate([-gain[forward], gain[backward]]),
    )


def _flows(network: Network, chosen: Ints) -> Ints:
    """What each arc carries; of a host's counted arcs the best first, as an optimal answer has it."""
    people = np.zeros(len(network.rows), dtype=np.int64)
    people[network.person[chosen]] = 1
    edges = np.zeros(len(network.pair), dtype=np.int64)
    edges[chosen] = 1
    arriving = np.zeros(network.nodes, dtype=np.int64)
    cells = network.person_node()[-1] + 1 + network.cell[chosen]
    np.add.at(arriving, cells, 1)
    onward = dict(zip(network.tree_tail.tolist(), network.tree_head.tolist(), strict=True))
    for cell, visitors in zip(*np.unique(cells, return_counts=True), strict=True):
        node = onward[int(cell)]
        while node != network.sink:
            arriving[node] += visitors
            node = onward[node]
    tree = arriving[network.tree_tail]
    for node, arcs in host_arcs(network).items():
        left = int(arriving[node])
        for arc in arcs:
            tree[arc] = min(left, int(network.tree_capacity[arc]))
            left -= int(tree[arc])
    return np.concatenate([people, edges, tree])


def displaced(residual: Residual, price: Prices) -> dict[int, Displaced]:
    """For every person without a place (by position in the network): the cheapest way to place them instead."""
    network = residual.network
    loss = np.full(network.nodes, _FAR, dtype=np.int64)
    gives_way = np.full(network.nodes, -1, dtype=np.int64)
    node = network.person_node()
    first = network.first * np.int64(price.above)
    loss[node[residual.placed]] = first[residual.placed]
    gives_way[node[residual.placed]] = np.flatnonzero(residual.placed)
    changed = np.ones(network.nodes, dtype=np.bool_)
    for _ in range(network.nodes):
        live = np.flatnonzero(changed[residual.head] & (loss[residual.head] < _FAR))
        tail, head = residual.tail[live], residual.head[live]
        through = loss[head] + residual.loss[live]
        better = loss.copy()
        np.minimum.at(better, tail, through)
        changed = better < loss
        if not changed.any():
            break
        best = changed[tail] & (through == better[tail])
        gives_way[tail[best]] = gives_way[head[best]]
        loss = better
    else:
        raise RuntimeError("a change of the answer would gain: it was not optimal")
    return {
        at: Displaced(int(loss[node[at]] - first[at]), int(gives_way[node[at]]))
        for at in np.flatnonzero(~residual.placed).tolist()
        if loss[node[at]] < _FAR
    }


def contests(residual: Residual) -> list[tuple[Ints, Ints]]:
    """Sets of people (positions) and cells such that these people can go only to these cells, which all are full."""
    network = residual.network
    node = network.person_node()
    reached = np.zeros(network.nodes, dtype=np.bool_)
    reached[node[~residual.placed]] = True
    while True:
        new = residual.head[reached[residual.tail] & ~reached[residual.head]]
        if not len(new):
            break
        reached[new] = True
    within = reached[residual.tail] & reached[residual.head]
    group = _components(network.nodes, residual.tail[within], residual.head[within])
    found = []
    first_cell = int(node[-1]) + 1
    for mark in np.unique(group[node[~residual.placed]]):
        members = np.flatnonzero((group == mark) & reached)
        people = members[(members >= node[0]) & (members < first_cell)] - node[0]
        cells = members[(members >= first_cell) & (members < first_cell + len(network.cells))] - first_cell
        found.append((people, cells))
    return found


def _components(nodes: int, tail: Ints, head: Ints) -> Ints:
    """The least node of the component that each node is in."""
    group = np.arange(nodes)
    while True:
        least = group.copy()
        np.minimum.at(least, tail, group[head])
        np.minimum.at(least, head, group[tail])
        least = least[least]
        if (least == group).all():
            return group
        group = least
