"""Waking the runners once a transaction commits. Everything here may fail without losing a job."""

from __future__ import annotations

import logging
import threading
import time

from celery import current_app
from django.conf import settings
from django.db import connection, transaction

CHANNEL = "jobs"
TASK = "ground.run_due"
EXPIRES_SECONDS = 60
PAUSE_SECONDS = 15.0  # how long nobody is made to wait for a Redis that did not answer; a beat sweeps meanwhile

log = logging.getLogger(__name__)


class Breaker:
    """Remembers for a while that something did not answer, so that one page waits for it and not the next ones."""

    def __init__(self, pause: float) -> None:
        self.pause = pause
        self._lock = threading.Lock()
        self._closed_until = 0.0

    def tripped(self) -> bool:
        with self._lock:
            return time.monotonic() < self._closed_until

    def trip(self) -> None:
        with self._lock:
            self._closed_until = time.monotonic() + self.pause


breaker = Breaker(PAUSE_SECONDS)


def wake() -> None:
    """Wake the runners when the present transaction commits, once however often it is asked."""
    if any(registered[1] is kick for registered in connection.run_on_commit):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    transaction.on_commit(kick, robust=True)


def kick() -> None:
    """Tell a Celery worker that something is due. The message has no arguments: what is due stands in the table."""
    if not settings.REDIS_URL or breaker.tripped():
        return
    try:
        current_app.send_task(
            TASK,
            expires=EXPIRES_SECONDS,
            ignore_result=True,
            retry=True,
            retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0},
        )
    except Exception as problem:
        breaker.trip()
        # The kind of the error only: its text may hold the address with its password.
        log.warning("Redis did not take a kick (%s); the beat will sweep.", type(problem).__name__)
