"""The best whole choice among few columns: an integer program, by whichever solver is quicker for so many of them.

CP-SAT (OR-Tools, in one thread) where there are few: it calculates in whole numbers, and settles in a fifth of a second
what HiGHS takes a second for. HiGHS where there are many and the relaxation leads nearly all the way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from .arrays import Bools, Ints
from .packing import NO_LOWER

# Up to so many columns CP-SAT is quicker.
_FEW = 600
# What a unit of effort allows HiGHS: a node, and more of them below so many columns; and CP-SAT, in its own units of
# work done, which are not seconds and are the same in every run.
_SMALL, _WORK = 20_000, 0.5


@dataclass(frozen=True, slots=True)
class Program:
    """Columns to choose from, each whole or not at all: the most worth of which `lower` ≤ matrix × choice ≤ `upper`.

    `follows`: columns that follow from the others, so that they are whole by themselves.
    """

    worth: Ints
    follows: Bools
    matrix: sp.csc_array
    lower: Ints
    upper: Ints


@dataclass(frozen=True, slots=True)
class Found:
    """The choice, if any was found; whether the search went to its end; and what no choice exceeds."""

    columns: Ints | None
    finished: bool
    most: int


def choose(program: Program, effort: int) -> Found:
    """The best choice that this effort finds."""
    return _by_cp_sat(program, effort) if len(program.worth) <= _FEW else _by_highs(program, effort)


def _by_cp_sat(program: Program, effort: int) -> Found:
    from ortools.sat.python import cp_model  # half a second of every start, and only exchanges need it

    model = cp_model.CpModel()
    take = [model.new_bool_var("") for _ in range(len(program.worth))]
    matrix = sp.csr_array(program.matrix)
    for start, end, low, high in zip(matrix.indptr, matrix.indptr[1:], program.lower, program.upper, strict=False):
        inside, times = [take[at] for at in matrix.indices[start:end]], matrix.data[start:end].tolist()
        if low <= 0 and high == 1 and set(times) == {1}:
            model.add_at_most_one(inside)
        elif inside or low > 0 or high < 0:
            row = cp_model.LinearExpr.weighted_sum(inside, times)
            model.add_linear_constraint(row, max(int(low), NO_LOWER), min(int(high), -NO_LOWER))
    model.maximize(cp_model.LinearExpr.weighted_sum(take, program.worth.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # Its own cuts took twice the time of all else among a few hundred columns: the odd sets are rows already.
    solver.parameters.linearization_level, solver.parameters.cut_level = 2, 0
    solver.parameters.max_deterministic_time = effort * _WORK + 0.01
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Found(None, finished=True, most=0)
    if status == cp_model.UNKNOWN:
        return Found(None, finished=False, most=1 << 60)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(f"integer program: {solver.status_name(status)}")
    chosen = np.flatnonzero([solver.boolean_value(each) for each in take])
    return Found(chosen, status == cp_model.OPTIMAL, int(np.floor(solver.best_objective_bound + 1e-6)))


def _by_highs(program: Program, effort: int) -> Found:
    low, high = program.lower.astype(np.float64), program.upper.astype(np.float64)
    low[low <= NO_LOWER] = -np.inf
    high[high >= -NO_LOWER] = np.inf
    result = milp(
        -program.worth.astype(np.float64),
        integrality=(~program.follows).astype(np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(program.matrix, low, high),
        options={"mip_rel_gap": 0.0, "node_limit": effort * max(1, _SMALL // len(program.worth)) + 1},
    )
    # Of a limit on nodes it says 4, as of what it cannot do, where an answer is known.
    if result.status not in (0, 1, 2) and (result.status != 4 or "limit" not in result.message.lower()):
        raise RuntimeError(f"integer program: {result.message}")
    chosen = None if result.x is None else np.flatnonzero(result.x > 0.5)
    most = int(np.floor(-result.mip_dual_bound + 1e-6)) if result.mip_dual_bound is not None else 1 << 60
    return Found(chosen, result.status in (0, 2), 0 if result.status == 2 else most)
