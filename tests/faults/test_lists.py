"""kill -9 while the people of a list are invited: each of them is asked once, and nobody is forgotten."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.a_round import LISTED, press
from tests.faults.machine import MOST_KILLS, RUNJOBS, Machine, Process

pytestmark = [pytest.mark.faults, pytest.mark.prove]

UNTIED = ("tests.faults.untied", "--skip-checks", "--workers", "4")
CHANCE = random.Random(21)  # noqa: S311 - moments to do harm at

LINGER = """
CREATE TRIGGER linger AFTER INSERT ON secondments_entry FOR EACH STATEMENT EXECUTE FUNCTION linger(0.3);
CREATE TRIGGER linger AFTER UPDATE ON secondments_stafflist FOR EACH STATEMENT EXECUTE FUNCTION linger(0.3);
"""
"""Slow in the moments that matter: while people are written down, and while they are taken out of the list."""

OURS = "FROM ground_job WHERE kind = 'invite_from_list'"
TO_DO = "state IN ('waiting', 'running')"


@pytest.fixture
def slow(machine: Machine) -> Iterator[Machine]:
    with machine.lingering(LINGER):
        yield machine


def count(machine: Machine, what: str) -> int:
    [(found,)] = machine.sql(f"SELECT count(*) {what}")
    return int(found)


def works_or_is_over(machine: Machine) -> bool:
    """A slow look may come when all is done: that kill meets nothing, and there is another."""
    at_work = "state = 'running' AND lease_until > clock_timestamp()"
    return count(machine, f"{OURS} AND {at_work}") > 0 or count(machine, f"{OURS} AND {TO_DO}") == 0


def catch(machine: Machine, runner: Process) -> bool:
    """People of a list are being invited, and the runner is killed at some moment of it; whether it was cut off."""
    runner.kill_all()  # or all would be done before there is a moment to do harm at
    press(machine, 1, "listed")
    machine.wait(lambda: works_or_is_over(machine))
    time.sleep(CHANCE.uniform(0, 2))
    runner.kill_all()
    # The job remembers no attempt that came further: whether it was cut off shows now.
    return count(machine, f"{OURS} AND state = 'running'") > 0


def never_asked(machine: Machine) -> int:
    """People who are written down and have no mail: they stand on the list as asked, and nobody asks them again."""
    mail = "SELECT 1 FROM ground_outboxmail m WHERE m.thing_type = 'secondments.entry' AND m.thing_id = e.id"
    return count(machine, f"FROM secondments_entry e WHERE NOT EXISTS ({mail})")


def test_killing_the_runner_while_people_are_invited(
    slow: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    runner = slow.process(*RUNJOBS)
    kills = cut_off = 0
    while kills < rounds(3, 20) or (not cut_off and kills < MOST_KILLS):
        cut_off += catch(slow, runner)
        kills += 1
        slow.wait(lambda: not count(slow, f"{OURS} AND state <> 'done'"))
    assert cut_off
    assert count(slow, f"FROM secondments_stafflist WHERE state <> 'done' OR invited <> {LISTED} OR rows <> '[]'") == 0
    assert count(slow, "FROM secondments_entry") == kills * LISTED
    mails = "FROM ground_outboxmail WHERE thing_type = 'secondments.entry'"
    assert count(slow, mails) == kills * LISTED
    assert never_asked(slow) == 0
    assert count(slow, f"FROM (SELECT thing_id {mails} GROUP BY thing_id HAVING count(*) > 1) AS twice") == 0
    proof(f"{kills} kills, {cut_off} lists of {LISTED} cut off: {kills * LISTED} people asked, 0 lost, 0 doubled")


def test_without_its_transaction_people_are_written_down_and_never_asked(
    slow: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    """The negative control: the same kills, with each statement committed by itself. Whoever was written down before
    the kill is known to the next attempt, which asks them nothing."""
    runner = slow.process(*UNTIED)
    kills = 0
    while kills < rounds(1, 20) or (not never_asked(slow) and kills < MOST_KILLS):
        catch(slow, runner)
        kills += 1
        slow.wait(lambda: not count(slow, f"{OURS} AND {TO_DO}"))
    assert never_asked(slow)
    proof(f"{kills} kills: {never_asked(slow)} people written down and never asked, as must be without it")
