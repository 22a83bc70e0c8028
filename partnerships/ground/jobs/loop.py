"""The runner of a single machine: no broker, woken by NOTIFY, in threads that each run one job at a time."""

from __future__ import annotations

import logging
import os
import select
import signal
import threading
import time
from typing import Any

from django.db import Error, close_old_connections, connection

from partnerships.ground.jobs import claims
from partnerships.ground.jobs.runner import plan_schedules, run_due
from partnerships.ground.jobs.wake import CHANNEL

PAUSE_AFTER_TROUBLE_SECONDS = 1.0
GRACE_SECONDS = 20.0

log = logging.getLogger(__name__)


class Loop:
    """Listens in the main thread, and runs jobs in `workers` others until it is told to leave."""

    def __init__(self, *, workers: int, poll_seconds: float) -> None:
        self._poll_seconds = poll_seconds
        self._leaving = threading.Event()
        self._wakers = [threading.Event() for _ in range(workers)]
        self._threads = [
            threading.Thread(target=self._work, args=[waker], name=f"jobs-{number}", daemon=True)
            for number, waker in enumerate(self._wakers, start=1)
        ]
        # A signal handler may not take locks; writing to a pipe is all it does, and `select` sees it.
        self._told, self._tell = os.pipe()

    def leave(self) -> None:
        """End after the jobs at hand: long ones are handed back at their next checkpoint."""
        os.write(self._tell, b"x")

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.leave())
        for thread in self._threads:
            thread.start()
        while not self._leaving.is_set():
            try:
                self._listen()
            except Error as problem:
                log.warning("The database does not answer (%s).", type(problem).__name__)
                connection.close()
                self._wait([], PAUSE_AFTER_TROUBLE_SECONDS)
        end = time.monotonic() + GRACE_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        connection.close()

    def _listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        database = connection.connection
        while not self._leaving.is_set():
            plan_schedules()
            claims.sweep()
            self._wake()
            self._wait([database], self._poll_seconds)
            database.poll()
            database.notifies.clear()

    def _wait(self, sources: list[Any], seconds: float) -> None:
        readable, _, _ = select.select([self._told, *sources], [], [], seconds)
        if self._told in readable:
            self._leaving.set()
            self._wake()

    def _wake(self) -> None:
        for waker in self._wakers:
            waker.set()

    def _work(self, waker: threading.Event) -> None:
        while not self._leaving.is_set():
            # Cleared before looking, so that what is asked for during the look leads to another one.
            waker.clear()
            try:
                close_old_connections()
                run_due(leaving=self._leaving)
            except Exception as problem:
                # Most often the database went away in the middle of a job; its lease brings the job back.
                log.error("A runner of jobs was interrupted (%s).", type(problem).__name__)
                connection.close()
                self._leaving.wait(PAUSE_AFTER_TROUBLE_SECONDS)
            waker.wait(self._poll_seconds)
        connection.close()
