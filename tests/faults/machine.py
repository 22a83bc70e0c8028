"""A machine to break: a database that keeps its promises, and processes of the service that can be killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2

from config import database
from tests.faults.app import BATCHES

GOING_AGAIN_SECONDS = 90.0
LEASE_SECONDS = 2.0
JOBS_PER_KILL = 24
MOST_KILLS = 40
SAVING = 'INSERT INTO "secondments_match"'
"""What a result is in the middle of being written with."""
# Looking for faults in the settings each time would only make the restarts slower.
RUNJOBS = ("django", "runjobs", "--skip-checks", "--workers", "4")
UNFENCED = ("tests.faults.unfenced", "--skip-checks", "--workers", "4")
LINGER = """
CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(TG_ARGV[0]::float); RETURN NEW; END $$;
"""
OTHERS = "pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


class Process:
    """One process of the service, in a group of its own, so that nothing of it is left behind."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], log: Path) -> None:
        self.command = [sys.executable, "-m", *command]
        self.environment = environment
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._groups: list[int] = []

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=database.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._groups.append(self._process.pid)

    def keep_running(self) -> None:
        """What systemd or Docker does for a deployment."""
        if self._process is None or self._process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """kill -9 of this process alone; children of it live on."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def kill_children(self) -> None:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        for child in children.read_text().split() if children.exists() else []:
            with suppress(ProcessLookupError):  # it ended by itself
                os.kill(int(child), signal.SIGKILL)

    def kill_all(self) -> None:
        """kill -9 of this process, its children, and the children of earlier ones."""
        for group in self._groups:
            try:
                os.killpg(group, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.kill()

    def hang(self) -> None:
        os.killpg(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.killpg(self.pid, signal.SIGCONT)


class Machine:
    """What a test does to it, and what it finds afterwards."""

    def __init__(self, cluster: database.Cluster, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST_"))},
            "TESTING": "1",
            "DATABASE_URL": cluster.url(),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
            "LOG_LEVEL": "WARNING",
        }
        self.processes: list[Process] = []
        self.asked: list[str] = []
        self.cluster = cluster
        self._chance = random.Random(20)  # noqa: S311 - moments to do harm at
        self._connection = self.connect()

    def connect(self) -> Any:
        address = self.cluster.address()
        connection = psycopg2.connect(host=address["HOST"], user=address["USER"], dbname=address["NAME"])
        connection.autocommit = True
        return connection

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []

    def clear(self) -> None:
        self.sql("CREATE TABLE IF NOT EXISTS faults_mark (key text NOT NULL)")
        self.sql("TRUNCATE ground_job, faults_mark")

    def process(self, *command: str, **environment: str) -> Process:
        name = "-".join(part.strip("-") for part in command[:3]).replace("/", "_")
        process = Process(command, {**self.environment, **environment}, self.folder / f"{name}.log")
        self.processes.append(process)
        return process

    def stop(self) -> None:
        """Kill all, and wait until PostgreSQL has ended what they asked of it.

        A statement goes on after the death of who asked for it, and holds its locks: what changes tables, as the next
        test's first step does, would wait for it, or each for the other.
        """
        for process in self.processes:
            process.kill_all()
        self.sql(f"SELECT pg_terminate_backend(pid) FROM {OTHERS}")  # noqa: S608 - our own words
        self.come_to_rest()

    def is_answering(self, statement: str) -> bool:
        """Whether a statement that begins so is under way."""
        begins = "state = 'active' AND starts_with(query, %s)"
        return bool(self.sql(f"SELECT pid FROM {OTHERS} AND {begins}", statement))  # noqa: S608 - our own words

    def come_to_rest(self) -> None:
        """Wait until PostgreSQL has done whatever the killed asked of it: before that, what they left is not known."""
        start = time.monotonic()
        while self.sql(f"SELECT pid FROM {OTHERS}"):  # noqa: S608 - our own words
            assert time.monotonic() - start < GOING_AGAIN_SECONDS, "Somebody still asks the database for something."
            time.sleep(0.02)

    def close(self) -> None:
        self.stop()
        self._connection.close()

    @contextmanager
    def lingering(self, triggers: str) -> Iterator[None]:
        """Slow, by triggers that call `linger(SECONDS)`, in the moments that matter; without programmes at first."""
        self.sql("TRUNCATE ground_outboxmail, secondments_programme CASCADE")
        self.sql(LINGER + triggers)
        try:
            yield
        finally:
            self.stop()
            self.sql("DROP FUNCTION linger() CASCADE")

    def kill_database(self) -> None:
        """kill -9 of PostgreSQL's first process; the others see that and end, and it recovers when it starts again."""
        os.kill(int((self.cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        while self.cluster.answers():
            time.sleep(0.02)
        self.cluster.start()
        self._connection = self.connect()

    # Work -------------------------------------------------------------------------------------------------------------

    def ask(self, count: int, kinds: Sequence[str] = ("faults.whole", "faults.batches")) -> None:
        """Promise so many jobs, half of them in batches, as `enqueue` does."""
        for number in range(count):
            kind = kinds[number % len(kinds)]
            key = f"{kind}-{len(self.asked)}"
            self.asked.append(key)
            self.sql(
                "INSERT INTO ground_job (kind, key, payload, state, attempts, max_attempts, progress_done,"
                " progress_total, progress_note, cursor, stop_requested, error_code, error_detail)"
                " VALUES (%s, %s, '{}', 'waiting', 0, 25, 0, 0, '', '{}', false, '', '')",
                kind,
                key,
            )
        self.sql("SELECT pg_notify('jobs', '')")

    def expected(self) -> set[str]:
        """The marks that the promised jobs leave."""
        return {
            mark
            for key in self.asked
            for mark in ([f"{key}.{n}" for n in range(BATCHES)] if key.startswith("faults.batches") else [key])
        }

    def marks(self) -> Counter[str]:
        return Counter(key for (key,) in self.sql("SELECT key FROM faults_mark"))

    def count_marks(self) -> int:
        return int(self.sql("SELECT count(*) FROM faults_mark")[0][0])

    def lost(self) -> set[str]:
        return self.expected() - set(self.marks())

    def doubled(self) -> set[str]:
        return {key for key, times in self.marks().items() if times > 1}

    def interrupted(self) -> int:
        """How many attempts were cut off: without any, a proof would have proven nothing."""
        return self.count_jobs("error_code = 'worker_lost' OR attempts > 1")

    def all_done(self) -> bool:
        return self.count_jobs("state <> 'done'") == 0

    def count_jobs(self, condition: str) -> int:
        """How many of the promised jobs; the service's own, which its clock asks for, run beside them."""
        [(count,)] = self.sql(f"SELECT count(*) FROM ground_job WHERE starts_with(kind, 'faults.') AND ({condition})")  # noqa: S608 - our own words
        return int(count)

    def wait(self, true: Callable[[], bool], *, seconds: float = GOING_AGAIN_SECONDS) -> float:
        """Wait until something is true, restarting what ended as a supervisor would; returns how long it took."""
        start = time.monotonic()
        while not true():
            if time.monotonic() - start > seconds:
                raise AssertionError(f"It did not happen within {seconds} s.\n{self.logs()}")
            for process in self.processes:
                process.keep_running()
            time.sleep(0.02)
        return time.monotonic() - start

    def has_more_marks_than(self, before: int) -> bool:
        return self.count_marks() > before

    def harm(self, how: Callable[[int], object], times: int, ask: Callable[[int], None] | None = None) -> None:
        """So many times: ask for work, wait until it has begun, and do harm at some moment of it."""
        for number in range(times):
            before = self.count_marks()
            (ask or self.ask)(JOBS_PER_KILL)
            self.wait(partial(self.has_more_marks_than, before))
            time.sleep(self._chance.uniform(0, 0.15))
            how(number)

    def harm_until_cut_off(
        self, how: Callable[[int], object], times: int, ask: Callable[[int], None] | None = None
    ) -> tuple[int, float]:
        """For a proof: where no kill happened to meet a job, a few more, since then nothing would be proven.

        Returns how many kills it took, and the seconds from the last of them until all was done.
        """
        self.harm(how, times, ask)
        seconds = self.wait(self.all_done)
        while not self.interrupted() and times < MOST_KILLS:
            self.harm(lambda _, number=times: how(number), 1, ask)  # type: ignore[misc]  # binds this round's number
            seconds = self.wait(self.all_done)
            times += 1
        return times, seconds

    def harm_until_doubled(self, how: Callable[[int], object], times: int) -> int:
        """For a negative control: where chance was kind to all of `times`, a few more; returns how many it took."""
        self.harm(how, times)
        self.wait(self.all_done)
        while not self.doubled() and times < MOST_KILLS:
            self.harm(how, 1)
            self.wait(self.all_done)
            times += 1
        return times

    def logs(self) -> str:
        return "\n".join(f"{path.name}:\n{path.read_text()[-2000:]}" for path in sorted(self.folder.glob("*.log")))
