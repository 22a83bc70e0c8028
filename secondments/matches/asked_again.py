"""What is known of an answer for which the engine was asked again with fewer places: of the question as it was first.

Days can leave fewer places than weeks do, and how many depends on who comes. The engine is told of as many as there are
for those whom it had sent, so that others might have made more of the same week: what it proves with fewer places is no
proof of that.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from partnerships.matching.types import (
    COMPULSORY,
    FIT,
    HOST_POINTS,
    HOSTS,
    KEPT,
    PLACED,
    Allocation,
    CriterionResult,
    Problem,
)


class Solved(NamedTuple):
    """An answer in which everybody who is placed has days, the problem that it answers, and the criteria as they are
    known of what was asked first."""

    problem: Problem
    answer: Allocation
    criteria: tuple[CriterionResult, ...]


def of_first(
    problem: Problem, first: Sequence[CriterionResult], last: Sequence[CriterionResult]
) -> Iterator[CriterionResult]:
    """The criteria of the last answer, with bounds that hold for the problem as it was asked first.

    As long as each comes to what it came to at first, the bound of the first answer holds. After one that does not, all
    that is known is what so many visits can come to.
    """
    visits, alike = len(problem.people), True
    for one, before in zip(last, first, strict=True):
        bound = before.bound if alike else _most(one.name, problem, visits)
        yield CriterionResult(one.name, one.value, one.value >= bound, bound)
        alike = alike and one.value == before.value
        if one.name == PLACED:
            visits = one.value


def _most(name: str, problem: Problem, visits: int) -> int:
    """What a criterion can come to with so many visits, whoever goes where."""
    most: dict[str, int] = {
        PLACED: visits,
        COMPULSORY: min(visits, sum(person.compulsory for person in problem.people)),
        KEPT: min(visits, len(problem.rules.proposed)),
        HOSTS: visits * HOST_POINTS[0],
        FIT: visits * sum(dataclasses.astuple(problem.weights)),
    }
    return most[name]
