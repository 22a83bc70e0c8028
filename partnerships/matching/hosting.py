"""One way: who visits which host in which week, each criterion at its best with the earlier ones held.

Two maximum flows (OR-Tools, Goldberg and Tarjan's push-relabel) say how many people can be placed, and how many of
those who have to go. The sets of people that can be placed together are a matroid, so the most of both is had at
once, in whichever order the two stand. Those two amounts are then supplies of one minimum-cost flow (cost scaling)
whose costs carry the remaining criteria as exact whole numbers, each weighing more than all after it could add up to.

Limits that cut across the network are checked on that answer. If it keeps them it is the best there is, for leaving a
limit out can only make answers better. If it breaks one, an integer program with every limit takes over (`integer`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ortools.graph.python import max_flow, min_cost_flow

from .arrays import Ints
from .network import FIRST, OTHERS, SOURCE, Network, host_arcs, host_of_cell
from .tables import Tables
from .types import COMPULSORY, FIT, HOST_POINTS, HOSTS, KEPT, PLACED, CriterionResult, InvalidProblem, Sentence

Report = Callable[[str], None]
Stop = Callable[[], bool]
# The cost-scaling solver multiplies costs by the number of nodes in 64 bits.
_MOST_COST = 1 << 61


@dataclass(frozen=True, slots=True)
class Answer:
    """The edges chosen, the criteria reached by them, and whether the flow alone gave them (`by_flow`)."""

    edges: Ints
    criteria: tuple[CriterionResult, ...]
    by_flow: bool
    stopped: bool


@dataclass(frozen=True, slots=True)
class Prices:
    """What one unit of each later criterion weighs, most important first; `base` is taken off each fit; `above` is
    what somebody who goes first weighs.

    A weight is more than twice what all later criteria can add up to, so a sum can be read back (`first_of`).
    """

    weights: dict[str, int]
    base: int
    above: int

    def edges(self, network: Network) -> Ints:
        """What choosing each edge is worth."""
        return network.kept * self.weights.get(KEPT, 0) + (network.fit - self.base) * self.weights[FIT]

    def tree(self, network: Network) -> Ints:
        """What each arc towards the sink is worth."""
        return network.tree_points * self.weights.get(HOSTS, 0)

    def first_of(self, loss: int) -> str:
        """The first criterion in which a loss shows; empty where it is none."""
        if 2 * loss >= self.above:
            return COMPULSORY
        for name, weight in self.weights.items():
            if (2 * abs(loss) + weight) // (2 * weight):
                return name
        return ""


def place(tables: Tables, network: Network, report: Report, stop: Stop) -> Answer:
    """Solve. `stop` is asked between the stages; the answer then is valid but its criteria may be unproven."""
    criteria = tables.problem.rules.criteria
    none = np.zeros(0, dtype=np.int64)
    if not len(network.pair):
        return Answer(none, _results(criteria, network, none, {}, proven=True), by_flow=True, stopped=False)
    if stop():
        return Answer(none, _results(criteria, network, none, {}, proven=False), by_flow=True, stopped=True)
    report(PLACED)
    bounds = {COMPULSORY: len(_most_placed(network, only_first=True))} if COMPULSORY in criteria else {}
    chosen = _most_placed(network, only_first=False)
    bounds[PLACED] = len(chosen)
    stopped = stop()
    if not stopped:
        report(FIT)
        chosen = _best(network, prices(criteria, network, len(chosen)), bounds)
    if all(_used(chosen, limit.edges) <= limit.places for limit in network.limits):
        results = _results(criteria, network, chosen, bounds, proven=not stopped)
        return Answer(chosen, results, by_flow=True, stopped=stopped)
    valid = _repaired(network, chosen)
    if stopped:
        return Answer(valid, _results(criteria, network, valid, bounds, proven=False), by_flow=False, stopped=True)
    from . import integer  # pandas comes with its solver: over a second of every start, and rarely needed

    program = integer.solve(network, criteria, valid, tables.problem.effort, report, stop)
    for name, bound in program.bounds.items():
        bounds[name] = min(bound, bounds.get(name, bound))
    results = _results(criteria, network, program.edges, bounds, proven=False)
    return Answer(program.edges, results, by_flow=False, stopped=program.stopped)


def _most_placed(network: Network, *, only_first: bool) -> Ints:
    """The edges of one answer that places the most people (`only_first`: of those who go first)."""
    solver = max_flow.SimpleMaxFlow()
    people = len(network.rows)
    supply = np.array([people, 0 if only_first else people])
    solver.add_arcs_with_capacity([SOURCE, SOURCE], [FIRST, OTHERS], supply)
    arcs = solver.add_arcs_with_capacity(network.tails(), network.heads(), network.capacities())
    status = solver.solve(SOURCE, network.sink)
    if status != solver.OPTIMAL:
        raise RuntimeError(f"maximum flow: {status}")
    chosen: Ints = np.flatnonzero(solver.flows(arcs)[network.edge_arcs()])
    return chosen


def prices(criteria: tuple[str, ...], network: Network, placed: int) -> Prices:
    """Exact weights for the criteria after the people are counted."""
    base = int(network.fit.min())
    most = {
        FIT: placed * int(network.fit.max() - base),
        HOSTS: _loose_bound(HOSTS, network, {PLACED: placed}),
        KEPT: _loose_bound(KEPT, network, {PLACED: placed}),
    }
    weights: dict[str, int] = {}
    below = 0
    for name in reversed([name for name in criteria if name in most]):
        weights[name] = 2 * below + 1
        below += weights[name] * most[name]
    return Prices(dict(reversed(weights.items())), base, 2 * below + 1)


def _best(network: Network, price: Prices, bounds: dict[str, int]) -> Ints:
    """The edges of the best answer that places as many as can be."""
    edge = price.weights.get(KEPT, 0) + int(network.fit.max()) - price.base
    if max(edge, price.weights.get(HOSTS, 0) * HOST_POINTS[0]) * (network.nodes + 1) > _MOST_COST:
        raise InvalidProblem((Sentence("too_large_for_exact_weights", {"people": len(network.rows)}),))
    cost = -np.concatenate([np.zeros(len(network.rows), np.int64), price.edges(network), price.tree(network)])
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        network.tails(), network.heads(), np.minimum(network.capacities(), len(network.rows)), cost
    )
    first = bounds.get(COMPULSORY, 0)
    placed = bounds[PLACED]
    solver.set_nodes_supplies([FIRST, OTHERS, network.sink], [first, placed - first, -placed])
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"minimum-cost flow: {status}")
    chosen: Ints = np.flatnonzero(solver.flows(arcs)[network.edge_arcs()])
    return chosen


def _used(chosen: Ints, edges: Ints) -> int:
    return int(np.isin(edges, chosen, assume_unique=True).sum())


def _repaired(network: Network, chosen: Ints) -> Ints:
    """What is left when those who would go over a limit, last drawn first, are taken out."""
    kept = set(chosen.tolist())
    for limit in network.limits:
        inside = [edge for edge in limit.edges.tolist() if edge in kept]
        kept.difference_update(inside[limit.places :])
    return np.array(sorted(kept), dtype=np.int64)


def _results(
    criteria: tuple[str, ...], network: Network, chosen: Ints, bounds: dict[str, int], *, proven: bool
) -> tuple[CriterionResult, ...]:
    """The criteria that these edges reach. Where it is not proven, a bound that holds in any case."""
    results = []
    reached = values(network, chosen)
    for name in criteria:
        value = reached[name]
        bound = value if proven else bounds.get(name, _loose_bound(name, network, bounds))
        results.append(CriterionResult(name, value, value == bound, bound))
    return tuple(results)


def values(network: Network, chosen: Ints) -> dict[str, int]:
    """Every criterion's value for a choice of edges (fixed placements not counted)."""
    return {
        PLACED: len(chosen),
        COMPULSORY: int(network.first[network.person[chosen]].sum()),
        KEPT: int(network.kept[chosen].sum()),
        HOSTS: _host_points(network, chosen),
        FIT: int(network.fit[chosen].sum()),
    }


def _host_points(network: Network, chosen: Ints) -> int:
    nodes = host_of_cell(network)[network.cell[chosen]]
    total = 0
    for node, arcs in host_arcs(network).items():
        visitors = int((nodes == node).sum())
        singles = [int(network.tree_points[arc]) for arc in arcs]
        total += sum(singles[:visitors]) + max(0, visitors - len(singles)) * singles[-1]
    return total


def _loose_bound(name: str, network: Network, bounds: dict[str, int]) -> int:
    people = len(network.rows)
    most = bounds.get(PLACED, people)
    if name == COMPULSORY:
        return int(network.first.sum())
    if name == HOSTS:
        paid = [int(network.tree_points[arc]) for arcs in host_arcs(network).values() for arc in arcs]
        best = sorted(paid, reverse=True)[:most]
        return sum(best) + (most - len(best)) * (HOST_POINTS[-1] if paid else 0)
    if name in (KEPT, FIT):
        each = np.zeros(people, dtype=np.int64)
        np.maximum.at(each, network.person, network.kept if name == KEPT else network.fit)
        return int(np.sort(each)[::-1][:most].sum())
    return most
