"""What a person should do next, gathered from every app for the first page after signing in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do: a title, a sentence that says why, where to do it, and by when.

    Steps are shown by the lowest `weight` first, then by the earliest `by`. `status` is said of what is
    only to be known of, such as "Waiting" where it is somebody else's turn.
    """

    title: str
    sentence: str
    url: str
    button: str
    weight: int
    by: datetime | None = None
    status: str = ""


def gather(user: Any, at: datetime) -> list[NextStep]:
    """Every next step of `user`, most pressing first."""
    sources: list[Callable[[Any, datetime], list[NextStep]]] = [import_string(path) for path in settings.NEXT_STEPS]
    steps = [step for source in sources for step in source(user, at)]
    return sorted(steps, key=lambda step: (step.weight, step.by is None, step.by or at, step.title))
