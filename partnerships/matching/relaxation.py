"""The linear relaxation of a packing: what a criterion cannot exceed, and what each column must lose.

It begins with a few columns of each person and takes in what its prices ask for. Bounds are worked out from the prices
in whole numbers, so that no rounding can flatter them. Where a relaxation splits rings among people who stand in an odd
circle, `cuts` says so, and the bound falls to where whole answers can be.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from . import cuts
from .arrays import Bools, Ints
from .linear import AT_LOWER, BASIC, Basis, Floats, Solved, solve
from .packing import NO_LOWER, Packing, Rows
from .types import HOST_POINTS, HOSTS

Held = list[tuple[str, int]]
IMPOSSIBLE = -1
# Prices in whole parts of this many, and what their sums must stay below.
_FINE, _ROOM = 1 << 20, 1 << 61
# Columns of each person that the relaxation begins with, and how many for each person it takes in at a time.
_BEGIN, _MORE = 15, 4
# How much the criterion after this one may weigh in all: it only steers towards columns that will be asked for next.
_STEER = 0.1
# How often cuts are looked for, and the share of the distance that they must take off to be looked for again.
_ROUNDS, _WORTH_IT = 8, 0.05
# Losses as near to one another are the same; and what all columns that are not in a relaxation could gain, if it is so
# little, is charged for instead of taking them in.
_NEAR, _LITTLE = 1e-6, 1e-2


@dataclass(frozen=True, slots=True)
class Bound:
    """What a criterion cannot exceed; by column the least that an answer with it loses (infinite: no better answer has
    it); and the columns that the relaxation uses, with how much of each."""

    exact: float
    loss: Floats
    columns: Ints
    parts: Floats

    @property
    def most(self) -> int:
        """In whole points."""
        return math.floor(self.exact)

    def among(self, value: int | None) -> Bools:
        """The columns that an answer of this or more could use: those of no loss above the distance."""
        could: Bools = self.loss <= (np.inf if value is None else self.exact - value + _NEAR)
        return could

    def could_exceed(self, value: int | None) -> int:
        """How many could be in an answer of more than this."""
        return int(self.among(None if value is None else value + 1).sum())


@dataclass(slots=True)
class _Stands:
    """Where the last relaxation ended, from which the next begins: by row, by row that has a lower end, by column, with
    how much of it was taken, and by the name of what was held."""

    rows: Ints
    below: Ints
    columns: Ints
    parts: Floats
    held: dict[str, int] = field(default_factory=dict)

    def begin(self, active: Ints, held: Held) -> Basis:
        """For these columns and what is held, in the order in which the rows are given. As many are basic as there are
        rows: where columns left, rows that hold nobody back; where rows did, not the columns that are taken least."""
        more = np.array([self.held.get(name, BASIC) for name, _ in held], dtype=np.int64)
        rows, columns = np.concatenate([self.rows, self.below, more]), self.columns[active]
        basic = np.flatnonzero(columns == BASIC)
        over = len(basic) - int((rows != BASIC).sum())
        if over < 0:
            rows[np.flatnonzero(rows != BASIC)[over:]] = BASIC
        elif over > 0:
            columns[basic[np.argsort(self.parts[active[basic]], kind="stable")[:over]]] = AT_LOWER
        return Basis(rows, columns)

    def end(self, solved: Solved, active: Ints, held: Held) -> None:
        """What the next begins with."""
        first, last = len(self.rows), len(self.rows) + len(self.below)
        rows = solved.basis.rows
        self.rows, self.below = rows[:first], rows[first:last]
        self.held.update(zip([name for name, _ in held], rows[last:].tolist(), strict=True))
        self.columns, self.parts = np.full(len(self.columns), AT_LOWER), np.zeros(len(self.columns))
        self.columns[active], self.parts[active] = solved.basis.columns, solved.parts


class Relaxation:
    """The packing with what it pays hosts as columns of their own: a host's next visitor gives less than the last."""

    def __init__(self, packing: Packing, near: Ints | None) -> None:
        self.packing = packing
        self.choices = len(packing)
        parts = [packing.people_rows()]
        if packing.rows is not None:
            parts.append(packing.rows)
        paid, tie, points = _paid(packing)
        wide = [sp.hstack([part.matrix, _nothing(part.matrix.shape[0], len(points))]) for part in parts]
        self.matrix = sp.csc_array(sp.vstack([*wide, sp.hstack([tie, paid])]))
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
        self.begun = near is not None
        if near is not None:
            self.active[near] = True
        below = int((self.lower > NO_LOWER).sum())
        self.stands = _Stands(
            np.full(len(self.lower), BASIC), np.full(below, BASIC), np.full(len(self), AT_LOWER), np.zeros(len(self))
        )

    def __len__(self) -> int:
        return len(self.always)

    def bound(self, name: str, held: Held, after: str = "", among: Bools | None = None) -> Bound:
        """The bound of a criterion with others held. `after`: the criterion that will be asked for next, if any;
        `among`: the columns that an answer which holds them could use, if some are known not to be."""
        if not self.begun:
            self.begin(after or name)
        if among is None:
            among = self.every()
        worth = self.worth[name].astype(np.float64)
        steering = self._steering(after)
        found, gained = self._relaxed(name, held, worth + steering, among)
        if after and found.most > math.floor(found.exact - gained):
            # Steering alone may have lifted the bound over a whole point.
            found, _ = self._relaxed(name, held, worth, among)
        return found

    def every(self) -> Bools:
        """All columns."""
        every: Bools = np.ones(len(self), dtype=np.bool_)
        return every

    def tighten(self, name: str, held: Held, bound: Bound, value: int | None, few: int) -> Bound:
        """The bound of all that reach this value, with cuts, until so few columns are left or no cut helps."""
        for _ in range(_ROUNDS):
            among, before = bound.among(value), bound.exact
            found = (
                cuts.odd_sets(self.packing.members, *_choices_of(bound, self.choices))
                if bound.could_exceed(value) > few
                else []
            )
            if not found:
                break
            self._add(found)
            tighter, _ = self._relaxed(name, held, self.worth[name].astype(np.float64), among)
            lost = before - tighter.exact
            # Losses go with the bound of the same prices: never one with the other.
            if lost > 0:
                bound = tighter
            if lost < 1 or (value is not None and lost < _WORTH_IT * (before - value)):
                break
        return bound

    def _relaxed(self, name: str, held: Held, wanted: Floats, among: Bools) -> tuple[Bound, float]:
        """The bound of a criterion, by prices that are the best for what is `wanted` of these columns; and how much
        more the relaxation has of that than of the criterion itself."""
        every, limit = self._at_most(held)
        while True:
            active = np.flatnonzero(self.active & among)
            begin = self.stands.begin(active, held)
            solved = solve(wanted[active], every[:, active], limit, active < self.choices, begin)
            if solved is None:
                if (self.active | ~among).all():
                    return _impossible(len(self)), 0.0
                self.active[:] = True
                continue
            self.stands.end(solved, active, held)
            loss = every.T @ solved.prices - wanted
            gaining = among & ~self.active & (loss < -_NEAR)
            if -loss[gaining].sum() < _LITTLE:
                gained = float((wanted - self.worth[name])[active] @ solved.parts)
                return _bound(solved, every, limit, self.worth[name], active, among), gained
            self._take_in(np.where(among & ~self.active, loss, np.inf), int(gaining.sum()))

    def begin(self, name: str, each: int = _BEGIN) -> None:
        """Of each person so many columns that give most for each of their people."""
        self.begun = True
        column, place = np.nonzero(self.packing.members >= 0)
        person = self.packing.members[column, place]
        share = self.worth[name][: self.choices] / np.maximum(self.packing.sizes, 1)
        order = np.lexsort((-share[column], person))
        rank = np.arange(len(order)) - np.searchsorted(person[order], person[order])
        self.active[column[order[rank < each]]] = True

    def _steering(self, after: str) -> Floats:
        if not after:
            return np.zeros(len(self))
        worth = self.worth[after]
        each = np.maximum(self.packing.sizes, 1)
        most = float((worth[: self.choices] / each).max(initial=0)) * self.packing.people
        most += float(worth[self.choices :].sum())
        return worth * (_STEER / max(most, 1.0))

    def _take_in(self, loss: Floats, gaining: int) -> None:
        """With those that gain the others that nearly do: it saves most rounds that would bring them one by one."""
        more = min(len(loss), max(gaining, _MORE * self.packing.people)) - 1
        self.active[np.argpartition(loss, more)[: more + 1]] = True

    def _at_most(self, held: Held) -> tuple[sp.csc_array, Ints]:
        """Every row as one that must not exceed its upper end."""
        below = np.flatnonzero(self.lower > NO_LOWER)
        blocks, upper = [self.matrix], [self.upper]
        if len(below):
            blocks.append(-sp.csr_array(self.matrix)[below])
            upper.append(-self.lower[below])
        for name, value in held:
            blocks.append(sp.csc_array(-self.worth[name][None, :]))
            upper.append(np.array([-value]))
        return sp.csc_array(sp.vstack(blocks, format="csc")), np.concatenate(upper)

    def _add(self, sets: list[tuple[int, ...]]) -> None:
        """A row for each set of people: at most half of them, rounded down, are in columns that hold two of them."""
        rows = cuts.rows(self.packing.members, self.packing.people, sets)
        wide = sp.hstack([rows, _nothing(len(sets), len(self) - self.choices)])
        self.matrix = sp.csc_array(sp.vstack([self.matrix, wide], format="csc"))
        self.lower = np.concatenate([self.lower, np.full(len(sets), NO_LOWER)])
        self.upper = np.concatenate([self.upper, np.array([len(each) // 2 for each in sets])])
        self.stands.rows = np.concatenate([self.stands.rows, np.full(len(sets), BASIC)])


def _bound(solved: Solved, matrix: sp.csc_array, upper: Ints, worth: Ints, columns: Ints, among: Bools) -> Bound:
    """What these prices prove, whatever the solver rounded: in whole parts of a point, what the rows can be charged
    for, and what columns still gain. `columns`: those that were solved for; `among`: all that count."""
    fine = _FINE
    largest = float(np.abs(upper) @ solved.prices) + float(np.maximum(worth, 1).sum())
    while fine > 1 and largest * fine > _ROOM:
        fine //= 2
    prices = np.ceil(solved.prices * fine).astype(np.int64)
    loss = matrix.T @ prices - worth * fine
    used = solved.parts > 1e-6
    exact = float(upper @ prices - loss[(loss < 0) & among].sum()) / fine
    return Bound(exact, np.where(among, loss / fine, np.inf), columns[used], solved.parts[used])


def _impossible(columns: int) -> Bound:
    return Bound(IMPOSSIBLE, np.zeros(columns), np.zeros(0, dtype=np.int64), np.zeros(0))


def _choices_of(bound: Bound, choices: int) -> tuple[Ints, Floats]:
    """The columns that the relaxation uses in part, but those for what hosts are paid."""
    some = (bound.columns < choices) & (bound.parts < 1 - 1e-6)
    return bound.columns[some], bound.parts[some]


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
