"""kill -9 while what came free is made the best of: each round has one whole repair in the end."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count as count_from

import pytest

from config import database
from tests.faults.machine import MOST_KILLS, RUNJOBS, SAVING, Machine, Process

pytestmark = [pytest.mark.faults, pytest.mark.prove]

UNTIED = ("tests.faults.untied", "--skip-checks", "--workers", "2")
ROUNDS_PER_KILL = 2
CHANCE = random.Random(22)  # noqa: S311 - moments to do harm at
NUMBERS = count_from(500_000, 1000)

LINGER = """
CREATE TRIGGER linger_over_repair AFTER UPDATE ON secondments_matchrun FOR EACH ROW
    WHEN (NEW.kind = 'repair' AND NEW.state = 'solved') EXECUTE FUNCTION linger(0.5);
CREATE TRIGGER linger_over_match AFTER INSERT ON secondments_match FOR EACH STATEMENT EXECUTE FUNCTION linger(0.3);
CREATE TRIGGER linger_before_done BEFORE UPDATE ON ground_job FOR EACH ROW
    WHEN (NEW.state = 'done' AND NEW.kind = 'work_out_repair') EXECUTE FUNCTION linger(0.3);
"""
"""Slow in the moments that matter: between the statements that save it, and before "done"."""


@pytest.fixture
def slow(machine: Machine) -> Iterator[Machine]:
    with machine.lingering(LINGER):
        yield machine


def count(machine: Machine, question: str) -> int:
    [(found,)] = machine.sql(f"SELECT count(*) FROM {question}")  # noqa: S608 - our own words
    return int(found)


def jobs(machine: Machine, condition: str) -> int:
    return count(machine, f"ground_job WHERE kind = 'work_out_repair' AND ({condition})")


def all_ended(machine: Machine) -> bool:
    """Whoever looks at what came free has a repair begun, and that one is worked out."""
    begun = "ground_job WHERE kind IN ('repair_round', 'work_out_repair') AND state IN ('waiting', 'running')"
    return count(machine, begun) == 0


def cut_off(machine: Machine) -> int:
    """How many attempts were killed at work; the kills that met nothing prove nothing."""
    return jobs(machine, "error_code = 'worker_lost' OR attempts > 1")


def lost(machine: Machine) -> int:
    """Rounds in which nobody was found what came free."""
    repairs = "SELECT 1 FROM secondments_matchrun r JOIN secondments_match m ON m.run_id = r.id"
    return count(
        machine, f"secondments_round o WHERE NOT EXISTS ({repairs} WHERE r.round_id = o.id AND r.kind='repair')"
    )


def doubled(machine: Machine) -> int:
    """Rounds with two repairs, or whose broker heard twice."""
    return sum(
        count(machine, f"({question} GROUP BY 1 HAVING count(*) > 1) AS doubled")
        for question in (
            "SELECT round_id FROM secondments_matchrun WHERE kind = 'repair'",
            "SELECT r.round_id FROM ground_outboxmail m JOIN secondments_matchrun r ON r.id::text = m.thing_id::text"
            " WHERE m.thing_type = 'secondments.matchrun' AND r.kind = 'repair'",
        )
    )


def half_saved(machine: Machine) -> int:
    """Repairs without the match that they are for, or whose visit that came to nothing does not know of them; and such
    as wait for their answer and have some of it."""
    match = "EXISTS (SELECT 1 FROM secondments_match m WHERE m.run_id = r.id)"
    known = "EXISTS (SELECT 1 FROM secondments_match m WHERE m.repaired_in_id = r.id)"
    whole = f"r.state = 'solved' AND {match} AND {known} OR r.state = 'waiting' AND NOT ({match} OR {known})"
    return count(machine, f"secondments_matchrun r WHERE r.kind = 'repair' AND NOT ({whole})")


def catch(machine: Machine, runner: Process, *, saving: bool = False) -> None:
    """Visits come to nothing, and this is some moment of its being made up for, or of that being saved; or it was too
    quick to be seen."""
    runner.kill_all()  # or all would be done before there is a moment to do harm at
    subprocess.run(
        [sys.executable, "-m", "tests.faults.noes", str(ROUNDS_PER_KILL), str(next(NUMBERS))],
        env=machine.environment,
        cwd=database.BASE_DIR,
        check=True,
    )
    at_work = "state = 'running' AND lease_until > clock_timestamp()"
    machine.wait(lambda: all_ended(machine) or bool(jobs(machine, at_work)))
    if saving:
        machine.wait(lambda: all_ended(machine) or machine.is_answering(SAVING))
    else:
        time.sleep(CHANCE.uniform(0.1, 1.5))


def test_killing_the_runner_while_what_came_free_is_looked_at(
    slow: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    runner = slow.process(*RUNJOBS)
    kills = 0
    while kills < rounds(2, 20) or (not cut_off(slow) and kills < MOST_KILLS):
        catch(slow, runner)
        runner.kill_all()
        kills += 1
        slow.wait(lambda: all_ended(slow))
    assert cut_off(slow)
    assert (lost(slow), doubled(slow), half_saved(slow)) == (0, 0, 0)
    proof(
        f"{kills} kills, {count(slow, 'secondments_round')} repairs, {cut_off(slow)} of them cut off: 0 lost,"
        " 0 doubled, 0 half saved"
    )


def test_without_its_transaction_a_repair_is_half_saved(
    slow: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    """The negative control: kills while it is saved, with each statement of the repair committed by itself."""
    runner = slow.process(*UNTIED)
    kills = 0
    while kills < rounds(1, 20) or (not half_saved(slow) and kills < MOST_KILLS):
        catch(slow, runner, saving=True)
        runner.kill_all()
        slow.come_to_rest()
        kills += 1
    assert half_saved(slow)
    proof(f"{kills} kills: {half_saved(slow)} repairs half saved, as must be without it")
