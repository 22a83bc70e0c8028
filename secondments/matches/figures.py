"""How an answer of the engine treats people, as figures that are worked out once and stored with the run.

These are for its brokers. What everybody may read of them is `secondments.matches.results`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TypedDict

from partnerships.matching import engine
from partnerships.matching.fairness import Group, fairness
from partnerships.matching.types import Allocation, CriterionResult, Problem, Reason

Counts = list[tuple[str, int, int]]
"""Name of a group, how many of it joined, and how many of those have a place."""


class Figures(TypedDict):
    """`causes`: why people have no place, with how many; `hosts`: organisations with a visitor. `problem` and `answer`
    are the SHA-256 of what was asked and answered, as it is stored."""

    joined: int
    placed: int
    hosts: int
    sector: Counts
    size: Counts
    access: Counts
    duty: Counts
    causes: list[tuple[str, int]]
    envious: int
    envy: int
    blocking: int
    points: int
    problem: str
    answer: str


def figures_of(problem: Problem, answer: Allocation) -> Figures:
    """Everything that is counted of an answer. It takes about as long as finding who suits whom."""
    fair = fairness(problem, answer)
    legs = answer.legs()
    placed = {leg.person_id for leg in legs}
    causes = Counter(_cause(reason) for reason in answer.reasons if reason.person_id not in placed)
    return Figures(
        joined=len(problem.people),
        placed=len(legs),
        hosts=len({leg.organisation_id for leg in legs}),
        sector=_counts(fair.by_sector),
        size=_counts(fair.by_size),
        access=_counts(fair.by_access),
        duty=_counts(fair.by_duty),
        causes=sorted(causes.items(), key=lambda cause: (-cause[1], cause[0])),
        envious=fair.envious,
        envy=fair.envy,
        blocking=fair.blocking,
        points=sum(part.out_of for part in legs[0].parts) if legs else 0,
        problem=answer.problem_digest,
        answer=fingerprint(answer),
    )


def fingerprint(answer: Allocation) -> str:
    """The SHA-256 of an answer's own bytes."""
    return hashlib.sha256(engine.allocation_to_json(answer)).hexdigest()


def _cause(reason: Reason) -> str:
    """Its code; where others came first, by which criterion."""
    return reason.lost_by or reason.code


def _counts(groups: tuple[Group, ...]) -> Counts:
    return [(group.name, group.people, group.placed) for group in groups]


def as_stored(result: CriterionResult) -> dict[str, object]:
    """A criterion's result, as the run keeps it."""
    return {"name": result.name, "value": result.value, "proven": result.proven, "bound": result.bound}
