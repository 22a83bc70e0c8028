"""Matched again, people stay in the week that was proposed to them wherever that costs nobody anything."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from partnerships.matching import engine, exchanging
from partnerships.matching.types import Allocation, Organisation, Problem
from tests.bench import instances

from .exchanges import exchange_problems
from .worlds import person, problem, problems, slot

few = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def again(one: Problem, answer: Allocation, **rules: Any) -> Allocation:
    """The answer to the same problem with that answer proposed before."""
    proposed = {leg.person_id: leg.offer_id for leg in answer.legs()}
    weeks = {leg.person_id: leg.week for leg in answer.legs()}
    criteria = tuple(name for name in one.rules.criteria if name != "kept")
    kept = (*criteria[:-1], "kept", criteria[-1])
    changed = dataclasses.replace(one.rules, proposed=proposed, proposed_weeks=weeks, criteria=kept, **rules)
    return engine.solve(dataclasses.replace(one, rules=changed))


def moved(before: Allocation, after: Allocation) -> tuple[int, int]:
    """How many keep their host, and how many of those are in another week."""
    one, other = ({leg.person_id: leg for leg in answer.legs()} for answer in (before, after))
    stay = [who for who in one if who in other and one[who].offer_id == other[who].offer_id]
    return len(stay), sum(one[who].week != other[who].week for who in stay)


@few
@given(problems(people=6))
def test_a_round_matched_again_is_the_same_week_by_week(one: Problem) -> None:
    first = engine.solve(one)
    second = again(one, first)
    kept, elsewhere = moved(first, second)
    assert kept < len(first.legs()) or not elsewhere


@few
@given(exchange_problems(people=5))
def test_so_are_exchanges(one: Problem) -> None:
    first = engine.solve(one)
    second = again(one, first)
    kept, elsewhere = moved(first, second)
    assert kept < len(first.legs()) or not elsewhere


def around_a_change(one: Problem) -> tuple[int, int]:
    first = engine.solve(one)
    leg = first.legs()[0]
    return moved(first, again(one, first, forbidden=frozenset({(leg.person_id, leg.offer_id)})))


def test_around_one_change_hardly_anybody_changes_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = instances.one_way(300, 60), instances.swaps(200, mutual=True)
    steady = [around_a_change(one) for one in rounds]
    assert all(kept > 100 and elsewhere < kept / 50 for kept, elsewhere in steady)
    for module in (engine, exchanging):
        monkeypatch.setattr(module, "steadied", lambda tables, legs, exchanges=None: list(legs))
    assert any(elsewhere > kept / 20 for kept, elsewhere in map(around_a_change, rounds))


def test_three_who_stand_in_one_another_s_weeks_are_put_back_together() -> None:
    weeks = frozenset({1, 2, 3})
    one = problem(
        tuple(person(name, weeks=weeks) for name in ("ann", "bob", "cat")),
        (slot(places=dict.fromkeys(weeks, 1)),),
        proposed=dict.fromkeys(("ann", "bob", "cat"), "foodbank"),
        proposed_weeks={"ann": 2, "bob": 3, "cat": 1},
    )
    assert {leg.person_id: leg.week for leg in engine.solve(one).legs()} == one.rules.proposed_weeks


def test_a_limit_is_worth_more_than_a_week() -> None:
    """One visit a week at the host: only one of two can have the week that both had."""
    one = problem(
        (person("ann", weeks=frozenset({1, 2})), person("bob", weeks=frozenset({1, 2}))),
        tuple(slot(name, organisation_id="charity", places={1: 1, 2: 1}) for name in ("one", "other")),
        organisations=[Organisation("charity", visits_per_week=1)],
        proposed={"ann": "one", "bob": "other"},
        proposed_weeks={"ann": 2, "bob": 2},
    )
    assert sorted(leg.week for leg in engine.solve(one).legs()) == [1, 2]


def test_a_host_elsewhere_is_not_held_to_the_week() -> None:
    one = problem(
        (person("ann", weeks=frozenset({1, 2})),),
        (slot("here", places={1: 1}), slot("there", places={1: 1, 2: 1}, places_in_all=0)),
        proposed={"ann": "there"},
        proposed_weeks={"ann": 2},
    )
    assert [leg.week for leg in engine.solve(one).legs()] == [1]
