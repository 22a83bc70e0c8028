"""Two at the same moment, each on a connection of their own: what waits here waits for the other, never for time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import connection, transaction

from partnerships.ground.problems import Refused

PATIENCE = 60.0
"""Seconds until something has gone wrong; a machine may be slow, and busy with other tests."""


def _somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def until_it_waits(other: threading.Thread) -> None:
    """Until the other waits for what this connection has locked, or is over since nothing has kept it out."""
    end = time.monotonic() + PATIENCE
    while other.is_alive() and not _somebody_waits_for_us():
        assert time.monotonic() < end, "The other neither came to a lock nor to an end."
        time.sleep(0.01)


def first_and_meanwhile(first: Callable[[], object], meanwhile: Callable[[], object]) -> set[str]:
    """Do the first and, before it is committed, the other on a connection of its own; how that one was refused."""
    heard: set[str] = set()

    def run() -> None:
        try:
            meanwhile()
        except Refused as refused:
            heard.update(refused.codes)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    with transaction.atomic():
        first()
        other.start()
        until_it_waits(other)
    other.join()
    return heard


class Meeting:
    """A step at which the first of two waits for the second, unless what the first has locked keeps that one out."""

    def __init__(self) -> None:
        self._came: list[threading.Thread] = []

    def come(self) -> None:
        self._came.append(threading.current_thread())
        end = time.monotonic() + PATIENCE
        while len(self._came) < 2 and not _somebody_waits_for_us():
            assert time.monotonic() < end, "Nobody else came, and nobody waits."
            time.sleep(0.01)
