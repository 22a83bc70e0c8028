"""Giving half-days to a placement and taking them back. Nothing else counts `booked` up or down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Greatest, Least

from partnerships.ground.locks import lock
from partnerships.ground.problems import Refused
from secondments.models import Decision, HostOffer, OfferSession, Placement, PlacementSession
from secondments.models.days import HalfDay
from secondments.models.placements import PlacementQuerySet
from secondments.problems import full
from secondments.states import LIVE_STATES, Dating


def ready_sessions(offer: HostOffer, half_days: Sequence[HalfDay]) -> list[OfferSession]:
    """The rows of these half-days; for "ask us" they are made when first asked for, in order of time."""
    if offer.dating == Dating.ASK_US:
        OfferSession.objects.bulk_create(
            [OfferSession(offer=offer, date=day, half=half, places=offer.places) for day, half in sorted(half_days)],
            ignore_conflicts=True,
        )
    wanted = set(half_days)
    rows = offer.sessions.filter(date__in={each.date for each in half_days})
    return [row for row in rows if HalfDay(row.date, row.half) in wanted]


def take(sessions: Sequence[OfferSession]) -> None:
    """Count one more in each of these locked rows, or refuse: the places are judged by the database, not by us."""
    open_ones = OfferSession.objects.filter(pk__in=[session.pk for session in sessions], booked__lt=F("places"))
    if open_ones.update(booked=F("booked") + 1) != len(sessions):
        raise Refused([full([HalfDay(each.date, each.half) for each in sessions if each.booked >= each.places])])


def hold(placement: Placement, sessions: Sequence[OfferSession]) -> None:
    """Write down what the placement holds, in order of time, so that two requests of one person meet in one order."""
    PlacementSession.objects.bulk_create(
        PlacementSession(
            placement=placement,
            offer_session=session,
            visitor_id=placement.visitor_id,
            date=session.date,
            half=session.half,
        )
        for session in sorted(sessions, key=lambda session: (session.date, session.half))
    )


def lock_whole(placement: Placement, decision: Decision | None = None) -> list[Decision]:
    """Lock a placement with its decisions and its half-days in one order, and return the decisions read afresh."""
    decisions = [
        decision if decision is not None and each.pk == decision.pk else each for each in placement.decisions.all()
    ]
    sessions = OfferSession.objects.filter(holders__placement=placement)
    lock(placement, *decisions, *sessions)
    for each in decisions:
        each.placement = placement
    return decisions


def lock_what_is_to_come(placements: PlacementQuerySet, day: date) -> list[Placement]:
    """Lock at once whatever of these has a day left, for a verb that ends one after the other; returns those."""
    found = list(placements.to_come(day).order_by("pk"))
    decisions = Decision.objects.filter(placement__in=found)
    sessions = OfferSession.objects.filter(holders__placement__in=found).distinct()
    lock(*found, *decisions, *sessions)
    # Somebody else may have ended one before the lock was there.
    return [placement for placement in found if placement.state in LIVE_STATES]


def release(placement: Placement) -> None:
    """Give back what a locked placement holds."""
    held = placement.sessions.filter(holding=True)
    rows = list(held.values_list("offer_session", flat=True))
    held.update(holding=False)
    left = F("booked") - 1
    at_a_time = HostOffer.objects.filter(pk=OuterRef("offer")).values("places")
    # A host who takes fewer at a time than before gets a place back once whoever held it does not come.
    OfferSession.objects.filter(pk__in=rows).update(
        booked=left, places=Greatest(left, Least(F("places"), Subquery(at_a_time)))
    )
