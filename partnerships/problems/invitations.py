"""Why an invitation cannot be sent, or accepted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from partnerships.ground.models import Event
from partnerships.ground.problems import Problem
from partnerships.models import Invitation, Organisation, User
from partnerships.models.organisations import PUBLIC_STATES
from partnerships.problems.joining import not_open
from partnerships.states import InvitationState, OrganisationState

INVITATIONS_A_DAY = 100

INVITATIONS_A_DAY_UNCONFIRMED = 5


def problems_with_inviting(organisation: Organisation, email: str, *, by: User, at: datetime) -> list[Problem]:
    """What stands against inviting the holder of an address.

    Anybody can enter an organisation with any name, and the name stands in the mail: few go out before somebody has
    confirmed that it exists.
    """
    if organisation.memberships.active().filter(user__email=email).exists():
        sentence = _("%(email)s belongs to %(organisation)s already.")
        names = {"email": email, "organisation": organisation.name}
        return [Problem("member_already", sentence % names, "email")]
    today = Event.objects.filter(actor=by, verb="invite", at__gt=at - timedelta(days=1)).count()
    if organisation.may_act and today >= INVITATIONS_A_DAY:
        return [Problem("too_many_invitations", _("You have invited many people today. Go on tomorrow."), "email")]
    if not organisation.may_act and today >= INVITATIONS_A_DAY_UNCONFIRMED:
        sentence = _("Until somebody has confirmed %(organisation)s you can invite a few people a day. Go on tomorrow.")
        return [Problem("too_many_invitations", sentence % {"organisation": organisation.name}, "email")]
    return []


def problems_with_invitation(invitation: Invitation, at: datetime) -> list[Problem]:
    """What stands against accepting an invitation."""
    if invitation.state == InvitationState.ACCEPTED:
        return [Problem("invitation_used", _("This invitation was accepted already."))]
    if invitation.state != InvitationState.SENT or invitation.expires_at <= at:
        return [
            Problem(
                "invitation_over",
                _("This invitation has ended. Ask %(organisation)s to invite you again.")
                % {"organisation": invitation.organisation.name},
            )
        ]
    if invitation.organisation.state not in (*PUBLIC_STATES, OrganisationState.TO_BE_CONFIRMED):
        return [not_open(invitation.organisation)]
    return []
