"""An invitation that a broker writes for a host. Nobody sees it before somebody of the host has said yes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from partnerships.ground import clock
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Refused, refuse
from partnerships.ground.workflow import created, move
from secondments.emails import entering as mails
from secondments.models import HostOffer
from secondments.permissions import coordinator_addresses, may_manage_offer
from secondments.problems import not_allowed, problems_for_entering_offer
from secondments.states import Dating, OfferState

from .answered import hear_of_it
from .offers import new_offer

if TYPE_CHECKING:
    from partnerships.models import Organisation, User
    from secondments.models import Round


def enter_offer(
    *, a_round: Round, organisation: Organisation, by: User, fields: Mapping[str, Any], at: datetime | None = None
) -> HostOffer:
    """Write it for a host of one's programme, and ask whoever looks after the host. Its days are the host's to name.

    Sent twice, the host is asked once.
    """
    at = at or clock.now()
    with acting():
        lock(organisation)
        refuse(problems_for_entering_offer(a_round, organisation, by=by))
        waiting = organisation.host_offers.filter(state=OfferState.TO_CONFIRM, created_by=by, title=fields["title"])
        if before := waiting.first():
            return before
        offer = new_offer(
            organisation, {**fields, "dating": Dating.ASK_US}, state=OfferState.TO_CONFIRM, created_by=by, created_at=at
        )
        created(offer, by=by, verb="enter_offer", at=at)
        mails.ask_about_offer(offer)
    return offer


def confirm_offer(*, offer: HostOffer, by: User | None = None, address: str = "", at: datetime | None = None) -> None:
    """Yes, show it; `by` a coordinator of the host, or from the `address` that a link was mailed to."""
    at = at or clock.now()
    with acting():
        lock(offer)
        _may_answer(offer, by, address)
        if offer.state == OfferState.PUBLISHED:
            return
        move(offer, to=OfferState.PUBLISHED, verb="confirm_offer", by=by, at=at, published_at=at)
        hear_of_it(offer.created_by, by=by, at=at)


def decline_offer(*, offer: HostOffer, by: User | None = None, address: str = "", at: datetime | None = None) -> None:
    """No, and no reason is asked. It is the host's, who may still open it."""
    at = at or clock.now()
    with acting():
        lock(offer)
        _may_answer(offer, by, address)
        if offer.state == OfferState.CLOSED:
            return
        move(offer, to=OfferState.CLOSED, verb="decline_offer", by=by, at=at)
        hear_of_it(offer.created_by, by=by, at=at)


def _may_answer(offer: HostOffer, by: User | None, address: str) -> None:
    by_link = bool(address) and address in coordinator_addresses(offer.organisation)
    if not (by_link or may_manage_offer(by, offer)):
        raise Refused([not_allowed()])
