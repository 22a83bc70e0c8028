"""Swaps of two as a flow, which may halve them: nearly the best matching, and by its prices how near any other is.

Take every person twice, as one who goes and as one who hosts, and the swaps are a minimum-cost flow. Only where an odd
number of people stand in a circle does it halve swaps. Its prices say how much any other swap would lose.

Whatever differs between it and the best matching is ways that lead from such a circle, or from somebody left out or who
may have to be, to another. Each odd circle has a way of its own in every matching, since an odd number cannot be paired
within it, and that loses no less than the shortest way from there. Half of it is put down to either end; so no way in a
best matching loses more than the whole matching does beside what all other circles must.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from ortools.graph.python import max_flow, min_cost_flow
from scipy.sparse.csgraph import connected_components

from .arrays import Bools, Ints

# The flow multiplies its costs by the number of nodes in 64 bits.
_MOST_COST = 1 << 60
# Farther than anybody is.
_FAR = np.int64(1 << 60)


@dataclass(frozen=True, slots=True)
class Graph:
    """One edge for each two people who could swap, and what it is worth. `part`: by person, the number of what hangs
    together with them, of so many `parts`."""

    people: int
    one: Ints
    other: Ints
    weight: Ints
    part: Ints
    parts: int

    def joined(self, some: Ints) -> Ints:
        """By person, the number of what hangs together with them by some of the edges."""
        return joined(self.people, self.one[some], self.other[some])

    def by_part(self, edges: Ints) -> Ints:
        """How many of these edges each part has."""
        return np.bincount(self.part[self.one[edges]], minlength=self.parts)


def joined(people: int, one: Ints, other: Ints) -> Ints:
    """By person, the number of what hangs together with them by these edges."""
    graph = sp.csr_array((np.ones(len(one), dtype=np.bool_), (one, other)), shape=(people, people))
    part: Ints = connected_components(graph, directed=False)[1]
    return part


def largest(graph: Graph) -> Ints:
    """By part, how many swaps there could be if halves of swaps were allowed: no matching has more."""
    people = graph.people
    tail, head = _arcs(graph, np.full(people, 2 * people), np.full(people, 2 * people + 1))
    solver = max_flow.SimpleMaxFlow()
    arcs = solver.add_arcs_with_capacity(tail, head, np.ones(len(tail), dtype=np.int64))
    if solver.solve(2 * people, 2 * people + 1) != solver.OPTIMAL:
        raise RuntimeError("maximum flow")
    going = np.zeros(graph.parts, dtype=np.int64)
    np.add.at(going, graph.part, solver.flows(arcs)[:people])
    return going // 2


def _arcs(graph: Graph, source: Ints, sink: Ints) -> tuple[Ints, Ints]:
    """From the source to everybody as one who goes, to those they could swap with as hosts, to the sink."""
    people = graph.people
    everybody = np.arange(people)
    tail = np.concatenate([source, graph.one, graph.other, everybody + people])
    return tail, np.concatenate([everybody, graph.other + people, graph.one + people, sink])


@dataclass(frozen=True)
class Flow:
    """The best flow. `swaps`: edges that it takes whole; `halves`: by half; `halved`: people at the ends of those;
    `out`: people it leaves out. `loss`: by edge, and `price`: by person, twice what is lost by an answer that takes
    that edge, or leaves out that person."""

    graph: Graph
    swaps: Ints
    halves: Ints
    halved: Bools
    out: Bools
    loss: Ints
    price: Ints

    def near(self, most: Ints) -> tuple[Ints, Ints]:
        """Edges that a best matching may take where it differs from the flow and loses no more than this (by part),
        beside what it must, on the way from one end of the difference to the other; and the flow's own swaps that
        nothing of this touches."""
        graph, swaps = self.graph, self.swaps
        allowed = most[graph.part[graph.one]]
        over = np.zeros(graph.parts, dtype=np.int64)
        np.minimum.at(over, graph.part, self._end)
        usable = np.flatnonzero(self.loss + 2 * over[graph.part[graph.one]] <= allowed)
        reached, onward = self._ways(usable, self._end)
        may = onward[graph.one] + self.loss + onward[graph.other] <= allowed
        kept = reached[graph.one[swaps]] + reached[graph.other[swaps]] > allowed[swaps]
        may[swaps] = ~kept
        return np.flatnonzero(may), swaps[kept]

    def more(self, chosen: Ints) -> Ints:
        """By part, what a matching loses beside what it must."""
        graph = self.graph
        left_out = np.ones(graph.people, dtype=np.bool_)
        left_out[graph.one[chosen]] = left_out[graph.other[chosen]] = False
        lost = np.zeros(graph.parts, dtype=np.int64)
        np.add.at(lost, graph.part[graph.one[chosen]], self.loss[chosen])
        np.add.at(lost, graph.part[left_out], self.price[left_out])
        return lost - self.least

    @cached_property
    def least(self) -> Ints:
        """By part, what every matching loses: on the way from each odd circle, half of what the shortest does."""
        found = np.zeros(self.graph.parts, dtype=np.int64)
        inside, first = np.unique(self._circle, return_index=True)
        first = first[inside >= 0]
        np.add.at(found, self.graph.part[first], -self._end[first])
        return found

    @cached_property
    def _end(self) -> Ints:
        """By person, what a way that ends there has over: for odd circles, less than nothing."""
        graph, circle = self.graph, self._circle
        least = np.full(graph.people + 1, _FAR)
        _, onward = self._ways(np.arange(len(graph.one)), np.zeros(graph.people, dtype=np.int64))
        for begin, end in ((graph.one, graph.other), (graph.other, graph.one)):
            leaves = (circle[begin] >= 0) & (circle[begin] != circle[end])
            np.minimum.at(least, circle[begin[leaves]], self.loss[leaves] + onward[end[leaves]])
        inside = circle >= 0
        np.minimum.at(least, circle[inside], self.price[inside])
        over: Ints = np.where(inside, -(least[circle] // 2), 0)
        return over

    @cached_property
    def _circle(self) -> Ints:
        """By person, the number of the odd circle of halves that they stand in, or -1."""
        graph = self.graph
        number = graph.joined(self.halves)
        edges = np.bincount(number[graph.one[self.halves]], minlength=graph.people)
        people = np.bincount(number, minlength=graph.people)
        odd = (edges == people) & (people % 2 == 1)
        circle: Ints = np.where(odd[number], number, -1)
        return circle

    def _ways(self, usable: Ints, end: Ints) -> tuple[Ints, Ints]:
        """By person, the least that is lost on the way there from any end (where it begins with `end`) by one of these
        swaps that the flow does not take; and the same further on, along a swap that it does."""
        graph, ended = self.graph, self.halved | self.out
        partner = np.arange(graph.people)
        one, other = graph.one[self.swaps], graph.other[self.swaps]
        partner[one], partner[other] = other, one
        come = np.concatenate([graph.one[usable], graph.other[usable]])
        go = np.concatenate([graph.other[usable], graph.one[usable]])
        order = np.argsort(go, kind="stable")
        come, go, step = come[order], go[order], np.tile(self.loss[usable], 2)[order]
        starts = np.flatnonzero(np.diff(go, prepend=-1))
        to = go[starts]
        reached = np.where(ended, _FAR, self.price)
        while True:
            onward = np.where(ended, end, reached[partner])
            if not len(usable):
                return reached, onward
            best = reached.copy()
            best[to] = np.minimum(best[to], np.minimum.reduceat(onward[come] + step, starts))
            if (best == reached).all():
                return reached, onward
            reached = best


def flow(graph: Graph, size: Ints) -> Flow:
    """The best flow of so many swaps in each part."""
    count, edges = graph.people, len(graph.one)
    if int(graph.weight.max()) * 2 * (count + graph.parts) > _MOST_COST:
        return _everything(graph)
    sources = 2 * count + np.arange(graph.parts)
    sinks = sources + graph.parts
    tail, head = _arcs(graph, sources[graph.part], sinks[graph.part])
    none = np.zeros(count, dtype=np.int64)
    cost = -np.concatenate([none, graph.weight, graph.weight, none])
    capacity = np.ones(len(tail), dtype=np.int64)
    capacity[count : count + 2 * edges] = 2
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    solver.set_nodes_supplies(np.concatenate([sources, sinks]), np.concatenate([2 * size, -2 * size]))
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("minimum-cost flow")
    carried = solver.flows(arcs)
    level = _levels(tail, head, capacity, cost, carried)
    source, sink = level[sources], level[sinks]
    goes = np.maximum(level[:count] - source[graph.part], 0)
    hosts = np.maximum(sink[graph.part] - level[count : 2 * count], 0)
    price = goes + hosts
    taken = carried[count : count + edges] + carried[count + edges : count + 2 * edges]
    swaps, halves = np.flatnonzero(taken == 2), np.flatnonzero(taken == 1)
    halved, out = np.zeros(count, dtype=np.bool_), np.ones(count, dtype=np.bool_)
    halved[graph.one[halves]] = halved[graph.other[halves]] = True
    out[graph.one[taken > 0]] = out[graph.other[taken > 0]] = False
    each = (sink - source)[graph.part[graph.one]]
    loss = price[graph.one] + price[graph.other] - 2 * (graph.weight + each)
    return Flow(graph, swaps, halves, halved, out, loss, price)


def _levels(tail: Ints, head: Ints, capacity: Ints, cost: Ints, carried: Ints) -> Ints:
    """Prices of the nodes at which no arc that could still change gains anything (Bellman and Ford)."""
    more, less = carried < capacity, carried > 0
    begin, end = np.concatenate([tail[more], head[less]]), np.concatenate([head[more], tail[less]])
    length = np.concatenate([cost[more], -cost[less]])
    order = np.argsort(end, kind="stable")
    begin, end, length = begin[order], end[order], length[order]
    starts = np.flatnonzero(np.diff(end, prepend=-1))
    level = np.zeros(int(max(tail.max(), head.max())) + 1, dtype=np.int64)
    while True:
        best = level.copy()
        best[end[starts]] = np.minimum(best[end[starts]], np.minimum.reduceat(level[begin] + length, starts))
        if (best == level).all():
            return level
        level = best


def _everything(graph: Graph) -> Flow:
    """Where the weights are too large for a flow: no hint at all, so that everybody is near."""
    nobody, everybody = np.zeros(graph.people, dtype=np.bool_), np.ones(graph.people, dtype=np.bool_)
    none, loss = np.zeros(0, dtype=np.int64), np.zeros(len(graph.one), dtype=np.int64)
    return Flow(graph, none, none, everybody, nobody, loss, np.zeros(graph.people, dtype=np.int64))
