"""Answers that are as good as one that is known, found by changing places.

Somebody's column breaks some rows, beside the choice that is known. Where those are all rows of one chosen column, the
two can change places, and both answers are compared criterion by criterion. That is asked of all columns of everybody
without a place at once, as a product of sparse matrices. And what could still be chosen beside a choice that stands is
a small packing of its own.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from .arrays import Bools, Ints
from .packing import NO_LOWER, Packing, Rows
from .types import HOSTS, host_points

# Columns that are asked about together.
_TOGETHER = 20_000


class Places:
    """A choice of columns, and the room that it leaves in each row."""

    def __init__(self, packing: Packing, chosen: Ints) -> None:
        people = packing.people_rows()
        self.packing, self.people = packing, packing.people
        self.tied: Bools = np.zeros(len(packing), dtype=np.bool_)
        self.ties: Rows | None = None
        matrix, upper = people.matrix, people.upper
        if packing.rows is not None:
            limits = packing.rows.lower <= NO_LOWER
            self.ties = Rows(packing.rows.matrix[~limits], packing.rows.lower[~limits], packing.rows.upper[~limits])
            self.tied[self.ties.matrix.indices] = True
            matrix = sp.csr_array(sp.vstack([matrix, packing.rows.matrix[limits]]))
            upper = np.concatenate([upper, packing.rows.upper[limits]])
        self.matrix, self.by_column = matrix, sp.csc_array(matrix)
        self.limits = matrix[self.people :]
        self.upper = upper
        self._stand(chosen)

    def _stand(self, chosen: Ints) -> None:
        self.chosen = chosen
        self.left = self.upper - self._taken(chosen)
        self.can_move = chosen[~self.tied[chosen]]

    def where(self, chosen: Ints) -> Places:
        """The same of another choice."""
        other = copy.copy(self)
        other._stand(chosen)
        return other

    def _taken(self, columns: Ints) -> Ints:
        taken: Ints = np.asarray(self.by_column[:, columns].sum(axis=1)).ravel()
        return taken

    def kept(self, criteria: Sequence[str], columns: Ints) -> Ints:
        """For each of these columns, how many of the criteria stay as good with it in the place of a chosen one."""
        most = np.zeros(len(columns), dtype=np.int64)
        held = sp.csr_array(self.by_column[:, self.can_move] > 0).astype(np.int64)
        for begin in range(0, len(columns), _TOGETHER):
            some = columns[begin : begin + _TOGETHER]
            row, at = self._broken(some)
            rows = np.bincount(at, minlength=len(some))
            shape = (len(some), len(self.left))
            broken = sp.csr_array((np.ones(len(at), dtype=np.int64), (at, row)), shape=shape)
            covered = sp.coo_array(broken @ held)
            for_one = covered.data == rows[covered.row]
            at, other = covered.row[for_one], self.can_move[covered.col[for_one]]
            np.maximum.at(most, begin + at, _as_good(self.packing, criteria, self.chosen, some[at], other))
        most[self.tied[columns]] = 0
        return most

    def beside(self) -> tuple[Packing, Ints]:
        """What could be chosen where all of them stand: the room that they leave, and the columns that have it."""
        full = np.asarray(self.by_column.T @ (self.left <= 0)).ravel()
        free = np.flatnonzero((full == 0) & ~self.tied)
        had = self.packing.had + np.asarray(self.packing.visits[:, self.chosen].sum(axis=1)).ravel()
        rows = Rows(self.limits, np.full(self.limits.shape[0], NO_LOWER), self.left[self.people :])
        return dataclasses.replace(self.packing, had=had, rows=rows), free

    def holds_ties(self) -> bool:
        """Whether those of them that are tied to one another are chosen as their ties say."""
        if self.ties is None:
            return True
        tied = np.asarray(self.ties.matrix[:, self.chosen].sum(axis=1)).ravel()
        return bool(((self.ties.lower <= tied) & (tied <= self.ties.upper)).all())

    def _broken(self, columns: Ints) -> tuple[Ints, Ints]:
        """The rows that each of these columns would break, and by which of them."""
        inside = sp.coo_array(self.by_column[:, columns])
        over = inside.data > self.left[inside.row]
        return inside.row[over], inside.col[over]


def _as_good(packing: Packing, criteria: Sequence[str], chosen: Ints, one: Ints, other: Ints) -> Ints:
    """For each pair of columns, how many of the criteria are as good with the one instead of the other."""
    same: Bools = np.ones(len(one), dtype=np.bool_)
    count = np.zeros(len(one), dtype=np.int64)
    for name in criteria:
        if name == HOSTS:
            same &= _hosts_as_good(packing, chosen, one, other)
        else:
            same &= packing.worth[name][one] == packing.worth[name][other]
        count += same
    return count


def _hosts_as_good(packing: Packing, chosen: Ints, one: Ints, other: Ints) -> Bools:
    """Whether a visitor more to the one's host gives what a visitor less to the other's takes; not where a column
    brings more than one visitor."""
    visitors = np.asarray(packing.visits[:, chosen].sum(axis=1)).ravel().tolist()
    had = packing.had.tolist()
    more = np.array([host_points(before + now, 1) for before, now in zip(had, visitors, strict=True)] + [0])
    less = np.array([host_points(max(0, before + now - 1), 1) for before, now in zip(had, visitors, strict=True)] + [0])
    by_column = sp.csc_array(packing.visits)
    brings = np.asarray(packing.visits.sum(axis=0)).ravel()
    host = np.full(len(packing), -1)
    some = np.flatnonzero(brings == 1)
    host[some] = by_column.indices[by_column.indptr[some]]
    as_good: Bools = (host[one] == host[other]) | (more[host[one]] == less[host[other]])
    return as_good & (brings[one] <= 1) & (brings[other] <= 1)
