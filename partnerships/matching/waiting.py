"""Listening for "stop" while a solver calculates, since no solver listens by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")
Report = Callable[[str], None]
Stop = Callable[[], bool]
_EVERY_S = 0.2


class Stopped(Exception):
    """Somebody said stop before the work was done."""


def while_waiting(work: Callable[[Report, Stop], T], report: Report, stop: Stop) -> T:
    """What the work returns or raises; it runs in a thread of its own, for solvers that let others run beside them.

    Once `stop` says yes this raises `Stopped` at once. The work ends at its next look at its own `stop`, and nobody
    reads what it found. `report` and `stop` themselves are called from here only: they may talk to a database.
    """
    said: SimpleQueue[str] = SimpleQueue()
    over = threading.Event()
    found: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work(said.put, over.is_set))
        except BaseException as error:  # handed to whoever waits
            raised.append(error)

    worker = threading.Thread(target=run, name="matching", daemon=True)
    worker.start()
    while worker.is_alive():
        worker.join(_EVERY_S)
        _pass_on(said, report)
        if worker.is_alive() and stop():
            over.set()
            raise Stopped
    _pass_on(said, report)
    if raised:
        raise raised[0]
    return found[0]


def _pass_on(said: SimpleQueue[str], report: Report) -> None:
    while not said.empty():
        report(said.get())
