"""Swaps of two by flow and blossoms: against the integer program, and against every matching of odd circles."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import scipy.sparse as sp

from partnerships.matching import halves, pairing, program
from partnerships.matching.arrays import Bools
from partnerships.matching.packing import Packing
from partnerships.matching.program import Chosen

Edge = tuple[int, int]


def packing(people: int, edges: list[Edge], **worth: list[int]) -> Packing:
    members = np.array([(*edge, -1) for edge in edges], dtype=np.int64).reshape(-1, 3)
    given = {name: np.array(values, dtype=np.int64) for name, values in worth.items()}
    placed = np.full(len(edges), 2, dtype=np.int64)
    none = np.zeros(0, dtype=np.int64)
    return Packing(people, members, {"placed": placed, **given}, sp.csr_array((0, len(edges)), dtype=np.int64), none)


def best_of(given: Packing, criteria: tuple[str, ...]) -> Chosen:
    return pairing.pair(given, criteria, None, lambda stage: None, lambda: False)


def quietly(given: Packing, criteria: tuple[str, ...]) -> dict[str, int]:
    chosen = best_of(given, criteria)
    assert not chosen.stopped
    people = given.members[chosen.columns][:, :2].ravel()
    assert len(people) == len(set(people.tolist()))
    assert given.values(criteria, chosen.columns) == chosen.bounds
    return chosen.bounds


def matchings(edges: list[Edge], taken: frozenset[int] = frozenset(), start: int = 0) -> Iterator[list[int]]:
    yield []
    for at in range(start, len(edges)):
        if not taken.intersection(edges[at]):
            for others in matchings(edges, taken.union(edges[at]), at + 1):
                yield [at, *others]


def drawn(seed: int, people: int, most: int) -> tuple[Packing, list[Edge]]:
    """Few different weights, so that ties and circles are the rule, and sometimes two columns for the same people."""
    draw = random.Random(seed)  # noqa: S311 - a seeded instance, not a secret
    ends = [draw.sample(range(people), 2) for _ in range(draw.randint(1, most))]
    edges = [(one, other) for one, other in ends]
    compulsory = [draw.random() < 0.4 for _ in range(people)]
    given = packing(
        people,
        edges,
        compulsory=[compulsory[one] + compulsory[other] for one, other in edges],
        kept=[draw.randint(0, 1) for _ in edges],
        fit=[draw.randint(0, 5) for _ in edges],
    )
    return given, edges


ORDERS = (("placed", "fit"), ("compulsory", "placed", "fit"), ("placed", "compulsory", "kept", "fit"))


def prove_best(seed: int) -> None:
    given, edges = drawn(seed, people=7, most=12)
    criteria = ORDERS[seed % len(ORDERS)]
    best = max(tuple(given.values(criteria, np.array(one, dtype=np.int64)).values()) for one in matchings(edges))
    assert tuple(quietly(given, criteria).values()) == best


def test_no_matching_is_better() -> None:
    for seed in range(200):
        prove_best(seed)


def test_what_is_ruled_out_is_in_no_matching_as_good() -> None:
    """Columns of every best matching are left in, and of the others most are not."""
    in_none = ruled_out = 0
    for seed in range(600):
        given, edges = drawn(seed, people=8, most=14)
        criteria = ORDERS[seed % len(ORDERS)]
        found = best_of(given, criteria)
        every = [np.array(one, dtype=np.int64) for one in matchings(edges)]
        as_good = [one for one in every if given.values(criteria, one) == found.bounds]
        in_some = np.zeros(len(edges), dtype=np.bool_)
        in_some[np.concatenate(as_good)] = True
        assert not (found.ruled_out[criteria[-1]] & in_some).any(), seed
        in_none += int((~in_some).sum())
        ruled_out += int(found.ruled_out[criteria[-1]].sum())
    assert ruled_out > 0.75 * in_none


def with_circles(seed: int) -> tuple[int, list[Edge], list[int]]:
    """Circles who would rather be among themselves, and swaps between them. Of four there are two ways as good, which
    may be halved as those of three and five are, and lose nothing."""
    draw = random.Random(seed)  # noqa: S311 - a seeded instance, not a secret
    edges: list[Edge] = []
    fits, people = [], 0
    while people < 10:
        size = draw.choice((3, 3, 4, 5))
        edges += [(people + at, people + (at + 1) % size) for at in range(size)]
        fits += [650] * 4 if size == 4 else [draw.randint(600, 700) for _ in range(size)]
        people += size
    between = [(one, other) for one in range(people) for other in range(one + 1, people)]
    for edge in draw.sample(between, draw.randint(3, 16)):
        edges.append(edge)
        fits.append(draw.randint(1, 600))
    return people, edges, fits


def in_a_best_one(people: int, edges: list[Edge], fits: list[int]) -> tuple[tuple[int, int], Bools]:
    """The most people placed and then the best fit, and by edge whether any such matching has it: every set of people
    is looked at once."""

    @functools.cache
    def best(left: int) -> tuple[int, int]:
        if not left:
            return 0, 0
        person = left.bit_length() - 1
        without = left & ~(1 << person)
        found = best(without)
        for at in of_person[person]:
            other = sum(edges[at]) - person
            if without >> other & 1:
                placed, fit = best(without & ~(1 << other))
                found = max(found, (placed + 2, fit + fits[at]))
        return found

    of_person = [[at for at, edge in enumerate(edges) if person in edge] for person in range(people)]
    everybody = (1 << people) - 1
    rest = [best(everybody & ~(1 << one) & ~(1 << other)) for one, other in edges]
    whole = best(everybody)
    has = [(placed + 2, fit + own) == whole for (placed, fit), own in zip(rest, fits, strict=True)]
    return whole, np.array(has, dtype=np.bool_)


def prove_circles(seed: int) -> tuple[int, int]:
    """How many edges are in no best matching, and how many of those were ruled out."""
    people, edges, fits = with_circles(seed)
    whole, in_some = in_a_best_one(people, edges, fits)
    found = best_of(packing(people, edges, fit=fits), ("placed", "fit"))
    assert tuple(found.bounds.values()) == whole, seed
    assert not (found.ruled_out["fit"] & in_some).any(), seed
    return int((~in_some).sum()), int(found.ruled_out["fit"].sum())


@pytest.fixture
def hardly_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Next to nothing is near at first, so that what circles must lose in any case decides what is."""
    monkeypatch.setattr(pairing, "_NEAR", 1)


@pytest.mark.usefixtures("hardly_near")
def test_many_circles_are_made_up_for_as_well_as_can_be() -> None:
    in_none, ruled_out = np.sum([prove_circles(seed) for seed in range(150)], axis=0)
    assert ruled_out > 0.55 * in_none


@pytest.mark.prove
@pytest.mark.usefixtures("hardly_near")
def test_matchings_of_odd_circles(rounds: Callable[[int, int], int], proof: Callable[[str], None]) -> None:
    count = rounds(50, 5_000)
    for seed in range(1_000, 1_000 + count):
        prove_best(seed)
        prove_circles(seed)
    proof(f"{2 * count} graphs: no matching is better, and none as good has what is ruled out")


@pytest.mark.parametrize("seed", range(6))
def test_the_integer_program_agrees_on_larger_ones(seed: int) -> None:
    given, _ = drawn(seed, people=60, most=150)
    criteria = ORDERS[seed % len(ORDERS)]
    other = program.clear(given, criteria, None, 60, lambda stage: None, lambda: False)
    assert quietly(given, criteria) == other.bounds == given.values(criteria, other.columns)


def test_circles_that_cannot_be_made_up_for_cost_a_person_each() -> None:
    """Three triangles: a flow of halves would place nine people, a matching places six."""
    edges = [(3 * at + one, 3 * at + other) for at in range(3) for one, other in ((0, 1), (1, 2), (0, 2))]
    assert quietly(packing(9, edges, fit=[1, 2, 3] * 3), ("placed", "fit")) == {"placed": 6, "fit": 9}


def test_weights_too_large_for_a_flow_are_weighed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    given, _ = drawn(3, people=20, most=60)
    expected = quietly(given, ORDERS[2])
    monkeypatch.setattr(halves, "_MOST_COST", 0)
    assert quietly(given, ORDERS[2]) == expected


def test_it_is_stopped_with_what_was_known() -> None:
    known = np.array([1])
    chosen = pairing.pair(
        packing(3, [(0, 1), (1, 2)], fit=[1, 1]), ("placed", "fit"), lambda: known, lambda s: None, lambda: True
    )
    assert (chosen.columns.tolist(), chosen.stopped, chosen.bounds) == ([1], True, {})
