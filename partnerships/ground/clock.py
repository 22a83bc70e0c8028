"""The one clock: verbs take `at=` and ask here only when it is not given."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, with its time zone."""
    return timezone.now()


def today(at: datetime | None = None) -> date:
    """The date in the United Kingdom at `at`, or now."""
    return timezone.localdate(at or now())
