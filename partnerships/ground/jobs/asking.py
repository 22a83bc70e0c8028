"""Asking for work, asking it to stop, and asking again after it failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now

from partnerships.ground.jobs.wake import wake
from partnerships.ground.models import Job
from partnerships.ground.states import JobState


def enqueue(
    kind: str, key: str, payload: dict[str, Any], *, due_at: datetime | None = None, max_attempts: int = 5
) -> Job:
    """Ask for a job, in the caller's transaction: it exists if and only if the change that asks for it does.

    A kind and key that was asked for before, in whatever state, is that same job: it is returned as it is.
    """
    with transaction.atomic():
        Job.objects.bulk_create(
            [Job(kind=kind, key=key, payload=payload, max_attempts=max_attempts, due_at=due_at or Now())],
            ignore_conflicts=True,
        )
        job = Job.objects.get(kind=kind, key=key)
        wake()
    return job


def enqueue_many(kind: str, asked: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Ask for many jobs of a kind, each a key with its payload, with the statements that one takes."""
    with transaction.atomic():
        Job.objects.bulk_create(
            [Job(kind=kind, key=key, payload=payload, due_at=Now()) for key, payload in asked], ignore_conflicts=True
        )
        wake()


def request_stop(job: Job) -> None:
    """Stop a job: at once while it waits, at its next checkpoint while it runs. One that has ended stays as it is."""
    waits = When(state=JobState.WAITING, then=Value(JobState.STOPPED))
    Job.objects.filter(pk=job.pk, state__in=[JobState.WAITING, JobState.RUNNING]).update(
        stop_requested=True,
        ended_at=Case(When(state=JobState.WAITING, then=Now()), default=F("ended_at")),
        state=Case(waits, default=F("state")),
    )
    job.refresh_from_db()


def stop_unless_running(kind: str, key: str) -> bool:
    """Stop a job that nobody has in hand; whether nobody will work on it from now on.

    A row that a worker has in hand is passed over and not waited for: that worker may need what the caller has locked.
    """
    asked = Job.objects.filter(kind=kind, key=key)
    with transaction.atomic():
        idle = asked.select_for_update(skip_locked=True).filter(state=JobState.WAITING)
        Job.objects.filter(pk__in=list(idle.values_list("pk", flat=True))).update(
            state=JobState.STOPPED, stop_requested=True, ended_at=Now()
        )
        return not asked.filter(state__in=[JobState.WAITING, JobState.RUNNING]).exists()


def try_again(job: Job) -> bool:
    """Let a failed or stopped job run anew, with all its attempts; a resumable one goes on from its cursor."""
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state__in=[JobState.FAILED, JobState.STOPPED]).update(
            state=JobState.WAITING,
            due_at=Now(),
            attempts=0,
            stop_requested=False,
            error_code="",
            error_detail="",
            ended_at=None,
        )
        if changed:
            wake()
    job.refresh_from_db()
    return bool(changed)
