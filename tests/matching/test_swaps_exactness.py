"""With exchanges, too, the best answer is the best of all answers: against brute force on drawn problems."""

from collections.abc import Callable
from math import prod

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from partnerships.matching import engine
from partnerships.matching.types import Problem

from .exchanges import as_choices, exchange_problems, joined_answers
from .test_determinism import shuffled
from .worlds import options, values

few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MOST_ANSWERS = 40_000


def prove_best(problem: Problem) -> None:
    """The values, their proofs, and of everybody without a place the reason why."""
    assume(prod(len(choices) for choices in options(problem).values()) <= MOST_ANSWERS)
    allocation = engine.solve(problem)
    answers = [(values(problem, answer), answer) for answer in joined_answers(problem)]
    best = max(value for value, _ in answers)
    assert tuple(result.value for result in allocation.criteria) == best
    assert all(result.proven and result.bound == result.value for result in allocation.criteria)
    assert values(problem, as_choices(problem, allocation)) == best
    for reason in allocation.reasons:
        with_them = [value for value, answer in answers if answer[reason.person_id]]
        if reason.code in ("no_host", "no_return"):
            assert not with_them
        if reason.code in ("places_taken", "others_chosen"):
            reached = max(with_them)
            worse = [name for name, a, b in zip(problem.rules.criteria, reached, best, strict=True) if a != b]
            assert reason.lost_by == (worse[0] if worse else "lot")


@few
@given(exchange_problems())
def test_no_valid_answer_is_better(problem: Problem) -> None:
    prove_best(problem)


@few
@given(exchange_problems(limits=False))
def test_no_valid_answer_is_better_where_no_organisation_limits_who_is_away(problem: Problem) -> None:
    prove_best(problem)


@few
@given(exchange_problems(), st.integers(0, 1000))
def test_the_order_of_the_input_decides_nothing(problem: Problem, seed: int) -> None:
    first = engine.allocation_to_json(engine.solve(problem))
    assert engine.allocation_to_json(engine.solve(shuffled(problem, seed))) == first
    assert engine.replays(engine.problem_to_json(problem), first)


@pytest.mark.prove
def test_thousands_of_problems_with_exchanges(rounds: Callable[[int, int], int], proof: Callable[[str], None]) -> None:
    count = rounds(30, 3_000)

    @settings(few, max_examples=count)
    @given(exchange_problems(people=5))
    def hold(problem: Problem) -> None:
        prove_best(problem)

    hold()
    proof(f"{count} drawn problems: no valid answer is better, and why not is true")
