"""Whom somebody could change places with: each of the two shows what suits the other, by the rules of the round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import validate
from .arrays import Bools, Ints, ones
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


def partners(problem: Problem, person_id: str, *, most: int = 20) -> tuple[Partner, ...]:
    """Everybody with whom this person could change places, beside what is fixed; whom it suits most together first."""
    validate.check(problem)
    examiner = Examiner(build(problem))
    tables, showing = examiner.tables, examiner.showing
    me = next(row for row, one in enumerate(tables.people) if one.id == person_id)
    mine = np.flatnonzero(showing.exchanged & (showing.shower == me))
    theirs = np.flatnonzero(showing.exchanged & (showing.shower != me))
    if not len(mine) or not len(theirs):
        return ()
    others = showing.shower[theirs]
    there = _pairs(examiner, np.full_like(theirs, me), theirs)
    back = _pairs(examiner, others, np.full_like(theirs, mine[0]))
    suits = np.flatnonzero(_allowed(examiner, there) & _allowed(examiner, back) & _apart(examiner, there, back))
    fits = score(examiner, there).total[suits] + score(examiner, back).total[suits]
    best = suits[np.argsort(-fits, kind="stable")][:most]
    return tuple(
        Partner(tables.people[other].id, goes, comes)
        for other, goes, comes in zip(
            others[best].tolist(), _suggestions(examiner, there, best), _suggestions(examiner, back, best), strict=True
        )
    )


def _pairs(examiner: Examiner, person: Ints, slot: Ints) -> Pairs:
    return Pairs(person, slot, examiner.weeks(person, slot).open)


def _allowed(examiner: Examiner, pairs: Pairs) -> Bools:
    allowed: Bools = np.ones(len(pairs), dtype=np.bool_)
    for refused in examiner.refused(pairs.person, pairs.slot).values():
        allowed &= ~refused
    return allowed


def _apart(examiner: Examiner, there: Pairs, back: Pairs) -> Bools:
    """Whether each could be away in one week and receive a visitor in another, where it has to be another."""
    apart: Bools = (ones(there.weeks | back.weeks) > 1) | (not examiner.tables.problem.rules.apart)
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
