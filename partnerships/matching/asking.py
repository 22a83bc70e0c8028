"""Whether somebody could be placed with some criteria as good as they are in an answer that is known.

A relaxation that is asked for as many of those people as can be says of most that they cannot: once it can place
nobody, whoever is left cannot be. Whom it places nearly all have a place in an answer around it: what it takes whole
stands, and few columns are left to choose among. Of each of the others the answer nearest to the one that is known is
looked for: what it changes is little. Only if none of those will do, the prices of the last of the criteria say which
columns such an answer could be made of at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from .arrays import Bools, Ints
from .changing import Places
from .packing import Packing
from .program import Solver, without_hosts
from .relaxation import IMPOSSIBLE, Bound, Held
from .whole import Found

_WANTED, _OTHERS, _NEAR, _BOTH = "wanted", "others", "near", "both"
# So many columns beside what the relaxation needs are tried first for an answer that is near, and so many next.
_FIRST, _NEXT = 240, 960
# More columns than this are not searched for a proof that they hold no answer.
_MOST = 4_000
# Of each person so many columns are in the first relaxation: what is known is in it too.
_EACH = 5
# Cuts are looked for where more columns than this are left.
_FEW = 60
# What a relaxation takes but for so little it takes whole; and beside that so many columns are chosen among.
_SLIGHT, _BESIDE = 1e-6, 1_500
# What a column costs in an integer program, where one in a relaxation costs one.
_WHOLE = 8
_NONE = Found(None, finished=True, most=0)
_UNKNOWN = Found(None, finished=False, most=1 << 60)


class Asking:
    """One packing, with criteria held as they are in a choice that is known to be the best. `spent`: columns that were
    looked at, each as often as it was."""

    def __init__(self, packing: Packing, criteria: Sequence[str], known: Ints, effort: int) -> None:
        self.solver = Solver(without_hosts(packing, criteria), effort, None)
        self.choices, self.known, self.spent = len(packing), known, 0
        self.held: Held = list(packing.values(criteria, known).items())
        relaxation = self.solver.relaxation
        near = np.zeros(len(relaxation), dtype=np.int64)
        near[known] = packing.sizes[known]
        relaxation.worth[_NEAR] = near
        relaxation.begin(criteria[-1], _EACH)
        relaxation.active[known] = True

    def could(self) -> Bools:
        """The columns that an answer could have which reaches the last of the criteria, by the prices of that alone."""
        name, value = self.held[-1]
        bound = self._bound(name, self.held[:-1])
        return bound.among(value)[: self.choices]

    def with_many_of(self, mine: Bools) -> tuple[Ints | None, Ints | None]:
        """A choice that holds what is held with many of these columns, if one is found: what a relaxation takes whole
        stands, and the rest is chosen again. And those of them that the relaxation uses; `None`: no answer has any."""
        self._count(_WANTED, mine)
        bound = self._bound(_WANTED, self.held)
        if bound.most < 1:
            return None, None
        used = bound.columns[bound.columns < self.choices]
        found = self._completed(bound, mine, self.held)
        return found, used[mine[used]]

    def with_most_of_all(self, mine: Bools, times: int) -> Found:
        """A choice that holds what is held with the most of these columns, among all, with so many times the effort.
        `most` of them are in any answer. The last criterion outweighs them: to hold it in a row took three times as
        long."""
        name, value = self.held[-1]
        self._count(_WANTED, mine)
        worth, more = self.solver.relaxation.worth, int(mine.sum()) + 1
        worth[_BOTH] = worth[name] * more + worth[_WANTED]
        self.spent += _WHOLE * self.choices
        found = self.solver.integral(_BOTH, self.held[:-1], np.arange(self.choices), None, times)
        if found.columns is None:
            return found
        if found.finished and self.solver.packing.values([name], found.columns)[name] == value:
            return dataclasses.replace(found, most=int(mine[found.columns].sum()))
        # Bounds of sums as large as these are rounded: one more is allowed for it.
        return dataclasses.replace(found, most=found.most - value * more + 1)

    def with_one_of(self, mine: Bools, others: Bools) -> Found:
        """A choice that holds what is held with one of these columns, and with what it can of the others that are asked
        for as well, since it then answers for them too; finished without one: there is none."""
        self._count(_WANTED, mine)
        self._count(_OTHERS, others)
        bound = self._bound(_WANTED, self.held)
        if bound.most < 1:
            return _NONE
        wanted = [*self.held, (_WANTED, 1)]
        near = self._bound(_NEAR, wanted)
        completed = self._completed(near, mine, wanted)
        if completed is not None:
            return Found(completed, finished=True, most=1)
        order = self.solver.cheapest_first(near)
        for take in (_FIRST, _NEXT):
            found = self._whole(wanted, order[:take])
            if found.columns is not None or (found.finished and take >= len(order)):
                return found
        if self.solver.relaxation.tighten(_WANTED, self.held, bound, 0, _FEW).most < 1:
            return _NONE
        return self._proven(wanted)

    def _completed(self, bound: Bound, mine: Bools, held: Held) -> Ints | None:
        """A choice that holds what is held with at least one of these columns, around what the relaxation takes whole;
        nothing where none is found."""
        whole = bound.columns[(bound.columns < self.choices) & (bound.parts > 1 - _SLIGHT)]
        room, free = self.places.where(whole).beside()
        order = self.solver.cheapest_first(bound)
        free = np.sort(order[np.isin(order, free)][:_BESIDE])
        room = room.part(free)
        room = dataclasses.replace(room, worth={**room.worth, _WANTED: mine[free].astype(np.int64)})
        reached = self.solver.packing.values([name for name, _ in self.held], whole)
        reached[_WANTED] = int(mine[whole].sum())
        left = [(name, value - reached[name]) for name, value in held]
        self.spent += _WHOLE * len(free)
        found = Solver(room, self.solver.effort, free[:0]).integral(_WANTED, left, np.arange(len(free)), None)
        if found.columns is None:
            return None
        columns = np.append(whole, free[found.columns])
        return columns if mine[columns].any() and self.places.where(columns).holds_ties() else None

    @cached_property
    def places(self) -> Places:
        """What is known as places that could be changed."""
        return Places(self.solver.packing, self.known)

    def _count(self, name: str, mine: Bools) -> None:
        counted = np.zeros(len(self.solver.relaxation), dtype=np.int64)
        counted[: self.choices] = mine
        self.solver.relaxation.worth[name] = counted

    def _bound(self, name: str, held: Held) -> Bound:
        bound = self.solver.relaxation.bound(name, held)
        self.spent += int(self.solver.relaxation.active.sum())
        return bound

    def _whole(self, held: Held, columns: Ints) -> Found:
        self.spent += _WHOLE * len(columns)
        return self.solver.integral(_OTHERS, held, columns, None)

    def _proven(self, wanted: Held) -> Found:
        """The same among all columns that an answer which reaches the last of the criteria could have."""
        name, value = self.held[-1]
        others = [one for one in wanted if one[0] != name]
        bound = self._bound(name, others)
        bound = self.solver.relaxation.tighten(name, others, bound, value - 1, _FEW)
        among = np.flatnonzero(bound.among(value))
        if bound.most == IMPOSSIBLE or len(among) > _MOST:
            return _UNKNOWN
        return self._whole(wanted, among) if bound.most >= value else _NONE
