"""Something is wrong: anyone may say so."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from partnerships.ground import clock
from partnerships.ground.locks import acting
from partnerships.ground.workflow import created, move
from secondments import emails
from secondments.models import Concern, Placement
from secondments.states import ConcernState

if TYPE_CHECKING:
    from partnerships.models import User


def raise_concern(
    *,
    what_is_wrong: str,
    how_to_reach_you: str = "",
    placement: Placement | None = None,
    at: datetime | None = None,
) -> Concern:
    """Who raises it is not recorded unless they say so themselves: it may be about anyone."""
    at = at or clock.now()
    with acting():
        concern = Concern.objects.create(
            placement=placement,
            what_is_wrong=what_is_wrong,
            how_to_reach_you=how_to_reach_you,
            state=ConcernState.RAISED,
            created_at=at,
        )
        created(concern, by=None, verb="raise_concern", at=at)
        emails.concern_raised(concern)
    return concern


def handle_concern(*, concern: Concern, by: User, at: datetime | None = None) -> None:
    """An administrator has seen to it."""
    at = at or clock.now()
    with acting():
        move(concern, to=ConcernState.HANDLED, verb="handle_concern", by=by, at=at)
