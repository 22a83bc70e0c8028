"""After a refusal: the best use of what has come free, with everything else as it stands."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator

from .engine import solve
from .types import Allocation, Fixed, Leg, Problem

STANDS = "stands"


def repair(
    problem: Problem,
    allocation: Allocation,
    refused: Iterable[tuple[str, str]],
    *,
    progress: Callable[[str], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Allocation:
    """The best answer in which nothing that stands is changed, by the criteria of the problem.

    `refused`: pairs (person id, offer id); they are not proposed again. An exchange of which one visit is refused is
    refused whole, and its people are free. The answer is that of `standing(…)`, which is also what replays it.
    """
    return solve(standing(problem, allocation, refused), progress=progress, stop=stop)


def standing(problem: Problem, allocation: Allocation, refused: Iterable[tuple[str, str]]) -> Problem:
    """The problem in which what was answered and not refused is fixed."""
    never = frozenset(refused)
    given = {(one.person_id, one.offer_id, one.week): one for one in problem.rules.fixed}
    stands = (
        given.get((leg.person_id, leg.offer_id, leg.week))
        or Fixed(leg.person_id, leg.offer_id, leg.week, STANDS, exchange)
        for leg, exchange in _stand(allocation, never)
    )
    return beside(problem, stands, never)


def beside(problem: Problem, stands: Iterable[Fixed], refused: Iterable[tuple[str, str]]) -> Problem:
    """The problem of everybody else, where it is known which visits stand; `refused` pairs are not proposed again."""
    rules = dataclasses.replace(
        problem.rules, fixed=tuple(stands), forbidden=problem.rules.forbidden | frozenset(refused)
    )
    return dataclasses.replace(problem, rules=rules)


def alone(problem: Problem) -> Problem:
    """The problem with nobody but those whose visits stand: its answer is what there is before anything is repaired."""
    stands = {one.person_id for one in problem.rules.fixed}
    people = tuple(person for person in problem.people if person.id in stands)
    slots = tuple(slot if slot.shown_by in stands else dataclasses.replace(slot, shown_by="") for slot in problem.slots)
    return dataclasses.replace(problem, people=people, slots=slots)


def _stand(allocation: Allocation, refused: frozenset[tuple[str, str]]) -> Iterator[tuple[Leg, str]]:
    """What stands, and the name of the exchange that it belongs to."""
    for hosting in allocation.hostings:
        if _pair(hosting.leg) not in refused:
            yield hosting.leg, ""
    for exchange in allocation.exchanges:
        if not any(_pair(leg) in refused for leg in exchange.legs):
            name = f"{STANDS} {min(leg.person_id for leg in exchange.legs)}"
            yield from ((leg, name) for leg in exchange.legs)


def _pair(leg: Leg) -> tuple[str, str]:
    return leg.person_id, leg.offer_id
