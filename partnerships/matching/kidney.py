"""Published kidney-exchange pools: the same problem as a round of swaps, so that anyone can check the solver on them.

The files are those of PrefLib 00036: a line of counts (vertices, donors without a pair, pairs, arcs), then for each
vertex the list of those that its donor could give to, counted from 1. Donors without a pair come last and are left out:
a round of swaps knows no chains.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from . import rings
from .arrays import Ints
from .packing import Packing
from .swaps import best
from .types import FIT, PLACED, CriterionResult

_EFFORT = 600


class NotAPool(ValueError):
    """The text is not such a file."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Who could give to whom: arcs between pairs counted from nought."""

    pairs: int
    tail: Ints
    head: Ints


@dataclass(frozen=True, slots=True)
class Cleared:
    """Cycles of pairs, each giving to the next and the last to the first, and what was reached."""

    cycles: tuple[tuple[int, ...], ...]
    results: tuple[CriterionResult, ...]


def read(text: str) -> Pool:
    """The pool in a file."""
    counts, _, rest = text.partition("\n")
    try:
        _, _, pairs, _ = (int(number) for number in counts.split())
        lists, _ = json.JSONDecoder().raw_decode(rest.lstrip())
        arcs = [
            (giver, int(taker) - 1)
            for giver, takers in enumerate(lists[:pairs])
            for taker in takers
            if int(taker) <= pairs
        ]
    except (ValueError, TypeError) as fault:
        raise NotAPool(str(fault)) from fault
    tail, head = np.array(arcs, dtype=np.int64).reshape(-1, 2).T
    return Pool(pairs, tail, head)


def clear(pool: Pool, largest: int, weights: Ints | None = None) -> Cleared:
    """The most pairs that can be served in cycles of at most so many; with `weights`, by arc, the best of those."""
    found = rings.find(pool.tail, pool.head, pool.pairs, largest).arcs
    there = found >= 0
    worth = {PLACED: there.sum(axis=1)}
    if weights is not None:
        worth[FIT] = np.where(there, weights[found], 0).sum(axis=1) if len(found) else np.zeros(0, dtype=np.int64)
    nobody = np.zeros(0, dtype=np.int64)
    members = np.where(there, pool.tail[found], -1) if len(found) else found
    packing = Packing(pool.pairs, members, worth, sp.csr_array((0, len(found)), dtype=np.int64), nobody)
    chosen = best(packing, tuple(worth), None, _EFFORT, lambda stage: None, lambda: False)
    values = packing.values(worth, chosen.columns)
    results = [
        CriterionResult(name, values[name], values[name] == chosen.bounds[name], chosen.bounds[name]) for name in worth
    ]
    cycles = [tuple(person for person in members[column].tolist() if person >= 0) for column in chosen.columns.tolist()]
    return Cleared(tuple(cycles), tuple(results))
