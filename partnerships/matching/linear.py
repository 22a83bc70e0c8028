"""Linear programs by the simplex method (Glop, OR-Tools), each from where the last one ended.

Relaxations come in rows: the next criterion with one more held, a few columns more, the next person asked about. Most
differ from the last one by few steps of the simplex method, while an interior point begins anew: from the relaxation of
one criterion to that of the next took ten steps where it had taken 4,600 from nothing.

Models are handed over as protocol buffers, filled from arrays: the objects of MathOpt, one for each variable, took
longer than what is solved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
    result_pb2,
    solution_pb2,
    sparse_containers_pb2,
)
from ortools.math_opt.core.python import solver as math_opt
from scipy.optimize import linprog

from .arrays import Bools, Ints

Floats = npt.NDArray[np.float64]
# Where a row or a column stands that nothing is known of: the first holds nobody back, the second is not taken.
BASIC, AT_LOWER = solution_pb2.BASIS_STATUS_BASIC, solution_pb2.BASIS_STATUS_AT_LOWER_BOUND


@dataclass(frozen=True, slots=True)
class Basis:
    """Where each row and each column stands when the simplex method begins or ends."""

    rows: Ints
    columns: Ints


@dataclass(frozen=True, slots=True)
class Solved:
    """What each row costs, never negative; how much of each column is taken; and where it ended."""

    prices: Floats
    parts: Floats
    basis: Basis


def solve(worth: Floats, matrix: sp.csc_array, upper: Ints, endless: Bools, begin: Basis) -> Solved | None:
    """The most worth of columns from nothing to one, or without an end where they are `endless`, such that matrix ×
    columns ≤ upper; or nothing, where no columns can do that."""
    most = np.where(endless, np.inf, 1.0)
    result = math_opt.solve(
        _model(worth, matrix, upper, most),
        parameters_pb2.SOLVER_TYPE_GLOP,
        parameters_pb2.SolverInitializerProto(),
        parameters_pb2.SolveParametersProto(),
        model_parameters_pb2.ModelSolveParametersProto(
            initial_basis=solution_pb2.BasisProto(
                constraint_status=_statuses(begin.rows), variable_status=_statuses(begin.columns)
            )
        ),
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )
    reason = result.termination.reason
    if reason == result_pb2.TERMINATION_REASON_INFEASIBLE:
        return None
    if reason != result_pb2.TERMINATION_REASON_OPTIMAL:
        return _by_interior_point(worth, matrix, upper, most, begin)
    found = result.solutions[0]
    basis = found.basis
    return Solved(
        np.maximum(0.0, _values(found.dual_solution.dual_values, len(upper))),
        _values(found.primal_solution.variable_values, len(worth)),
        Basis(np.array(basis.constraint_status.values), np.array(basis.variable_status.values)),
    )


def _model(worth: Floats, matrix: sp.csc_array, upper: Ints, most: Floats) -> model_pb2.ModelProto:
    by_row = sp.csr_array(matrix)
    by_row.sort_indices()
    rows, columns = np.arange(len(upper)), np.arange(len(worth))
    model = model_pb2.ModelProto()
    model.variables.ids.extend(columns)
    model.variables.lower_bounds.extend(np.zeros(len(worth)))
    model.variables.upper_bounds.extend(most)
    model.variables.integers.extend(np.zeros(len(worth), dtype=np.bool_))
    model.objective.maximize = True
    model.objective.linear_coefficients.ids.extend(columns)
    model.objective.linear_coefficients.values.extend(worth)
    model.linear_constraints.ids.extend(rows)
    model.linear_constraints.lower_bounds.extend(np.full(len(upper), -np.inf))
    model.linear_constraints.upper_bounds.extend(upper.astype(np.float64))
    model.linear_constraint_matrix.row_ids.extend(np.repeat(rows, np.diff(by_row.indptr)))
    model.linear_constraint_matrix.column_ids.extend(by_row.indices)
    model.linear_constraint_matrix.coefficients.extend(by_row.data.astype(np.float64))
    return model


def _statuses(values: Ints) -> solution_pb2.SparseBasisStatusVector:
    return solution_pb2.SparseBasisStatusVector(ids=np.arange(len(values)), values=values)


def _values(sparse: sparse_containers_pb2.SparseDoubleVectorProto, count: int) -> Floats:
    values = np.zeros(count)
    values[np.array(sparse.ids, dtype=np.int64)] = sparse.values
    return values


def _by_interior_point(worth: Floats, matrix: sp.csc_array, upper: Ints, most: Floats, begin: Basis) -> Solved | None:
    """Where rounding kept the simplex method from an end: HiGHS, which says nothing of a basis."""
    box = np.stack([np.zeros(len(worth)), most], axis=1)
    result = linprog(-worth, A_ub=matrix, b_ub=upper, bounds=box, method="highs-ipm")
    if result.status == 2:
        return None
    if result.status != 0:
        raise RuntimeError(f"linear relaxation: {result.message}")
    return Solved(np.maximum(0.0, -result.ineqlin.marginals), result.x, begin)
