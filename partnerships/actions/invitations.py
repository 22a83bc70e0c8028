"""Inviting people by mail. Opening the link changes nothing; only the invited address may accept."""

from __future__ import annotations

from datetime import datetime, timedelta

from partnerships import emails
from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Refused, refuse
from partnerships.models import Invitation, Membership, Organisation, User
from partnerships.permissions import may_coordinate
from partnerships.problems import not_allowed, problems_with_invitation, problems_with_inviting
from partnerships.states import InvitationState, MembershipState

from .memberships import forget_memberships

LASTS = timedelta(days=14)


def invite(
    *, organisation: Organisation, email: str, as_coordinator: bool = False, by: User, at: datetime | None = None
) -> Invitation:
    """Invite the holder of an address. An invitation that is still open is sent again, for another 14 days."""
    at = at or clock.now()
    email = email.strip().lower()
    with acting():
        lock(organisation)
        if not may_coordinate(by, organisation):
            raise Refused([not_allowed()])
        refuse(problems_with_inviting(organisation, email, by=by, at=at))
        invitation = organisation.invitations.filter(email=email, state=InvitationState.SENT).first()
        if invitation is None:
            invitation = Invitation.objects.create(
                organisation=organisation,
                email=email,
                as_coordinator=as_coordinator,
                state=InvitationState.SENT,
                invited_by=by,
                created_at=at,
                expires_at=at + LASTS,
            )
            workflow.created(invitation, by=by, verb="invite", at=at)
        else:
            invitation.as_coordinator = as_coordinator
            invitation.expires_at = at + LASTS
            invitation.save(update_fields=["as_coordinator", "expires_at"])
            events.record(actor=by, verb="invite", thing=invitation, reason="sent_again", at=at)
        emails.invitation(invitation)
    return invitation


def accept_invitation(*, invitation: Invitation, by: User, at: datetime | None = None) -> Membership:
    """Join the organisation that invited. Somebody who belongs to it already keeps their membership."""
    at = at or clock.now()
    with acting():
        lock(invitation.organisation, invitation)
        refuse(problems_with_invitation(invitation, at))
        workflow.move(invitation, to=InvitationState.ACCEPTED, verb="accept_invitation", by=by, at=at)
        membership = invitation.organisation.memberships.filter(
            user=by, state__in=[MembershipState.ASKED, MembershipState.ACTIVE]
        ).first()
        if membership is None:
            membership = Membership.objects.create(
                user=by,
                organisation=invitation.organisation,
                state=MembershipState.ACTIVE,
                is_coordinator=invitation.as_coordinator,
                created_at=at,
            )
            workflow.created(membership, by=by, verb="accept_invitation", at=at)
        elif membership.state == MembershipState.ASKED:
            role = invitation.as_coordinator
            workflow.move(
                membership, to=MembershipState.ACTIVE, verb="accept_invitation", by=by, at=at, is_coordinator=role
            )
        elif invitation.as_coordinator and not membership.is_coordinator:
            membership.is_coordinator = True
            membership.save(update_fields=["is_coordinator"])
            events.record(actor=by, verb="accept_invitation", thing=membership, reason="made_coordinator", at=at)
        forget_memberships(by)
        emails.invitation_accepted(invitation, membership)
    return membership


def withdraw_invitation(*, invitation: Invitation, by: User, at: datetime | None = None) -> None:
    """Take an invitation back; its link then says that it has ended."""
    at = at or clock.now()
    with acting():
        workflow.move(invitation, to=InvitationState.WITHDRAWN, verb="withdraw_invitation", by=by, at=at)


def expire_invitations(*, at: datetime | None = None) -> int:
    """End the invitations whose time is over; returns how many."""
    at = at or clock.now()
    over = Invitation.objects.filter(state=InvitationState.SENT, expires_at__lte=at).order_by("pk")
    with acting():
        return workflow.move_all(
            over.select_for_update(skip_locked=True),
            to=InvitationState.EXPIRED,
            verb="expire_invitations",
            by=None,
            at=at,
        )
