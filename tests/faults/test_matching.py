"""kill -9 while rounds are matched: each has one whole proposal in the end. And many are matched side by side."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import RedisServer
from tests.faults.a_round import PEOPLE, press
from tests.faults.machine import MOST_KILLS, SAVING, Machine, Process

pytestmark = [pytest.mark.faults, pytest.mark.prove]

UNTIED = ("tests.faults.untied", "--skip-checks", "--workers", "2")
ROUNDS_PER_KILL = 2
AT_ONCE = 12
CHANCE = random.Random(21)  # noqa: S311 - moments to do harm at

LINGER = """
CREATE TRIGGER linger_while_solving BEFORE UPDATE ON ground_job FOR EACH ROW
    WHEN (NEW.kind = 'match_round' AND NEW.progress_note <> OLD.progress_note) EXECUTE FUNCTION linger(0.4);
CREATE TRIGGER linger AFTER UPDATE ON secondments_matchrun FOR EACH ROW
    WHEN (NEW.state = 'solved') EXECUTE FUNCTION linger(0.3);
CREATE TRIGGER linger AFTER INSERT ON secondments_match FOR EACH STATEMENT EXECUTE FUNCTION linger(0.3);
CREATE TRIGGER linger_before_done BEFORE UPDATE ON ground_job FOR EACH ROW
    WHEN (NEW.state = 'done' AND NEW.kind = 'match_round') EXECUTE FUNCTION linger(0.3);
"""
"""Slow in the moments that matter: while it is solved, between the statements that save it, and before "done"."""


@pytest.fixture
def slow(machine: Machine) -> Iterator[Machine]:
    with machine.lingering(LINGER):
        yield machine


def count(machine: Machine, question: str) -> int:
    [(found,)] = machine.sql(f"SELECT count(*) FROM {question}")  # noqa: S608 - our own words
    return int(found)


def jobs(machine: Machine, condition: str) -> int:
    return count(machine, f"ground_job WHERE kind = 'match_round' AND ({condition})")


def all_ended(machine: Machine) -> bool:
    return jobs(machine, "state IN ('waiting', 'running')") == 0


def is_matching(machine: Machine) -> bool:
    return bool(jobs(machine, "state = 'running' AND lease_until > clock_timestamp()"))


def cut_off(machine: Machine) -> int:
    """How many attempts were killed while they matched; the kills that met nothing prove nothing."""
    return jobs(machine, "error_code = 'worker_lost' OR attempts > 1")


def lost(machine: Machine) -> int:
    """Rounds without a proposal, and runs without an answer."""
    return count(machine, "secondments_round WHERE state <> 'proposed'") + count(
        machine, "secondments_matchrun WHERE state <> 'solved'"
    )


def doubled(machine: Machine) -> int:
    """Runs that were saved twice, or told to their broker twice; and rounds with two."""
    return sum(
        count(machine, f"({question}) AS doubled")
        for question in (
            "SELECT thing_id FROM ground_event WHERE verb = 'save_run' AND thing_type = 'secondments.matchrun'"
            " GROUP BY thing_id HAVING count(*) > 1",
            "SELECT thing_id FROM ground_outboxmail WHERE thing_type = 'secondments.matchrun'"
            " GROUP BY thing_id HAVING count(*) > 1",
            "SELECT round_id FROM secondments_matchrun GROUP BY round_id HAVING count(*) > 1",
        )
    )


def half_saved(machine: Machine) -> int:
    """Runs that do not say of each person whether they have a place, or say so before they and their round stand so."""
    people = (
        "(SELECT count(*) FROM secondments_match m WHERE m.run_id = r.id)"
        " + (SELECT count(*) FROM secondments_notplaced n WHERE n.run_id = r.id)"
    )
    whole = f"{people} = {PEOPLE} AND r.state = 'solved' AND o.state = 'proposed'"
    nothing = f"{people} = 0 AND r.state = 'waiting' AND o.state = 'matching'"
    runs = "secondments_matchrun r JOIN secondments_round o ON o.id = r.round_id"
    return count(machine, f"{runs} WHERE NOT ({whole} OR {nothing})")


def catch(machine: Machine, *, saving: bool = False) -> None:
    """Rounds are asked for, and this is some moment of their being matched, or of that being saved; or they were too
    quick to be seen at it."""
    for process in machine.processes:
        process.kill_all()  # or all would be done before there is a moment to do harm at
    press(machine, ROUNDS_PER_KILL, "matched")
    machine.wait(lambda: all_ended(machine) or is_matching(machine))
    if saving:
        machine.wait(lambda: all_ended(machine) or machine.is_answering(SAVING))
    else:
        time.sleep(CHANCE.uniform(0.5, 2.5))


def harm(machine: Machine, how: Callable[[int], object], kills: int) -> int:
    """Kill so many times, and until some were cut off; each time all is matched after it."""
    done = 0
    while done < kills or (not cut_off(machine) and done < MOST_KILLS):
        catch(machine)
        how(done)
        done += 1
        machine.wait(lambda: all_ended(machine))
    return done


def celery(machine: Machine, workers: int = 1) -> list[Process]:
    """So many workers, each of which does two things at a time, and the beat that sees what was missed."""
    started = []
    for number in range(workers):
        name = f"--hostname=worker{number}@%h"
        started.append(machine.process("celery", "--app=config", "worker", name, "--concurrency=2", "-Ofair"))
    schedule: Path = machine.folder / "beat"
    machine.process("celery", "--app=config", "beat", "--loglevel=warning", f"--schedule={schedule}")
    return started


@pytest.fixture
def with_redis(machine: Machine, redis_server: RedisServer) -> RedisServer:
    machine.environment["REDIS_URL"] = redis_server.url
    return redis_server


@pytest.mark.redis
def test_killing_workers_and_redis_while_rounds_are_matched(
    slow: Machine, with_redis: RedisServer, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    [worker] = celery(slow)

    def kill_redis() -> None:
        with_redis.kill()
        with_redis.start()

    # In turns the worker alone, a child of it, all of it, and Redis.
    ways = (worker.kill, worker.kill_children, worker.kill_all, kill_redis)
    kills = harm(slow, lambda number: ways[number % len(ways)](), rounds(3, 20))
    assert cut_off(slow)
    assert (lost(slow), doubled(slow), half_saved(slow)) == (0, 0, 0)
    proof(
        f"{kills} kills, {count(slow, 'secondments_round')} rounds, {cut_off(slow)} of them cut off while they were"
        " matched: 0 runs lost, 0 doubled, 0 half saved"
    )


def test_without_its_transaction_a_result_is_half_saved(
    slow: Machine, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    """The negative control: kills while it is saved, with each statement of the result committed by itself."""
    runner = slow.process(*UNTIED)
    kills = 0
    while kills < rounds(1, 20) or (not half_saved(slow) and kills < MOST_KILLS):
        catch(slow, saving=True)
        runner.kill()
        slow.come_to_rest()
        kills += 1
    assert half_saved(slow)
    assert lost(slow)
    proof(f"{kills} kills: {half_saved(slow)} runs half saved, as must be without it")


@pytest.mark.redis
def test_many_rounds_are_matched_side_by_side(
    slow: Machine, with_redis: RedisServer, proof: Callable[[str], None]
) -> None:
    # Nobody is killed here, and a busy worker that comes late to keep its lease would give its round up.
    slow.environment["JOB_LEASE_SECONDS"] = "60"
    celery(slow, workers=2)
    press(slow, AT_ONCE, "matched")
    slow.wait(lambda: all_ended(slow))
    assert (lost(slow), doubled(slow), half_saved(slow)) == (0, 0, 0)
    assert jobs(slow, "attempts = 1 AND state = 'done'") == AT_ONCE
    [(most,)] = slow.sql(
        "SELECT max((SELECT count(*) FROM ground_job b WHERE b.kind = 'match_round'"
        " AND b.started_at <= a.started_at AND b.ended_at > a.started_at))"
        " FROM ground_job a WHERE a.kind = 'match_round'"
    )
    assert most > 1
    proof(f"{AT_ONCE} rounds asked for at once, 2 Celery workers: {AT_ONCE} proposals, up to {most} matched at a time")
