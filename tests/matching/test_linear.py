"""Linear programs: both methods prove the same, from wherever they begin."""

from __future__ import annotations

import random
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.sparse as sp
from ortools.math_opt import result_pb2

from partnerships.matching import linear
from partnerships.matching.linear import AT_LOWER, BASIC, Basis


def drawn(seed: int) -> tuple[np.ndarray, sp.csc_array, np.ndarray, np.ndarray]:
    draw = random.Random(seed)  # noqa: S311 - a seeded instance, not a secret
    matrix = np.array([[draw.random() < 0.3 for _ in range(30)] for _ in range(12)], dtype=np.int64)
    matrix[0] = 1
    upper = np.array([draw.randint(1, 3) for _ in range(12)])
    worth = np.array([draw.randint(0, 9) for _ in range(30)], dtype=np.float64)
    return worth, sp.csc_array(matrix), upper, np.array([draw.random() < 0.5 for _ in range(30)])


def nowhere() -> Basis:
    return Basis(np.full(12, BASIC), np.full(30, AT_LOWER))


def proven(given: tuple[np.ndarray, sp.csc_array, np.ndarray, np.ndarray], found: linear.Solved) -> float:
    """What these prices prove that no columns can exceed."""
    worth, matrix, upper, _ = given
    gain = worth - matrix.T @ found.prices
    return float(upper @ found.prices + gain[gain > 0].sum())


@pytest.mark.parametrize("seed", range(10))
def test_prices_prove_what_is_taken_wherever_it_begins(seed: int) -> None:
    given = drawn(seed)
    first = linear.solve(*given, nowhere())
    assert first is not None
    again = linear.solve(*given, first.basis)
    assert again is not None
    for found in (first, again):
        assert proven(given, found) == pytest.approx(float(given[0] @ found.parts))
        assert (given[1] @ found.parts <= given[2] + 1e-9).all()


@pytest.mark.parametrize("seed", range(10))
def test_where_the_simplex_method_gives_up_the_interior_point_says_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = drawn(seed)
    before = linear.solve(*given, nowhere())
    gave_up = SimpleNamespace(termination=SimpleNamespace(reason=result_pb2.TERMINATION_REASON_IMPRECISE))
    monkeypatch.setattr(linear, "math_opt", SimpleNamespace(solve=lambda *args: gave_up))
    after = linear.solve(*given, nowhere())
    assert before is not None
    assert after is not None
    assert float(given[0] @ after.parts) == pytest.approx(float(given[0] @ before.parts))


@pytest.mark.parametrize("gives_up", [False, True])
def test_what_cannot_be_done_is_said(gives_up: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    worth, matrix, upper, endless = drawn(1)
    if gives_up:
        gave_up = SimpleNamespace(termination=SimpleNamespace(reason=result_pb2.TERMINATION_REASON_IMPRECISE))
        monkeypatch.setattr(linear, "math_opt", SimpleNamespace(solve=lambda *args: gave_up))
    assert linear.solve(worth, matrix, np.append(upper[:-1], -1), endless, nowhere()) is None
