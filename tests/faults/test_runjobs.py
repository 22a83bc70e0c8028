"""kill -9 of `manage.py runjobs`: nothing is lost, nothing takes effect twice."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.faults.machine import LEASE_SECONDS, RUNJOBS, UNFENCED, Machine

pytestmark = [pytest.mark.faults, pytest.mark.prove]


def test_killing_runjobs_loses_and_doubles_nothing(
    machine: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    runner = machine.process(*RUNJOBS)
    kills, seconds = machine.harm_until_cut_off(lambda _: runner.kill(), rounds(3, 20))
    assert machine.interrupted()
    assert (machine.lost(), machine.doubled()) == (set(), set())
    proof(
        f"{kills} kills, {len(machine.asked)} jobs of which {machine.interrupted()} were cut off: 0 lost, 0 doubled;"
        f" all done {seconds:.0f} s after the last kill"
    )


def test_without_the_fence_killing_runjobs_doubles(
    machine: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    """The negative control: the same kills, with the effect and "done" in two transactions."""
    runner = machine.process(*UNFENCED)
    kills = machine.harm_until_doubled(lambda _: runner.kill(), rounds(1, 20))
    assert machine.doubled()
    proof(f"{kills} kills, {len(machine.asked)} jobs: {len(machine.doubled())} effects doubled, as must be without it")


def wake_a_runner_that_was_given_up(machine: Machine, command: tuple[str, ...]) -> None:
    """It hangs for longer than its lease, another does its work, and then it goes on as if nothing had happened."""
    hung = machine.process(*command)
    machine.ask(8, kinds=["faults.slow"])
    machine.wait(lambda: machine.count_jobs("state = 'running'") == 4)
    hung.hang()
    # Not for the supervisor: to it, the process runs.
    machine.processes.remove(hung)
    try:
        time.sleep(LEASE_SECONDS)
        other = machine.process(*RUNJOBS)
        machine.wait(machine.all_done)
        other.kill()
        machine.processes.remove(other)
    finally:
        machine.processes.append(hung)
        hung.resume()
    # What it does next shows that it is over with what it was at.
    machine.ask(8, kinds=["faults.slow"])
    machine.wait(machine.all_done)


def test_a_runner_that_wakes_too_late_saves_nothing(machine: Machine, proof: Callable[[str], None]) -> None:
    wake_a_runner_that_was_given_up(machine, RUNJOBS)
    assert machine.interrupted()
    assert (machine.lost(), machine.doubled()) == (set(), set())
    proof(f"{machine.interrupted()} jobs taken from a runner that hung and woke again: 0 lost, 0 doubled")


def test_without_the_fence_a_runner_that_wakes_too_late_doubles(machine: Machine, proof: Callable[[str], None]) -> None:
    """The negative control."""
    wake_a_runner_that_was_given_up(machine, UNFENCED)
    assert machine.doubled()
    proof(f"{len(machine.doubled())} effects doubled, as must be without it")
