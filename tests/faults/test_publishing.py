"""kill -9 while rounds are published: everyone is asked once and written to once, or nobody is yet."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.faults.a_round import PEOPLE, press
from tests.faults.machine import MOST_KILLS, RUNJOBS, Machine, Process

pytestmark = [pytest.mark.faults, pytest.mark.prove]

FORGETFUL = ("tests.faults.forgetful", "--skip-checks", "--workers", "4")
ROUNDS_PER_KILL = 3
CHANCE = random.Random(20)  # noqa: S311 - moments to do harm at

LINGER = """
CREATE TRIGGER linger AFTER UPDATE ON secondments_match FOR EACH STATEMENT EXECUTE FUNCTION linger(0.25);
CREATE TRIGGER linger AFTER INSERT ON ground_outboxmail FOR EACH STATEMENT EXECUTE FUNCTION linger(0.25);
CREATE TRIGGER linger BEFORE UPDATE ON ground_job FOR EACH ROW
    WHEN (NEW.state = 'done' AND NEW.kind IN ('publish_round', 'tell_everyone')) EXECUTE FUNCTION linger(0.75);
"""
"""Slow in the moments that matter: while a round is written down, while letters are, and before "done"."""

KINDS = ("tell_everyone", "publish_round")
OURS = f"kind IN {KINDS}"


@pytest.fixture
def slow(machine: Machine) -> Iterator[Machine]:
    with machine.lingering(LINGER):
        yield machine


def jobs(machine: Machine, condition: str) -> int:
    [(found,)] = machine.sql(f"SELECT count(*) FROM ground_job WHERE {OURS} AND ({condition})")  # noqa: S608 - our own words
    return int(found)


def waits(machine: Machine) -> bool:
    return bool(jobs(machine, "state <> 'done'"))


def works_or_is_over(machine: Machine, kind: str) -> bool:
    """A slow look may come when all is done: that kill meets nothing, and there is another."""
    at_work = f"kind = '{kind}' AND state = 'running' AND lease_until > clock_timestamp()"
    return bool(jobs(machine, at_work)) or not waits(machine)


def cut_off(machine: Machine) -> int:
    return jobs(machine, "error_code = 'worker_lost' OR attempts > 1")


def harm(machine: Machine, runner: Process, kills: int) -> int:
    """Kill at some moment of publishing, so many times and until one was cut off; each time all is published after it.

    A job that is cut off again and again is given up in the end, which is right and not what is asked here.
    """
    done = 0
    while done < kills or (not cut_off(machine) and done < MOST_KILLS):
        runner.kill()  # or all would be done before there is a moment to do harm at
        press(machine, ROUNDS_PER_KILL, "published")
        # In turns while everyone is asked, and while they are written to.
        machine.wait(partial(works_or_is_over, machine, KINDS[done % 2]))
        time.sleep(CHANCE.uniform(0, 2))
        runner.kill()
        done += 1
        machine.wait(lambda: not waits(machine))
    return done


def asked(machine: Machine) -> set[int]:
    """How many visits the rounds asked for; each asked for all, or this holds another number."""
    return {count for (count,) in machine.sql("SELECT count(placement_id) FROM secondments_match GROUP BY run_id")}


READERS = """
SELECT m.run_id, u.email FROM secondments_match m
  JOIN secondments_participation p ON p.id = m.participation_id
  JOIN partnerships_membership s ON s.id = p.membership_id JOIN partnerships_user u ON u.id = s.user_id
UNION SELECT m.run_id, d.asked_email FROM secondments_match m
  JOIN secondments_decision d ON d.placement_id = m.placement_id WHERE d.kind = 'home_approver'
UNION SELECT m.run_id, u.email FROM secondments_match m
  JOIN secondments_hostoffer o ON o.id = m.offer_id
  JOIN partnerships_membership s ON s.organisation_id = o.organisation_id AND s.is_coordinator
  JOIN partnerships_user u ON u.id = s.user_id
"""
"""Who is to hear of a round: each visitor, the manager of all, and each host. One letter each, whatever it is about."""

WRITTEN = """
SELECT m.run_id, o.to FROM secondments_match m
  JOIN ground_outboxmail o ON o.thing_type = 'secondments.placement' AND o.thing_id = m.placement_id
"""


def lost(machine: Machine) -> set[tuple[object, ...]]:
    return set(machine.sql(READERS)) - set(machine.sql(WRITTEN))


def doubled(machine: Machine) -> set[tuple[object, ...]]:
    return {reader for reader, times in Counter(machine.sql(WRITTEN)).items() if times > 1}


def test_killing_the_runner_while_rounds_are_published(
    slow: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    kills = harm(slow, slow.process(*RUNJOBS), rounds(3, 20))
    assert cut_off(slow)
    assert asked(slow) == {PEOPLE}
    assert slow.sql("SELECT count(*) FROM secondments_placement") == slow.sql("SELECT count(*) FROM secondments_match")
    assert (lost(slow), doubled(slow)) == (set(), set())
    [(rounds_published,)] = slow.sql("SELECT count(DISTINCT run_id) FROM secondments_match")
    proof(
        f"{kills} kills, {rounds_published} rounds, {cut_off(slow)} jobs cut off: {rounds_published * PEOPLE} visits"
        f" asked for and {len(slow.sql(WRITTEN))} letters written, 0 lost, 0 doubled"
    )


def test_without_its_memory_the_runner_writes_letters_twice(
    slow: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    """The negative control: the same kills, and what was written is not remembered with it."""
    runner = slow.process(*FORGETFUL)
    kills = harm(slow, runner, rounds(1, 20))
    while not doubled(slow) and kills < MOST_KILLS:
        kills += harm(slow, runner, 1)
    assert doubled(slow)
    proof(f"{kills} kills: {len(doubled(slow))} letters written twice, as must be without it")
