"""What runs which kind of job, and what runs by the clock. Each app's `tasks.py` registers its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from partnerships.ground.jobs.running import RunningJob
    from partnerships.ground.models import Job

How = Literal["transactional", "resumable", "external"]
Save = Callable[[], None]
Function = Callable[["RunningJob"], Save | None]
OnFailure = Callable[["Job"], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """The function for one kind of job.

    transactional: it computes outside any transaction and returns a function that saves; that function runs in the
    transaction that marks the job done. resumable: it works in batches, each committed with `job.save_cursor`, and
    goes on from `job.cursor`. external: it has an effect elsewhere, at least once.
    """

    kind: str
    how: How
    function: Function
    on_failure: OnFailure | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A kind of job that is asked for by the clock: once for every moment that `latest` names."""

    kind: str
    latest: Callable[[datetime], datetime]


_handlers: dict[str, Handler] = {}
_schedules: dict[str, Schedule] = {}


def handler(kind: str, *, how: How, on_failure: OnFailure | None = None) -> Callable[[Function], Function]:
    """Register the function that runs jobs of `kind`. `on_failure` runs in the transaction that gives a job up."""

    def register(function: Function) -> Function:
        if kind in _handlers and _handlers[kind].function is not function:
            raise ValueError(f"Two handlers want the jobs of kind {kind}.")
        _handlers[kind] = Handler(kind, how, function, on_failure)
        return function

    return register


def step(minutes: int) -> Callable[[datetime], datetime]:
    """The latest whole step of so many minutes."""
    seconds = minutes * 60
    return lambda now: datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)


def daily(hour: int) -> Callable[[datetime], datetime]:
    """The latest time that the clocks of the United Kingdom struck `hour`."""

    def latest(now: datetime) -> datetime:
        local = timezone.localtime(now)
        today = local.replace(hour=hour, minute=0, second=0, microsecond=0)
        return (today if today <= local else today - timedelta(days=1)).astimezone(UTC)

    return latest


def every(
    kind: str, *, minutes: int | None = None, at_hour: int | None = None, how: How = "transactional"
) -> Callable[[Function], Function]:
    """Register a function that runs by the clock: every so many minutes, or each day at an hour of ours."""
    if (minutes is None) == (at_hour is None):
        raise ValueError("Say either minutes= or at_hour=.")

    latest = step(minutes) if minutes is not None else daily(at_hour or 0)

    def register(function: Function) -> Function:
        _schedules[kind] = Schedule(kind, latest)
        return handler(kind, how=how)(function)

    return register


@cache
def load() -> None:
    """Import every app's `tasks.py`. Late, so that a web process does not pay for what only runners use."""
    autodiscover_modules("tasks")


def find(kind: str) -> Handler | None:
    load()
    return _handlers.get(kind)


def schedules() -> list[Schedule]:
    load()
    return list(_schedules.values())
