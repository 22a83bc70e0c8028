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
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from .arrays import Bools, Ints
from .packing import NO_LOWER, Packing, Rows
from .types import HOST_POINTS, HOSTS

Floats = npt.NDArray[np.float64]
# Prices in whole parts of this many, and what their sums must stay below.
_FINE, _ROOM = 1 << 20, 1 << 61
# Columns that the relaxation begins with, and that it takes in at a time.
_BEGIN, _MORE = 5_000, 5_000
# What one unit of effort allows the integer program: a node (more of them below so many columns), over so many columns.
_SMALL, _COLUMNS = 20_000, 1_000
# The first integer program has so many columns, and so many more for each person.
_FIRST, _FIRST_PEOPLE = 300, 3
# Losses are told apart to one part in so many of a point.
_GRAIN = 1_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """A valid choice of columns. `bounds`: by criterion what no answer that holds the earlier ones can exceed."""

    columns: Ints
    bounds: dict[str, int]
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Bound:
    """What a criterion cannot exceed, the least that each column costs an answer that uses it, and the columns that
    the relaxation uses, whole or in part."""

    exact: float
    loss: Floats
    used: Bools

    @property
    def most(self) -> int:
        return math.floor(self.exact)


Held = list[tuple[str, int]]


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
    return Chosen(columns, _bounds_of_all(packing, criteria, columns, [each for _, each in found]), stopped)


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
    if HOSTS not in criteria:
        packing = dataclasses.replace(packing, visits=packing.visits[:0], had=packing.had[:0])
    solver = _Solver(packing, effort, near)
    best: Ints | None = start
    none = np.zeros(0, dtype=np.int64)
    bounds: dict[str, int] = {}
    held: Held = []
    for at, name in enumerate(criteria):
        if stop():
            return Chosen(none if best is None else best, bounds, stopped=True)
        report(name)
        together = solver.together(criteria[at:], held, bounds)
        if together is not None:
            return together
        if stop():
            return Chosen(none if best is None else best, bounds, stopped=True)
        best, bounds[name] = solver.settle(name, held, best)
        if best is None:
            break
        held.append((name, packing.values([name], best)[name]))
    return Chosen(none if best is None else best, bounds)


class _Solver:
    """The packing with what it pays hosts as columns of their own: a host's next visitor gives less than the last."""

    def __init__(self, packing: Packing, effort: int, near: Ints | None) -> None:
        self.packing, self.effort = packing, effort
        self.begin = _BEGIN if near is None else 0
        self.choices = len(packing)
        parts = [packing.people_rows()]
        if packing.rows is not None:
            parts.append(packing.rows)
        paid, tie, points = _paid(packing)
        wide = [sp.hstack([part.matrix, _nothing(part.matrix.shape[0], len(points))]) for part in parts]
        self.matrix = sp.csr_array(sp.vstack([*wide, sp.hstack([tie, paid])]))
        parts.append(Rows(tie, np.full(tie.shape[0], NO_LOWER), np.zeros(tie.shape[0], dtype=np.int64)))
        self.lower = np.concatenate([part.lower for part in parts])
        self.upper = np.concatenate([part.upper for part in parts])
        none = np.zeros(len(points), dtype=np.int64)
        self.worth = {name: np.concatenate([worth, none]) for name, worth in packing.worth.items()}
        every = np.asarray(packing.visits.sum(axis=0)).ravel().astype(np.int64)
        self.worth[HOSTS] = np.concatenate([every * HOST_POINTS[-1], points])
        self.always: Bools = np.ones(self.choices + len(points), dtype=np.bool_)
        self.always[: self.choices] = packing.sizes == 0
        self.active = self.always.copy()
        if near is not None:
            self.active[near] = True
        # Of columns that cost the same, some from everywhere: the golden ratio's multiples lie evenly.
        self.mixed = np.arange(len(self.always), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)

    def together(self, criteria: Sequence[str], held: Held, before: dict[str, int]) -> Chosen | None:
        """An answer that reaches the bound of all but the last of these criteria, and is the best of those."""
        reached, bounds = list(held), dict(before)
        for name in criteria[:-1]:
            bounds[name] = self.bound(name, reached).most
            reached.append((name, bounds[name]))
        name = criteria[-1]
        bound = self.bound(name, reached)
        if bound.most == _IMPOSSIBLE:
            return None
        found, bounds[name] = self._best(name, reached, bound, None, once=True)
        return None if found is None else Chosen(found, bounds)

    def settle(self, name: str, held: Held, known: Ints | None) -> tuple[Ints | None, int]:
        """The best answer for one criterion, and the bound of that criterion; `known` holds what is held."""
        return self._best(name, held, self.bound(name, held), known, once=False)

    def bound(self, name: str, held: Held) -> _Bound:
        """The linear relaxation, over the columns that can matter to it."""
        worth = self.worth[name]
        if self.active.sum() < self.begin:
            self.active[np.lexsort((self.mixed, -worth))[: self.begin]] = True
        while True:
            active = np.flatnonzero(self.active)
            matrix, upper = self._at_most(held, active)
            ends = np.where(active < self.choices, np.inf, 1.0)
            box = np.stack([np.zeros(len(active)), ends], axis=1)
            result = linprog(-worth[active], A_ub=matrix, b_ub=upper, bounds=box, method="highs-ipm")
            if result.status == 2:
                if self.active.all():
                    return _Bound(_IMPOSSIBLE, np.zeros(0), self.always)
                self.active[:] = True
                continue
            if result.status != 0:
                raise RuntimeError(f"linear relaxation: {result.message}")
            prices = np.maximum(0.0, -result.ineqlin.marginals)
            every, limit = self._at_most(held, None)
            loss = every.T @ prices - worth
            gaining = np.flatnonzero(~self.active & (loss < -1e-6))
            if not len(gaining):
                used = np.zeros(len(worth), dtype=np.bool_)
                used[active] = result.x > 1e-6
                return _Bound(_whole(prices, every, limit, worth), loss, used)
            # With those that gain a few that nearly do: it saves most rounds that would bring them one by one.
            more = min(max(len(gaining), self.packing.people // 4), _MORE)
            others = np.flatnonzero(~self.active)
            self.active[others[np.argsort(loss[others], kind="stable")[:more]]] = True

    def _at_most(self, held: Held, columns: Ints | None) -> tuple[sp.csr_array, Ints]:
        """Every row as one that must not exceed its upper end."""
        matrix = self.matrix if columns is None else self.matrix[:, columns]
        below = np.flatnonzero(self.lower > NO_LOWER)
        blocks, upper = [matrix, -matrix[below]], [self.upper, -self.lower[below]]
        for name, value in held:
            worth = self.worth[name] if columns is None else self.worth[name][columns]
            blocks.append(sp.csr_array(-worth[None, :]))
            upper.append(np.array([-value]))
        return sp.csr_array(sp.vstack(blocks)), np.concatenate(upper)

    def _best(self, name: str, held: Held, bound: _Bound, known: Ints | None, *, once: bool) -> tuple[Ints | None, int]:
        """The best answer, if one is found, and a bound; the search goes on until they meet or effort ends. `once`: if
        the first columns hold no answer at all, none is wanted."""
        cost = np.where(bound.used, 0, np.rint(np.maximum(bound.loss, 0) * _GRAIN))
        order = np.lexsort((self.mixed, cost))
        most, found, value = bound.most, known, None
        if known is not None:
            value = self.packing.values([name], known)[name]
        take = _FIRST_PEOPLE * self.packing.people + _FIRST
        while True:
            columns = self.always.copy()
            columns[order[:take]] = True
            answer = self._integral(name, held, columns, value)
            if answer.columns is not None:
                found, value = answer.columns, self.packing.values([name], answer.columns)[name]
            if value is not None:
                # An answer that uses a column left out loses what that column loses, or more.
                rest = value if take >= len(order) else math.floor(bound.exact - bound.loss[order[take:]].min() + 1e-6)
                most = min(most, max(value, answer.most, rest))
                # A better one uses no column that loses more than this.
                needed = int((cost <= (bound.exact - value - 1) * _GRAIN + 1).sum())
                if value >= most or not answer.finished or needed > self.effort * _COLUMNS:
                    return found, most
                take = min(max(needed, take + 1), 4 * take)
            elif take >= len(order) or not answer.finished or once:
                return found, most
            else:
                take *= 4

    def _integral(self, name: str, held: Held, columns: Bools, above: int | None) -> _Integral:
        """The best whole choice of these columns that is worth more than `above`."""
        at = np.flatnonzero(columns)
        worth = self.worth[name][at]
        matrix, lower, upper = [self.matrix[:, at]], [self.lower], [self.upper]
        for other, value in held:
            matrix.append(sp.csr_array(self.worth[other][None, at]))
            lower.append(np.array([value]))
            upper.append(np.array([-NO_LOWER]))
        if above is not None:
            matrix.append(sp.csr_array(worth[None, :]))
            lower.append(np.array([above + 1]))
            upper.append(np.array([-NO_LOWER]))
        low, high = np.concatenate(lower).astype(np.float64), np.concatenate(upper).astype(np.float64)
        low[low <= NO_LOWER] = -np.inf
        high[high >= -NO_LOWER] = np.inf
        result = milp(
            -worth.astype(np.float64),
            integrality=(at < self.choices).astype(np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(sp.csc_array(sp.vstack(matrix)), low, high),
            options={"mip_rel_gap": 0.0, "node_limit": self.effort * max(1, _SMALL // len(at)) + 1},
        )
        # Of a limit on nodes it says 4, as of what it cannot do, where an answer is known.
        if result.status not in (0, 1, 2) and (result.status != 4 or "limit" not in result.message.lower()):
            raise RuntimeError(f"integer program: {result.message}")
        finished = result.status in (0, 2)
        chosen = None
        if result.x is not None:
            picked = at[(result.x > 0.5) & (at < self.choices)]
            chosen = picked.astype(np.int64)
        most = int(np.floor(-result.mip_dual_bound + 1e-6)) if result.mip_dual_bound is not None else 1 << 60
        return _Integral(chosen, finished, 0 if result.status == 2 else most)


@dataclass(frozen=True, slots=True)
class _Integral:
    """What an integer program found, whether it went to its end, and what it could not exceed."""

    columns: Ints | None
    finished: bool
    most: int


_IMPOSSIBLE = -1


def _nothing(rows: int, columns: int) -> sp.csr_array:
    return sp.csr_array((rows, columns), dtype=np.int64)


def _paid(packing: Packing) -> tuple[sp.csr_array, sp.csr_array, Ints]:
    """Columns for what each host's next visitors give beyond the least, rows that hold them to the visitors that come,
    and their points."""
    last = len(HOST_POINTS) - 1
    host, points = [], []
    for row, had in enumerate(packing.had.tolist()):
        for nth in range(had, last):
            host.append(row)
            points.append(HOST_POINTS[nth] - HOST_POINTS[-1])
    shape = (len(packing.had), len(host))
    paid = sp.csr_array((np.ones(len(host), dtype=np.int64), (host, np.arange(len(host)))), shape=shape)
    return paid, sp.csr_array(-packing.visits), np.array(points, dtype=np.int64)


def _whole(prices: Floats, matrix: sp.csr_array, upper: Ints, worth: Ints) -> float:
    """The bound that these prices prove, whatever the solver rounded: what the rows can be charged for, and what each
    column still gains."""
    fine = _FINE
    largest = float(np.abs(upper) @ prices) + float(np.maximum(worth, 1).sum())
    while fine > 1 and largest * fine > _ROOM:
        fine //= 2
    whole = np.rint(prices * fine).astype(np.int64)
    gains = worth * fine - matrix.T @ whole
    return float(upper @ whole + gains[gains > 0].sum()) / fine
