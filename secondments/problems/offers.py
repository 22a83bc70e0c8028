"""Why an offer cannot be changed as asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.ground.problems import Problem
from secondments.models import OfferSession
from secondments.models.days import HalfDay
from secondments.problems.acting import problems_for_acting
from secondments.problems.days import problems_of_range
from secondments.states import Dating

if TYPE_CHECKING:
    from secondments.models import HostOffer


def problems_for_publishing(offer: HostOffer) -> list[Problem]:
    problems = problems_for_acting(offer.organisation)
    if offer.dating == Dating.DATED and not offer.sessions.from_day(clock.today()).exists():
        problems.append(
            Problem("no_days", _("Add at least one day to come first, or say “ask us” instead of naming days."), "days")
        )
    return problems


def problems_for_removing_session(session: OfferSession) -> list[Problem]:
    if session.booked:
        return [
            Problem(
                "session_held", _("Somebody has asked for this day or is coming. Answer or cancel their visit first.")
            )
        ]
    return []


def problems_for_adding_sessions(half_days: Sequence[HalfDay], at: datetime) -> list[Problem]:
    problems = []
    if not half_days:
        problems.append(Problem("no_days", _("Choose a first day and at least one half of it."), "first_day"))
    problems += problems_of_range(half_days, at)
    return problems
