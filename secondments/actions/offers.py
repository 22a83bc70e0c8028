"""Writing an offer, naming its days, opening and closing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.db.models.functions import Greatest

from partnerships.actions.slugs import free_slug
from partnerships.ground import clock, events
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Refused, refuse
from partnerships.ground.workflow import created, move
from partnerships.models import Organisation
from secondments.models import HostOffer, OfferSession
from secondments.models.days import HalfDay
from secondments.permissions import may_manage_offer, may_offer
from secondments.problems import (
    not_allowed,
    problems_for_adding_sessions,
    problems_for_removing_session,
)
from secondments.states import OfferState

from .answered import hear_of_it

if TYPE_CHECKING:
    from partnerships.models import User

EDITABLE = frozenset(
    {
        "title",
        "what_you_will_see",
        "mode",
        "access",
        "meets",
        "asks_for",
        "places",
        "payment_pence",
        "accepts_ties",
        "checks",
        "dating",
        "usual_weekdays",
        "months_to_avoid",
        "notice_days",
    }
)
RESERVED_SLUGS = frozenset({"new", "ours", "booked"})
"""Words that stand in an address where an offer's would."""


def create_offer(
    *, organisation: Organisation, by: User, fields: Mapping[str, Any], at: datetime | None = None
) -> HostOffer:
    """Write an offer as a draft, for any organisation that one coordinates."""
    at = at or clock.now()
    with acting():
        if not may_offer(by, organisation):
            raise Refused([not_allowed()])
        offer = new_offer(organisation, fields, state=OfferState.DRAFT, created_by=by, created_at=at)
        created(offer, by=by, verb="create_offer", at=at)
    return offer


def new_offer(organisation: Organisation, fields: Mapping[str, Any], **known: Any) -> HostOffer:
    """The row, with an address of its own; whoever makes it says who may."""
    slug = free_slug(f"{fields['title']} {organisation.name}", HostOffer, otherwise="visit", reserved=RESERVED_SLUGS)
    return HostOffer.objects.create(organisation=organisation, slug=slug, **known, **_editable(fields))


def edit_offer(*, offer: HostOffer, by: User, fields: Mapping[str, Any], at: datetime | None = None) -> None:
    """Change what the offer says. What was agreed with those who have asked already stays as it was."""
    at = at or clock.now()
    with acting():
        lock(offer)
        if not may_manage_offer(by, offer):
            raise Refused([not_allowed()])
        changes = {name: value for name, value in _editable(fields).items() if getattr(offer, name) != value}
        if not changes:
            return
        for name, value in changes.items():
            setattr(offer, name, value)
        offer.save(update_fields=list(changes))
        if "places" in changes:
            coming = offer.sessions.from_day(clock.today(at)).offered()
            # An update takes rows as it finds them: whoever answers for a visit meanwhile takes them by their keys.
            lock(*coming)
            coming.update(places=Greatest(F("booked"), offer.places))
        events.record(actor=by, verb="edit_offer", thing=offer, at=at)
        if offer.state == OfferState.TO_CONFIRM:
            hear_of_it(offer.created_by, by=by, at=at)


def add_sessions(*, offer: HostOffer, half_days: Sequence[HalfDay], by: User, at: datetime | None = None) -> int:
    """Name more half-days; those that are named already stay as they are. Returns how many are new."""
    at = at or clock.now()
    with acting():
        lock(offer)
        if not may_manage_offer(by, offer):
            raise Refused([not_allowed()])
        refuse(problems_for_adding_sessions(half_days, at))
        there = {HalfDay(*each) for each in offer.sessions.offered().values_list("date", "half")}
        new = sorted(set(half_days) - there)
        taken_back = [each for each in offer.sessions.filter(places=0) if HalfDay(each.date, each.half) in new]
        lock(*taken_back)
        OfferSession.objects.filter(pk__in=[each.pk for each in taken_back]).update(places=offer.places)
        OfferSession.objects.bulk_create(
            [OfferSession(offer=offer, date=day, half=half, places=offer.places) for day, half in new],
            ignore_conflicts=True,
        )
        if new:
            events.record(actor=by, verb="add_sessions", thing=offer, at=at)
    return len(new)


def remove_session(*, session: OfferSession, by: User, at: datetime | None = None) -> None:
    """Take back a half-day that nobody holds. One that was held before stays as a closed row of that history."""
    at = at or clock.now()
    with acting():
        lock(session)
        offer = session.offer
        if not may_manage_offer(by, offer):
            raise Refused([not_allowed()])
        refuse(problems_for_removing_session(session))
        if session.holders.exists():
            OfferSession.objects.filter(pk=session.pk).update(places=0)
        else:
            session.delete()
        events.record(actor=by, verb="remove_session", thing=offer, at=at)


def publish_offer(*, offer: HostOffer, by: User, at: datetime | None = None) -> None:
    """Open it to everybody."""
    at = at or clock.now()
    with acting():
        move(offer, to=OfferState.PUBLISHED, verb="publish_offer", by=by, at=at, published_at=at)


def pause_offer(*, offer: HostOffer, by: User, at: datetime | None = None) -> None:
    """Nobody new may ask; visits that were asked for go on."""
    at = at or clock.now()
    with acting():
        move(offer, to=OfferState.PAUSED, verb="pause_offer", by=by, at=at)


def reopen_offer(*, offer: HostOffer, by: User, at: datetime | None = None) -> None:
    at = at or clock.now()
    with acting():
        move(offer, to=OfferState.PUBLISHED, verb="reopen_offer", by=by, at=at, published_at=offer.published_at or at)


def close_offer(*, offer: HostOffer, by: User, at: datetime | None = None) -> None:
    """For good, unless it is opened again; visits that were asked for go on."""
    at = at or clock.now()
    with acting():
        move(offer, to=OfferState.CLOSED, verb="close_offer", by=by, at=at)


def _editable(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name in EDITABLE}
