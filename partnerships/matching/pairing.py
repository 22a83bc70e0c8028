"""Swaps of two as a matching in a general graph, exact at ten thousand people.

A flow that may halve swaps is quick, and nearly the answer; by its prices only few other swaps can be in a best one
(`halves`). So the matching itself (Edmonds' blossoms, with whole numbers as weights) is looked for only among those, in
each part that hangs together by itself. Once it loses no more than was allowed for, it is proven for everybody in that
part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import rustworkx as rx

from .arrays import Bools, Ints
from .halves import Flow, Graph, flow, joined, largest
from .packing import Packing
from .program import Chosen
from .types import FIT, HOSTS, PLACED

# How much ways may lose at first beside what they must: so much, or this share of what they must; and how many times as
# much where that was not enough for as many swaps as there may be.
_NEAR, _SHARE, _FARTHER = 32, 4, 16


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
    swaps = _swaps(packing, criteria)
    graph = swaps.graph
    report(PLACED)
    size = largest(graph)
    report(FIT)
    nearly = flow(graph, size)
    found: list[Ints] = []
    all_of_it = graph.by_part(np.arange(len(graph.one)))
    open_ = size > 0
    most = np.maximum(_NEAR, nearly.least // _SHARE)
    while open_.any():
        if stop():
            return Chosen(start() if start else np.zeros(0, dtype=np.int64), {}, stopped=True)
        near, kept = (some[open_[graph.part[graph.one[some]]]] for some in nearly.near(most))
        best = np.concatenate([_blossoms(graph, near), kept])
        more, full = nearly.more(best), graph.by_part(best) == size
        proven = open_ & ((graph.by_part(near) == all_of_it) | (full & (more <= most)))
        found.append(best[proven[graph.part[graph.one[best]]]])
        open_ &= ~proven
        # As near as the loss that is known; farther where some circles are not made up for yet.
        most = np.where(full, more, _FARTHER * most)
    chosen = np.concatenate(found)
    columns = np.sort(swaps.column[chosen])
    return Chosen(columns, packing.values(criteria, columns), ruled_out={criteria[-1]: swaps.ruled_out(nearly, chosen)})


@dataclass(frozen=True, slots=True)
class _Swaps:
    """A graph of swaps. By edge, the best `column` between the two; and by column, the `edge` between whom it is, and
    how much `less` it is worth than the best between them."""

    graph: Graph
    column: Ints
    edge: Ints
    less: Ints

    def ruled_out(self, nearly: Flow, chosen: Ints) -> Bools:
        """The columns in no answer as good as these edges. Each part is as good in every such answer. It can also
        differ from the flow round circles, which lead from nowhere to nowhere; on those nothing is lost at all."""
        more = nearly.more(chosen)
        near = np.zeros(len(self.column), dtype=np.bool_)
        near[nearly.near(more)[0]] = True
        own = nearly.loss[self.edge] + 2 * self.less
        all_of_it = (more + nearly.least)[self.graph.part[self.graph.one]]
        out: Bools = (own > all_of_it[self.edge]) | ((own > 0) & ~near[self.edge])
        return out


def _swaps(packing: Packing, criteria: tuple[str, ...]) -> _Swaps:
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
    one, other, weight_of = one[best], other[best], weight[best]
    part = joined(packing.people, one, other)
    graph = Graph(packing.people, one, other, weight_of, part, int(part.max(initial=-1)) + 1)
    return _Swaps(graph, best, edge, weight_of[edge] - weight)


def _blossoms(graph: Graph, some: Ints) -> Ints:
    """The edges of the best of the largest matchings of some of the edges, part by part where they hang together."""
    part = graph.joined(some)[graph.one[some]]
    order = np.argsort(part, kind="stable")
    parts = np.split(some[order], np.flatnonzero(np.diff(part[order])) + 1)
    return np.concatenate([_blossoms_of(graph, edges) for edges in parts])


def _blossoms_of(graph: Graph, some: Ints) -> Ints:
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
