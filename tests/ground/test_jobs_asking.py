"""Asking for work: once, and only together with the change that asks for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from partnerships.ground import jobs
from partnerships.ground.jobs.wake import kick
from partnerships.ground.models import Job
from partnerships.ground.states import JobState

pytestmark = pytest.mark.django_db


def test_asking_twice_is_asking_once() -> None:
    first = jobs.enqueue("tests.any", "a", {"id": 1})
    second = jobs.enqueue("tests.any", "a", {"id": 2})
    assert first == second
    assert second.payload == {"id": 1}
    assert Job.objects.count() == 1


def test_a_job_is_due_at_once_unless_it_says_when() -> None:
    later = timezone.now() + timedelta(days=1)
    assert jobs.enqueue("tests.any", "now", {}).due_at <= timezone.now()
    assert jobs.enqueue("tests.any", "later", {}, due_at=later).due_at == later


def test_it_is_forgotten_with_the_change_that_asked_for_it() -> None:
    with transaction.atomic():
        jobs.enqueue("tests.any", "a", {})
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_a_transaction_kicks_once_however_much_it_asks_for(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        for number in range(5):
            jobs.enqueue("tests.any", str(number), {})
    assert callbacks == [kick]


def test_one_that_is_rolled_back_in_part_still_kicks(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        with transaction.atomic():
            jobs.enqueue("tests.any", "a", {})
            transaction.set_rollback(True)
        jobs.enqueue("tests.any", "b", {})
    assert callbacks == [kick]


def test_a_waiting_job_stops_at_once() -> None:
    job = jobs.enqueue("tests.any", "a", {})
    jobs.request_stop(job)
    assert job.state == JobState.STOPPED
    assert job.ended
    assert job.ended_at is not None
    assert jobs.run_due() == 0


def test_one_that_has_ended_stays_as_it_is() -> None:
    job = jobs.enqueue("tests.nobody-knows-this", "a", {})
    jobs.run_due()
    jobs.request_stop(job)
    assert job.state == JobState.FAILED
    assert not job.stop_requested


def test_a_failed_job_can_be_tried_again_with_all_its_attempts() -> None:
    job = jobs.enqueue("tests.nobody-knows-this", "a", {})
    jobs.run_due()
    assert jobs.try_again(job)
    assert (job.state, job.attempts, job.error_code, job.ended_at) == (JobState.WAITING, 0, "", None)
    assert not jobs.try_again(job)
