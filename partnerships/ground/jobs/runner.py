"""Running what is due. `manage.py runjobs` and the one Celery task both call `run_due`."""

from __future__ import annotations

import logging
import threading
import time

from django.db import transaction

from partnerships.ground import clock
from partnerships.ground.jobs import claims, registry
from partnerships.ground.jobs.claims import Claim, LostClaim
from partnerships.ground.jobs.running import GiveUp, Heartbeat, Leaving, RunningJob, StopRequested
from partnerships.ground.models import Job

log = logging.getLogger(__name__)


def run_due(*, schedules: bool = False, seconds: float | None = None, leaving: threading.Event | None = None) -> int:
    """Take back lost jobs, then run everything that is due, one after the other; returns how many were run.

    `schedules` asks for the jobs of the clock first. It takes no new ones after `seconds`, or once `leaving` is set.
    """
    leaving = leaving or threading.Event()
    end = time.monotonic() + seconds if seconds is not None else None
    # Before any lease runs: an engine may take a while to import.
    registry.load()
    if schedules:
        plan_schedules()
    claims.sweep()
    ran = 0
    while not leaving.is_set() and (end is None or time.monotonic() < end):
        job = claims.take()
        if job is None:
            break
        run(job, leaving)
        ran += 1
    return ran


def plan_schedules() -> None:
    """Ask for the latest run of everything that runs by the clock. The unique key lets any number of beats ask."""
    now = clock.now()
    slots = [(schedule.kind, schedule.latest(now)) for schedule in registry.schedules()]
    Job.objects.bulk_create(
        [
            Job(kind=kind, key=slot.isoformat(), payload={"scheduled_for": slot.isoformat()}, due_at=slot)
            for kind, slot in slots
        ],
        ignore_conflicts=True,
    )


def run(job: Job, leaving: threading.Event) -> None:
    """Run one claimed job to whatever end; only a database that does not answer raises."""
    if job.token is None:
        raise ValueError("Only a claimed job can be run.")
    claim = Claim(job.pk, job.token)
    handler = registry.find(job.kind)
    try:
        if handler is None:
            claims.fail(
                job, claim, code="unknown_kind", detail=f"No tasks.py has a handler for {job.kind}.", final=True
            )
        else:
            _attempt(job, claim, handler, leaving)
    except LostClaim:
        log.warning("Job %s (%s) was given to another worker; nothing of this attempt was saved.", job.pk, job.kind)


def _attempt(job: Job, claim: Claim, handler: registry.Handler, leaving: threading.Event) -> None:
    running = RunningJob(job, claim, handler.how, leaving)
    try:
        with Heartbeat(running):
            save = handler.function(running)
            with transaction.atomic():
                if save is not None:
                    save()
                claims.finish(claim)
    except LostClaim:
        raise
    except StopRequested:
        claims.stop(claim)
    except Leaving:
        claims.release(claim)
    except GiveUp as problem:
        claims.fail(job, claim, code=problem.code, detail=claims.frames(problem), final=True)
    except Exception as problem:
        detail = claims.frames(problem)
        log.error("Job %s (%s) failed at attempt %s.\n%s", job.pk, job.kind, job.attempts, detail)
        claims.fail(job, claim, code=type(problem).__name__, detail=detail)
