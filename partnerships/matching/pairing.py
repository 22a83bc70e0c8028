"""Swaps of two as a matching in a general graph, exact at ten thousand people.

Take every person twice, as one who goes and as one who hosts, and the swaps are a minimum-cost flow. It is quick, and
nearly the answer: only where an odd number of people stand in a circle does it halve swaps. Its prices then say how
much any other swap would lose. Whatever differs between it and the best matching leads from such a circle, or from
somebody left out or who may have to be, to another, and loses no more on the way than the whole matching does. So the
matching itself (Edmonds' blossoms, with whole numbers as weights) is looked for only among swaps on such ways, and once
its loss is no more than was allowed for on them, it is proven for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import rustworkx as rx
import scipy.sparse as sp
from ortools.graph.python import max_flow, min_cost_flow
from scipy.sparse.csgraph import connected_components

from .arrays import Bools, Ints
from .packing import Packing
from .program import Chosen
from .types import FIT, HOSTS, PLACED

# The flow multiplies its costs by the number of nodes in 64 bits.
_MOST_COST = 1 << 60
# How much "near" may lose at first.
_NEAR = 16


def possible(packing: Packing, criteria: tuple[str, ...]) -> bool:
    """Whether this packing is of swaps alone, which nothing else limits and no host counts."""
    counted = HOSTS in criteria and packing.visits.nnz > 0
    return packing.rows is None and not counted and len(packing) > 0 and bool((packing.sizes == 2).all())


def pair(
    packing: Packing,
    criteria: tuple[str, ...],
    start: Callable[[], Ints] | None,
    report: Callable[[str], None],
    stop: Callable[[], bool],
) -> Chosen:
    """The best swaps, each criterion at its best with the earlier ones held. `start`: a valid choice, if known."""
    graph = _graph(packing, criteria)
    report(PLACED)
    most = _most(graph) // 2
    report(FIT)
    nearness = _NEAR
    flow = _flow(graph, 2 * most)
    while not stop():
        near, kept = flow.near(2 * nearness)
        chosen = np.sort(np.concatenate([_blossoms(graph, near), kept]))
        loss = flow.value - 2 * int(graph.weight[chosen].sum())
        if len(near) == len(graph.one) or (len(chosen) == most and loss <= 2 * nearness):
            columns = np.sort(graph.column[chosen])
            return Chosen(columns, packing.values(criteria, columns), ruled_out={criteria[-1]: flow.ruled_out(chosen)})
        # As near as the loss that is known; farther where some circles are not made up for yet.
        nearness = -(-loss // 2) if len(chosen) == most else 16 * nearness
    return Chosen(start() if start else np.zeros(0, dtype=np.int64), {}, stopped=True)


@dataclass(frozen=True, slots=True)
class _Graph:
    """One edge for each two people who could swap: the best of their columns, and what it is worth. `edge`, `less`: by
    column, between whom it is and how much less it is worth than the best between them."""

    people: int
    one: Ints
    other: Ints
    weight: Ints
    column: Ints
    edge: Ints
    less: Ints


def _graph(packing: Packing, criteria: tuple[str, ...]) -> _Graph:
    """Most people placed goes without saying; those who must go are as many as can be in some largest matching."""
    weight, below = np.zeros(len(packing), dtype=np.int64), 1
    for name in reversed(criteria):
        if name not in (PLACED, HOSTS):
            each = packing.worth[name]
            weight = weight + each * below
            below += below * int(each.max()) * (packing.people // 2)
    one, other = packing.members[:, :2].min(axis=1), packing.members[:, :2].max(axis=1)
    order = np.lexsort((np.arange(len(packing)), -weight, other, one))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(one[order]) != 0) | (np.diff(other[order]) != 0)
    best = order[first]
    edge = np.empty(len(order), dtype=np.int64)
    edge[order] = np.cumsum(first) - 1
    return _Graph(packing.people, one[best], other[best], weight[best], best, edge, weight[best][edge] - weight)


def _most(graph: _Graph) -> int:
    """How many people could be in swaps, if halves of swaps were allowed: no matching has more."""
    people, (tail, head) = graph.people, _arcs(graph)
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(tail, head, np.ones(len(tail), dtype=np.int64))
    if solver.solve(2 * people, 2 * people + 1) != solver.OPTIMAL:
        raise RuntimeError("maximum flow")
    return int(solver.optimal_flow())


def _arcs(graph: _Graph) -> tuple[Ints, Ints]:
    """From the source to everybody as one who goes, to those they could swap with as hosts, to the sink."""
    people = graph.people
    everybody = np.arange(people)
    source, sink = np.full(people, 2 * people), np.full(people, 2 * people + 1)
    tail = np.concatenate([source, graph.one, graph.other, everybody + people])
    return tail, np.concatenate([everybody, graph.other + people, graph.one + people, sink])


@dataclass(frozen=True, slots=True)
class _Flow:
    """The best flow. `value`: twice what it is worth. `swaps`: edges that it takes whole; `halved`: people at the ends
    of halves; `out`: people it leaves out. `loss`: by edge, and `price`: by person, twice what is lost by an answer
    that takes that edge, or leaves out that person."""

    graph: _Graph
    value: int
    swaps: Ints
    halved: Bools
    out: Bools
    loss: Ints
    price: Ints

    def near(self, most: int | Ints) -> tuple[Ints, Ints]:
        """Edges that a best matching may take where it differs from the flow and loses no more than this (by edge, or
        the same for all) on the way from one end of the difference to the other; and the flow's own swaps that nothing
        of this touches."""
        graph, far = self.graph, np.int64(1 << 61)
        most = np.broadcast_to(np.asarray(most), len(graph.one))
        partner = np.arange(graph.people)
        one, other = graph.one[self.swaps], graph.other[self.swaps]
        partner[one], partner[other] = other, one
        usable = np.flatnonzero(self.loss <= most)
        begin = np.concatenate([graph.one[usable], graph.other[usable]])
        end = np.concatenate([graph.other[usable], graph.one[usable]])
        step = np.tile(self.loss[usable], 2)
        order = np.argsort(end, kind="stable")
        begin, end, step = begin[order], end[order], step[order]
        starts = np.flatnonzero(np.diff(end, prepend=-1))
        # `reached` by a swap that the flow does not take, `onward` along one that it does.
        reached = np.where(self.halved | self.out, far, self.price)
        onward = np.where(self.halved | self.out, 0, reached[partner])
        while len(usable):
            best = reached.copy()
            best[end[starts]] = np.minimum(best[end[starts]], np.minimum.reduceat(onward[begin] + step, starts))
            if (best == reached).all():
                break
            reached = best
            onward = np.where(self.halved | self.out, 0, reached[partner])
        may = onward[graph.one] + self.loss + onward[graph.other] <= most
        kept = reached[one] + reached[other] > most[self.swaps]
        may[self.swaps] = ~kept
        return np.flatnonzero(may), self.swaps[kept]

    def ruled_out(self, chosen: Ints) -> Bools:
        """The columns in no answer as good as these edges. Each part that hangs together is as good in every such
        answer. It can also differ from the flow round circles, which lead from nowhere to nowhere; on those nothing is
        lost at all."""
        graph = self.graph
        part = _parts(graph, np.arange(len(graph.one)))
        left_out = np.ones(graph.people, dtype=np.bool_)
        left_out[graph.one[chosen]] = left_out[graph.other[chosen]] = False
        lost = np.zeros(graph.people, dtype=np.int64)
        np.add.at(lost, part[graph.one[chosen]], self.loss[chosen])
        np.add.at(lost, part[left_out], self.price[left_out])
        most = lost[part[graph.one]]
        near = np.zeros(len(graph.one), dtype=np.bool_)
        near[self.near(most)[0]] = True
        own = self.loss[graph.edge] + 2 * graph.less
        out: Bools = (own > most[graph.edge]) | ((own > 0) & ~near[graph.edge])
        return out


def _flow(graph: _Graph, people: int) -> _Flow:
    """The best flow of so many people."""
    count, edges = graph.people, len(graph.one)
    tail, head = _arcs(graph)
    if int(graph.weight.max()) * (2 * count + 2) > _MOST_COST:
        return _everything(graph)
    none = np.zeros(count, dtype=np.int64)
    cost = -np.concatenate([none, graph.weight, graph.weight, none])
    capacity = np.ones(len(tail), dtype=np.int64)
    capacity[count : count + 2 * edges] = 2
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    solver.set_nodes_supplies([2 * count, 2 * count + 1], [people, -people])
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("minimum-cost flow")
    flow = solver.flows(arcs)
    level = _levels(tail, head, capacity, cost, flow)
    goes = np.maximum(level[:count], level[2 * count]) - level[2 * count]
    hosts = level[2 * count + 1] - np.minimum(level[count : 2 * count], level[2 * count + 1])
    price = goes + hosts
    each = level[2 * count + 1] - level[2 * count]
    taken = flow[count : count + edges] + flow[count + edges : count + 2 * edges]
    halved = np.zeros(count, dtype=np.bool_)
    halved[graph.one[taken == 1]] = halved[graph.other[taken == 1]] = True
    covered = halved.copy()
    covered[graph.one[taken == 2]] = covered[graph.other[taken == 2]] = True
    loss = price[graph.one] + price[graph.other] - 2 * (graph.weight + each)
    return _Flow(graph, -int(solver.optimal_cost()), np.flatnonzero(taken == 2), halved, ~covered, loss, price)


def _levels(tail: Ints, head: Ints, capacity: Ints, cost: Ints, flow: Ints) -> Ints:
    """Prices of the nodes at which no arc that could still change gains anything (Bellman and Ford)."""
    more, less = flow < capacity, flow > 0
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


def _everything(graph: _Graph) -> _Flow:
    """Where the weights are too large for a flow: no hint at all, so that everybody is near."""
    nobody, everybody = np.zeros(graph.people, dtype=np.bool_), np.ones(graph.people, dtype=np.bool_)
    none, loss = np.zeros(0, dtype=np.int64), np.zeros(len(graph.one), dtype=np.int64)
    return _Flow(graph, 0, none, everybody, nobody, loss, np.zeros(graph.people, dtype=np.int64))


def _blossoms(graph: _Graph, some: Ints) -> Ints:
    """The edges of the best of the largest matchings of some of the edges, part by part where they hang together."""
    part = _parts(graph, some)[graph.one[some]]
    order = np.argsort(part, kind="stable")
    parts = np.split(some[order], np.flatnonzero(np.diff(part[order])) + 1)
    return np.concatenate([_blossoms_of(graph, edges) for edges in parts])


def _parts(graph: _Graph, some: Ints) -> Ints:
    """By person, the number of the part that hangs together by some of the edges."""
    ones = np.ones(len(some), dtype=np.bool_)
    joined = sp.csr_array((ones, (graph.one[some], graph.other[some])), shape=(graph.people, graph.people))
    part: Ints = connected_components(joined, directed=False)[1]
    return part


def _blossoms_of(graph: _Graph, some: Ints) -> Ints:
    people, ends = np.unique(np.concatenate([graph.one[some], graph.other[some]]), return_inverse=True)
    weight = graph.weight[some]
    # With whole numbers of any size, one more swap can weigh more than all else.
    placed = int(weight.max(initial=0)) * len(people) + 1
    network: rx.PyGraph[None, int] = rx.PyGraph(multigraph=False)
    network.add_nodes_from([None] * len(people))
    edges = zip(ends[: len(some)].tolist(), ends[len(some) :].tolist(), range(len(some)), strict=True)
    network.extend_from_weighted_edge_list(list(edges))
    weights = [placed + each for each in weight.tolist()]
    matching = rx.max_weight_matching(network, weight_fn=weights.__getitem__)
    return some[[network.get_edge_data(one, other) for one, other in matching]]
