"""kill -9 of PostgreSQL itself, under a runner that goes on when it is back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.machine import RUNJOBS, UNFENCED, Machine

pytestmark = [pytest.mark.faults, pytest.mark.prove]


def test_killing_postgresql_loses_and_doubles_nothing(
    machine: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    machine.process(*RUNJOBS)
    kills, seconds = machine.harm_until_cut_off(lambda _: machine.kill_database(), rounds(3, 20))
    assert machine.interrupted()
    assert (machine.lost(), machine.doubled()) == (set(), set())
    proof(
        f"{kills} kills, {len(machine.asked)} jobs of which {machine.interrupted()} were cut off: 0 lost, 0 doubled;"
        f" all done {seconds:.0f} s after the last kill"
    )


def test_without_the_fence_killing_postgresql_doubles(
    machine: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    """The negative control."""
    machine.process(*UNFENCED)
    kills = machine.harm_until_doubled(lambda _: machine.kill_database(), rounds(1, 20))
    assert machine.doubled()
    proof(f"{kills} kills, {len(machine.asked)} jobs: {len(machine.doubled())} effects doubled, as must be without it")
