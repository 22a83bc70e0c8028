"""Rounds with exchanges: swaps of two, rings of three and, beside them, visits one way.

First as if no organisation limited its weeks: that can only be better. Where weeks are then found for every visit of
the best answer it is the best of all; where they are not, the weeks become part of the choice (`weekly`). Visits one
way compete for places, so with them the weeks are part of it from the start.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

import numpy as np

from . import pairing, rings, weekly
from .arrays import UNLIMITED, Bools, Ints, ones, unpack
from .candidates import Pairs
from .packing import Packing, pack_greedily
from .program import Chosen, clear
from .rules import Examiner
from .types import FIT, HOST_POINTS, HOSTS, PLACED, CriterionResult
from .waiting import Stopped, while_waiting

Report = Callable[[str], None]
Stop = Callable[[], bool]
# A choice that is valid, for whoever needs one before the best is known.
Known = Callable[[], Ints]


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
    if rules.apart:
        found = found[_can_fall_apart(pairs, found)]
    alone = np.flatnonzero(showing.usable_one_way(pairs.slot))
    usable = np.zeros(len(pairs), dtype=np.bool_)
    usable[alone] = usable[found[found >= 0]] = True
    first = np.argmax(unpack(pairs.weeks, len(tables.weeks)), axis=1) if len(pairs) else np.zeros(0, dtype=np.int64)

    def round_of(some: Ints, one_way: Ints, *, limited: bool) -> weekly.Round:
        return weekly.build(examiner, pairs, fit, kept, some, one_way, limited=limited)

    start, stopped = weekly.Start(np.zeros(0, dtype=np.int64), first), False
    if not len(alone):
        free = round_of(found, alone, limited=False)
        chosen = _listening(free.packing, rules.criteria, partial(_greedily, free.packing), effort, report, stop)
        timed = round_of(found[chosen.columns], alone, limited=True)
        fits, weeks = _timed(timed, effort), _fallen_apart(examiner, pairs, found[chosen.columns], first)
        start, stopped = timed.start(fits, weeks, chosen.columns), chosen.stopped
        if len(start.rings) == len(chosen.columns):
            results, legs = _results(free.packing, rules.criteria, chosen), timed.legs(fits, weeks)
            if _limited(examiner):
                free = round_of(found, alone, limited=True)
                chosen = _chosen_of(free, start, chosen)
            return Exchanged(*legs, results, usable, stopped, free, chosen)
    whole = round_of(found, alone, limited=True)
    begin = whole.columns_of(start)
    chosen = Chosen(begin, {}, stopped=True)
    if not stopped:
        chosen = _listening(whole.packing, rules.criteria, lambda: begin, effort, report, stop)
    results = _results(whole.packing, rules.criteria, chosen)
    weeks = _fallen_apart(examiner, pairs, whole.rings[chosen.columns[chosen.columns < len(whole.rings)]], first)
    return Exchanged(*whole.legs(chosen.columns, weeks), results, usable, chosen.stopped, whole, chosen)


def _listening(
    packing: Packing, criteria: tuple[str, ...], start: Known, effort: int, report: Report, stop: Stop
) -> Chosen:
    """The best choice of columns; `start`, a valid one, where somebody says stop before or while it is worked out."""
    if not stop():
        try:
            return while_waiting(partial(best, packing, criteria, start, effort), report, stop)
        except Stopped:
            pass
    return Chosen(start(), {}, stopped=True)


def best(
    packing: Packing, criteria: tuple[str, ...], start: Known | None, effort: int, report: Report, stop: Stop
) -> Chosen:
    """The best choice of columns, by whichever way is quickest for it. `start`: a valid choice, if one is known."""
    if pairing.possible(packing, criteria):
        return pairing.pair(packing, criteria, start, report, stop)
    return clear(packing, criteria, start() if start else None, effort, report, stop)


def _can_fall_apart(pairs: Pairs, found: Ints) -> Bools:
    """Whether the visits of each ring can all have weeks of their own: any two have two weeks, and three have three."""
    can = np.ones(len(found), dtype=np.bool_)
    three = found[:, 2] >= 0
    for some in ((0, 1), (1, 2), (0, 2), (0, 1, 2)):
        together = np.bitwise_or.reduce([pairs.weeks[:, found[:, at]] for at in some])
        can &= (ones(together) >= len(some)) | (~three & (2 in some))
    return can


def _fallen_apart(examiner: Examiner, pairs: Pairs, found: Ints, first: Ints) -> Ints:
    """By pair a week: the first, or where the visits of these rings are to fall in different weeks, the first such."""
    week_of = first.copy()
    for ring in found if examiner.tables.problem.rules.apart else ():
        mine = ring[ring >= 0]
        each = [
            np.flatnonzero(flags)[:3].tolist() for flags in unpack(pairs.weeks[:, mine], len(examiner.tables.weeks))
        ]
        week_of[mine] = next(weeks for weeks in product(*each) if len(set(weeks)) == len(weeks))
    return week_of


def _limited(examiner: Examiner) -> bool:
    """Whether any organisation limits its weeks or quarters."""
    tables = examiner.tables
    limits = tables.visits_week_left, tables.visits_quarter_left, tables.away_week_left, tables.away_quarter_left
    return any(bool((left < UNLIMITED).any()) for left in limits)


def _chosen_of(whole: weekly.Round, start: weekly.Start, chosen: Chosen) -> Chosen:
    """The same choice among columns that also say the weeks, which come after those of the rings."""
    more = len(whole.packing) - len(whole.rings)
    ruled_out = {name: np.append(out, np.zeros(more, dtype=np.bool_)) for name, out in chosen.ruled_out.items()}
    return replace(chosen, columns=whole.columns_of(start), ruled_out=ruled_out)


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
