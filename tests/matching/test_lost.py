"""Why somebody has no place, for all of them at once, is what solving once more with a place for each of them says."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from partnerships.matching import asking, engine, lost, program, swaps, whole
from partnerships.matching.arrays import Ints
from partnerships.matching.packing import NO_LOWER, Packing, Rows
from partnerships.matching.program import Chosen
from partnerships.matching.relaxation import Bound, Relaxation
from tests.bench import instances

from .test_pairing import drawn

ORDERS = (
    ("placed", "fit"),
    ("compulsory", "placed", "fit"),
    ("placed", "compulsory", "kept", "fit"),
    ("placed", "hosts", "fit"),
    ("compulsory", "placed", "kept", "hosts", "fit"),
)


def quietly(packing: Packing, criteria: Sequence[str]) -> Chosen:
    chosen = swaps.best(packing, tuple(criteria), None, 60, lambda stage: None, lambda: False)
    assert packing.values(criteria, chosen.columns) == {name: chosen.bounds[name] for name in criteria}
    return chosen


def without(packing: Packing, columns: Ints) -> list[int]:
    """Those who are in columns, but in none of these."""
    return sorted({*packing.members.ravel().tolist()} - {-1} - {*packing.members[columns].ravel().tolist()})


def with_place(packing: Packing, row: int) -> Packing:
    """The same packing in which this person must be in one column."""
    mine = np.flatnonzero((packing.members == row).any(axis=1))
    column = np.zeros(len(mine), dtype=np.int64)
    one = sp.csr_array((np.ones(len(mine), dtype=np.int64), (column, mine)), shape=(1, len(packing)))
    ends = np.ones(1, dtype=np.int64)
    rows = Rows(one, ends, ends)
    if packing.rows is not None:
        before = packing.rows
        matrix = sp.csr_array(sp.vstack([before.matrix, one]))
        rows = Rows(matrix, np.concatenate([before.lower, ends]), np.concatenate([before.upper, ends]))
    return dataclasses.replace(packing, rows=rows)


def by_solving_again(packing: Packing, criteria: Sequence[str], chosen: Chosen, row: int) -> str:
    other = quietly(with_place(packing, row), criteria)
    best, reached = packing.values(criteria, chosen.columns), packing.values(criteria, other.columns)
    return next((name for name in criteria if reached[name] != best[name]), lost.LOT)


def ringed(seed: int, people: int, count: int) -> Packing:
    """Swaps and rings of three, hosts that count, and sometimes a limit on some of them together."""
    draw = random.Random(f"rings {seed}")  # noqa: S311 - a seeded instance, not a secret
    members = np.array([[*draw.sample(range(people), draw.choice((2, 2, 3))), -1][:3] for _ in range(count)])
    compulsory = np.array([draw.random() < 0.4 for _ in range(people)] + [False], dtype=np.int64)
    worth = {
        "placed": (members >= 0).sum(axis=1),
        "compulsory": compulsory[members].sum(axis=1),
        "kept": np.array([draw.randint(0, 1) for _ in range(count)]),
        "fit": np.array([draw.randint(0, 5) for _ in range(count)]),
    }
    brings = np.array([[draw.random() < 0.3 for _ in range(count)] for _ in range(3)], dtype=np.int64)
    rows = None
    if seed % 3 == 0:
        inside = np.array([[draw.random() < 0.3 for _ in range(count)]], dtype=np.int64)
        rows = Rows(sp.csr_array(inside), np.array([NO_LOWER]), np.array([1]))
    return Packing(people, members, worth, sp.csr_array(brings), np.array([0, 1, 11]), rows)


def mixed(seed: int, people: int, count: int) -> Packing:
    """The same with visits one way beside them, and offers that take few of those who would come."""
    rings = ringed(seed, people, count)
    draw = random.Random(f"mixed {seed}")  # noqa: S311 - a seeded instance, not a secret
    alone = [(draw.randrange(people), draw.randrange(6)) for _ in range(2 * people)]
    members = np.concatenate([rings.members, [(person, -1, -1) for person, _ in alone]])
    compulsory = np.array([draw.random() < 0.4 for _ in range(people)] + [False], dtype=np.int64)
    each = {name: [draw.randint(0, most) for _ in alone] for name, most in (("kept", 1), ("fit", 5))}
    worth = {
        "placed": (members >= 0).sum(axis=1),
        "compulsory": compulsory[members].sum(axis=1),
        **{name: np.append(rings.worth[name], more) for name, more in each.items()},
    }
    brings = np.array([[offer == host for _, offer in alone] for host in range(3)], dtype=np.int64)
    offers = np.array([[0] * count + [offer == each for _, offer in alone] for each in range(6)], dtype=np.int64)
    homes = np.array([[draw.random() < 0.5 for _ in members] for _ in range(3)], dtype=np.int64)
    rows = Rows(
        sp.csr_array(np.concatenate([offers, homes])),
        np.full(9, NO_LOWER),
        np.array([1 for _ in offers] + [draw.randint(1, 3) for _ in homes]),
    )
    visits = sp.csr_array(sp.hstack([rings.visits, brings]))
    return Packing(people, members, worth, visits, rings.had, rows)


def crowded(seed: int, people: int) -> Packing:
    """Visits one way alone, to offers with half as many places, in weeks in which few of each home may be away."""
    draw = random.Random(f"crowded {seed}")  # noqa: S311 - a seeded instance, not a secret
    edges = sorted({(who, draw.randrange(4), draw.randrange(3)) for who in range(people) for _ in range(2 + who % 3)})
    who, offer, week = (np.array(each, dtype=np.int64) for each in zip(*edges, strict=True))
    members = np.full((len(edges), 3), -1)
    members[:, 0] = who
    compulsory = np.array([draw.random() < 0.4 for _ in range(people)], dtype=np.int64)
    worth = {
        "placed": np.ones(len(edges), dtype=np.int64),
        "compulsory": compulsory[who],
        "kept": np.array([draw.random() < 0.1 for _ in edges], dtype=np.int64),
        "fit": np.array([draw.randint(0, 3) for _ in edges]),
    }
    homes, weeks = np.arange(3)[:, None, None], np.arange(3)[None, :, None]
    away = ((who % 3 == homes) & (week == weeks)).reshape(9, -1)
    places = np.concatenate([[offer == each for each in range(4)], away]).astype(np.int64)
    most = np.array([draw.choice((1, people // 6)) for _ in range(4)] + [draw.choice((1, 2)) for _ in range(9)])
    visits = sp.csr_array(np.array([offer == 0, offer == 1], dtype=np.int64))
    rows = Rows(sp.csr_array(places), np.full(len(places), NO_LOWER), most)
    return Packing(people, members, worth, visits, np.array([0, 3]), rows)


def prove_causes(seed: int) -> int:
    """For everybody without a place; how many there were."""
    criteria: tuple[str, ...] = ORDERS[seed % len(ORDERS)]
    packing = mixed(seed, 14, 20) if seed % 4 == 2 else ringed(seed, 14, 24)
    if seed % 2:
        packing, _ = drawn(seed, people=16, most=30)
        criteria = tuple(name for name in criteria if name != "hosts")
    return prove_causes_in(packing, criteria)


def prove_causes_in(packing: Packing, criteria: Sequence[str], *, from_nothing: bool = False) -> int:
    """The same of one packing. `from_nothing`: without what the prices of the answer said."""
    chosen = quietly(packing, criteria)
    outside = without(packing, chosen.columns)
    given = dataclasses.replace(chosen, ruled_out={}) if from_nothing else chosen
    found = lost.causes(packing, criteria, given, outside, 60)
    assert found == {row: by_solving_again(packing, criteria, chosen, row) for row in outside}
    return len(outside)


def prove_causes_in_crowds(seed: int) -> int:
    """Where many compete for few places; how many have none."""
    return prove_causes_in(crowded(seed, 18), ORDERS[seed % len(ORDERS)], from_nothing=bool(seed % 2))


def test_causes_are_those_of_solving_again() -> None:
    assert sum(prove_causes(seed) for seed in range(40)) > 30


def test_causes_in_crowds_are_those_of_solving_again() -> None:
    assert sum(prove_causes_in_crowds(seed) for seed in range(10)) > 60


@pytest.mark.prove
def test_causes_of_many(rounds: Callable[[int, int], int], proof: Callable[[str], None]) -> None:
    count = rounds(10, 400)
    people = sum(prove_causes(seed) for seed in range(1_000, 1_000 + count))
    people += sum(prove_causes_in_crowds(seed) for seed in range(1_000, 1_000 + count // 10))
    proof(f"{count} packings, {people} people without a place: the cause is that of solving again with a place")


@pytest.mark.parametrize("seed", range(4))
def test_without_effort_no_more_is_said_than_is_known(seed: int) -> None:
    packing = ringed(seed, 14, 24)
    criteria = ORDERS[0]
    chosen = quietly(packing, criteria)
    outside = without(packing, chosen.columns)
    for row, cause in lost.causes(packing, criteria, chosen, outside, 0).items():
        assert cause in (lost.TOGETHER, by_solving_again(packing, criteria, chosen, row))


def test_a_search_that_is_not_finished_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    packing = ringed(3, 14, 24)
    chosen = quietly(packing, ORDERS[0])
    outside = without(packing, chosen.columns)
    true = {row: by_solving_again(packing, ORDERS[0], chosen, row) for row in outside}
    unfinished = whole.Found(None, finished=False, most=1 << 60)
    monkeypatch.setattr(program, "choose", lambda *args: unfinished)
    found = lost.causes(packing, ORDERS[0], dataclasses.replace(chosen, ruled_out={}), outside, 60)
    assert all(cause in (lost.TOGETHER, true[row]) for row, cause in found.items())


def test_where_no_answer_is_near_all_that_could_be_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost, "_WHOLLY", 0)
    monkeypatch.setattr(asking, "_FIRST", 1)
    monkeypatch.setattr(asking, "_NEXT", 1)
    assert sum(prove_causes(seed) for seed in range(2, 30, 4)) > 5


def test_many_who_are_searched_for_at_once_are_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost, "_MANY", 0)
    monkeypatch.setattr(lost, "_TRIES", 1)
    assert sum(prove_causes(seed) for seed in range(0, 40, 2)) > 15


def test_what_is_in_no_answer_as_good_is_left_out_by_the_prices_of_each_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost, "_SMALL", 0)
    ask_parts, narrowed = lost._Search._ask_parts, []

    def counted(search: lost._Search, columns: Ints, *words: Any) -> int:
        narrowed.append(len(columns))
        return ask_parts(search, columns, *words)

    monkeypatch.setattr(lost._Search, "_ask_parts", counted)
    assert sum(prove_causes_in_crowds(seed) for seed in range(1, 12, 2)) > 30
    assert narrowed


def test_around_what_a_relaxation_takes_nobody_is_placed_who_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody is searched for at once; and where hardly anything may be chosen beside it."""
    monkeypatch.setattr(lost, "_WHOLLY", 0)
    for most in (1_500, 1):
        monkeypatch.setattr(asking, "_BESIDE", most)
        assert sum(prove_causes_in_crowds(seed) for seed in range(1, 12, 2)) > 30


@pytest.mark.parametrize("finished", [True, False])
def test_a_bound_that_rounding_lowered_denies_nobody_a_place(finished: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two for one place, where the other was found for it and the solver's bound says that nobody could be."""
    packing = Packing(
        2,
        np.array([(0, -1, -1), (1, -1, -1)]),
        {"placed": np.array([1, 1])},
        sp.csr_array((0, 2), dtype=np.int64),
        np.zeros(0, dtype=np.int64),
        Rows(sp.csr_array(np.array([[1, 1]])), np.array([NO_LOWER]), np.array([1])),
    )
    asked = asking.Asking(packing, ("placed",), np.array([0]), 60)
    rounded = whole.Found(np.array([1]), finished, most=2)
    monkeypatch.setattr(asked.solver, "integral", lambda *words: rounded)
    assert asked.with_most_of_all(np.array([False, True]), 1).most == 1


def test_a_bound_that_rounding_lifted_denies_nobody_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a relaxation always placed none of those who are asked for, and its prices proved less."""
    monkeypatch.setattr(lost, "_WHOLLY", 0)
    bound = Relaxation.bound

    def lifted(relaxation: Relaxation, name: str, *words: Any, **options: Any) -> Bound:
        found = bound(relaxation, name, *words, **options)
        if name != asking._WANTED:
            return found
        return dataclasses.replace(found, exact=max(found.exact, 1.0), columns=found.columns[:0], parts=found.parts[:0])

    monkeypatch.setattr(Relaxation, "bound", lifted)
    assert sum(prove_causes_in_crowds(seed) for seed in range(1, 12, 2)) > 30


def test_what_a_relaxation_takes_whole_is_no_answer_without_what_it_is_tied_to() -> None:
    """An exchange whose visit falls half in one week and half in another: without a week nobody has a place by it."""
    members = np.array([(0, 1, -1), (-1, -1, -1), (-1, -1, -1), (2, -1, -1)])
    tie = Rows(sp.csr_array(np.array([[1, -1, -1, 0]])), np.array([0]), np.array([0]))
    worth = {"placed": np.array([2, 0, 0, 1])}
    packing = Packing(3, members, worth, sp.csr_array((0, 4), dtype=np.int64), np.zeros(0, dtype=np.int64), tie)
    asked = asking.Asking(packing, ("placed",), np.array([0, 1, 3]), 60)
    mine = np.array([True, False, False, False])
    for whole_ones, found in (([0, 2, 3], {0, 2, 3}), ([0, 3], None)):
        bound = Bound(3.0, np.zeros(4), np.arange(4), np.where(np.isin(np.arange(4), whole_ones), 1.0, 0.5))
        columns = asked._completed(bound, mine, asked.held)
        assert (columns if columns is None else set(columns.tolist())) == found


def test_within_limits_of_organisations_a_twentieth_of_the_effort_finds_out_of_everybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lost, "_COLUMNS", lost._COLUMNS // 20)
    monkeypatch.setattr(lost, "_EACH", 0)
    answer = engine.solve(instances.one_way(1_000, 200, limited=0.4))
    told = [reason.lost_by for reason in answer.reasons if reason.code == "places_taken"]
    assert len(told) > 150
    assert "limits" not in told


@pytest.mark.parametrize("seed", range(2, 30, 4))
def test_once_somebody_says_stop_no_more_is_said_than_is_known(seed: int) -> None:
    packing, criteria = mixed(seed, 14, 20), ORDERS[seed % len(ORDERS)]
    chosen = quietly(packing, criteria)
    outside = without(packing, chosen.columns)
    for row, cause in lost.causes(packing, criteria, chosen, outside, 60, lambda: True).items():
        assert cause in (lost.TOGETHER, by_solving_again(packing, criteria, chosen, row))


@pytest.mark.parametrize("seed", [0, 2, 6, 8])
def test_too_many_columns_to_search_prove_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost, "_WHOLLY", 0)
    for limit in ("_FIRST", "_NEXT", "_MOST"):
        monkeypatch.setattr(asking, limit, 1)
    packing, criteria = mixed(seed, 14, 20), ORDERS[seed % len(ORDERS)]
    chosen = dataclasses.replace(quietly(packing, criteria), ruled_out={})
    for row, cause in lost.causes(packing, criteria, chosen, without(packing, chosen.columns), 60).items():
        assert cause in (lost.TOGETHER, by_solving_again(packing, criteria, chosen, row))


def test_many_who_compete_for_one_place_are_told_by_which_criterion() -> None:
    """One whom all could change places with: whoever has to go has the place, then whoever fits best."""
    edges = [(0, other, -1) for other in range(1, 9)]
    fit = np.array([1, 2, 3, 4, 4, 5, 9, 9])
    compulsory = np.array([0, 0, 1, 1, 1, 1, 0, 0])
    members, none = np.array(edges), np.zeros(0, dtype=np.int64)
    worth = {"placed": np.full(8, 2), "compulsory": compulsory, "fit": fit}
    packing = Packing(9, members, worth, sp.csr_array((0, 8), dtype=np.int64), none)
    criteria = ("compulsory", "placed", "fit")
    chosen = quietly(packing, criteria)
    found = lost.causes(packing, criteria, chosen, without(packing, chosen.columns), 60)
    assert found == {1: "compulsory", 2: "compulsory", 3: "fit", 4: "fit", 5: "fit", 7: "compulsory", 8: "compulsory"}
