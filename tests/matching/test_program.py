"""What the choice among many columns rests on: cuts that no whole answer breaks, and two solvers that agree."""

from __future__ import annotations

import random

import numpy as np
import pytest
import scipy.sparse as sp

from partnerships.matching import cuts, program, relaxation, whole
from partnerships.matching.packing import Packing, pack_greedily

from .test_pairing import ORDERS, drawn


def halves(*rings: tuple[int, ...]) -> list[cuts.People]:
    """The sets that are found where half of each of these rings is taken."""
    members = np.array([(*ring, -1)[:3] if len(ring) == 2 else ring for ring in rings], dtype=np.int64)
    return cuts.odd_sets(members, np.arange(len(rings)), np.full(len(rings), 0.5))


def test_a_circle_of_three_swaps_is_found() -> None:
    assert halves((0, 1), (1, 2), (0, 2)) == [(0, 1, 2)]


def test_columns_without_people_say_nothing() -> None:
    """The week in which a visit of a ring falls, for one."""
    members = np.array([(0, 1, -1), (1, 2, -1), (0, 2, -1), (-1, -1, -1)])
    assert cuts.odd_sets(members, np.arange(4), np.full(4, 0.5)) == [(0, 1, 2)]


def test_a_circle_of_seven_swaps_is_found_though_no_three_or_five_of_them_are_one() -> None:
    assert halves(*((at, (at + 1) % 7) for at in range(7))) == [tuple(range(7))]


def test_a_circle_of_an_even_number_is_none() -> None:
    assert halves((0, 1), (1, 2), (2, 3), (0, 3)) == []


def rings_of(draw: random.Random, people: int, count: int) -> Packing:
    drawn_rings = [[*draw.sample(range(people), draw.choice((2, 3))), -1][:3] for _ in range(count)]
    rows = np.array(drawn_rings, dtype=np.int64)
    fit = np.array([draw.randint(1, 9) for _ in range(count)], dtype=np.int64)
    worth = {"placed": (rows >= 0).sum(axis=1), "fit": fit}
    return Packing(people, rows, worth, sp.csr_array((0, count), dtype=np.int64), np.zeros(0, dtype=np.int64))


@pytest.mark.parametrize("seed", range(30))
def test_no_whole_answer_breaks_a_cut(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a seeded instance, not a secret
    packing = rings_of(draw, 11, 40)
    given = relaxation.Relaxation(packing, None)
    bound = given.bound("fit", [])
    sets = cuts.odd_sets(packing.members, bound.columns, bound.parts)
    if not sets:
        return
    assert all(len(people) % 2 for people in sets)
    rows = cuts.rows(packing.members, packing.people, sets)
    for _ in range(50):
        order = np.array(draw.sample(range(len(packing)), len(packing)))
        chosen = pack_greedily(packing, order)
        assert (rows[:, chosen].sum(axis=1) <= np.array([len(people) // 2 for people in sets])).all()


@pytest.mark.parametrize("seed", range(20))
def test_cuts_lower_the_bound_and_never_below_the_best_answer(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    packing = rings_of(random.Random(seed), 25, 120)  # noqa: S311 - a seeded instance, not a secret
    best = program.clear(packing, ["fit"], None, 60, lambda stage: None, lambda: False)
    value = packing.values(["fit"], best.columns)["fit"]
    assert best.bounds == {"fit": value}
    given = relaxation.Relaxation(packing, None)
    bound = given.bound("fit", [])
    tight = given.tighten("fit", [], bound, None, 0)
    assert value <= tight.exact <= bound.exact
    # Whatever is left out by the distance is in no better answer: nor with cuts all the way from the first program.
    monkeypatch.setattr(program, "_FEW", 0)
    monkeypatch.setattr(program, "_FIRST", 3)
    monkeypatch.setattr(program, "_FIRST_PEOPLE", 0)
    again = program.clear(packing, ["placed", "fit"], None, 60, lambda stage: None, lambda: False)
    monkeypatch.undo()
    usual = program.clear(packing, ["placed", "fit"], None, 60, lambda stage: None, lambda: False)
    assert again.bounds == usual.bounds == packing.values(["placed", "fit"], again.columns)


@pytest.mark.parametrize("seed", range(6))
def test_both_solvers_find_answers_of_the_same_worth(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    packing, _ = drawn(seed, people=40, most=120)
    criteria = ORDERS[seed % len(ORDERS)]
    found = []
    for few in (0, 10_000):
        monkeypatch.setattr(whole, "_FEW", few)
        found.append(program.clear(packing, criteria, None, 60, lambda stage: None, lambda: False))
    assert found[0].bounds == found[1].bounds


def test_an_end_to_effort_is_said() -> None:
    packing = rings_of(random.Random(1), 60, 400)  # noqa: S311 - a seeded instance, not a secret
    rows = packing.people_rows()
    given = whole.Program(
        packing.worth["fit"], np.zeros(400, dtype=np.bool_), sp.csc_array(rows.matrix), rows.lower, rows.upper
    )
    best = whole.choose(given, 60)
    assert best.finished
    assert best.columns is not None
    assert best.most == int(given.worth[best.columns].sum())
    nothing = np.full(60, 2, dtype=np.int64)
    impossible = whole.choose(whole.Program(given.worth, given.follows, given.matrix, nothing, nothing - 1), 60)
    assert (impossible.columns, impossible.finished) == (None, True)
