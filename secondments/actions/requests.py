"""Writing down visits that nothing stands against: one, or all of a round, with the same statements."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.timezone import make_aware

from partnerships.ground.workflow import created_all
from partnerships.models import Membership, User
from partnerships.states import WhoAgrees
from secondments.models import Check, Decision, HostOffer, OfferSession, Placement, Swap
from secondments.models.days import HalfDay
from secondments.models.placements import TIME_TO_ANSWER
from secondments.states import (
    BY_A_BROKER,
    TIES_OVER_HOST,
    CheckKind,
    CheckState,
    DecisionHow,
    DecisionKind,
    DecisionState,
    PlacementState,
)

from .sessions import hold, take


@dataclass(frozen=True, slots=True)
class Request:
    """A visit to be asked for, on half-days that it will hold. `key` becomes its uuid.

    `checks` are needed besides what the host asks for. `answer_until`: the last day to answer, where one was named.
    """

    offer: HostOffer
    membership: Membership
    half_days: Sequence[HalfDay]
    learn: str
    needs: str
    tie: str
    agrees_email: str
    how_began: str
    promises_confidentiality: bool = False
    checks: Sequence[str] = ()
    swap: Swap | None = None
    answer_until: date | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)


def write_down(
    requests: Sequence[Request], rows: Mapping[tuple[int, HalfDay], OfferSession], *, by: User, at: datetime
) -> list[Placement]:
    """Take the half-days of each request, and write down its visit with whose yes it needs and what must be done first.

    `rows` are the locked rows of all half-days, by offer. The number of statements does not grow with the requests.
    """
    wanted = [[rows[request.offer.pk, half_day] for half_day in request.half_days] for request in requests]
    take([row for some in wanted for row in some])
    placements = Placement.objects.bulk_create(_placement(request, by, at) for request in requests)
    hold(zip(placements, wanted, strict=True))
    pairs = list(zip(placements, requests, strict=True))
    decisions = Decision.objects.bulk_create(
        decision for placement, request in pairs for decision in _decisions_needed(placement, request, by, at)
    )
    checks = Check.objects.bulk_create(
        check for placement, request in pairs for check in _checks_needed(placement, request, by, at)
    )
    created_all(placements, by=by, verb="request_placement", at=at)
    created_all(decisions, by=by, at=at)
    created_all(checks, by=by, at=at)
    return placements


def answer_by(half_days: Sequence[HalfDay], *, at: datetime, until: date | None = None) -> datetime:
    """A week, or the whole of the day that was named; or until the first day begins where that is nearer."""
    last = make_aware(datetime.combine(until, time(23, 59))) if until else at + TIME_TO_ANSWER
    return min(last, min(half_days).starts_at)


def _placement(request: Request, by: User, at: datetime) -> Placement:
    return Placement(
        uuid=request.key,
        offer=request.offer,
        visitor=request.membership.user,
        home=request.membership.organisation,
        membership=request.membership,
        asked_by=by,
        how_began=request.how_began,
        swap=request.swap,
        learn=request.learn,
        needs=request.needs,
        tie=request.tie,
        payment_pence=request.offer.payment_pence,
        state=PlacementState.REQUESTED,
        requested_at=at,
        answer_by=answer_by(request.half_days, at=at, until=request.answer_until),
    )


def _decisions_needed(placement: Placement, request: Request, by: User, at: datetime) -> list[Decision]:
    """Whose yes this visit needs, with those that are there already."""
    home = placement.home
    by_a_broker = placement.how_began in BY_A_BROKER
    given: dict[str, Any] = {"state": DecisionState.YES, "decided_at": at}
    waiting: dict[str, Any] = {"state": DecisionState.WAITING}
    wanted = [
        Decision(
            placement=placement,
            kind=DecisionKind.VISITOR,
            **(waiting if by_a_broker else given | {"decided_by": by, "how": DecisionHow.SIGNED_IN}),
        ),
        Decision(placement=placement, kind=DecisionKind.HOST, **waiting),
    ]
    if home.who_agrees == WhoAgrees.MANAGER:
        wanted.append(
            Decision(
                placement=placement,
                kind=DecisionKind.HOME_APPROVER,
                asked_email=request.agrees_email.strip().lower(),
                **waiting,
            )
        )
    if home.who_agrees == WhoAgrees.COORDINATOR or placement.tie in TIES_OVER_HOST:
        # A broker who publishes a round has answered for nobody, not even where they coordinate: they are asked.
        asks_for_colleague = not by_a_broker and by.pk != placement.visitor_id and home.pk in by.coordinated_ids()
        if home.who_agrees == WhoAgrees.SELF:
            answer = given | {"how": DecisionHow.BY_RULE}
        elif asks_for_colleague:
            answer = given | {"decided_by": by, "how": DecisionHow.SIGNED_IN}
        else:
            answer = waiting
        wanted.append(Decision(placement=placement, kind=DecisionKind.COORDINATOR, **answer))
    return wanted


def _checks_needed(placement: Placement, request: Request, by: User, at: datetime) -> list[Check]:
    needed: dict[str, Any] = {"state": CheckState.NEEDED}
    done: dict[str, Any] = {"state": CheckState.DONE, "done_at": at, "done_by": by}
    promised = {CheckKind.CONFIDENTIALITY} if request.promises_confidentiality else set()
    kinds = dict.fromkeys([*request.offer.checks, *request.checks])
    return [Check(placement=placement, kind=kind, **(done if kind in promised else needed)) for kind in kinds]
