"""The same choice as an integer program (OR-Tools CP-SAT), for limits that no network can carry.

Whole numbers throughout, one worker, a deterministic measure of effort instead of a clock: the same problem gives the
same answer. Each criterion is maximised with the earlier ones held; where the effort runs out its bound is reported.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from .arrays import Ints
from .network import Network
from .types import COMPULSORY, FIT, HOSTS, KEPT, PLACED


@dataclass(frozen=True, slots=True)
class Program:
    """The edges chosen, and what is proven of each criterion that was tried: with the earlier ones held as they
    were reached, nothing is above its bound."""

    edges: Ints
    bounds: dict[str, int]
    stopped: bool


def solve(
    network: Network,
    criteria: tuple[str, ...],
    start: Ints,
    effort: int,
    report: Callable[[str], None],
    stop: Callable[[], bool],
) -> Program:
    """Solve, beginning from `start`, a valid choice."""
    model = cp_model.CpModel()
    edges = [model.new_bool_var("") for _ in range(len(network.pair))]
    objectives = _objectives(model, network, edges)
    chosen = set(start.tolist())
    bounds: dict[str, int] = {}
    for name in criteria:
        if stop():
            return Program(_sorted(chosen), bounds, stopped=True)
        report(name)
        model.clear_hints()  # type: ignore[no-untyped-call]  # the solver's own file leaves it untyped
        for at, edge in enumerate(edges):
            model.add_hint(edge, at in chosen)
        model.maximize(objectives[name])
        solver = _solver(effort)
        status = solver.solve(model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            chosen = {at for at, edge in enumerate(edges) if solver.boolean_value(edge)}
            bounds[name] = math.floor(solver.best_objective_bound + 1e-6)
            model.add(objectives[name] >= round(solver.objective_value))
        elif status != cp_model.UNKNOWN:
            raise RuntimeError(f"integer program: {solver.status_name(status)}")
        else:
            return Program(_sorted(chosen), bounds, stopped=False)
    return Program(_sorted(chosen), bounds, stopped=False)


def _solver(effort: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = effort
    return solver


def _sorted(chosen: Iterable[int]) -> Ints:
    return np.array(sorted(chosen), dtype=np.int64)


def _objectives(
    model: cp_model.CpModel, network: Network, edges: list[cp_model.IntVar]
) -> dict[str, cp_model.LinearExprT]:
    """Adds every capacity and limit; returns what each criterion adds up."""
    by_person: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    inflow: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for at, edge in enumerate(edges):
        by_person[int(network.person[at])].append(edge)
        inflow[int(network.cell[at])].append(edge)
    for mine in by_person.values():
        model.add_at_most_one(mine)
    for limit in network.limits:
        model.add(cp_model.LinearExpr.sum([edges[at] for at in limit.edges.tolist()]) <= limit.places)
    hosts = []
    tree = network.tree
    for node, parent in enumerate(tree.parent.tolist()):
        inflow[parent].extend(inflow[node])
    arcs_of = tree.tail, tree.most, tree.points, tree.before
    for tail, most, points, before in zip(*(column.tolist() for column in arcs_of), strict=True):
        if not points:
            model.add(cp_model.LinearExpr.sum(inflow[tail]) <= most)
        elif not before:
            arcs = np.flatnonzero(tree.tail == tail).tolist()
            paid = [model.new_int_var(0, int(tree.most[arc]), "") for arc in arcs]
            model.add(cp_model.LinearExpr.sum(paid) == cp_model.LinearExpr.sum(inflow[tail]))
            hosts.append(cp_model.LinearExpr.weighted_sum(paid, tree.points[arcs].tolist()))
    first = [edge for at, edge in enumerate(edges) if network.first[network.person[at]]]
    return {
        PLACED: cp_model.LinearExpr.sum(edges),
        COMPULSORY: cp_model.LinearExpr.sum(first),
        KEPT: cp_model.LinearExpr.weighted_sum(edges, network.kept.tolist()),
        HOSTS: cp_model.LinearExpr.sum(hosts),
        FIT: cp_model.LinearExpr.weighted_sum(edges, network.fit.tolist()),
    }
