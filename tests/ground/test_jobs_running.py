"""Running jobs: the effect and "done" are one, whoever lost the claim saves nothing, and failures wait their turn."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from partnerships.ground import jobs
from partnerships.ground.jobs import claims, runner
from partnerships.ground.models import Job
from partnerships.ground.states import JobState

from .conftest import Register

pytestmark = pytest.mark.django_db


def ask(key: str = "a", **payload: object) -> Job:
    return jobs.enqueue("tests.job", key, payload)


def again(job: Job) -> Job:
    job.refresh_from_db()
    return job


def due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def given_away(job: jobs.RunningJob) -> None:
    """As if the lease had run out and another worker had the job."""
    Job.objects.filter(pk=job.id).update(token="00000000-0000-4000-8000-000000000000")


def effect(name: str = "effect") -> None:
    jobs.enqueue("tests.effect", name, {}, due_at=timezone.now() + timedelta(days=1))


def effects() -> int:
    return Job.objects.of_kind("tests.effect").count()


def test_the_effect_is_saved_with_done(on_job: Register) -> None:
    seen: list[str] = []

    def compute(job: jobs.RunningJob) -> jobs.Save:
        seen.append(again(row).state)
        return effect

    on_job(compute)
    row = ask()
    assert jobs.run_due() == 1
    assert seen == [JobState.RUNNING]
    assert (again(row).state, row.attempts, row.token, row.lease_until) == (JobState.DONE, 1, None, None)
    assert effects() == 1


def test_nothing_runs_before_it_is_due(on_job: Register) -> None:
    on_job(lambda job: None)
    jobs.enqueue("tests.job", "a", {}, due_at=timezone.now() + timedelta(minutes=5))
    assert jobs.run_due() == 0


def test_the_longest_due_runs_first(on_job: Register) -> None:
    ran: list[str] = []
    on_job(lambda job: ran.append(job.key))
    for key, minutes in (("second", 1), ("first", 2)):
        jobs.enqueue("tests.job", key, {}, due_at=timezone.now() - timedelta(minutes=minutes))
    jobs.run_due()
    assert ran == ["first", "second"]


def test_whoever_lost_the_claim_saves_nothing(on_job: Register) -> None:
    def compute(job: jobs.RunningJob) -> jobs.Save:
        given_away(job)
        return effect

    on_job(compute)
    row = ask()
    jobs.run_due()
    assert effects() == 0
    assert again(row).state == JobState.RUNNING


def test_without_the_fence_the_loser_would_save_too(on_job: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(claims, "finish", lambda claim: None)

    def compute(job: jobs.RunningJob) -> jobs.Save:
        given_away(job)
        return effect

    on_job(compute)
    ask()
    jobs.run_due()
    assert effects() == 1


def test_a_failure_waits_ever_longer_and_is_then_given_up(on_job: Register) -> None:
    failed: list[Job] = []

    def fail(job: jobs.RunningJob) -> None:
        raise ValueError("Jane Doe, 1 High Street")

    on_job(fail, on_failure=failed.append)
    row = ask()
    pauses = []
    for _ in range(4):
        due(row)
        jobs.run_due()
        assert again(row).state == JobState.WAITING
        pauses.append(round((row.due_at - timezone.now()).total_seconds()))
    assert pauses == [10, 30, 90, 270]
    assert failed == []
    due(row)
    jobs.run_due()
    assert (again(row).state, row.error_code, row.attempts) == (JobState.FAILED, "ValueError", 5)
    assert row.ended_at is not None
    assert failed == [row]


def test_what_is_kept_of_a_failure_quotes_nobody(on_job: Register, caplog: pytest.LogCaptureFixture) -> None:
    name = " ".join(["Jane", "Doe"])

    def fail(job: jobs.RunningJob) -> None:
        try:
            raise KeyError(name)
        except KeyError as cause:
            raise ValueError(name) from cause

    on_job(fail)
    row = ask()
    jobs.run_due()
    assert "builtins.ValueError" in again(row).error_detail
    assert "builtins.KeyError" in row.error_detail
    assert "test_jobs_running.py" in row.error_detail
    assert name not in row.error_detail + caplog.text


def test_a_failure_in_saving_saves_nothing(on_job: Register) -> None:
    def compute(job: jobs.RunningJob) -> jobs.Save:
        def save() -> None:
            effect()
            raise ValueError

        return save

    on_job(compute)
    row = ask()
    jobs.run_due()
    assert again(row).state == JobState.WAITING
    assert effects() == 0


def test_a_handler_may_give_up_at_once(on_job: Register) -> None:
    def refuse(job: jobs.RunningJob) -> None:
        raise jobs.GiveUp("recipient_refused")

    on_job(refuse)
    row = ask()
    jobs.run_due()
    assert (again(row).state, row.error_code, row.attempts) == (JobState.FAILED, "recipient_refused", 1)


def test_what_follows_a_failure_cannot_keep_the_job_from_ending(
    on_job: Register, caplog: pytest.LogCaptureFixture
) -> None:
    """And the log of it quotes nobody either."""
    name = " ".join(["Jane", "Doe"])

    def refuse(job: jobs.RunningJob) -> None:
        raise jobs.GiveUp("no")

    def fail(job: Job) -> None:
        raise RuntimeError(name)

    on_job(refuse, on_failure=fail)
    row = ask()
    jobs.run_due()
    assert again(row).state == JobState.FAILED
    assert "builtins.RuntimeError" in caplog.text
    assert name not in caplog.text


def test_a_kind_that_nobody_handles_fails_and_says_so() -> None:
    row = jobs.enqueue("tests.unheard-of", "a", {})
    jobs.run_due()
    assert (again(row).state, row.error_code) == (JobState.FAILED, "unknown_kind")
    assert "tests.unheard-of" in row.error_detail
    assert list(Job.objects.failed()) == [row]


def test_two_handlers_cannot_want_the_same_kind(on_job: Register) -> None:
    on_job(lambda job: None)
    with pytest.raises(ValueError, match=r"tests\.job"):
        jobs.handler("tests.job", how="transactional")(lambda job: None)


# Leases ---------------------------------------------------------------------------------------------------------------


def expire(row: Job) -> None:
    Job.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_an_expired_lease_gives_the_job_to_another(on_job: Register) -> None:
    on_job(lambda job: effect)
    row = ask()
    assert claims.take() == row
    assert jobs.run_due() == 0
    expire(row)
    assert jobs.run_due() == 1
    assert (again(row).state, row.attempts) == (JobState.DONE, 2)
    assert effects() == 1


def test_a_job_whose_workers_keep_dying_is_given_up(on_job: Register) -> None:
    failed: list[Job] = []
    on_job(lambda job: None, on_failure=failed.append)
    row = ask()
    for _ in range(5):
        assert claims.take() == row
        expire(row)
        claims.sweep()
    assert (again(row).state, row.error_code) == (JobState.FAILED, "worker_lost")
    assert failed == [row]


def test_one_that_was_asked_to_stop_is_stopped_by_the_sweep() -> None:
    row = ask()
    claims.take()
    jobs.request_stop(row)
    assert again(row).state == JobState.RUNNING
    expire(row)
    claims.sweep()
    assert again(row).state == JobState.STOPPED


def test_only_a_claimed_job_is_run() -> None:
    with pytest.raises(ValueError, match="claimed"):
        runner.run(ask(), threading.Event())


# Batches, progress, stopping ------------------------------------------------------------------------------------------


def test_batches_go_on_from_the_cursor(on_job: Register) -> None:
    starts: list[int] = []

    def batches(job: jobs.RunningJob) -> None:
        starts.append(job.cursor.get("next", 0))
        for number in range(starts[-1], 4):
            with transaction.atomic():
                effect(str(number))
                job.save_cursor({"next": number + 1})
            if number == 1 and len(starts) == 1:
                raise OSError

    on_job(batches, how="resumable")
    row = ask()
    jobs.run_due()
    assert (again(row).cursor, effects()) == ({"next": 2}, 2)
    due(row)
    jobs.run_due()
    assert (again(row).state, row.cursor, starts) == (JobState.DONE, {"next": 4}, [0, 2])
    assert effects() == 4


def test_an_attempt_that_got_somewhere_counts_as_the_first(on_job: Register) -> None:
    def one_batch(job: jobs.RunningJob) -> None:
        job.save_cursor({"next": job.cursor.get("next", 0) + 1})
        if job.cursor["next"] < 8:
            raise OSError

    on_job(one_batch, how="resumable")
    row = ask()
    for _ in range(8):
        due(row)
        jobs.run_due()
    assert again(row).state == JobState.DONE


def test_a_batch_of_a_lost_claim_is_rolled_back(on_job: Register) -> None:
    def batches(job: jobs.RunningJob) -> None:
        given_away(job)
        with transaction.atomic():
            effect()
            job.save_cursor({"next": 1})

    on_job(batches, how="resumable")
    ask()
    jobs.run_due()
    assert effects() == 0


def test_it_stops_at_its_next_checkpoint(on_job: Register) -> None:
    def batches(job: jobs.RunningJob) -> None:
        jobs.request_stop(row)
        job.save_cursor({"next": 1})
        raise AssertionError

    on_job(batches, how="resumable")
    row = ask()
    jobs.run_due()
    assert (again(row).state, row.cursor) == (JobState.STOPPED, {"next": 1})
    assert jobs.try_again(row)


def test_progress_is_seen_at_once_and_written_seldom(on_job: Register) -> None:
    seen: list[tuple[int, int, str]] = []

    def compute(job: jobs.RunningJob) -> None:
        for number in range(1, 101):
            job.progress(number, 100, "rows")
            again(row)
            if not seen or seen[-1] != (row.progress_done, row.progress_total, row.progress_note):
                seen.append((row.progress_done, row.progress_total, row.progress_note))

    on_job(compute)
    row = ask()
    jobs.run_due()
    assert seen[0] == (1, 100, "rows")
    assert seen[-1] == (100, 100, "rows")
    assert len(seen) < 20


def test_progress_inside_a_transaction_is_a_mistake(on_job: Register) -> None:
    def compute(job: jobs.RunningJob) -> None:
        with transaction.atomic():
            job.progress(1, 2)

    on_job(compute)
    row = ask()
    jobs.run_due()
    assert again(row).error_code == "RuntimeError"


def test_an_effect_elsewhere_is_not_stopped_half_way(on_job: Register) -> None:
    def send(job: jobs.RunningJob) -> None:
        jobs.request_stop(row)
        job.progress(1, 1)

    on_job(send, how="external")
    row = ask()
    jobs.run_due()
    assert again(row).state == JobState.DONE


def test_a_leaving_runner_hands_the_job_back_unharmed(on_job: Register) -> None:
    leaving = threading.Event()

    def compute(job: jobs.RunningJob) -> jobs.Save:
        leaving.set()
        job.progress(1, 2)
        return effect

    on_job(compute)
    row = ask()
    ask("b")
    assert jobs.run_due(leaving=leaving) == 1
    assert (again(row).state, row.attempts, row.token) == (JobState.WAITING, 0, None)
    assert effects() == 0


def test_a_turn_ends_after_its_time(on_job: Register) -> None:
    on_job(lambda job: None)
    ask()
    assert jobs.run_due(seconds=0) == 0
    assert jobs.run_due(seconds=60) == 1


def test_runjobs_once_runs_what_is_due_and_ends(on_job: Register, capsys: pytest.CaptureFixture[str]) -> None:
    on_job(lambda job: None)
    row = ask()
    call_command("runjobs", "--once")
    assert again(row).state == JobState.DONE
    assert "run." in capsys.readouterr().out


def test_a_running_job_always_has_a_claim() -> None:
    row = ask()
    with pytest.raises(Exception, match="job_has_a_claim_while_it_runs"), transaction.atomic():
        Job.objects.filter(pk=row.pk).update(state=JobState.RUNNING)
    assert connection.vendor == "postgresql"
