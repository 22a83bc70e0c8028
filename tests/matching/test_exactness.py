"""The best answer is the best of all answers, criterion by criterion: against brute force on drawn problems."""

from collections.abc import Callable
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings

from partnerships.matching import engine, hosting
from partnerships.matching.types import Allocation, Problem

from .worlds import Choice, all_answers, problems, values

few = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def as_choices(problem: Problem, allocation: Allocation) -> dict[str, Choice]:
    choices: dict[str, Choice] = {person.id: None for person in problem.people}
    return choices | {one.leg.person_id: (one.leg.offer_id, one.leg.week) for one in allocation.hostings}


def prove_best(problem: Problem) -> None:
    allocation = engine.solve(problem)
    best = max(values(problem, answer) for answer in all_answers(problem))
    assert tuple(result.value for result in allocation.criteria) == best
    assert all(result.proven and result.bound == result.value for result in allocation.criteria)
    assert values(problem, as_choices(problem, allocation)) == best


def prove_reasons(problem: Problem) -> None:
    """Of everybody without a place: what the best answer that places them would lose, and who gives way."""
    allocation = engine.solve(problem)
    answers = list(all_answers(problem))
    best = tuple(result.value for result in allocation.criteria)
    placed = {hosting.leg.person_id for hosting in allocation.hostings}
    count = problem.rules.criteria.index("placed")
    for reason in allocation.reasons:
        if reason.code != "places_taken":
            continue
        with_them = [(values(problem, answer), answer) for answer in answers if answer[reason.person_id]]
        with_them = [(reached, answer) for reached, answer in with_them if reached[count] == best[count]]
        reached = max(value for value, _ in with_them)
        worse = [name for name, a, b in zip(problem.rules.criteria, reached, best, strict=True) if a != b]
        assert reason.lost_by == (worse[0] if worse else "lot")
        swapped = placed - {reason.instead_of} | {reason.person_id}
        sets = [{who for who, choice in answer.items() if choice} for value, answer in with_them if value == reached]
        assert swapped in sets


def prove_within_limits(problem: Problem) -> None:
    """The same of an answer within limits, and of everybody without a place which criterion would be worse first."""
    prove_best(problem)
    allocation = engine.solve(problem)
    best = tuple(result.value for result in allocation.criteria)
    reached = [(values(problem, answer), answer) for answer in all_answers(problem)]
    for reason in allocation.reasons:
        if reason.code == "places_taken":
            with_them = max(value for value, answer in reached if answer[reason.person_id])
            worse = [name for name, a, b in zip(problem.rules.criteria, with_them, best, strict=True) if a != b]
            assert reason.lost_by == (worse[0] if worse else "lot")


@few
@given(problems())
def test_no_valid_answer_is_better(problem: Problem) -> None:
    prove_within_limits(problem)


@few
@given(problems(away=False, people=5))
def test_no_valid_answer_is_better_where_a_flow_suffices(problem: Problem) -> None:
    prove_best(problem)


@few
@given(problems(away=False, people=5))
def test_weights_that_do_not_decide_are_found_out(problem: Problem) -> None:
    """The first weights weigh every criterion alike; what they find is not the best, and is not believed."""
    with mock.patch.object(hosting, "_LIGHT", (0,)):
        prove_best(problem)


@few
@given(problems(away=False, people=5))
def test_who_lost_and_by_what_is_true(problem: Problem) -> None:
    prove_reasons(problem)


CLAIMS = {
    "limits": (
        True,
        prove_within_limits,
        "no answer is better, with organisations' limits that cut across each other, and why not is true",
    ),
    "flow": (False, prove_best, "no answer is better where a flow suffices"),
    "why": (False, prove_reasons, "who lost, to whom and by which criterion is true"),
}


@pytest.mark.prove
@pytest.mark.parametrize("name", CLAIMS)
def test_thousands_of_problems(name: str, rounds: Callable[[int, int], int], proof: Callable[[str], None]) -> None:
    away, claim, words = CLAIMS[name]
    examples = rounds(20, 3000)

    @settings(few, max_examples=examples)
    @given(problems(away=away, people=5))
    def hold(problem: Problem) -> None:
        claim(problem)

    hold()
    proof(f"{examples} problems drawn, against every possible answer of each: {words}")
