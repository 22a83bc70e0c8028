"""Every swap of two and every ring of three that a set of arcs allows, found by joining arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Ints

# Pairs of arcs joined at once: about 100 MB.
_BLOCK = 1_000_000


@dataclass(frozen=True, slots=True)
class Rings:
    """By ring its arcs in order, the least person's first; -1 where a swap has no third."""

    arcs: Ints

    def __len__(self) -> int:
        return len(self.arcs)


def find(tail: Ints, head: Ints, people: int, largest: int) -> Rings:
    """All rings of at most `largest` (1, 2 or 3) arcs. Of two arcs between the same people each makes its own rings."""
    arcs = _Arcs(tail, head, people)
    found = [block for size in range(2, largest + 1) for block in arcs.rings(size)]
    none = np.zeros((0, 3), dtype=np.int64)
    return Rings(np.concatenate([none, *found]))


class _Arcs:
    def __init__(self, tail: Ints, head: Ints, people: int) -> None:
        self.people = people
        self.order = np.argsort(tail * people + head, kind="stable")
        self.tail, self.head = tail[self.order], head[self.order]
        self.code = self.tail * people + self.head
        self.starts = np.searchsorted(self.tail, np.arange(people + 1))

    def rings(self, size: int) -> Iterator[Ints]:
        """The least person goes first, so that each ring is found once."""
        first = np.flatnonzero(self.tail < self.head)
        if size == 2:
            yield self._named([first], *self._between(self.head[first], self.tail[first]))
            return
        onward = self.starts[self.head[first] + 1] - self.starts[self.head[first]]
        ends = np.searchsorted(np.cumsum(onward), np.arange(_BLOCK, int(onward.sum()) + _BLOCK, _BLOCK), "right")
        for some in np.split(first, np.unique(ends)):
            begin = self.head[some]
            one, two = _ranges(self.starts[begin], self.starts[begin + 1])
            rises = self.head[two] > self.tail[some[one]]
            one, two = some[one[rises]], two[rises]
            yield self._named([one, two], *self._between(self.head[two], self.tail[one]))

    def _between(self, tail: Ints, head: Ints) -> tuple[Ints, Ints]:
        """For each of these pairs of people, every arc from one to the other."""
        code = tail * self.people + head
        return _ranges(np.searchsorted(self.code, code, "left"), np.searchsorted(self.code, code, "right"))

    def _named(self, before: list[Ints], at: Ints, last: Ints) -> Ints:
        rings = np.full((len(at), 3), -1, dtype=np.int64)
        for column, arcs in enumerate(before):
            rings[:, column] = self.order[arcs[at]]
        rings[:, len(before)] = self.order[last]
        return rings


def _ranges(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Every whole number from `start` to before `end`, each with the position of its range."""
    length = end - start
    at = np.repeat(np.arange(len(start)), length)
    within = np.arange(len(at)) - np.repeat(np.cumsum(length) - length, length)
    return at, start[at] + within


def on_a_ring(rings: Rings, arcs: int) -> Bools:
    """Which of the arcs lie on any ring."""
    lies = np.zeros(arcs, dtype=np.bool_)
    lies[rings.arcs[rings.arcs >= 0]] = True
    return lies
