"""A job while it runs: what its handler sees, and the heartbeat that keeps it."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import Error, connection

from partnerships.ground.jobs import claims
from partnerships.ground.jobs.claims import Claim, LostClaim
from partnerships.ground.jobs.registry import How
from partnerships.ground.models import Job

PROGRESS_SECONDS = 0.5

log = logging.getLogger(__name__)


class GiveUp(Exception):
    """Raised by a handler when another attempt would be no better; `code` is shown to the administrator."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class StopRequested(Exception):
    """Somebody asked this job to stop."""


class Leaving(Exception):
    """The runner was told to end; the job goes back to wait for another."""


class RunningJob:
    """One claimed job, as its handler sees it."""

    def __init__(self, job: Job, claim: Claim, how: How, leaving: threading.Event) -> None:
        self.id = job.pk
        self.kind = job.kind
        self.key = job.key
        self.payload = job.payload
        self.cursor = job.cursor
        self.attempt = job.attempts
        self.last_attempt = job.attempts >= job.max_attempts
        self.claim = claim
        self.lost = threading.Event()
        self._interruptible = how != "external"
        self._leaving = leaving
        self._depth = len(connection.savepoint_ids) if connection.in_atomic_block else -1
        self._reported = 0.0

    @property
    def scheduled_for(self) -> datetime:
        """The moment that a job of the clock stands for."""
        return datetime.fromisoformat(self.payload["scheduled_for"])

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Say how far it is, at once visible to others, so outside any transaction; also a checkpoint.

        Call it as often as you like: it writes at most twice a second.
        """
        if self._in_transaction():
            raise RuntimeError("Report progress outside of transactions: nobody would see it until the end.")
        self._check(stop=False)
        if time.monotonic() - self._reported < PROGRESS_SECONDS and not done == total > 0:
            return
        self._reported = time.monotonic()
        self._check(stop=claims.progress(self.claim, done, total, note[:200]))

    def save_cursor(self, cursor: dict[str, Any]) -> None:
        """Remember where to go on, in the transaction of the batch just done: both are kept, or neither.

        A checkpoint too, where it is called outside a transaction; within one, the next checkpoint sees a stop.
        """
        stop = claims.save_cursor(self.claim, cursor)
        self.cursor = cursor
        if not self._in_transaction():
            self._check(stop=stop)

    def _in_transaction(self) -> bool:
        depth = len(connection.savepoint_ids) if connection.in_atomic_block else -1
        return depth > self._depth

    def _check(self, *, stop: bool) -> None:
        if self.lost.is_set():
            raise LostClaim
        if self._interruptible and stop:
            raise StopRequested
        if self._interruptible and self._leaving.is_set():
            raise Leaving


class Heartbeat:
    """Extends the lease of a running job from a thread, and so from a database connection, of its own."""

    def __init__(self, job: RunningJob) -> None:
        self._job = job
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{job.id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.wait(settings.JOB_LEASE_SECONDS / 4):
                self._extend()
        finally:
            connection.close()

    def _extend(self) -> None:
        try:
            if not claims.extend(self._job.claim) and not self._over.is_set():
                self._job.lost.set()
        except Error:
            # The next beat tries again on a new connection; the lease outlasts three missed ones.
            log.warning("The heartbeat of job %s missed a beat.", self._job.id, exc_info=True)
            connection.close()
