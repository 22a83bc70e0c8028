"""The demonstration's visits and its rounds, made by the real verbs with a clock in the past."""

from __future__ import annotations

from datetime import datetime

from . import neighbours, rounds, visits

__all__ = ["load"]


def load(at: datetime | None = None) -> str:
    """Load all; each does nothing where it is there already. Returns what was made, in words."""
    return " ".join(filter(None, [visits.load(at), rounds.load(at), neighbours.load(at)]))
