"""Why an offer may not suit this person, said before they ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.ground.problems import Problem
from partnerships.states import MembershipState, WhoAgrees
from secondments.models import Placement
from secondments.models.days import HalfDay
from secondments.permissions import coordinator_addresses
from secondments.problems.acting import problems_for_acting
from secondments.problems.days import first_day_to_ask, problems_of_clashes, problems_of_days
from secondments.problems.facts import READ, Facts
from secondments.problems.limits import problems_of_limits
from secondments.states import BY_A_BROKER, TIES_OVER_HOST, Dating, OfferState

if TYPE_CHECKING:
    from partnerships.models import Membership, User
    from secondments.models import HostOffer


def problems_for_asking(
    membership: Membership,
    offer: HostOffer,
    half_days: Sequence[HalfDay] = (),
    *,
    tie: str = "",
    at: datetime | None = None,
    facts: Facts = READ,
) -> list[Problem]:
    """Why this offer may not suit this person. Without days: what can be said before any is chosen."""
    at = at or clock.now()
    problems = problems_for_acting(membership.organisation)
    if membership.state != MembershipState.ACTIVE:
        sentence = _("Whoever goes no longer belongs to %(organisation)s. Ask for the visit from where they work now.")
        words = {"organisation": membership.organisation.name}
        problems.append(Problem("no_longer_there", sentence % words))
    if offer.state != OfferState.PUBLISHED or not offer.organisation.may_act:
        problems.append(Problem("offer_not_open", _("This offer is not open now. Look for another one.")))
    elif not [each for each in coordinator_addresses(offer.organisation) if each != membership.user.email]:
        sentence = _("Nobody at %(host)s can answer at the moment. Look for another host.")
        problems.append(Problem("nobody_to_answer", sentence % {"host": offer.organisation.name}))
    if membership.organisation_id == offer.organisation_id:
        problems.append(
            Problem(
                "same_organisation", _("This is your own organisation. A visit goes to another one: choose another.")
            )
        )
    if tie in TIES_OVER_HOST:
        problems += problems_of_tie(offer)
    if tie:
        problems += problems_of_agreeing(membership, tie)
    if half_days:
        problems += problems_of_days(offer, half_days, at, facts)
        problems += problems_of_clashes(membership.user, half_days, facts)
        problems += problems_of_limits(membership, offer, half_days, facts)
    elif offer.dating == Dating.DATED and not offer.sessions.from_day(first_day_to_ask(offer, at)).free().exists():
        problems.append(
            Problem("full", _("All its days are taken. Look at other offers, or come back: days are sometimes freed."))
        )
    return problems


ASKED_A_DAY = 30
"""Whoever asks and withdraws, again and again, writes to a host and a manager each time."""


def problems_with_one_more_request(by: User, at: datetime) -> list[Problem]:
    """Why somebody who has asked for so many visits today may not ask for another."""
    today = Placement.objects.filter(asked_by=by, requested_at__gt=at - timedelta(days=1))
    if today.exclude(how_began__in=BY_A_BROKER).count() < ASKED_A_DAY:
        return []
    sentence = _("You have asked for many visits today. Wait until hosts have answered, and ask for more tomorrow.")
    return [Problem("asked_too_often", sentence)]


def problems_of_tie(offer: HostOffer) -> list[Problem]:
    if offer.accepts_ties:
        return []
    sentence = _(
        "%(host)s does not take visitors whose team funds, buys from, inspects or assesses them. "
        "Choose a host with whom your team has no such tie."
    )
    return [Problem("tie_refused", sentence % {"host": offer.organisation.name}, "tie")]


def problems_of_agreeing(membership: Membership, tie: str) -> list[Problem]:
    """Nobody approves themselves: where a coordinator must agree, there has to be another one."""
    organisation = membership.organisation
    if organisation.who_agrees == WhoAgrees.SELF:
        return []
    if organisation.who_agrees != WhoAgrees.COORDINATOR and tie not in TIES_OVER_HOST:
        return []
    others = [address for address in coordinator_addresses(organisation) if address != membership.user.email]
    if others:
        return []
    return [
        Problem(
            "nobody_to_agree",
            _(
                "A coordinator of your organisation must agree, and nobody may agree to their own visit. "
                "Ask a colleague to become a coordinator too."
            ),
        )
    ]
