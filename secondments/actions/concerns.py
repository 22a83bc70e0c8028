"""Something is wrong: anyone may say so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.ground.locks import acting, take_turns
from partnerships.ground.problems import Problem, Refused
from partnerships.ground.workflow import created, move
from secondments import emails
from secondments.models import Concern, Placement
from secondments.states import ConcernState

if TYPE_CHECKING:
    from partnerships.models import User


AN_HOUR = timedelta(hours=1)
MAILS_AN_HOUR = 20
CONCERNS_AN_HOUR = 200


def raise_concern(
    *,
    what_is_wrong: str,
    how_to_reach_you: str = "",
    placement: Placement | None = None,
    at: datetime | None = None,
) -> Concern:
    """Who raises it is not recorded unless they say so themselves: it may be about anyone.

    So all are counted together. A machine that writes without end is stopped before it fills the table, and well before
    that it no longer fills the mailboxes of those who are to read what others say.
    """
    at = at or clock.now()
    with acting():
        take_turns("concerns")
        lately = Concern.objects.filter(created_at__gt=at - AN_HOUR).count()
        if lately >= CONCERNS_AN_HOUR:
            raise Refused([_too_many()])
        concern = Concern.objects.create(
            placement=placement,
            what_is_wrong=what_is_wrong,
            how_to_reach_you=how_to_reach_you,
            state=ConcernState.RAISED,
            created_at=at,
        )
        created(concern, by=None, verb="raise_concern", at=at)
        if lately < MAILS_AN_HOUR:
            emails.concern_raised(concern)
    return concern


def _too_many() -> Problem:
    return Problem(
        "too_many_concerns",
        _("So much is written here at the moment that we cannot take this. Please write to %(address)s.")
        % {"address": settings.CONTACT_EMAIL},
    )


def handle_concern(*, concern: Concern, by: User, at: datetime | None = None) -> None:
    """An administrator has seen to it."""
    at = at or clock.now()
    with acting():
        move(concern, to=ConcernState.HANDLED, verb="handle_concern", by=by, at=at)
