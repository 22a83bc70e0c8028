"""What a person should do next about visits, offers, rounds and what was said to be wrong."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from partnerships.ground.steps import NextStep

from . import concerns, enrolments, offers, rounds, visits
from .standing import deciders, in_a_line, standing

if TYPE_CHECKING:
    from partnerships.models import User

__all__ = ["deciders", "in_a_line", "standing", "steps"]


def steps(user: User, at: datetime) -> list[NextStep]:
    """What waits for this person, and how their own visits and rounds stand."""
    found = [
        *visits.answers(user),
        *visits.steps(user, at),
        *offers.steps(user, at),
        *rounds.steps(user, at),
        *enrolments.steps(user),
    ]
    if user.is_administrator:
        found += concerns.steps()
    return found
