"""kill -9 of `manage.py runjobs`: nothing is lost, nothing takes effect twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from tests.faults.machine import LEASE_SECONDS, Machine

pytestmark = [pytest.mark.faults, pytest.mark.prove]

# Looking for faults in the settings each time would only make the restarts slower.
RUNJOBS = ("django", "runjobs", "--skip-checks", "--workers", "4")
UNFENCED = ("tests.faults.unfenced", "--skip-checks", "--workers", "4")
JOBS_PER_KILL = 24


def kill_again_and_again(machine: Machine, command: tuple[str, ...], kills: int) -> None:
    """Ask for work, kill the runner in the middle of it, start another; the pieces are picked up at the end."""
    chance = random.Random(20)  # noqa: S311 - moments to kill at, the same each time
    runner = machine.process(*command)
    for _ in range(kills):
        runner.keep_running()
        before = machine.count_marks()
        machine.ask(JOBS_PER_KILL)
        machine.wait(lambda before=before: machine.count_marks() > before)  # type: ignore[misc]  # a lambda's default
        time.sleep(chance.uniform(0, 0.15))
        runner.kill()


def test_killing_runjobs_loses_and_doubles_nothing(
    machine: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    kills = rounds(3, 20)
    kill_again_and_again(machine, RUNJOBS, kills)
    seconds = machine.wait(machine.all_done)
    assert machine.interrupted()
    assert machine.lost() == set()
    assert machine.doubled() == set()
    proof(
        f"{kills} kills, {len(machine.asked)} jobs of which {machine.interrupted()} were cut off: 0 lost, 0 doubled;"
        f" all done {seconds:.0f} s after the last kill"
    )


def test_without_the_fence_killing_runjobs_doubles(
    machine: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    """The negative control: the same kills, with the effect and "done" in two transactions."""
    kills = rounds(3, 20)
    kill_again_and_again(machine, UNFENCED, kills)
    machine.wait(machine.all_done)
    assert machine.doubled()
    proof(
        f"{kills} kills, {len(machine.asked)} jobs: {len(machine.doubled())} doubled, as it should be without a fence"
    )


def wake_a_runner_that_was_given_up(machine: Machine, command: tuple[str, ...]) -> None:
    """It hangs for longer than its lease, another does its work, and then it goes on as if nothing had happened."""
    hung = machine.process(*command)
    machine.ask(JOBS_PER_KILL)
    machine.wait(lambda: machine.sql("SELECT count(*) FROM ground_job WHERE state = 'running'") >= [(2,)])
    hung.hang()
    # Not for the supervisor: to it, the process runs.
    machine.processes.remove(hung)
    try:
        time.sleep(LEASE_SECONDS)
        machine.process(*RUNJOBS)
        machine.wait(machine.all_done)
    finally:
        machine.processes.append(hung)
        hung.resume()
    time.sleep(1)


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
