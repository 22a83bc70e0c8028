"""kill -9 while the people of a list are invited: each of them is asked once, and nobody is forgotten."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.a_round import LISTED, press
from tests.faults.machine import MOST_KILLS, RUNJOBS, Machine

pytestmark = [pytest.mark.faults, pytest.mark.prove]

CHANCE = random.Random(21)  # noqa: S311 - moments to do harm at

LINGER = """
CREATE OR REPLACE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(TG_ARGV[0]::float); RETURN NEW; END $$;
CREATE TRIGGER linger AFTER INSERT ON secondments_entry FOR EACH STATEMENT EXECUTE FUNCTION linger(0.3);
CREATE TRIGGER linger AFTER UPDATE ON secondments_stafflist FOR EACH STATEMENT EXECUTE FUNCTION linger(0.3);
"""
"""Slow in the moments that matter: while people are written down, and while they are taken out of the list."""

DO_NOT_LINGER = "DROP TRIGGER linger ON secondments_entry; DROP TRIGGER linger ON secondments_stafflist;"

OURS = "FROM ground_job WHERE kind = 'invite_from_list'"


@pytest.fixture
def slow(machine: Machine) -> Iterator[Machine]:
    machine.sql("TRUNCATE ground_outboxmail, secondments_programme CASCADE")
    machine.sql(LINGER)
    yield machine
    machine.sql(DO_NOT_LINGER)


def count(machine: Machine, what: str) -> int:
    [(found,)] = machine.sql(f"SELECT count(*) {what}")
    return int(found)


def test_killing_the_runner_while_people_are_invited(
    slow: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    runner = slow.process(*RUNJOBS)
    lists = kills = cut_off = 0
    while kills < rounds(3, 20) or (not cut_off and kills < MOST_KILLS):
        runner.kill()  # or all would be done before there is a moment to do harm at
        press(slow, 1, "listed")
        lists += 1
        slow.wait(lambda: count(slow, f"{OURS} AND state = 'running' AND lease_until > clock_timestamp()") > 0)
        time.sleep(CHANCE.uniform(0, 2))
        runner.kill()
        kills += 1
        # The job remembers no attempt that came further: whether it was cut off shows now.
        cut_off += count(slow, f"{OURS} AND state = 'running'")
        slow.wait(lambda: not count(slow, f"{OURS} AND state <> 'done'"))
    assert cut_off
    assert count(slow, f"FROM secondments_stafflist WHERE state <> 'done' OR invited <> {LISTED} OR rows <> '[]'") == 0
    assert count(slow, "FROM secondments_entry") == lists * LISTED
    mails = "FROM ground_outboxmail WHERE thing_type = 'secondments.entry'"
    assert count(slow, mails) == lists * LISTED
    assert count(slow, f"FROM (SELECT thing_id {mails} GROUP BY thing_id HAVING count(*) > 1) AS twice") == 0
    proof(f"{kills} kills, {cut_off} lists of {LISTED} cut off: {lists * LISTED} people asked, 0 lost, 0 doubled")
