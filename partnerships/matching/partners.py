"""Whom somebody could change places with, or go round with: each shows what suits the one before, by the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from . import validate
from .arrays import Bits, Bools, Ints, ones
from .candidates import Pairs
from .rules import Examiner
from .score import score
from .suggesting import Suggestion, weeks_of
from .tables import build
from .types import Problem


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody to change places with: what they show that suits, and one's own that suits them."""

    person_id: str
    there: Suggestion
    back: Suggestion


@dataclass(frozen=True, slots=True)
class Ring:
    """People of whom each visits the next, and the last the first; and the way of each."""

    people: tuple[str, ...]
    ways: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """The `best` rings of three with somebody; everybody whom they could visit (`to`), and who could visit them
    (`back`)."""

    best: tuple[Ring, ...] = ()
    to: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


def partners(problem: Problem, person_id: str, *, most: int = 20) -> tuple[Partner, ...]:
    """Everybody with whom this person could change places, beside what is fixed; whom it suits most together first."""
    validate.check(problem)
    examiner = Examiner(build(problem))
    people, (there, back) = examiner.tables.people, _both_ways(examiner, person_id)
    suits = _allowed(examiner, there) & _allowed(examiner, back) & _apart(examiner, there.weeks, back.weeks)
    fits = score(examiner, there).total + score(examiner, back).total
    best = _best(suits, fits, most)
    return tuple(
        Partner(people[other].id, goes, comes)
        for other, goes, comes in zip(
            back.person[best].tolist(),
            _suggestions(examiner, there, best),
            _suggestions(examiner, back, best),
            strict=True,
        )
    )


def around(problem: Problem, person_id: str, *, to: str = "", back: str = "", most: int = 20) -> Around:
    """Who could go round with this person beside what is fixed; whom it suits most together first.

    `to` and `back`: only rings in which the person visits the one, and the other visits them.
    """
    validate.check(problem)
    examiner = Examiner(build(problem))
    people, (there, home) = examiner.tables.people, _both_ways(examiner, person_id)
    firsts, lasts = np.flatnonzero(_allowed(examiner, there)), np.flatnonzero(_allowed(examiner, home))

    def ids(others: Ints) -> tuple[str, ...]:
        return tuple(people[row].id for row in home.person[others].tolist())

    def named(others: Ints, wanted: str) -> Ints:
        kept = [not wanted or key == wanted for key in ids(others)]
        return others[np.array(kept, dtype=np.bool_)]

    # Both ways are by the same others, so that whoever is first or last is found by one position in both.
    first, last = (each.ravel() for each in np.meshgrid(named(firsts, to), named(lasts, back), indexing="ij"))
    first, last = first[first != last], last[first != last]
    onward = _pairs(examiner, home.person[first], there.slot[last])
    suits = _allowed(examiner, onward)
    suits &= _apart(examiner, there.weeks[:, first], onward.weeks, home.weeks[:, last])
    fits = score(examiner, there).total[first] + score(examiner, onward).total + score(examiner, home).total[last]
    best = _best(suits, fits, most)
    ways = (
        _suggestions(examiner, there, first[best]),
        _suggestions(examiner, onward, best),
        _suggestions(examiner, home, last[best]),
    )
    three = zip(ids(first[best]), ids(last[best]), *ways, strict=True)
    rings = tuple(Ring((person_id, one, other), tuple(each)) for one, other, *each in three)
    return Around(rings, ids(firsts), ids(lasts))


def ways_round(problem: Problem, people: Sequence[str]) -> tuple[Suggestion, ...]:
    """The way of each of these to what the next shows; none at all where the rules refuse one of them."""
    validate.check(problem)
    examiner = Examiner(build(problem))
    row, shown = {one.id: at for at, one in enumerate(examiner.tables.people)}, _shown(examiner)
    visitors = np.array([row.get(key, -1) for key in people], dtype=np.int64)
    if (visitors < 0).any() or (shown[visitors] < 0).any():
        return ()
    ways = _pairs(examiner, visitors, shown[np.roll(visitors, -1)])
    if not _allowed(examiner, ways).all() or not _apart(examiner, *np.moveaxis(ways.weeks[:, :, None], 1, 0)).all():
        return ()
    return tuple(_suggestions(examiner, ways, np.arange(len(ways))))


def _both_ways(examiner: Examiner, person_id: str) -> tuple[Pairs, Pairs]:
    """Somebody with what everybody else shows, and everybody else with what they show: the others in one order."""
    shown = _shown(examiner)
    me = next(row for row, one in enumerate(examiner.tables.people) if one.id == person_id)
    others = np.flatnonzero((shown >= 0) & (shown[me] >= 0) & (np.arange(len(shown)) != me))
    there = _pairs(examiner, np.full_like(others, me), shown[others])
    return there, _pairs(examiner, others, np.full_like(others, shown[me]))


def _shown(examiner: Examiner) -> Ints:
    """By person what they show to whoever changes places with them; -1 where that is nothing."""
    shown = np.full(len(examiner.tables.people), -1, dtype=np.int64)
    offers = np.flatnonzero(examiner.showing.exchanged)
    shown[examiner.showing.shower[offers]] = offers
    return shown


def _best(suits: Bools, fits: Ints, most: int) -> Ints:
    found = np.flatnonzero(suits)
    best: Ints = found[np.argsort(-fits[found], kind="stable")][:most]
    return best


def _pairs(examiner: Examiner, person: Ints, slot: Ints) -> Pairs:
    return Pairs(person, slot, examiner.weeks(person, slot).open)


def _allowed(examiner: Examiner, pairs: Pairs) -> Bools:
    allowed: Bools = np.ones(len(pairs), dtype=np.bool_)
    for refused in examiner.refused(pairs.person, pairs.slot).values():
        allowed &= ~refused
    return allowed


def _apart(examiner: Examiner, *ways: Bits) -> Bools:
    """Whether each visit could have a week of its own, where it has to: nobody who is away receives somebody."""
    apart = np.ones(ways[0].shape[1], dtype=np.bool_)
    if examiner.tables.problem.rules.apart:
        for size in range(2, len(ways) + 1):
            for some in combinations(ways, size):
                apart &= ones(np.bitwise_or.reduce(some)) >= size
    return apart


def _suggestions(examiner: Examiner, pairs: Pairs, chosen: Ints) -> list[Suggestion]:
    scores = score(examiner, pairs)
    columns = (
        pairs.slot[chosen].tolist(),
        weeks_of(examiner.tables, pairs, chosen),
        scores.total[chosen].tolist(),
        scores.named(chosen),
    )
    return [
        Suggestion(examiner.tables.slots[slot].id, weeks, fit, parts)
        for slot, weeks, fit, parts in zip(*columns, strict=True)
    ]
