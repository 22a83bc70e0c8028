"""The choice among exchanges as a packing: columns of which each person may be in one, and rows of further limits.

A column is a ring of two or three people, one person's visit one way, or the week in which one visit of a ring falls
(which no person is in: rows tie it to its rings). This is the problem of kidney exchange, and solved as that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from .arrays import Bools, Ints
from .types import HOSTS, host_points


@dataclass(frozen=True, slots=True)
class Rows:
    """`lower` ≤ matrix × choice ≤ `upper`, in whole numbers; rows without a lower end begin at `NO_LOWER`."""

    matrix: sp.csr_array
    lower: Ints
    upper: Ints


NO_LOWER = -(1 << 40)


@dataclass(frozen=True, slots=True)
class Packing:
    """`members`: by column its people, -1 where there are fewer than three. `worth`: what each adds, by criterion.

    `visits`: by organisation that asked for visitors, how many each column brings; `had`: how many each has had.
    """

    people: int
    members: Ints
    worth: Mapping[str, Ints]
    visits: sp.csr_array
    had: Ints
    rows: Rows | None = None
    sizes: Ints = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", (self.members >= 0).sum(axis=1))

    def __len__(self) -> int:
        return len(self.members)

    def values(self, criteria: Iterable[str], chosen: Ints) -> dict[str, int]:
        """What a choice of columns reaches."""
        return {
            name: self.host_points(chosen) if name == HOSTS else int(self.worth[name][chosen].sum())
            for name in criteria
        }

    def host_points(self, chosen: Ints) -> int:
        """Each further visitor to the same host gives less."""
        visitors = np.asarray(self.visits[:, chosen].sum(axis=1)).ravel()
        reached = zip(self.had.tolist(), visitors.tolist(), strict=True)
        return sum(host_points(had, more) for had, more in reached)

    def parts(self, criteria: Iterable[str]) -> list[Ints]:
        """The columns, those together that share a person, a row or, where hosts count, a host."""
        rows = [self.people_rows().matrix]
        rows += [self.rows.matrix] if self.rows is not None else []
        rows += [self.visits] if HOSTS in criteria else []
        shared = sp.csr_array(sp.vstack(rows))
        joined = sp.block_array([[None, shared], [sp.csr_array(shared.T), None]])
        part = connected_components(joined, directed=False)[1][shared.shape[0] :]
        order = np.argsort(part, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(part[order])) + 1)

    def part(self, columns: Ints) -> Packing:
        """These columns alone, with the people that they have and the rows that they could break."""
        members = self.members[columns]
        people, number = np.unique(members, return_inverse=True)
        missing = len(people) > 0 and people[0] < 0
        rows = None
        if self.rows is not None:
            matrix = sp.csr_array(self.rows.matrix[:, columns])
            most = np.asarray(matrix.maximum(0).sum(axis=1)).ravel()
            binds = (most > self.rows.upper) | (self.rows.lower > NO_LOWER)
            some = np.flatnonzero(binds & (np.diff(matrix.indptr) > 0))
            if len(some):
                rows = Rows(matrix[some], self.rows.lower[some], self.rows.upper[some])
        visits = sp.csr_array(self.visits[:, columns])
        hosts = np.flatnonzero(np.diff(visits.indptr))
        return Packing(
            people=len(people) - missing,
            members=number.reshape(members.shape) - missing,
            worth={name: worth[columns] for name, worth in self.worth.items()},
            visits=visits[hosts],
            had=self.had[hosts],
            rows=rows,
        )

    def people_rows(self) -> Rows:
        """Each person once."""
        column, place = np.nonzero(self.members >= 0)
        person = self.members[column, place]
        shape = (self.people, len(self))
        matrix = sp.csr_array((np.ones(len(column), dtype=np.int64), (person, column)), shape=shape)
        return Rows(matrix, np.full(self.people, NO_LOWER), np.ones(self.people, dtype=np.int64))


def pack_greedily(packing: Packing, order: Ints) -> Ints:
    """The columns that are still possible when they are taken in this order; for packings without further rows."""
    taken: Bools = np.zeros(packing.people + 1, dtype=np.bool_)
    chosen = []
    for column, members in zip(order.tolist(), packing.members[order].tolist(), strict=True):
        if not any(taken[person] for person in members if person >= 0):
            chosen.append(column)
            taken[members] = True
            taken[-1] = False
    return np.array(sorted(chosen), dtype=np.int64)
