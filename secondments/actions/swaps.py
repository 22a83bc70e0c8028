"""The way back: only the host calls it due."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from partnerships.ground import clock
from partnerships.ground.locks import acting
from partnerships.ground.workflow import move
from secondments import emails
from secondments.models import Swap
from secondments.states import SwapState

if TYPE_CHECKING:
    from partnerships.models import User


def call_due(*, swap: Swap, by: User, at: datetime | None = None) -> None:
    """Somebody of the host would like to come now."""
    at = at or clock.now()
    with acting():
        move(swap, to=SwapState.DUE, verb="call_due", by=by, at=at)
        emails.return_due(swap, swap.placements.order_by("id")[0])


def lapse(*, swap: Swap, at: datetime | None = None) -> None:
    """Its day has passed and nobody came. Nobody owes anything, and nobody is told off."""
    at = at or clock.now()
    with acting():
        move(swap, to=SwapState.LAPSED, verb="lapse", by=None, at=at)
