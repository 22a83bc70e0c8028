"""The same problem gives the same answer, byte for byte, and a stored run can be repeated."""

import dataclasses
import json
import random
from collections.abc import Iterable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.matching import engine
from partnerships.matching.types import Organisation, Problem

from .worlds import person, problem, problems, slot

T = TypeVar("T")
few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def shuffled(given_problem: Problem, seed: int) -> Problem:
    draw = random.Random(seed)  # noqa: S311 - a seeded shuffle, not a secret

    def mixed(things: Iterable[T]) -> tuple[T, ...]:
        every = list(things)
        return tuple(draw.sample(every, len(every)))

    return dataclasses.replace(
        given_problem,
        people=mixed(given_problem.people),
        slots=tuple(
            dataclasses.replace(one, places=dict(mixed(one.places.items()))) for one in mixed(given_problem.slots)
        ),
        organisations=mixed(given_problem.organisations),
    )


@few
@given(problems(), st.integers(0, 1000))
def test_the_order_of_the_input_decides_nothing(drawn: Problem, seed: int) -> None:
    other = shuffled(drawn, seed)
    assert engine.problem_to_json(other) == engine.problem_to_json(drawn)
    assert engine.allocation_to_json(engine.solve(other)) == engine.allocation_to_json(engine.solve(drawn))


@few
@given(problems())
def test_what_was_stored_is_what_was_solved_and_replays(drawn: Problem) -> None:
    stored = engine.problem_to_json(drawn)
    answer = engine.solve(drawn)
    assert engine.problem_to_json(engine.problem_from_json(stored)) == stored
    assert engine.allocation_from_json(engine.allocation_to_json(answer)) == answer
    assert answer.problem_digest == engine.digest(drawn)
    assert engine.replays(stored, engine.allocation_to_json(answer))


def test_no_encoder_is_needed_to_read_the_bytes_again() -> None:
    """A digest outlives the library that wrote it: the bytes are JSON as Python itself writes it, without spaces."""
    names = ("Zoë", "tab\tand \x1f", 'quote " and \\', "line\u2028", "\x7f", "𝄞")
    stored = engine.problem_to_json(problem(tuple(map(person, names)), (slot(places_in_all=None),), seed=2**62))
    plain = json.dumps(json.loads(stored), ensure_ascii=False, separators=(",", ":"))
    assert plain.encode() == stored


def test_an_answer_that_was_changed_does_not_replay() -> None:
    small = problem((person(),), (slot(),))
    other = dataclasses.replace(engine.solve(small), seed=5)
    assert not engine.replays(engine.problem_to_json(small), engine.allocation_to_json(other))


def test_the_seed_draws_among_equals_and_nothing_else_does() -> None:
    people = tuple(person(f"p{i}") for i in range(8))
    winners = set()
    for seed in range(40):
        answer = engine.solve(problem(people, (slot(),), seed=seed))
        (hosting,) = answer.hostings
        winners.add(hosting.leg.person_id)
        assert {reason.lost_by for reason in answer.reasons if reason.code != "placed"} == {"lot"}
    assert len(winners) > 4


def test_a_larger_round_is_the_same_whatever_the_order() -> None:
    draw = random.Random(1)  # noqa: S311 - a seeded instance, not a secret
    people = tuple(
        person(f"p{i}", organisation_id=f"town{i % 9}", weeks=frozenset(draw.sample(range(12), 4))) for i in range(160)
    )
    slots = tuple(
        slot(f"s{i}", organisation_id=f"host{i // 2}", places={draw.randrange(12): 1, draw.randrange(12): 2})
        for i in range(50)
    )
    hosts = tuple(Organisation(f"host{i}", asked_for_more=i % 2 == 0, visits_per_week=2) for i in range(25))
    large = problem(people, slots, organisations=hosts)
    first = engine.allocation_to_json(engine.solve(large))
    assert all(engine.allocation_to_json(engine.solve(shuffled(large, seed))) == first for seed in range(3))


def test_json_of_another_shape_is_refused() -> None:
    data = json.loads(engine.problem_to_json(problem((person(),), (slot(),))))
    with pytest.raises(ValueError, match="unknown fields"):
        engine.problem_from_json(json.dumps({**data, "extra": 1}))
    with pytest.raises(ValueError, match="is not int"):
        engine.problem_from_json(json.dumps({**data, "seed": "1"}))
