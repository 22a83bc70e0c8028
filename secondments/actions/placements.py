"""Asking: the one verb that makes a placement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError

from partnerships.ground import clock
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Refused, refuse
from partnerships.ground.workflow import created
from partnerships.models import Membership, User
from partnerships.problems import problems_for_approver
from partnerships.states import WhoAgrees
from secondments import emails
from secondments.models import HostOffer, Placement, Swap
from secondments.models.days import HalfDay
from secondments.permissions import may_ask_for
from secondments.problems import (
    clash,
    no_days,
    not_allowed,
    problems_for_asking,
    problems_for_returning,
    problems_with_one_more_request,
)
from secondments.states import (
    BY_A_BROKER,
    HowBegan,
    SwapState,
    Tie,
)

from .requests import Request, write_down
from .sessions import ready_sessions

RETURN_STAYS_OPEN = timedelta(days=365)


def request_placement(
    *,
    offer: HostOffer,
    membership: Membership,
    half_days: Sequence[HalfDay],
    learn: str,
    by: User,
    tie: str = Tie.NONE,
    needs: str = "",
    wants_return: bool = False,
    agrees_email: str = "",
    promises_confidentiality: bool = False,
    how_began: str = HowBegan.BOOKED,
    checks: Sequence[str] = (),
    returning: Swap | None = None,
    key: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Placement:
    """Ask for a visit: hold its half-days, write down whose yes it needs and what must be done first, tell everyone.

    `key` becomes the placement's uuid: asking again with the same key returns what was asked for before.
    `returning` is the swap that this visit answers, the other way round and once. Matched in a round, the visitor is
    asked too.
    """
    at = at or clock.now()
    key = key or uuid.uuid4()
    half_days = sorted({HalfDay(*each) for each in half_days})
    try:
        with acting():
            if before := _asked_before(key, by):
                return before
            _refuse_unless_fine(offer, membership, half_days, tie, agrees_email, by, how_began, at)
            _lock_who_is_asked_and_asks(offer, membership, returning)
            rows = ready_sessions([(offer, half_days)])
            lock(*rows.values())
            if returning:
                refuse(problems_for_returning(returning, membership, offer))
            # What was true before the wait may not be so after it.
            refuse(problems_for_asking(membership, offer, half_days, tie=tie, at=at))
            request = Request(
                key=key,
                offer=offer,
                membership=membership,
                half_days=half_days,
                learn=learn,
                needs=needs,
                tie=tie,
                agrees_email=agrees_email,
                promises_confidentiality=promises_confidentiality,
                how_began=how_began,
                checks=checks,
                swap=returning or (_open_swap(half_days, by, at) if wants_return else None),
            )
            [placement] = write_down([request], rows, by=by, at=at)
            emails.asked(placement)
            return placement
    except (IntegrityError, Refused) as error:
        # Pressed twice at once: it was the first press that took the days.
        if before := _asked_before(key, by):
            return before
        if _says(error, "visitor_in_one_place_at_a_time"):
            raise Refused([clash()]) from error
        raise


def _asked_before(key: uuid.UUID, by: User) -> Placement | None:
    return Placement.objects.filter(uuid=key, asked_by=by).first()


def _refuse_unless_fine(
    offer: HostOffer,
    membership: Membership,
    half_days: Sequence[HalfDay],
    tie: str,
    agrees_email: str,
    by: User,
    how_began: str,
    at: datetime,
) -> None:
    if not may_ask_for(by, membership, how_began):
        raise Refused([not_allowed()])
    if not half_days:
        raise Refused([no_days()])
    problems = problems_for_asking(membership, offer, half_days, tie=tie, at=at)
    if how_began not in BY_A_BROKER:
        problems += problems_with_one_more_request(by, at)
    if membership.organisation.who_agrees == WhoAgrees.MANAGER:
        problems += problems_for_approver(membership, agrees_email, named_by=by)
    refuse(problems)


def _lock_who_is_asked_and_asks(offer: HostOffer, membership: Membership, returning: Swap | None) -> None:
    """Whoever ends the membership or suspends an organisation at this moment is first, or finds this visit to end.

    Limits count visits to and from an organisation over all offers, and go through the same door.
    """
    home, host = membership.organisation, offer.organisation
    lock(home, host, membership, offer, *([returning] if returning else []))
    membership.organisation, offer.organisation = home, host


def _open_swap(half_days: Sequence[HalfDay], by: User, at: datetime) -> Swap:
    swap = Swap.objects.create(
        state=SwapState.OPEN, return_until=max(half_days).date + RETURN_STAYS_OPEN, created_at=at
    )
    created(swap, by=by, at=at)
    return swap


def _says(error: Exception, constraint: str) -> bool:
    """Whether the database said no by this constraint."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") == constraint
