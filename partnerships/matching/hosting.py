"""One way: who visits which host in which week, each criterion at its best with the earlier ones held.

Two maximum flows (OR-Tools, Goldberg and Tarjan's push-relabel) say how many people can be placed, and how many of
those who have to go. The sets of people that can be placed together are a matroid, so the most of both is had at
once, in whichever order the two stand. Those two amounts are then supplies of one minimum-cost flow (cost scaling)
whose costs carry the remaining criteria as whole numbers.

The time of that flow grows with its costs, so light weights are tried first; they prove nothing. What proves the
answer is that with exact weights, where each criterion weighs more than all after it could add up to, no change of it
gains (`residual`, which the explanations need in any case). Where one does, heavier weights follow, at last the exact.

Limits that cut across the network are checked on that answer. If it keeps them it is the best there is, for leaving a
limit out can only make answers better. If it breaks one, an integer program with every limit takes over (`integer`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python import max_flow, min_cost_flow

from . import residual
from .arrays import Ints
from .network import FIRST, OTHERS, SOURCE, Network
from .prices import Prices, loose_bound, prices, values
from .residual import Displaced, NotTheBest, Residual
from .tables import Tables
from .types import COMPULSORY, FIT, PLACED, CriterionResult, InvalidProblem, Sentence

if TYPE_CHECKING:
    from .integer import Program

Report = Callable[[str], None]
Reached = Callable[[CriterionResult], None]
Stop = Callable[[], bool]
# How far light weights outweigh what one visitor can add; one round in a thousand needs more than the first.
_LIGHT = (2, 64)


@dataclass(frozen=True, slots=True)
class Answer:
    """The edges chosen, the criteria reached by them, and whether the flow alone gave them (`by_flow`).

    `still`: what could move in it; `displaced`: what placing each person without a place would lose, where proven;
    `program`: what gave them where the flow did not.
    """

    edges: Ints
    criteria: tuple[CriterionResult, ...]
    by_flow: bool
    stopped: bool
    price: Prices | None = None
    still: Residual | None = None
    displaced: Mapping[int, Displaced] = field(default_factory=dict)
    program: Program | None = None


def place(tables: Tables, network: Network, report: Report, reached: Reached, stop: Stop) -> Answer:
    """Solve. `reached` hears what is settled before the rest is worked on. `stop` is asked between the stages; the
    answer then is valid but its criteria may be unproven."""
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
    if not network.limits:
        for name in (name for name in criteria if name in bounds):
            reached(CriterionResult(name, bounds[name], True, bounds[name]))
    price = prices(criteria, network, len(chosen))
    stopped = stop()
    displaced: Mapping[int, Displaced] = {}
    if stopped:
        still = residual.build(network, chosen, price)
    else:
        report(FIT)
        chosen, still, displaced = _best(network, price, bounds)
    if all(_used(chosen, limit.edges) <= limit.places for limit in network.limits):
        results = _results(criteria, network, chosen, bounds, proven=not stopped)
        return Answer(chosen, results, True, stopped, price, still, displaced)
    valid = _repaired(network, chosen)
    if stopped:
        return Answer(valid, _results(criteria, network, valid, bounds, proven=False), by_flow=False, stopped=True)
    from . import integer  # a fifth of a second of every start, and rarely needed

    program = integer.solve(tables, network, chosen, valid, report, stop)
    for name, bound in program.bounds.items():
        bounds[name] = min(bound, bounds.get(name, bound))
    results = _results(criteria, network, program.edges, bounds, proven=False)
    return Answer(program.edges, results, by_flow=False, stopped=program.stopped, program=program)


def lost_by(tables: Tables, answer: Answer, stop: Stop) -> Mapping[int, str]:
    """Where limits needed the integer program: by which criterion those without a place lost, by position in the
    network, as far as that is known."""
    if answer.program is None or not all(result.proven for result in answer.criteria):
        return {}
    from . import integer

    return integer.causes(tables, answer.program, stop)


def _most_placed(network: Network, *, only_first: bool) -> Ints:
    """The edges of one answer that places the most people (`only_first`: of those who go first)."""
    solver = max_flow.SimpleMaxFlow()
    people = len(network.rows)
    supply = np.array([people, 0 if only_first else people])
    node = network.numbers
    solver.add_arcs_with_capacity(node[[SOURCE, SOURCE]], node[[FIRST, OTHERS]], supply)
    arcs = solver.add_arcs_with_capacity(node[network.tails()], node[network.heads()], network.capacities())
    status = solver.solve(int(node[SOURCE]), int(node[network.sink]))
    if status != solver.OPTIMAL:
        raise RuntimeError(f"maximum flow: {status}")
    chosen: Ints = np.flatnonzero(solver.flows(arcs)[network.edge_arcs()])
    return chosen


def _best(network: Network, price: Prices, bounds: dict[str, int]) -> tuple[Ints, Residual, dict[int, Displaced]]:
    """The edges of the best answer that places as many as can be, and the proof that it is."""
    for weights in (*(price.lighter(network, times) for times in _LIGHT), price):
        chosen = _cheapest(network, weights, bounds)
        still = residual.build(network, chosen, price)
        try:
            return chosen, still, residual.displaced(still, price)
        except NotTheBest:
            continue
    raise RuntimeError("a change of the answer would gain: it was not optimal")


def _cheapest(network: Network, price: Prices, bounds: dict[str, int]) -> Ints:
    """The edges of the answer that these prices make the best."""
    if not price.fits(network):
        raise InvalidProblem((Sentence("too_large_for_exact_weights", {"people": len(network.rows)}),))
    cost = -np.concatenate([np.zeros(len(network.rows), np.int64), price.edges(network), price.tree(network)])
    solver = min_cost_flow.SimpleMinCostFlow()
    node = network.numbers
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        node[network.tails()], node[network.heads()], np.minimum(network.capacities(), len(network.rows)), cost
    )
    first = bounds.get(COMPULSORY, 0)
    placed = bounds[PLACED]
    solver.set_nodes_supplies(node[[FIRST, OTHERS, network.sink]], [first, placed - first, -placed])
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
        bound = value if proven else bounds.get(name, loose_bound(name, network, bounds.get(PLACED, len(network.rows))))
        results.append(CriterionResult(name, value, value == bound, bound))
    return tuple(results)
