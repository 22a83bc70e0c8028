"""Why a visit cannot be answered, ended or called over now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.ground.models import Event
from partnerships.ground.problems import Problem
from secondments.models.days import HalfDay, day_words
from secondments.problems.acting import problems_for_acting
from secondments.states import DecisionKind, DecisionState, PlacementState

if TYPE_CHECKING:
    from secondments.models import Decision, Placement

TIME_FOR_CHECKS = timedelta(days=7)
"""How long after the last day something needed first may still be marked as done."""

MOST_ASKED_A_DAY = 3
"""So many people are asked in place of others about one visit."""


def problems_for_deciding(placement: Placement, at: datetime) -> list[Problem]:
    """A yes that comes after the first day has begun helps nobody."""
    first = placement.sessions.order_by("date", "half").first()
    if first is not None and HalfDay(first.date, first.half).starts_at <= at:
        return [Problem("too_late", _("The first day has come already, so this can no longer be answered."))]
    return []


def problems_for_saying_yes(placement: Placement) -> list[Problem]:
    """An organisation that was suspended or closed meanwhile neither sends nor takes anybody; no is always possible."""
    return [*problems_for_acting(placement.offer.organisation), *problems_for_acting(placement.home)]


def problems_for_asking_someone_else(decision: Decision, at: datetime) -> list[Problem]:
    """While it waits for the answer of whoever agrees; each press is a mail to somebody who has not asked for it."""
    if decision.kind != DecisionKind.HOME_APPROVER or decision.state != DecisionState.WAITING:
        return [
            Problem("answered_already", _("This question has been answered. Look again at where the visit stands."))
        ]
    today = Event.objects.about(decision).filter(verb="ask_someone_else", at__gt=at - timedelta(days=1))
    if today.count() >= MOST_ASKED_A_DAY:
        sentence = _("Several people were asked today. Speak with whoever agrees first, and go on tomorrow.")
        return [Problem("asked_enough", sentence, "agrees_email")]
    return []


def problems_for_expiring(placement: Placement, at: datetime) -> list[Problem]:
    """Whoever answered, or did what was needed first, while the clock was on its way was in time."""
    if placement.state == PlacementState.REQUESTED:
        over = placement.answer_by < at
    elif placement.state == PlacementState.AGREED:
        over = placement.days()[-1] < clock.today(at - TIME_FOR_CHECKS)
    else:
        return []
    return [] if over else [Problem("not_over", _("There is still time for this visit. Leave it as it is."))]


def problems_for_completing(placement: Placement, at: datetime) -> list[Problem]:
    first = placement.sessions.order_by("date", "half").first()
    if first is not None and first.date > clock.today(at):
        sentence = _("The visit begins on %(day)s. Come back then and say how it went.")
        return [Problem("not_begun", sentence % {"day": day_words(first.date)})]
    return []
