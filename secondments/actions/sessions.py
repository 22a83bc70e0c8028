"""Giving half-days to a placement and taking them back. Nothing else counts `booked` up or down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
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


def ready_sessions(
    asked: Iterable[tuple[HostOffer, Collection[HalfDay]]],
) -> dict[tuple[int, HalfDay], OfferSession]:
    """The rows of half-days of offers; for "ask us" they are made when first asked for, in order of offer and time."""
    wanted = {(offer.pk, half_day): offer for offer, half_days in asked for half_day in half_days}
    OfferSession.objects.bulk_create(
        [
            OfferSession(offer=offer, date=half_day.date, half=half_day.half, places=offer.places)
            for (_key, half_day), offer in sorted(wanted.items(), key=lambda pair: pair[0])
            if offer.dating == Dating.ASK_US
        ],
        ignore_conflicts=True,
    )
    dates = {half_day.date for _key, half_day in wanted}
    rows = OfferSession.objects.filter(offer__in={key for key, _half_day in wanted}, date__in=dates)
    found = {(row.offer_id, HalfDay(row.date, row.half)): row for row in rows}
    return {key: found[key] for key in wanted if key in found}


def take(sessions: Iterable[OfferSession]) -> None:
    """Count one more for each time that a locked row is named, or refuse: the database judges the places, not we."""
    times = Counter(sessions)
    for count in sorted(set(times.values())):
        rows = [row for row, named in times.items() if named == count]
        open_ones = OfferSession.objects.filter(pk__in=[row.pk for row in rows], booked__lte=F("places") - count)
        if open_ones.update(booked=F("booked") + count) != len(rows):
            raise Refused([full([HalfDay(row.date, row.half) for row in rows if row.booked + count > row.places])])


def hold(given: Iterable[tuple[Placement, Collection[OfferSession]]]) -> None:
    """Write down what placements hold, in order of time, so that two requests of one person meet in one order."""
    held = [
        PlacementSession(
            placement=placement,
            offer_session=session,
            visitor_id=placement.visitor_id,
            date=session.date,
            half=session.half,
        )
        for placement, sessions in given
        for session in sessions
    ]
    PlacementSession.objects.bulk_create(sorted(held, key=lambda each: (each.date, each.half)))


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
