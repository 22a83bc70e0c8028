"""Two answers side by side, and what a match made or forbidden by hand would cost."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .arrays import sets
from .candidates import Pairs
from .engine import Progress, Stop, solve
from .rules import Examiner
from .score import score
from .tables import build
from .types import COMPULSORY, FIT, HOSTS, KEPT, PARTS, PLACED, Allocation, Fixed, Problem, Weights, host_points

PINNED = "pinned"
_ALIKE = Weights(**dict.fromkeys(PARTS, 100))

Visit = tuple[str, int]
"""Where somebody goes: an offer's id and a week."""

Visits = Mapping[str, Visit]


@dataclass(frozen=True, slots=True)
class Difference:
    """A criterion, or a part of the fit, in the one answer and in the other."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Changed:
    """Where somebody goes in the one answer and in the other; None: nowhere."""

    person_id: str
    before: Visit | None
    after: Visit | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from one answer to another: everybody who goes elsewhere or not at all, who loses a place first.

    `criteria` in their published order. `parts`: how far each part of the fit is met, of a hundred, on the average of
    those placed; what it weighs does not matter here.
    """

    changed: tuple[Changed, ...]
    criteria: tuple[Difference, ...]
    parts: tuple[Difference, ...]

    @property
    def lost(self) -> tuple[str, ...]:
        """Ids of those whom only the one places."""
        return tuple(one.person_id for one in self.changed if one.after is None)

    @property
    def gained(self) -> tuple[str, ...]:
        """Ids of those whom only the other places."""
        return tuple(one.person_id for one in self.changed if one.before is None)

    @property
    def moved(self) -> tuple[Changed, ...]:
        """Those whom both place, but not at the same offer or not in the same week."""
        return tuple(one for one in self.changed if one.before and one.after)


@dataclass(frozen=True, slots=True)
class Pin:
    """Put this person there, in this week, or in the best of those that the offer has."""

    person_id: str
    offer_id: str
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """Let these visit one another: what each is put to is shown by the next."""

    pins: tuple[Pin, ...]


@dataclass(frozen=True, slots=True)
class Forbid:
    """Never propose this person there."""

    person_id: str
    offer_id: str


Change = Pin | Together | Forbid


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
    return compare_visits(problem, visits_of(before), visits_of(after))


def visits_of(answer: Allocation) -> Visits:
    """Where everybody goes."""
    return {leg.person_id: (leg.offer_id, leg.week) for leg in answer.legs()}


def compare_visits(problem: Problem, before: Visits, after: Visits) -> Comparison:
    """The same of answers of which no more is known than who goes where. Everybody in them is in the problem."""
    one, other = _fits(problem, before, after)
    return Comparison(
        changed=changes(before, after),
        criteria=_differences(problem, (before, one), (after, other)),
        parts=_parts(one, other),
    )


def changes(before: Visits, after: Visits) -> tuple[Changed, ...]:
    """Everybody who goes elsewhere or not at all, who loses a place first."""
    changed = [
        Changed(who, before.get(who), after.get(who))
        for who in sorted(before.keys() | after.keys())
        if before.get(who) != after.get(who)
    ]
    return tuple(sorted(changed, key=lambda each: (each.after is not None, each.before is not None)))


def price(
    problem: Problem,
    change: Change,
    *,
    without: Allocation | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Price:
    """Each criterion with and without the change. `without`: the answer of the problem itself, where it is at hand."""
    before = without or solve(problem, progress=progress, stop=stop, explained=False)
    answers = [
        (given, solve(given, progress=progress, stop=stop, explained=False)) for given in _changed(problem, change)
    ]
    if not answers:
        raise NoRoom(str(change))
    # Of several weeks the first of the best.
    visits = [visits_of(before), *(visits_of(answer) for _given, answer in answers)]
    counted = list(zip(visits, _fits(problem, *visits), strict=True))
    best = max(range(len(answers)), key=lambda at: tuple(_values(problem, *counted[at + 1]).values()))
    return Price(_differences(problem, counted[0], counted[best + 1]), *answers[best])


def _changed(problem: Problem, change: Change) -> Iterator[Problem]:
    """The problem with the change: once for each week that is possible."""
    rules = problem.rules
    if isinstance(change, Forbid):
        pair = change.person_id, change.offer_id
        ends = {change.person_id} if any((one.person_id, one.offer_id) == pair for one in rules.fixed) else set()
        changed = dataclasses.replace(rules, fixed=_without(rules.fixed, ends), forbidden=rules.forbidden | {pair})
        yield dataclasses.replace(problem, rules=changed)
        return
    pins = change.pins if isinstance(change, Together) else (change,)
    name = PINNED if isinstance(change, Together) else ""
    others = _without(rules.fixed, {pin.person_id for pin in pins})
    for weeks in itertools.product(*(_weeks(problem, pin, others) for pin in pins)):
        if rules.apart and len(set(weeks)) < len(weeks):
            continue
        pinned = tuple(
            Fixed(pin.person_id, pin.offer_id, week, PINNED, name) for pin, week in zip(pins, weeks, strict=True)
        )
        yield dataclasses.replace(problem, rules=dataclasses.replace(rules, fixed=(*others, *pinned)))


def _without(fixed: Sequence[Fixed], people: set[str]) -> tuple[Fixed, ...]:
    """What stands beside these people. An exchange of which one of them goes elsewhere is no exchange any more."""
    ended = {one.exchange for one in fixed if one.person_id in people} - {""}
    return tuple(one for one in fixed if one.person_id not in people and one.exchange not in ended)


def _weeks(problem: Problem, pin: Pin, others: Sequence[Fixed]) -> list[int]:
    """The weeks in which there is room for a pin: its own, or all that the offer has."""
    slot = next(one for one in problem.slots if one.id == pin.offer_id)
    taken = Counter(one.week for one in others if one.offer_id == slot.id)
    if slot.places_in_all is not None and taken.total() >= slot.places_in_all:
        return []
    weeks = sorted(slot.places) if pin.week is None else [pin.week]
    return [week for week in weeks if slot.places.get(week, 0) > taken[week]]


@dataclass(frozen=True, slots=True)
class _Fits:
    """How well the visits of an answer fit: `in_all` as the problem weighs the parts, and each part of a hundred."""

    in_all: int
    parts: tuple[int, ...]


def _fits(problem: Problem, *answers: Visits) -> list[_Fits]:
    """A visit fits as well as it did before anything was fixed."""
    given = dataclasses.replace(problem, rules=dataclasses.replace(problem.rules, fixed=()))
    examiner = Examiner(build(given))
    return [_fit(examiner, visits) for visits in answers]


def _fit(examiner: Examiner, visits: Visits) -> _Fits:
    tables = examiner.tables
    person_row = {one.id: row for row, one in enumerate(tables.people)}
    slot_row = {one.id: row for row, one in enumerate(tables.slots)}
    person = np.array([person_row[who] for who in visits], dtype=np.int64)
    slot = np.array([slot_row[offer] for offer, _week in visits.values()], dtype=np.int64)
    position = {week: at for at, week in enumerate(tables.weeks.tolist())}
    own_week = sets(position, [[week] for _offer, week in visits.values()])
    pairs = Pairs(person, slot, examiner.weeks(person, slot).open | own_week)
    alike = score(examiner, pairs, _ALIKE).parts
    met = np.rint(alike.mean(axis=1)).astype(int).tolist() if visits else ()
    return _Fits(int(score(examiner, pairs).total.sum()), tuple(met))


def _parts(before: _Fits, after: _Fits) -> tuple[Difference, ...]:
    """How far each part is met, whatever it weighs. Nothing where one of the two places nobody."""
    if not before.parts or not after.parts:
        return ()
    return tuple(
        Difference(name, one, other) for name, one, other in zip(PARTS, before.parts, after.parts, strict=True)
    )


def _differences(problem: Problem, before: tuple[Visits, _Fits], after: tuple[Visits, _Fits]) -> tuple[Difference, ...]:
    one, other = _values(problem, *before), _values(problem, *after)
    return tuple(Difference(name, one[name], other[name]) for name in problem.rules.criteria)


def _values(problem: Problem, visits: Visits, fits: _Fits) -> dict[str, int]:
    """The criteria of an answer in their order."""
    host_of = {slot.id: slot.organisation_id for slot in problem.slots}
    visitors = Counter(host_of[offer] for offer, _week in visits.values())
    found = {
        PLACED: len(visits),
        COMPULSORY: sum(person.compulsory and person.id in visits for person in problem.people),
        KEPT: sum(who in visits and visits[who][0] == offer for who, offer in problem.rules.proposed.items()),
        HOSTS: sum(
            host_points(host.visitors_had, visitors[host.id]) for host in problem.organisations if host.asked_for_more
        ),
        FIT: fits.in_all,
    }
    return {name: found[name] for name in problem.rules.criteria}
