"""The runner of a single machine, with real transactions: its heartbeat, its waking, its end."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from pytest_django import Settings

from partnerships.ground import jobs
from partnerships.ground.jobs import claims, loop, registry
from partnerships.ground.jobs.loop import Loop
from partnerships.ground.models import Job
from partnerships.ground.states import JobState

from .conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 20.0


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def _signals_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "schedules", list)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def beside(run: Callable[[], object], leave: Callable[[], None], do: Callable[[], None]) -> None:
    """Run a loop in this thread, since signals belong to the main one, and `do` beside it; then leave."""
    problems: list[BaseException] = []

    def act() -> None:
        try:
            do()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()
            leave()

    thread = threading.Thread(target=act)
    thread.start()
    run()
    thread.join()
    assert not problems, problems


def loop_beside(looping: Loop, do: Callable[[], None]) -> None:
    beside(looping.run, looping.leave, do)


def state(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def test_a_heartbeat_keeps_a_long_job(on_job: Register, settings: Settings) -> None:
    settings.JOB_LEASE_SECONDS = 3.0  # so that a beat may come two seconds late, on a machine that is busy

    def compute(job: jobs.RunningJob) -> None:
        end = time.monotonic() + 3.5
        while time.monotonic() < end:
            assert claims.sweep() == 0
            time.sleep(0.05)

    on_job(compute)
    job = jobs.enqueue("tests.job", "a", {})
    jobs.run_due()
    assert state(job) == JobState.DONE


def test_without_a_heartbeat_the_long_job_is_swept(
    on_job: Register, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    settings.JOB_LEASE_SECONDS = 0.4
    monkeypatch.setattr(claims, "extend", lambda claim: True)
    swept: list[int] = []
    enough = threading.Event()

    def compute(job: jobs.RunningJob) -> None:
        time.sleep(0.6)
        swept.append(claims.sweep())
        enough.set()

    on_job(compute)
    jobs.enqueue("tests.job", "a", {})
    jobs.run_due(leaving=enough)
    assert swept == [1]


def test_a_heartbeat_tells_that_the_claim_is_lost(on_job: Register, settings: Settings) -> None:
    settings.JOB_LEASE_SECONDS = 0.4

    def compute(job: jobs.RunningJob) -> None:
        Job.objects.filter(pk=job.id).update(token="00000000-0000-4000-8000-000000000000")
        assert job.lost.wait(PATIENCE)
        job.progress(1, 2)
        raise AssertionError

    on_job(compute)
    job = jobs.enqueue("tests.job", "a", {})
    jobs.run_due()
    assert (state(job), Job.objects.get().error_code) == (JobState.RUNNING, "")


def test_a_missed_beat_is_not_the_end(on_job: Register, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.JOB_LEASE_SECONDS = 0.4
    extend = claims.extend
    beats: list[bool] = []

    def stumble(claim: claims.Claim) -> bool:
        beats.append(True)
        if len(beats) == 1:
            raise OperationalError
        return extend(claim)

    monkeypatch.setattr(claims, "extend", stumble)
    on_job(lambda job: until(lambda: len(beats) >= 3))
    job = jobs.enqueue("tests.job", "a", {})
    jobs.run_due()
    assert state(job) == JobState.DONE


def test_a_commit_wakes_it(on_job: Register) -> None:
    on_job(lambda job: None)

    def ask() -> None:
        # It has looked once by now, and would not look again for an hour.
        time.sleep(0.5)
        job = jobs.enqueue("tests.job", "a", {})
        until(lambda: state(job) == JobState.DONE)

    loop_beside(Loop(workers=2, poll_seconds=3600), ask)


def test_it_looks_by_itself_when_nothing_wakes_it(on_job: Register) -> None:
    on_job(lambda job: None)

    def ask() -> None:
        time.sleep(0.3)
        job = Job.objects.create(kind="tests.job", key="a")
        until(lambda: state(job) == JobState.DONE)

    loop_beside(Loop(workers=1, poll_seconds=0.2), ask)


def test_it_runs_several_at_a_time(on_job: Register) -> None:
    both = threading.Barrier(2, timeout=PATIENCE)

    def meet(job: jobs.RunningJob) -> None:
        both.wait()

    on_job(meet)

    def ask() -> None:
        asked = [jobs.enqueue("tests.job", key, {}) for key in "ab"]
        until(lambda: all(state(job) == JobState.DONE for job in asked))

    loop_beside(Loop(workers=2, poll_seconds=0.2), ask)


def test_the_command_runs_until_it_is_told_to_end(on_job: Register) -> None:
    on_job(lambda job: None)
    job = jobs.enqueue("tests.job", "a", {})
    beside(
        lambda: call_command("runjobs", "--workers=1", "--poll=0.2", "--skip-checks"),
        lambda: os.kill(os.getpid(), signal.SIGTERM),
        lambda: until(lambda: state(job) == JobState.DONE),
    )


def test_a_signal_ends_it_after_the_job_at_hand(on_job: Register) -> None:
    running = threading.Event()

    def compute(job: jobs.RunningJob) -> None:
        running.set()
        time.sleep(0.5)

    on_job(compute)
    job = jobs.enqueue("tests.job", "a", {})

    def end() -> None:
        assert running.wait(PATIENCE)
        os.kill(os.getpid(), signal.SIGTERM)

    loop_beside(Loop(workers=1, poll_seconds=3600), end)
    assert state(job) == JobState.DONE


def test_it_outlives_a_database_that_goes_away(on_job: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "PAUSE_AFTER_TROUBLE_SECONDS", 0.1)
    on_job(lambda job: None)

    def cut() -> None:
        time.sleep(0.3)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        job = jobs.enqueue("tests.job", "a", {})
        until(lambda: state(job) == JobState.DONE)

    loop_beside(Loop(workers=1, poll_seconds=0.2), cut)


def test_a_worker_goes_on_after_trouble(on_job: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "PAUSE_AFTER_TROUBLE_SECONDS", 0.1)
    trouble: list[bool] = []
    take = claims.take

    def stumble() -> Job | None:
        if not trouble:
            trouble.append(True)
            raise OperationalError
        return take()

    monkeypatch.setattr(claims, "take", stumble)
    on_job(lambda job: None)
    job = jobs.enqueue("tests.job", "a", {})
    loop_beside(Loop(workers=1, poll_seconds=0.1), lambda: until(lambda: state(job) == JobState.DONE))
    assert trouble
