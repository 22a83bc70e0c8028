"""The solver of swaps against published kidney-exchange pools, whose optima are known at cap 2 and cap 3."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from partnerships.matching import kidney

TRIANGLE = "4\t1\t3\t4\n[[2],\n[3],\n[1, 2],\n[1]]\n[[1],\n[1],\n[1, 1],\n[1]]\n"
"""Three pairs in a ring, the last two of which could also swap, and a donor without a pair."""

SMALL, LARGE = 40, 999


def pools(folder: Path) -> dict[str, dict[str, int]]:
    published: dict[str, dict[str, int]] = json.loads((folder / "kidney" / "optima.json").read_text())
    return {name: known for name, known in published.items() if not name.startswith("_")}


def holds(folder: Path, name: str, known: dict[str, int]) -> None:
    pool = kidney.read((folder / "kidney" / f"{name}.txt").read_text())
    assert pool.pairs == known["pairs"]
    weights = 1 + (7919 * pool.tail + 104729 * pool.head) % 100
    for cap in (2, 3):
        cleared = kidney.clear(pool, cap, weights)
        placed, weight = cleared.results
        assert (placed.value, placed.proven) == (known[f"k{cap}_people"], True)
        assert (weight.value, weight.proven) == (known[f"k{cap}_weight"], True)
        arcs = set(zip(pool.tail.tolist(), pool.head.tolist(), strict=True))
        served = [pair for cycle in cleared.cycles for pair in cycle]
        assert len(served) == len(set(served)) == placed.value
        for cycle in cleared.cycles:
            assert len(cycle) <= cap
            assert set(zip(cycle, (*cycle[1:], cycle[0]), strict=True)) <= arcs


@pytest.mark.shared_data
def test_small_published_pools_are_cleared_to_their_known_optima(shared_data: Path) -> None:
    some = {name: known for name, known in pools(shared_data).items() if known["pairs"] <= SMALL}
    assert len(some) > 10
    for name, known in some.items():
        holds(shared_data, name, known)


@pytest.mark.shared_data
@pytest.mark.prove
def test_published_kidney_pools(
    shared_data: Path, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    most = rounds(SMALL // 2, LARGE)
    some = {name: known for name, known in pools(shared_data).items() if known["pairs"] <= most}
    for name, known in some.items():
        holds(shared_data, name, known)
    proof(f"{len(some)} published pools, cap 2 and cap 3: people and weight as known, proven")


def test_donors_without_a_pair_are_left_out() -> None:
    pool = kidney.read(TRIANGLE)
    assert (pool.pairs, pool.tail.tolist(), pool.head.tolist()) == (3, [0, 1, 2, 2], [1, 2, 0, 1])


@pytest.mark.parametrize(("cap", "served"), [(2, 2), (3, 3)])
def test_a_ring_of_three_serves_whom_no_swap_can(cap: int, served: int) -> None:
    (placed,) = kidney.clear(kidney.read(TRIANGLE), cap).results
    assert (placed.value, placed.proven, placed.bound) == (served, True, served)


def test_a_pool_in_which_nobody_can_swap() -> None:
    nobody = kidney.clear(kidney.Pool(2, np.array([0]), np.array([1])), 3)
    assert nobody.cycles == ()
    assert nobody.results[0].proven


def test_the_command_prints_who_is_served_and_the_proof(tmp_path: Path) -> None:
    (tmp_path / "pool.txt").write_text(TRIANGLE)
    said = StringIO()
    call_command("clear_pool", str(tmp_path / "pool.txt"), "--cap", "3", stdout=said)
    assert "3 pairs, 4 arcs, cycles of at most 3" in said.getvalue()
    assert "3 served (0 of 2 and 1 of 3), proven the most" in said.getvalue()


@pytest.mark.parametrize("text", ["", "1 2\n", "4 1 3 4\nnothing", "a b c d\n[[1]]"])
def test_another_file_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.txt").write_text(text)
    with pytest.raises(CommandError, match=r"other\.txt is not a kidney-exchange pool"):
        call_command("clear_pool", str(tmp_path / "other.txt"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.txt cannot be read"):
        call_command("clear_pool", str(tmp_path / "none.txt"))
