"""Rounds with exchanges: swaps of two, rings of three and, beside them, visits one way.

First as if no organisation limited its weeks: that can only be better. Where weeks are then found for every visit of
the best answer it is the best of all; where they are not, the weeks become part of the choice (`weekly`). Visits one
way compete for places, so with them the weeks are part of it from the start.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from . import pairing, rings, weekly
from .arrays import UNLIMITED, Bools, Ints, unpack
from .candidates import Pairs
from .packing import Packing, pack_greedily
from .program import Chosen, clear
from .rules import Examiner
from .types import FIT, HOST_POINTS, HOSTS, PLACED, CriterionResult
from .waiting import Stopped, while_waiting

Report = Callable[[str], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """An answer: pairs visited one way and their weeks, rings as rows of (pair, week), and what they reach.

    `usable`: by pair, whether any answer could hold it. `round`, `chosen`: what was chosen from, and the choice.
    """

    one_way: Ints
    weeks: Ints
    rings: list[Ints]
    criteria: tuple[CriterionResult, ...]
    usable: Bools
    stopped: bool
    round: weekly.Round
    chosen: Chosen


def place(examiner: Examiner, pairs: Pairs, fit: Ints, report: Report, stop: Stop) -> Exchanged:
    """Solve. A stopped answer is valid, and says which criteria are not proven."""
    tables, showing, rules = examiner.tables, examiner.showing, examiner.tables.problem.rules
    effort = tables.problem.effort
    kept = _kept(examiner, pairs)
    arcs = np.flatnonzero(showing.in_exchange(pairs.person, pairs.slot))
    tail, head = pairs.person[arcs], showing.shower[pairs.slot[arcs]]
    found = rings.find(tail, head, len(tables.people), rules.largest_exchange).arcs
    found = np.where(found >= 0, arcs[found], -1)
    alone = np.flatnonzero(showing.usable_one_way(pairs.slot))
    usable = np.zeros(len(pairs), dtype=np.bool_)
    usable[alone] = usable[found[found >= 0]] = True
    first = np.argmax(unpack(pairs.weeks, len(tables.weeks)), axis=1) if len(pairs) else np.zeros(0, dtype=np.int64)

    def round_of(some: Ints, one_way: Ints, *, limited: bool) -> weekly.Round:
        return weekly.build(tables, pairs, fit, kept, some, one_way, limited=limited)

    start, stopped = weekly.Start(np.zeros(0, dtype=np.int64), first), False
    if not len(alone):
        free = round_of(found, alone, limited=False)
        chosen = _listening(free.packing, rules.criteria, _greedily(free.packing), effort, report, stop)
        timed = round_of(found[chosen.columns], alone, limited=True)
        fits = _timed(timed, effort)
        start, stopped = timed.start(fits, first, chosen.columns), chosen.stopped
        if len(start.rings) == len(chosen.columns):
            results = _results(free.packing, rules.criteria, chosen)
            return Exchanged(*timed.legs(fits, first), results, usable, stopped, free, chosen)
    whole = round_of(found, alone, limited=True)
    begin = whole.columns_of(start)
    chosen = Chosen(begin, {}, stopped=True)
    if not stopped:
        chosen = _listening(whole.packing, rules.criteria, begin, effort, report, stop)
    results = _results(whole.packing, rules.criteria, chosen)
    return Exchanged(*whole.legs(chosen.columns, first), results, usable, chosen.stopped, whole, chosen)


def _listening(
    packing: Packing, criteria: tuple[str, ...], start: Ints, effort: int, report: Report, stop: Stop
) -> Chosen:
    """The best choice of columns; `start`, a valid one, where somebody says stop before or while it is worked out."""
    if not stop():
        try:
            return while_waiting(partial(best, packing, criteria, start, effort), report, stop)
        except Stopped:
            pass
    return Chosen(start, {}, stopped=True)


def best(
    packing: Packing, criteria: tuple[str, ...], start: Ints | None, effort: int, report: Report, stop: Stop
) -> Chosen:
    """The best choice of columns, by whichever way is quickest for it. `start`: a valid choice, if one is known."""
    if pairing.possible(packing, criteria):
        return pairing.pair(packing, criteria, start, report, stop)
    return clear(packing, criteria, start, effort, report, stop)


def _kept(examiner: Examiner, pairs: Pairs) -> Ints:
    """By pair, whether it was proposed before, where that counts."""
    tables = examiner.tables
    row = {slot.id: at for at, slot in enumerate(tables.slots)}
    proposed = tables.problem.rules.proposed
    wanted = np.array([row.get(proposed.get(person.id, ""), -1) for person in tables.people], dtype=np.int64)
    kept: Ints = (wanted[pairs.person] == pairs.slot).astype(np.int64)
    return kept


def _greedily(packing: Packing) -> Ints:
    order = np.lexsort((-packing.worth[FIT], -packing.sizes))
    return pack_greedily(packing, order)


def _timed(timed: weekly.Round, effort: int) -> Ints:
    """The columns by which most of these rings, which no two share a person, have a week for each visit."""
    if timed.packing.rows is None:
        return np.arange(len(timed.rings))
    none = np.zeros(0, dtype=np.int64)
    return clear(timed.packing, (PLACED,), none, effort, lambda stage: None, lambda: False).columns


def _results(packing: Packing, criteria: tuple[str, ...], chosen: Chosen) -> tuple[CriterionResult, ...]:
    results = []
    for name, value in packing.values(criteria, chosen.columns).items():
        bound = max(value, min(chosen.bounds.get(name, UNLIMITED), _loose_bound(packing, name)))
        results.append(CriterionResult(name, value, value == bound, bound))
    return tuple(results)


def _loose_bound(packing: Packing, name: str) -> int:
    """What a criterion cannot exceed in any case: of each person the most that a share of one column gives."""
    worth = HOST_POINTS[0] * np.asarray(packing.visits.sum(axis=0)).ravel() if name == HOSTS else packing.worth[name]
    column, place = np.nonzero(packing.members >= 0)
    share = np.zeros(packing.people)
    np.maximum.at(share, packing.members[column, place], (worth / np.maximum(packing.sizes, 1))[column])
    return math.floor(float(share.sum()) + 1e-6)
