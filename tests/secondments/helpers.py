"""Small words for tests of visits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q

from partnerships.ground.models import OutboxMail
from secondments import actions
from secondments.models import Decision, HostOffer, OfferSession, Placement
from secondments.models.days import HalfDay
from secondments.states import DecisionKind
from tests.cast import Cast
from tests.factories import AT


def free_half_days(offer: HostOffer, many: int = 2) -> list[HalfDay]:
    """The first half-days of a dated offer."""
    return [HalfDay(session.date, session.half) for session in offer.sessions.all()[:many]]


def ask(cast: Cast, **changes: Any) -> Placement:
    """The visitor asks for the first day of the cast's offer."""
    values: dict[str, Any] = {
        "offer": cast.offer,
        "membership": cast.visitor_membership,
        "half_days": free_half_days(changes.get("offer", cast.offer)),
        "learn": "What happens at the front desk.",
        "needs": "A chair with arms.",
        "agrees_email": cast.manager.email,
        "promises_confidentiality": True,
        "by": cast.visitor,
        "at": AT,
    }
    return actions.request_placement(**(values | changes))


def decision_of(placement: Placement, kind: str) -> Decision:
    return placement.decisions.get(kind=kind)


def say(placement: Placement, kind: str, cast: Cast, *, yes: bool = True, at: datetime = AT) -> None:
    """The host, the manager or the coordinator answers, signed in."""
    by = {
        DecisionKind.HOST: cast.host,
        DecisionKind.HOME_APPROVER: cast.manager,
        DecisionKind.COORDINATOR: cast.home_coordinator,
        DecisionKind.VISITOR: cast.visitor,
    }[DecisionKind(kind)]
    actions.decide(decision=decision_of(placement, kind), yes=yes, by=by, at=at)
    placement.refresh_from_db()


def confirm(cast: Cast, **changes: Any) -> Placement:
    """A visit that everybody has said yes to, with nothing left to do first."""
    placement = ask(cast, **changes)
    say(placement, DecisionKind.HOST, cast)
    say(placement, DecisionKind.HOME_APPROVER, cast)
    return placement


def miscounted() -> list[tuple[int, int, int]]:
    """Half-days whose count of places held is not the number of rows that hold one. Must be empty, always."""
    counted = OfferSession.objects.annotate(held=Count("holders", filter=Q(holders__holding=True)))
    return list(counted.exclude(booked=F("held")).values_list("pk", "booked", "held"))


def mails_to(address: str) -> list[str]:
    """The subjects of the mails to one person, oldest first."""
    return list(OutboxMail.objects.filter(to=address).order_by("id").values_list("subject", flat=True))


def link_in(mail: OutboxMail) -> str:
    """The path of the mailed link under the button."""
    return next(word for word in mail.text.split() if "/decide/" in word or "/it-happened/" in word).split("8000", 1)[1]


def holds(placement: Placement) -> bool:
    held = set(placement.sessions.values_list("holding", flat=True))
    assert len(held) == 1
    assert miscounted() == []
    return held.pop()
