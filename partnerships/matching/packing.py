"""The choice among exchanges as a packing: columns of which each person may be in one, and rows of further limits.

A column is a ring of two or three people, one person's visit one way, or the week in which one visit of a ring falls
(which no person is in: rows tie it to its rings). This is the problem of kidney exchange, and solved as that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from .arrays import Bools, Ints
from .types import HOST_POINTS, HOSTS


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
        last = len(HOST_POINTS) - 1
        reached = zip(self.had.tolist(), visitors.tolist(), strict=True)
        return sum(HOST_POINTS[min(nth, last)] for had, more in reached for nth in range(had, had + more))

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
