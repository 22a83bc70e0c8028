"""A packing solved criterion by criterion: linear relaxation, columns that cannot matter left out, integer program.

The relaxation (HiGHS) bounds a criterion from above, and its prices say of each column how much an answer that uses it
must lose at least. The cheapest columns go into an integer program. Once an answer is known, only columns whose loss is
less than its distance from the bound could make a better one: where all of those were in the program, the answer is
proven for all columns. Bounds are worked out from the prices in whole numbers, so that no rounding can flatter them.

The hope is that all criteria reach their bounds at once, and mostly they do; where they do not, each is settled by
itself before the next. Effort is counted in nodes and columns, never in seconds, so that a run can be repeated.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from .arrays import Bools, Ints
from .packing import NO_LOWER, Packing
from .relaxation import IMPOSSIBLE, Bound, Held, Relaxation
from .types import HOSTS
from .whole import Found, Program, choose

# The first integer program has so many columns, and so many for each person; so many programs
# follow one another, each so many times as large where it held no answer, or too many columns are left.
_FIRST, _FIRST_PEOPLE, _TRIES, _TIMES = 60, 1.5, 5, 2
# So many columns are few, or two for each person: cuts are looked for only above.
_FEW = 300
# Columns that may be looked at for a unit of effort.
_COLUMNS = 500
# Losses are told apart to one part in so many of a point.
_GRAIN = 1_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """A valid choice of columns. `bounds`: by criterion what no answer that holds the earlier ones can exceed.

    `ruled_out`: by criterion the columns that are known to be in no answer that reaches what was reached so far.
    """

    columns: Ints
    bounds: dict[str, int]
    stopped: bool = False
    ruled_out: Mapping[str, Bools] = field(default_factory=dict)


def clear(
    packing: Packing,
    criteria: Sequence[str],
    start: Ints | None,
    effort: int,
    report: Callable[[str], None],
    stop: Callable[[], bool],
    near: Ints | None = None,
) -> Chosen:
    """The best choice of columns, each criterion at its best with the earlier ones held.

    `start`: a valid choice, if one is known. `near`: the columns to begin with, if it is known which are likely. Parts
    that share nothing are solved one by one, since the best of the whole is the best of each.
    """
    if not len(packing):
        return Chosen(np.zeros(0, dtype=np.int64), dict.fromkeys(criteria, 0))
    parts = packing.parts(criteria)
    if len(parts) == 1:
        return _clear(packing, criteria, start, effort, report, stop, near)
    stages: set[str] = set()

    def report_once(stage: str) -> None:
        if stage not in stages:
            stages.add(stage)
            report(stage)

    found = []
    for columns in parts:
        begin, likely = (None if some is None else np.flatnonzero(np.isin(columns, some)) for some in (start, near))
        chosen = _clear(packing.part(columns), criteria, begin, effort, report_once, stop, likely)
        found.append((columns[chosen.columns], chosen))
    columns = np.sort(np.concatenate([columns for columns, _ in found]))
    stopped = any(chosen.stopped for _, chosen in found)
    ruled_out: dict[str, Bools] = {name: np.zeros(len(packing), dtype=np.bool_) for name in criteria}
    for part, (_, chosen) in zip(parts, found, strict=True):
        for name, out in chosen.ruled_out.items():
            ruled_out[name][part] = out
    bounds = _bounds_of_all(packing, criteria, columns, [each for _, each in found])
    return Chosen(columns, bounds, stopped, ruled_out)


def _bounds_of_all(packing: Packing, criteria: Sequence[str], columns: Ints, parts: list[Chosen]) -> dict[str, int]:
    """Bounds of parts add up as long as all before are proven: after that, parts could give way to one another."""
    bounds: dict[str, int] = {}
    values = packing.values(criteria, columns)
    for name in criteria:
        if not all(name in part.bounds for part in parts):
            break
        bounds[name] = sum(part.bounds[name] for part in parts)
        if bounds[name] > values[name]:
            break
    return bounds


def _clear(
    packing: Packing,
    criteria: Sequence[str],
    start: Ints | None,
    effort: int,
    report: Callable[[str], None],
    stop: Callable[[], bool],
    near: Ints | None,
) -> Chosen:
    solver = Solver(without_hosts(packing, criteria), effort, near)
    best: Ints | None = start
    none = np.zeros(0, dtype=np.int64)
    bounds: dict[str, int] = {}
    ruled_out: dict[str, Bools] = {}
    held: Held = []
    among = solver.relaxation.every()
    for at, name in enumerate(criteria):
        if stop():
            return Chosen(none if best is None else best, bounds, stopped=True)
        report(name)
        together = solver.together(criteria[at:], held, among, bounds, report)
        if together is not None:
            return together
        if stop():
            return Chosen(none if best is None else best, bounds, stopped=True)
        settled = solver.settle(name, held, among, best)
        best, bounds[name], among = settled.columns, settled.most, settled.among
        ruled_out[name] = ~among[: len(packing)]
        if best is None:
            break
        held.append((name, packing.values([name], best)[name]))
    return Chosen(none if best is None else best, bounds, ruled_out=ruled_out)


def without_hosts(packing: Packing, criteria: Sequence[str]) -> Packing:
    """Whom hosts have had says nothing where it is no criterion."""
    if HOSTS in criteria:
        return packing
    return dataclasses.replace(packing, visits=packing.visits[:0], had=packing.had[:0])


@dataclass(frozen=True, slots=True)
class _Settled:
    """The best answer for one criterion, if any was found, its bound, and what could be in an answer as good."""

    columns: Ints | None
    most: int
    among: Bools


class Solver:
    """One packing that hangs together, criterion by criterion."""

    def __init__(self, packing: Packing, effort: int, near: Ints | None) -> None:
        self.packing, self.effort = packing, effort
        self.relaxation = Relaxation(packing, near)
        # Of columns that cost the same, some from everywhere: the golden ratio's multiples lie evenly.
        self.mixed = np.arange(len(self.relaxation), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)

    def together(
        self,
        criteria: Sequence[str],
        held: Held,
        among: Bools,
        before: dict[str, int],
        report: Callable[[str], None],
    ) -> Chosen | None:
        """An answer that reaches the bound of all but the last of these criteria, and is the best of those. Each is
        asked only for the columns that could be in an answer which reaches the bounds before it."""
        reached, bounds = list(held), dict(before)
        ruled_out: dict[str, Bools] = {}
        for name, after in pairwise(criteria):
            bound = self.relaxation.bound(name, reached, after, among)
            bounds[name], among = bound.most, bound.among(bound.most)
            ruled_out[name] = ~among[: len(self.packing)]
            reached.append((name, bounds[name]))
            report(after)
        name = criteria[-1]
        bound = self.relaxation.bound(name, reached, among=among)
        if bound.most == IMPOSSIBLE:
            return None
        settled = self._best(name, reached, bound, None, once=True)
        if settled.columns is None:
            return None
        bounds[name], ruled_out[name] = settled.most, ~settled.among[: len(self.packing)]
        return Chosen(settled.columns, bounds, ruled_out=ruled_out)

    def settle(self, name: str, held: Held, among: Bools, known: Ints | None) -> _Settled:
        """The best answer for one criterion, and the bound of that criterion; `known` holds what is held."""
        return self._best(name, held, self.relaxation.bound(name, held, among=among), known, once=False)

    def _best(self, name: str, held: Held, bound: Bound, known: Ints | None, *, once: bool) -> _Settled:
        """The best answer, if one is found, and a bound; the search goes on until they meet or effort ends. `once`: if
        the first columns hold no answer at all, none is wanted."""
        found, value = known, None if known is None else self.packing.values([name], known)[name]
        take, few = int(_FIRST_PEOPLE * self.packing.people) + _FIRST, max(_FEW, 2 * self.packing.people)
        proven = False
        for tried in range(_TRIES):
            if tried:
                bound = self.relaxation.tighten(name, held, bound, value, few)
            left = bound.could_exceed(value)
            proven = value is not None and not left
            if proven:
                break
            # With an answer known, all that could exceed it; where those are many more than before, or too many, the
            # likeliest: a better answer leaves fewer.
            if value is not None and left <= min(self.effort * _COLUMNS, take * max(1, tried)):
                take = left
            order = self.cheapest_first(bound)
            answer = self.integral(name, held, order[:take], value)
            if answer.columns is not None:
                found, value = answer.columns, self.packing.values([name], answer.columns)[name]
            enough = bound.could_exceed(value) <= take
            proven = value is not None and enough and answer.finished
            if enough or not answer.finished or (value is None and once and tried):
                break
            take *= _TIMES
        if value is None:
            return _Settled(None, bound.most, self.relaxation.every())
        most = value if proven else max(value, bound.most)
        return _Settled(found, most, bound.among(value))

    def cheapest_first(self, bound: Bound) -> Ints:
        """The columns by what they lose, those that the relaxation uses first."""
        cost = np.rint(np.clip(bound.loss, 0, 1 << 40) * _GRAIN).astype(np.int64)
        cost[bound.columns] = -1
        order: Ints = np.lexsort((self.mixed, cost))
        return order

    def integral(self, name: str, held: Held, columns: Ints, above: int | None, times: int = 1) -> Found:
        """The best whole choice of these columns that is worth more than `above`, with so many times the effort."""
        given = self.relaxation
        taken: Bools = given.always.copy()
        taken[columns] = True
        at = np.flatnonzero(taken)
        least = [*held, *([] if above is None else [(name, above + 1)])]
        matrix = [given.matrix[:, at], *(sp.csc_array(given.worth[other][None, at]) for other, _ in least)]
        program = Program(
            worth=given.worth[name][at],
            follows=at >= given.choices,
            matrix=sp.csc_array(sp.vstack(matrix, format="csc")),
            lower=np.concatenate([given.lower, np.array([value for _, value in least], dtype=np.int64)]),
            upper=np.concatenate([given.upper, np.full(len(least), -NO_LOWER)]),
        )
        answer = choose(program, self.effort * times)
        if answer.columns is None:
            return answer
        return dataclasses.replace(answer, columns=at[answer.columns[at[answer.columns] < given.choices]])
