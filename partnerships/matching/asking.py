"""Whether somebody could be placed with some criteria as good as they are in an answer that is known.

A relaxation that is asked for as much of this person as can be says for most that they cannot. Otherwise the answer
nearest to the one that is known is looked for: what it changes is little, so that few columns need to be tried. Only if
none of them will do, the prices of the last of the criteria say which columns such an answer could be made of at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .arrays import Bools, Ints
from .packing import Packing
from .program import Solver, without_hosts
from .relaxation import IMPOSSIBLE, Bound, Held
from .whole import Found

_WANTED, _OTHERS, _NEAR = "wanted", "others", "near"
# So many columns beside what the relaxation needs are tried first for an answer that is near, and so many next.
_FIRST, _NEXT = 240, 960
# More columns than this are not searched for a proof that they hold no answer.
_MOST = 4_000
# Cuts are looked for where more columns than this are left.
_FEW = 60
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
        relaxation.begin(criteria[-1])
        relaxation.active[known] = True

    def likely(self, mine: Bools) -> Ints:
        """Those of these columns that the relaxation uses where it uses as much of them as it can; none: no answer has
        one of them."""
        self._count(_WANTED, mine)
        bound = self._bound(_WANTED, self.held)
        some = bound.columns[bound.columns < self.choices]
        return some[mine[some]] if bound.most >= 1 else some[:0]

    def with_most_of(self, mine: Bools) -> Found:
        """A choice that holds what is held with as many of these columns as can be, among the likeliest ones."""
        self._count(_WANTED, mine)
        bound = self._bound(_WANTED, self.held)
        order = self.solver.cheapest_first(bound)
        self.spent += _WHOLE * min(_FIRST, len(order))
        return self.solver.integral(_WANTED, self.held, np.union1d(order[:_FIRST], self.known), None)

    def with_most_of_all(self, mine: Bools, times: int) -> Found:
        """The same among all columns, with so many times the effort: one search instead of so many. `most` of them are
        in any answer."""
        self._count(_WANTED, mine)
        self.spent += _WHOLE * self.choices
        return self.solver.integral(_WANTED, self.held, np.arange(self.choices), None, times)

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
        order = self.solver.cheapest_first(near)
        for take in (_FIRST, _NEXT):
            found = self._whole(wanted, order[:take])
            if found.columns is not None or (found.finished and take >= len(order)):
                return found
        if self.solver.relaxation.tighten(_WANTED, self.held, bound, 0, _FEW).most < 1:
            return _NONE
        return self._proven(wanted)

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
