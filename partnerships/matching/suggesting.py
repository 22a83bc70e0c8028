"""One person outside any round: the hosts that suit them best, and what stands between them and the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import candidates, validate
from .arrays import Ints, unpack
from .candidates import Pairs
from .causes import causes, room
from .rules import Examiner
from .score import score
from .tables import Tables, build
from .types import Part, Problem, Relaxation, Removed


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A host for one person outside any round."""

    offer_id: str
    weeks: tuple[int, ...]
    fit: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is open to somebody: the best of the `suitable` offers among `offers`, which rule takes how many of the
    others away, and the smallest changes that would open more."""

    best: tuple[Suggestion, ...]
    suitable: int
    offers: int
    removed: tuple[Removed, ...]
    relaxations: tuple[Relaxation, ...]


def best_hosts(problem: Problem, person_id: str, *, most: int = 20) -> tuple[Suggestion, ...]:
    """The hosts that suit one person, best first, by the rules and scores of a round.

    Pass a problem with that person alone: everybody in it is searched.
    """
    best, _suitable = _suggestions(_examiner(problem), person_id, most)
    return best


def outlook(problem: Problem, person_id: str, *, most: int = 20) -> Outlook:
    """The same, with what stands between this person and the hosts that do not suit."""
    examiner = _examiner(problem)
    best, suitable = _suggestions(examiner, person_id, most)
    row = _row_of(examiner.tables, person_id)
    found = causes(examiner, room(examiner, ()), np.array([row], dtype=np.int64))[row]
    return Outlook(best, suitable, len(examiner.tables.slots), found.removed, found.relaxations)


def weeks_of(tables: Tables, pairs: Pairs, chosen: Ints) -> list[tuple[int, ...]]:
    """The open weeks of some pairs, as numbers."""
    return [tuple(tables.weeks[flags].tolist()) for flags in unpack(pairs.weeks[:, chosen], len(tables.weeks))]


def _examiner(problem: Problem) -> Examiner:
    validate.check(problem)
    return Examiner(build(problem))


def _row_of(tables: Tables, person_id: str) -> int:
    return next(row for row, one in enumerate(tables.people) if one.id == person_id)


def _suggestions(examiner: Examiner, person_id: str, most: int) -> tuple[tuple[Suggestion, ...], int]:
    """The best ones, and how many there are in all."""
    tables = examiner.tables
    pairs = candidates.find(examiner)
    scores = score(examiner, pairs)
    mine = np.flatnonzero(pairs.person == _row_of(tables, person_id))
    best = mine[np.argsort(-scores.total[mine], kind="stable")][:most]
    columns = pairs.slot[best].tolist(), weeks_of(tables, pairs, best), scores.total[best].tolist(), scores.named(best)
    found = tuple(
        Suggestion(tables.slots[slot].id, weeks, fit, parts) for slot, weeks, fit, parts in zip(*columns, strict=True)
    )
    return found, len(mine)
