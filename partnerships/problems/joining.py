"""Why somebody cannot join, claim or enter an organisation."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from partnerships.ground.models import Event
from partnerships.ground.problems import Problem
from partnerships.models import Claim, Membership, Organisation, Place, User
from partnerships.models.organisations import PUBLIC_STATES, brokered_by
from partnerships.problems.people import not_allowed
from partnerships.states import MembershipState, OrganisationState


def problems_with_joining(user: User, organisation: Organisation) -> list[Problem]:
    """What stands against asking to join an organisation."""
    if organisation.state not in PUBLIC_STATES and organisation.state != OrganisationState.TO_BE_CONFIRMED:
        return [not_open(organisation)]
    if organisation.state == OrganisationState.LISTED:
        return [
            Problem(
                "nobody_looks_after_it",
                _("Nobody looks after %(organisation)s here yet. If you can, say that you will.")
                % {"organisation": organisation.name},
            )
        ]
    state = (
        Membership.objects.filter(
            user=user, organisation=organisation, state__in=[MembershipState.ACTIVE, MembershipState.ASKED]
        )
        .values_list("state", flat=True)
        .first()
    )
    if state == MembershipState.ACTIVE:
        return [
            Problem(
                "member_already", _("You belong to %(organisation)s already.") % {"organisation": organisation.name}
            )
        ]
    if state == MembershipState.ASKED:
        return [
            Problem(
                "asked_already",
                _("You have asked already. A coordinator of %(organisation)s will confirm you.")
                % {"organisation": organisation.name},
            )
        ]
    return []


FOUNDED_A_DAY, CLAIMED_A_DAY = 5, 10
"""Anybody who has an address can do both, and each is a mail to whoever has to look at it."""


def problems_with_one_more(
    made: type[Organisation | Claim], verb: str, most: int, *, by: User, at: datetime
) -> list[Problem]:
    """What stands against making one more of what others have to look at."""
    known = Event.objects.filter(thing_type=made._meta.label_lower, actor=by, verb=verb)
    today = known.filter(at__gt=at - timedelta(days=1))
    if today.count() < most:
        return []
    return [Problem("too_many_today", _("You have entered or claimed many organisations today. Go on tomorrow."))]


def problems_with_claiming(user: User, organisation: Organisation) -> list[Problem]:
    """What stands against saying that one looks after a listed organisation."""
    if organisation.state != OrganisationState.LISTED:
        if organisation.state in PUBLIC_STATES:
            return [
                Problem(
                    "looked_after_already",
                    _("%(organisation)s is looked after already. Ask to join it instead.")
                    % {"organisation": organisation.name},
                )
            ]
        return [not_open(organisation)]
    if organisation.claims.waiting().filter(user=user).exists():
        return [
            Problem(
                "claimed_already",
                _("You have told us already. We are checking it, and you will get a mail."),
            )
        ]
    return []


def problems_with_founding(name: str, place: Place) -> list[Problem]:
    """What stands against entering an organisation as not listed."""
    there = Organisation.objects.filter(name__iexact=name, place=place).exclude(state=OrganisationState.MERGED).exists()
    if not there:
        return []
    return [
        Problem(
            "organisation_there",
            _("An organisation of this name in %(place)s is here already. Search for it and join it instead.")
            % {"place": place.name},
            "name",
        )
    ]


def problems_with_entering_group(name: str, place: Place, *, by: User) -> list[Problem]:
    """What stands against entering a group as a broker who knows it."""
    if not by.is_broker:
        return [not_allowed()]
    if not Place.objects.filter(brokered_by(by), pk=place.pk).exists():
        sentence = _("%(place)s is not in your area. A broker there can vouch for this group, or it can enter itself.")
        return [Problem("not_your_area", sentence % {"place": place.name}, "where")]
    return problems_with_founding(name, place)


def not_open(organisation: Organisation) -> Problem:
    return Problem(
        "organisation_not_open",
        _("%(organisation)s is closed here. If that is wrong, write to us: see Contact.")
        % {"organisation": organisation.name},
    )
