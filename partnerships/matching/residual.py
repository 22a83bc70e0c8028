"""What could still move in a best answer, and at what price: the ground of every "somebody else has the place".

In the residual graph of an optimal flow no cycle gains anything, so the cheapest way to make room for one more person
is a shortest path (Bellman and Ford, for all of them at once) to somebody who would give up a place. Its price shows
the first criterion that would suffer. That no cycle and no such path gains is at the same time the proof that the flow
is the best, whatever weights it was found with. What can be reached at all from those without a place is a set of
people with fewer places than people (Hall's condition fails there): the proof that not all of them could be placed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Ints
from .network import PEOPLE, Network
from .prices import Prices

_FAR = np.int64(1 << 62)
# Steps between two looks for a cycle that gains.
_LOOK = 64


@dataclass(frozen=True, slots=True)
class Residual:
    """Arcs along which the answer can change, by where they end, and what each change loses; those from the sources
    are left out, so that a path ends where somebody gives up a place. Arcs into node n begin at `into[n]`."""

    network: Network
    placed: Bools
    tail: Ints
    head: Ints
    loss: Ints
    into: Ints


@dataclass(frozen=True, slots=True)
class Displaced:
    """For a person without a place: what the best answer that places them would lose, and who would give way."""

    loss: int
    person: int


class NotTheBest(Exception):
    """A change of the answer would gain."""


def build(network: Network, chosen: Ints, price: Prices) -> Residual:
    """The residual graph of a choice of edges."""
    edges = np.zeros(len(network.pair), dtype=np.int64)
    edges[chosen] = 1
    flow = np.concatenate([edges, network.tree.flows(network.cell[chosen])])
    gain = np.concatenate([price.edges(network), price.tree(network)])
    inner = slice(len(network.rows), None)
    tail, head, capacity = network.tails()[inner], network.heads()[inner], network.capacities()[inner]
    placed = np.zeros(len(network.rows), dtype=np.bool_)
    placed[network.person[chosen]] = True
    forward, backward = flow < capacity, flow > 0
    begin = np.concatenate([tail[forward], head[backward]])
    end = np.concatenate([head[forward], tail[backward]])
    loss = np.concatenate([-gain[forward], gain[backward]])
    order = np.argsort(end, kind="stable")
    into = np.searchsorted(end[order], np.arange(network.nodes + 1))
    return Residual(network, placed, begin[order], end[order], loss[order], into)


def displaced(residual: Residual, price: Prices) -> dict[int, Displaced]:
    """For every person without a place (by position in the network): the cheapest way to place them instead.

    Raises `NotTheBest` where that, or any other change, would gain.
    """
    network = residual.network
    node = np.arange(len(network.rows)) + PEOPLE
    loss, onward = _losses(residual, price)
    gives_way = _last(onward)
    first = network.first * np.int64(price.above)
    found = {
        at: Displaced(int(loss[node[at]] - first[at]), int(gives_way[node[at]]) - PEOPLE)
        for at in np.flatnonzero(~residual.placed).tolist()
        if loss[node[at]] < _FAR
    }
    if any(one.loss < 0 for one in found.values()):
        raise NotTheBest
    return found


def slack(residual: Residual, price: Prices) -> Ints:
    """For each edge, the least that an answer loses for using it."""
    network = residual.network
    loss, _ = _losses(residual, price)
    ahead = np.minimum(loss, _FAR >> 1)
    return ahead[network.cell + network.first_cell] - price.edges(network) - ahead[network.person + PEOPLE]


def _losses(residual: Residual, price: Prices) -> tuple[Ints, Ints]:
    """What reaching somebody who gives up a place loses from each node, and the next node on the way there."""
    network = residual.network
    loss = np.full(network.nodes, _FAR, dtype=np.int64)
    onward = np.full(network.nodes, -1, dtype=np.int64)
    node = np.arange(len(network.rows)) + PEOPLE
    first = network.first * np.int64(price.above)
    loss[node[residual.placed]] = first[residual.placed]
    changed = node[residual.placed]
    steps = 0
    while len(changed):
        arcs = _arcs_into(residual, changed)
        tail, head = residual.tail[arcs], residual.head[arcs]
        through = loss[head] + residual.loss[arcs]
        before = loss[tail]
        np.minimum.at(loss, tail, through)
        better = (through < before) & (through == loss[tail])
        onward[tail[better]] = head[better]
        changed = np.unique(tail[better])
        steps += 1
        if steps % _LOOK == 0 and _comes_round(onward):
            raise NotTheBest
    return loss, onward


def _arcs_into(residual: Residual, nodes: Ints) -> Ints:
    begin, end = residual.into[nodes], residual.into[nodes + 1]
    counts = end - begin
    shift = np.repeat(begin - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    arcs: Ints = np.arange(int(counts.sum())) + shift
    return arcs


def _last(onward: Ints) -> Ints:
    """Where the path from each node ends."""
    jump = np.where(onward < 0, np.arange(len(onward)), onward)
    while True:
        further = jump[jump]
        if (further == jump).all():
            return jump
        jump = further


def _comes_round(onward: Ints) -> bool:
    """Whether following the paths leads round in a circle: only where a change of the answer gains."""
    jump = onward
    for _ in range(len(onward).bit_length()):
        jump = np.where(jump < 0, jump, jump[jump])
    return bool((jump >= 0).any())


def contests(residual: Residual) -> list[tuple[Ints, Ints]]:
    """Sets of people (positions) and cells such that these people can go only to these cells, which all are full."""
    network = residual.network
    node = np.arange(len(network.rows)) + PEOPLE
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
    first_cell = network.first_cell
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
