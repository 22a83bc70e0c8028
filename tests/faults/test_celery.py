"""kill -9 of Celery's worker, its children, and Redis: the table of jobs outlives them all."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
import redis

from config import database
from tests.conftest import RedisServer
from tests.faults.app import LET_GO
from tests.faults.machine import MOST_KILLS, Machine, Process

pytestmark = [pytest.mark.faults, pytest.mark.prove, pytest.mark.redis]

JOBS_WITHOUT_REDIS = 2
TAKEN_AHEAD = 4
"""So many a worker takes at once unless it is told otherwise: the one that it works on, and those after it."""


class Asker:
    """Asks for work in a process of its own, since this one belongs to pytest's database."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.slowest = 0.0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.ask"],
            env=machine.environment,
            cwd=database.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(machine.folder / "ask.log").open("ab"),
            text=True,
        )

    def ask(self, count: int) -> None:
        for number in range(count):
            kind = ("faults.whole", "faults.batches")[number % 2]
            key = f"{kind}-{len(self.machine.asked)}"
            self.machine.asked.append(key)
            self.say(f"job {kind} {key}")

    def tell(self, count: int) -> None:
        for _ in range(count):
            key = f"plain-{len(self.machine.asked)}"
            self.machine.asked.append(key)
            self.say(f"message {key}")

    def say(self, line: str) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        self.slowest = max(self.slowest, float(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def asker(machine: Machine, redis_server: RedisServer) -> Iterator[Asker]:
    machine.environment["REDIS_URL"] = redis_server.url
    asker = Asker(machine)
    yield asker
    asker.close()


def worker_and_beat(machine: Machine) -> Process:
    worker = machine.process("celery", "--app=config", "worker", "--concurrency=2", "--loglevel=warning")
    schedule = machine.folder / "beat"
    machine.process("celery", "--app=config", "beat", "--loglevel=warning", f"--schedule={schedule}")
    return worker


def ways_to_kill(machine: Machine) -> Callable[[int], object]:
    """In turn the worker alone, a child of it, and all of it."""
    worker = worker_and_beat(machine)
    ways = (worker.kill, worker.kill_children, worker.kill_all)
    return lambda number: ways[number % len(ways)]()


def settle(machine: Machine, asker: Asker) -> None:
    """Wait until a message that was sent after all others has been worked on: what is missing then is lost."""
    last = f"last-{len(machine.asked)}"

    def arrived() -> bool:
        asker.say(f"message {last}")
        time.sleep(1)
        return last in machine.marks()

    machine.wait(arrived)
    time.sleep(1)


def test_killing_celery_workers_loses_and_doubles_nothing(
    machine: Machine, asker: Asker, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    kills, seconds = machine.harm_until_cut_off(ways_to_kill(machine), rounds(3, 20), asker.ask)
    assert machine.interrupted()
    assert (machine.lost(), machine.doubled()) == (set(), set())
    proof(
        f"{kills} kills, {len(machine.asked)} jobs of which {machine.interrupted()} were cut off: 0 lost, 0 doubled;"
        f" all done {seconds:.0f} s after the last kill"
    )


def test_plain_celery_loses_work_when_its_workers_are_killed(
    machine: Machine, asker: Asker, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    """The negative control: the same kills, with the work in the messages and no row behind it."""
    kills, kill = rounds(3, 20), ways_to_kill(machine)
    machine.harm(kill, kills, asker.tell)
    settle(machine, asker)
    while not machine.lost() and kills < MOST_KILLS:
        machine.harm(kill, 1, asker.tell)
        settle(machine, asker)
        kills += 1
    assert machine.lost()
    proof(f"{kills} kills, {len(machine.asked)} messages: {len(machine.lost())} lost, as must be without a row")


def kill_redis(machine: Machine, redis: RedisServer, ask: Callable[[int], None], kills: int) -> None:
    """Each time, some work is asked for while there is no Redis."""
    worker_and_beat(machine)

    def kill(_: int) -> None:
        redis.kill()
        ask(JOBS_WITHOUT_REDIS)
        redis.start()

    machine.harm(kill, kills, ask)


def test_killing_redis_loses_and_doubles_nothing(
    machine: Machine,
    redis_server: RedisServer,
    asker: Asker,
    rounds: Callable[[int, int], int],
    proof: Callable[[str], None],
) -> None:
    kills = rounds(3, 20)
    kill_redis(machine, redis_server, asker.ask, kills)
    seconds = machine.wait(machine.all_done)
    assert (machine.lost(), machine.doubled()) == (set(), set())
    proof(
        f"{kills} kills, {len(machine.asked)} jobs, {kills * JOBS_WITHOUT_REDIS} of them asked for without Redis:"
        f" 0 lost, 0 doubled; all done {seconds:.0f} s after the last kill; asking took {asker.slowest:.1f} s at most"
    )


def test_plain_celery_loses_work_when_redis_is_killed(
    machine: Machine,
    redis_server: RedisServer,
    asker: Asker,
    rounds: Callable[[int, int], int],
    proof: Callable[[str], None],
) -> None:
    """The negative control."""
    kills = rounds(1, 20)
    kill_redis(machine, redis_server, asker.tell, kills)
    settle(machine, asker)
    assert machine.lost()
    proof(f"{kills} kills, {len(machine.asked)} messages: {len(machine.lost())} lost, as must be without a row")


class TwoWorkers:
    """One that is kept busy while more is asked for, and one that starts then and has nothing to do."""

    def __init__(self, machine: Machine, asker: Asker, **environment: str) -> None:
        self.machine = machine
        # Nobody is killed here, and a busy worker that comes late to keep its lease would give its job up.
        machine.environment.update(environment, JOB_LEASE_SECONDS="60")
        self._worker()
        # What the clock asks for kicks as well, and is over before anything is counted.
        self._ask(asker, "faults.whole")
        machine.wait(self._quiet)
        self.busy_with = self._ask(asker, "faults.until")
        machine.wait(lambda: self.state_of(self.busy_with) == "running")
        self.quick = [self._ask(asker, "faults.whole") for _ in range(TAKEN_AHEAD - 1)]
        machine.wait(self._asked)
        if "FAULTS_PREFETCH" in environment:
            machine.wait(lambda: not self._kicks())
        ready = machine.folder / "ready"
        self._worker(PULSE_FILE=str(ready))
        machine.wait(ready.exists)

    def _worker(self, **environment: str) -> None:
        self.machine.process("celery", "--app=config", "worker", "--concurrency=1", "--loglevel=warning", **environment)

    def _ask(self, asker: Asker, kind: str) -> str:
        key = f"{kind}-{len(self.machine.asked)}"
        self.machine.asked.append(key)
        asker.say(f"job {kind} {key}")
        return key

    def _quiet(self) -> bool:
        """Nothing is due, and every kick has been taken."""
        [(due,)] = self.machine.sql("SELECT count(*) FROM ground_job WHERE ended_at IS NULL AND due_at <= now()")
        return due == 0 and not self._kicks()

    def _kicks(self) -> int:
        """How many no worker has taken yet."""
        with redis.Redis.from_url(self.machine.environment["REDIS_URL"]) as broker:
            return int(broker.llen("celery"))

    def _asked(self) -> bool:
        [(asked,)] = self.machine.sql("SELECT count(*) FROM ground_job WHERE key = ANY(%s)", self.quick)
        return bool(asked == len(self.quick))

    def state_of(self, key: str) -> str:
        [(state,)] = self.machine.sql("SELECT state FROM ground_job WHERE key = %s", key)
        return str(state)

    def quick_ones_are_done(self) -> bool:
        return {self.state_of(key) for key in self.quick} == {"done"}

    def let_go(self) -> None:
        self.machine.sql("INSERT INTO faults_mark (key) VALUES (%s)", LET_GO)


def test_a_busy_worker_keeps_nothing_from_an_idle_one(machine: Machine, asker: Asker) -> None:
    """No beat sweeps here: what the idle one does, the kicks have brought it that the busy one left alone."""
    workers = TwoWorkers(machine, asker)
    machine.wait(workers.quick_ones_are_done)
    assert workers.state_of(workers.busy_with) == "running"
    workers.let_go()
    machine.wait(machine.all_done)


def test_a_busy_worker_that_takes_ahead_leaves_an_idle_one_without_work(machine: Machine, asker: Asker) -> None:
    """The negative control: Celery's own way is to take four at a time. Here it takes twice as many, for what the clock
    asks for kicks as well, and one that is left over lets the idle one do all."""
    workers = TwoWorkers(machine, asker, FAULTS_PREFETCH=str(2 * TAKEN_AHEAD))
    time.sleep(2)
    assert {workers.state_of(key) for key in workers.quick} == {"waiting"}
    workers.let_go()
    machine.wait(machine.all_done)
