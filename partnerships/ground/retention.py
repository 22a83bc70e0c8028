"""How long things are kept: every model of the house is named, with a period that a job keeps or a reason to stay."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Period:
    """What ends by itself. `words` is what the privacy notice says; `apply` does it and says how many rows it met.

    `apply` is None for what another job or a browser ends already.
    """

    model: str
    words: str | Promise
    apply: Callable[[datetime], int] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays, and why it may."""

    model: str
    because: str | Promise


Rule = Period | Kept


def gather() -> Iterator[Rule]:
    """Every app's rules."""
    for path in settings.RETENTION:
        rules: Callable[[], list[Rule]] = import_string(path)
        yield from rules()


def keep_periods(at: datetime) -> dict[str, int]:
    """End everything whose time is over; model → rows met.

    Each period by itself: one that cannot be kept tonight keeps nobody else's words. It is told of at the end.
    """
    met: dict[str, int] = {}
    missed: list[Exception] = []
    for rule in gather():
        if isinstance(rule, Period) and rule.apply is not None:
            try:
                with transaction.atomic():
                    met[rule.model] = met.get(rule.model, 0) + rule.apply(at)
            except Exception as problem:
                # Its words may quote a row.
                log.error("The period of %s was not kept (%s).", rule.model, type(problem).__name__)
                missed.append(problem)
    if missed:
        raise ExceptionGroup("Some periods were not kept.", missed)
    return met
