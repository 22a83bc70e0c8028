"""Asking: the one verb that makes a placement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError

from partnerships.ground import clock
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Refused, refuse
from partnerships.ground.workflow import created
from partnerships.models import Membership, User
from partnerships.problems import problems_for_approver
from partnerships.states import WhoAgrees
from secondments import emails
from secondments.models import Check, Decision, HostOffer, Placement, Swap
from secondments.models.days import HalfDay
from secondments.permissions import may_ask_for
from secondments.problems import clash, no_days, not_allowed, problems_for_asking, problems_for_returning
from secondments.states import (
    TIES_OVER_HOST,
    CheckKind,
    CheckState,
    DecisionHow,
    DecisionKind,
    DecisionState,
    HowBegan,
    PlacementState,
    SwapState,
    Tie,
)

from .sessions import hold, ready_sessions, take

TIME_TO_ANSWER = timedelta(days=7)
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
            sessions = ready_sessions(offer, half_days)
            lock(*sessions)
            if returning:
                refuse(problems_for_returning(returning, membership, offer))
            # What was true before the wait may not be so after it.
            refuse(problems_for_asking(membership, offer, half_days, tie=tie, at=at))
            take(sessions)
            placement = Placement.objects.create(
                uuid=key,
                offer=offer,
                visitor=membership.user,
                home=membership.organisation,
                membership=membership,
                asked_by=by,
                how_began=how_began,
                swap=returning or (_open_swap(half_days, by, at) if wants_return else None),
                learn=learn,
                needs=needs,
                tie=tie,
                payment_pence=offer.payment_pence,
                state=PlacementState.REQUESTED,
                requested_at=at,
                answer_by=answer_by(half_days, at=at),
            )
            hold(placement, sessions)
            Decision.objects.bulk_create(_decisions_needed(placement, agrees_email, by, at))
            Check.objects.bulk_create(_checks_needed(placement, promises_confidentiality, by, at))
            created(placement, by=by, verb="request_placement", at=at)
            emails.asked(placement)
            return placement
    except (IntegrityError, Refused) as error:
        # Pressed twice at once: it was the first press that took the days.
        if before := _asked_before(key, by):
            return before
        if _says(error, "visitor_in_one_place_at_a_time"):
            raise Refused([clash()]) from error
        raise


def answer_by(half_days: Sequence[HalfDay], *, at: datetime) -> datetime:
    """A week, or until the first day begins where that is nearer."""
    return min(at + TIME_TO_ANSWER, min(half_days).starts_at)


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


def _decisions_needed(placement: Placement, agrees_email: str, by: User, at: datetime) -> list[Decision]:
    """Whose yes this visit needs, with those that are there already."""
    home = placement.home
    matched = placement.how_began == HowBegan.MATCHED
    given: dict[str, Any] = {"state": DecisionState.YES, "decided_at": at}
    waiting: dict[str, Any] = {"state": DecisionState.WAITING}
    wanted = [
        Decision(
            placement=placement,
            kind=DecisionKind.VISITOR,
            **(waiting if matched else given | {"decided_by": by, "how": DecisionHow.SIGNED_IN}),
        ),
        Decision(placement=placement, kind=DecisionKind.HOST, **waiting),
    ]
    if home.who_agrees == WhoAgrees.MANAGER:
        wanted.append(
            Decision(
                placement=placement,
                kind=DecisionKind.HOME_APPROVER,
                asked_email=agrees_email.strip().lower(),
                **waiting,
            )
        )
    if home.who_agrees == WhoAgrees.COORDINATOR or placement.tie in TIES_OVER_HOST:
        # A broker who publishes a round has answered for nobody, not even where they coordinate: they are asked.
        asks_for_colleague = not matched and by.pk != placement.visitor_id and home.pk in by.coordinated_ids()
        if home.who_agrees == WhoAgrees.SELF:
            answer = given | {"how": DecisionHow.BY_RULE}
        elif asks_for_colleague:
            answer = given | {"decided_by": by, "how": DecisionHow.SIGNED_IN}
        else:
            answer = waiting
        wanted.append(Decision(placement=placement, kind=DecisionKind.COORDINATOR, **answer))
    return wanted


def _checks_needed(placement: Placement, promised: bool, by: User, at: datetime) -> list[Check]:
    needed: dict[str, Any] = {"state": CheckState.NEEDED}
    done: dict[str, Any] = {"state": CheckState.DONE, "done_at": at, "done_by": by}
    return [
        Check(placement=placement, kind=kind, **(done if promised and kind == CheckKind.CONFIDENTIALITY else needed))
        for kind in placement.offer.checks
    ]


def _says(error: Exception, constraint: str) -> bool:
    """Whether the database said no by this constraint."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") == constraint
