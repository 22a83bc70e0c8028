"""Odd sets of people of whom a relaxation takes more rings than a whole answer could.

Of all rings that hold two or three of some three people only one can be chosen, for any two of them share somebody;
of those that hold two or three of some five people at most two, and so on: of any odd set, half of it rounded down. A
relaxation that takes halves of rings round an odd circle does not see that. Each such set is a cut (with three people a
subset-row inequality, with swaps alone Edmonds' odd sets).

Where all is taken in halves, the sets that are broken most are those that every ring shares an even number of people
with: equations in whole numbers modulo two, which elimination solves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from .arrays import Ints

# By how much a cut must be broken to count, how many are taken in at a time, and from how many orders of the people in
# a circle elimination begins: each finds other sets.
_BROKEN, _MOST, _ORDERS = 1e-4, 300, 12
# Fives are looked for only where so few people are beside three of them.
_CROWD = 14

People = tuple[int, ...]
Ring = tuple[People, float]


def odd_sets(members: Ints, columns: Ints, parts: npt.NDArray[np.float64]) -> list[People]:
    """Odd sets of people in more rings than can be, by rings of which some part is taken; the most broken first."""
    rings = [
        (tuple(person for person in people if person >= 0), part)
        for people, part in zip(members[columns].tolist(), parts.tolist(), strict=True)
        if max(people) >= 0
    ]
    broken: set[tuple[float, People]] = set()
    for circle in _joined(rings):
        broken.update(_broken(circle, chain(_few(circle), _even(circle))))
    return [people for _, people in sorted(broken)[:_MOST]]


def rows(members: Ints, people: int, sets: list[People]) -> sp.csr_array:
    """By set, how many pairs of its people each column takes up."""
    row = np.repeat(np.arange(len(sets)), [len(each) for each in sets])
    inside = sp.csr_array(
        (np.ones(len(row), dtype=np.int64), (row, np.concatenate([np.array(each) for each in sets]))),
        shape=(len(sets), people),
    )
    column, place = np.nonzero(members >= 0)
    shape = (people, len(members))
    ones = np.ones(len(column), dtype=np.int64)
    held = inside @ sp.csr_array((ones, (members[column, place], column)), shape=shape)
    held.data //= 2
    held.eliminate_zeros()
    return sp.csr_array(held)


def _joined(rings: Sequence[Ring]) -> list[list[Ring]]:
    """The rings, those together that share people."""
    first: dict[int, int] = {}

    def root(person: int) -> int:
        while first.setdefault(person, person) != person:
            first[person] = first[first[person]]
            person = first[person]
        return person

    for people, _ in rings:
        for person in people[1:]:
            first[root(person)] = root(people[0])
    circles: dict[int, list[Ring]] = defaultdict(list)
    for ring in rings:
        circles[root(ring[0][0])].append(ring)
    return list(circles.values())


def _broken(circle: Sequence[Ring], sets: Iterable[People]) -> Iterator[tuple[float, People]]:
    """Those of these sets that are in too many rings, with how many, negative."""
    holding: dict[int, list[int]] = defaultdict(list)
    for at, (people, _) in enumerate(circle):
        for person in people:
            holding[person].append(at)
    for people in sets:
        shared: dict[int, int] = defaultdict(int)
        for person in people:
            for at in holding[person]:
                shared[at] += 1
        over = sum((times // 2) * circle[at][1] for at, times in shared.items()) - len(people) // 2
        if over > _BROKEN:
            yield round(-over, 6), people


def _few(circle: Sequence[Ring]) -> Iterator[People]:
    """All threes of whom each two are in a ring, and fives that hang together where they are few."""
    beside: dict[int, set[int]] = defaultdict(set)
    for people, _ in circle:
        for person in people:
            beside[person].update(other for other in people if other != person)
    threes = {
        tuple(sorted((one, two, three))) for one, near in beside.items() for two, three in combinations(sorted(near), 2)
    }
    fives: set[People] = set()
    for three in threes:
        near = set().union(*(beside[person] for person in three)).difference(three)
        if len(near) <= _CROWD:
            fives.update(tuple(sorted((*three, *more))) for more in combinations(sorted(near), 2))
    yield from threes
    yield from fives


def _even(circle: Sequence[Ring]) -> Iterator[People]:
    """Odd sets of people who are taken up wholly, of whom nearly every ring holds an even number."""
    taken: dict[int, float] = defaultdict(float)
    for people, part in circle:
        for person in people:
            taken[person] += part
    wholly = sorted(person for person, part in taken.items() if part > 1 - _BROKEN)
    turns = min(len(wholly), _ORDERS)
    for turn in range(turns):
        at = turn * len(wholly) // turns
        yield from _solutions(circle, wholly[at:] + wholly[:at])


def _solutions(circle: Sequence[Ring], order: list[int]) -> Iterator[People]:
    """Unknown is who is in the set: one bit each. Each ring is an equation, that it holds an even number; the last one
    says that the set is odd. On the right, bits stand for equations, so that each can be tried with an odd number."""
    bit = {person: 1 << at for at, person in enumerate(order)}
    odd = 1 << len(circle)
    equations = [(sum(bit.get(person, 0) for person in people), 1 << at) for at, (people, _) in enumerate(circle)]
    pivots: list[tuple[int, int, int]] = []
    contradictions = []
    for left, right in [*equations, ((1 << len(order)) - 1, odd)]:
        for other, also, lowest in pivots:
            if left & lowest:
                left, right = left ^ other, right ^ also
        if not left:
            contradictions.append(right)
            continue
        low = left & -left
        pivots = [
            (one ^ left, also ^ right, lowest) if one & low else (one, also, lowest) for one, also, lowest in pivots
        ]
        pivots.append((left, right, low))
    some = sorted(range(len(circle)), key=lambda at: (circle[at][1], at))
    pairs = sorted(combinations(some, 2), key=lambda two: circle[two[0]][1] + circle[two[1]][1])
    for uneven in chain([()], ((at,) for at in some), (two for two in pairs if sum(circle[at][1] for at in two) < 1)):
        given = odd | sum(1 << at for at in uneven)
        if not any((one & given).bit_count() % 2 for one in contradictions):
            chosen = sum(lowest for _, right, lowest in pivots if (right & given).bit_count() % 2)
            yield tuple(sorted(person for person in order if bit[person] & chosen))
            return
