"""Who may work on which job: every change of a job's state while runners are about, in SQL on the database's clock.

A claim is a fresh token with a lease. Whoever writes a result names the token; when no row answers, somebody else
has the job by now, and the caller's transaction must not commit.
"""

from __future__ import annotations

import json
import logging
import traceback
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from partnerships.ground.jobs import registry
from partnerships.ground.models import Job
from partnerships.ground.states import JobState

FIRST_PAUSE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 3600

log = logging.getLogger(__name__)


class LostClaim(Exception):
    """The lease ran out and the job was given away; nothing of this attempt may be saved."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on one job."""

    job_id: int
    token: uuid.UUID


def take() -> Job | None:
    """Claim the job that has been due longest, or None. Rows that others are claiming are passed over."""
    rows = Job.objects.raw(
        """
        UPDATE ground_job
           SET state = 'running', token = %s, attempts = attempts + 1, started_at = clock_timestamp(),
               lease_until = clock_timestamp() + make_interval(secs => %s)
         WHERE id = (SELECT id FROM ground_job
                      WHERE state = 'waiting' AND due_at <= clock_timestamp()
                      ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT 1)
        RETURNING *
        """,
        [uuid.uuid4(), settings.JOB_LEASE_SECONDS],
    )
    return next(iter(rows), None)


def extend(claim: Claim) -> bool:
    """Put the end of the lease further away; False when the claim is lost."""
    return bool(
        _change(claim, "lease_until = clock_timestamp() + make_interval(secs => %s)", settings.JOB_LEASE_SECONDS)
    )


def progress(claim: Claim, done: int, total: int, note: str) -> bool:
    """Write how far it is; whether a stop was asked for."""
    return _fenced(claim, "progress_done = %s, progress_total = %s, progress_note = %s", done, total, note)


def save_cursor(claim: Claim, cursor: dict[str, Any]) -> bool:
    """Write how far the batches are, in the caller's transaction; whether a stop was asked for.

    An attempt that got somewhere is the first of the rest.
    """
    return _fenced(
        claim,
        "cursor = %s, attempts = 1, lease_until = clock_timestamp() + make_interval(secs => %s)",
        json.dumps(cursor),
        settings.JOB_LEASE_SECONDS,
    )


def finish(claim: Claim) -> None:
    """Mark the job done, in the transaction of its effect; `LostClaim` rolls both back."""
    _fenced(
        claim,
        """state = 'done', token = NULL, lease_until = NULL, ended_at = clock_timestamp(),
           error_code = '', error_detail = ''""",
    )


def stop(claim: Claim) -> None:
    """End the job as stopped."""
    _fenced(claim, "state = 'stopped', token = NULL, lease_until = NULL, ended_at = clock_timestamp()")


def release(claim: Claim) -> None:
    """Hand the job back unharmed: the runner is going away, so this attempt does not count."""
    _fenced(claim, "state = 'waiting', token = NULL, lease_until = NULL, attempts = greatest(attempts - 1, 0)")


def fail(job: Job, claim: Claim, *, code: str, detail: str, final: bool = False) -> None:
    """End this attempt: the job waits for its next one, ever longer, or is given up after the last."""
    final = final or job.attempts >= job.max_attempts
    pause = min(FIRST_PAUSE_SECONDS * 3 ** max(job.attempts - 1, 0), LONGEST_PAUSE_SECONDS)
    with transaction.atomic():
        _fenced(
            claim,
            """state = %s, token = NULL, lease_until = NULL, error_code = %s, error_detail = %s,
               due_at = clock_timestamp() + make_interval(secs => %s),
               ended_at = CASE WHEN %s THEN clock_timestamp() END""",
            JobState.FAILED if final else JobState.WAITING,
            code[:80],
            detail,
            pause,
            final,
        )
        if final:
            _given_up(job)


def sweep() -> int:
    """Take back the jobs whose lease ran out: their worker was killed, or hangs. Returns how many."""
    with transaction.atomic():
        swept = list(
            Job.objects.raw(
                """
                UPDATE ground_job
                   SET state = CASE WHEN stop_requested THEN 'stopped'
                                    WHEN attempts >= max_attempts THEN 'failed' ELSE 'waiting' END,
                       ended_at = CASE WHEN stop_requested OR attempts >= max_attempts THEN clock_timestamp() END,
                       token = NULL, lease_until = NULL, due_at = clock_timestamp(),
                       error_code = 'worker_lost', error_detail = ''
                 WHERE id IN (SELECT id FROM ground_job
                               WHERE state = 'running' AND lease_until < clock_timestamp()
                               ORDER BY id FOR UPDATE SKIP LOCKED)
                RETURNING *
                """
            )
        )
        for job in swept:
            if job.state == JobState.FAILED:
                _given_up(job)
    return len(swept)


def _given_up(job: Job) -> None:
    handler = registry.find(job.kind)
    if handler is None or handler.on_failure is None:
        return
    try:
        with transaction.atomic():
            handler.on_failure(job)
    except Exception as problem:
        # The job has to end all the same, or it would be swept and given up for ever.
        log.error("What follows the failure of job %s (%s) failed too.\n%s", job.pk, job.kind, frames(problem))


def frames(problem: BaseException) -> str:
    """Where it went wrong, without the messages of the exceptions: those may quote people's data."""
    parts: list[str] = []
    cause: BaseException | None = problem
    while cause is not None:
        kind = f"{type(cause).__module__}.{type(cause).__qualname__}"
        parts.append("".join(traceback.format_tb(cause.__traceback__)) + kind)
        cause = cause.__cause__ or cause.__context__
    return "\n\nfrom\n\n".join(parts)


def _change(claim: Claim, assignments: str, *values: str | float) -> list[bool]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE ground_job SET {assignments} WHERE id = %s AND token = %s AND state = 'running'"  # noqa: S608 - our own words
            " RETURNING stop_requested",
            [*values, claim.job_id, claim.token],
        )
        return [row[0] for row in cursor.fetchall()]


def _fenced(claim: Claim, assignments: str, *values: str | float) -> bool:
    rows = _change(claim, assignments, *values)
    if not rows:
        raise LostClaim
    return rows[0]
