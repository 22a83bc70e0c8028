"""Two answers side by side, and what a match made or forbidden by hand would cost."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .arrays import sets
from .candidates import Pairs
from .engine import solve
from .rules import Examiner
from .score import score
from .tables import build
from .types import COMPULSORY, FIT, HOSTS, KEPT, PLACED, Allocation, Fixed, Leg, Problem, host_points

PINNED = "pinned"


@dataclass(frozen=True, slots=True)
class Difference:
    """A criterion, in its published place, in the one answer and in the other."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody whom both answers place, but not at the same offer or not in the same week."""

    person_id: str
    from_offer_id: str
    to_offer_id: str
    from_week: int
    to_week: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from one answer to another. `gained`, `lost`: ids of those whom only one of them places."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]
    moved: tuple[Moved, ...]
    criteria: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Pin:
    """Put this person there, in this week, or in the best of those that the offer has."""

    person_id: str
    offer_id: str
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Forbid:
    """Never propose this person there."""

    person_id: str
    offer_id: str


@dataclass(frozen=True, slots=True)
class Price:
    """What a change costs in each criterion; `problem` and `allocation` are those with it."""

    criteria: tuple[Difference, ...]
    problem: Problem
    allocation: Allocation


class NoRoom(ValueError):
    """What was to be pinned has no place in that week, or the offer has none at all."""


def compare(problem: Problem, before: Allocation, after: Allocation) -> Comparison:
    """Two answers, their criteria counted as this problem counts them, whatever weights each was made with."""
    one, other = ({leg.person_id: leg for leg in answer.legs()} for answer in (before, after))
    return Comparison(
        gained=tuple(sorted(other.keys() - one.keys())),
        lost=tuple(sorted(one.keys() - other.keys())),
        moved=tuple(
            Moved(who, one[who].offer_id, other[who].offer_id, one[who].week, other[who].week)
            for who in sorted(one.keys() & other.keys())
            if (one[who].offer_id, one[who].week) != (other[who].offer_id, other[who].week)
        ),
        criteria=_differences(problem, before, after),
    )


def price(
    problem: Problem,
    change: Pin | Forbid,
    *,
    without: Allocation | None = None,
    stop: Callable[[], bool] | None = None,
) -> Price:
    """Each criterion with and without the change. `without`: the answer of the problem itself, where it is at hand."""
    before = without or solve(problem, stop=stop)
    answers = [(given, solve(given, stop=stop)) for given in _changed(problem, change)]
    if not answers:
        raise NoRoom(f"{change.person_id} at {change.offer_id}")
    # Of several weeks the first of the best.
    given, after = max(answers, key=lambda both: tuple(_values(problem, both[1]).values()))
    return Price(_differences(problem, before, after), given, after)


def _changed(problem: Problem, change: Pin | Forbid) -> Iterator[Problem]:
    rules = problem.rules
    others = tuple(one for one in rules.fixed if one.person_id != change.person_id)
    if isinstance(change, Forbid):
        pair = change.person_id, change.offer_id
        kept = tuple(one for one in rules.fixed if (one.person_id, one.offer_id) != pair)
        changed = dataclasses.replace(rules, fixed=kept, forbidden=rules.forbidden | {pair})
        yield dataclasses.replace(problem, rules=changed)
        return
    slot = next(one for one in problem.slots if one.id == change.offer_id)
    taken = Counter(one.week for one in others if one.offer_id == slot.id)
    for week in sorted(slot.places) if change.week is None else [change.week]:
        if slot.places.get(week, 0) > taken[week]:
            pinned = Fixed(change.person_id, change.offer_id, week, PINNED)
            yield dataclasses.replace(problem, rules=dataclasses.replace(rules, fixed=(*others, pinned)))


def _differences(problem: Problem, before: Allocation, after: Allocation) -> tuple[Difference, ...]:
    one, other = _values(problem, before), _values(problem, after)
    return tuple(Difference(name, one[name], other[name]) for name in problem.rules.criteria)


def _values(problem: Problem, allocation: Allocation) -> dict[str, int]:
    """The criteria of an answer in their order. A visit fits as well as it did before anything was fixed."""
    legs = allocation.legs()
    people = {person.id: person for person in problem.people}
    visitors = Counter(leg.organisation_id for leg in legs)
    found = {
        PLACED: len(legs),
        COMPULSORY: sum(people[leg.person_id].compulsory for leg in legs),
        KEPT: sum(problem.rules.proposed.get(leg.person_id) == leg.offer_id for leg in legs),
        HOSTS: sum(
            host_points(host.visitors_had, visitors[host.id]) for host in problem.organisations if host.asked_for_more
        ),
        FIT: _fit(problem, legs),
    }
    return {name: found[name] for name in problem.rules.criteria}


def _fit(problem: Problem, legs: tuple[Leg, ...]) -> int:
    tables = build(dataclasses.replace(problem, rules=dataclasses.replace(problem.rules, fixed=())))
    examiner = Examiner(tables)
    person_row = {one.id: row for row, one in enumerate(tables.people)}
    slot_row = {one.id: row for row, one in enumerate(tables.slots)}
    person = np.array([person_row[leg.person_id] for leg in legs], dtype=np.int64)
    slot = np.array([slot_row[leg.offer_id] for leg in legs], dtype=np.int64)
    position = {week: at for at, week in enumerate(tables.weeks.tolist())}
    own_week = sets(position, [[leg.week] for leg in legs])
    return int(score(examiner, Pairs(person, slot, examiner.weeks(person, slot).open | own_week)).total.sum())
