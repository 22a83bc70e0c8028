"""How people come to belong to an organisation, what they are there, and how they leave."""

from __future__ import annotations

from datetime import datetime

from partnerships import emails
from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Problem, Refused, refuse
from partnerships.models import Membership, Organisation, User
from partnerships.permissions import is_own, may_administer, may_look_after
from partnerships.problems import (
    domain_of,
    not_allowed,
    problems_for_approver,
    problems_with_ending,
    problems_with_joining,
)
from partnerships.states import MembershipState

from .leavers import end_what_they_had


def ask_to_join(*, organisation: Organisation, job_title: str = "", by: User, at: datetime | None = None) -> Membership:
    """Join: at once with a verified address in a domain of the organisation's own, else once a coordinator says yes.

    Whoever is signed in has verified their address, so `by.email` is proof.
    """
    at = at or clock.now()
    with acting():
        lock(organisation)
        refuse(problems_with_joining(by, organisation))
        known = organisation.approved_domains.filter(domain=domain_of(by.email), shared=False).exists()
        membership = Membership.objects.create(
            user=by,
            organisation=organisation,
            state=MembershipState.ACTIVE if known else MembershipState.ASKED,
            job_title=job_title,
            created_at=at,
        )
        workflow.created(membership, by=by, verb="ask_to_join", at=at)
        forget_memberships(by)
        if not known:
            emails.membership_asked(membership)
    return membership


def confirm_membership(*, membership: Membership, by: User, at: datetime | None = None) -> None:
    """Yes, this person belongs to us."""
    at = at or clock.now()
    with acting():
        workflow.move(membership, to=MembershipState.ACTIVE, verb="confirm_membership", by=by, at=at)
        forget_memberships(membership.user)
        emails.membership_confirmed(membership)


def refuse_membership(*, membership: Membership, by: User, at: datetime | None = None) -> None:
    """No, not one of ours; no reason is asked."""
    at = at or clock.now()
    with acting():
        workflow.move(membership, to=MembershipState.REFUSED, verb="refuse_membership", by=by, at=at)
        end_what_they_had(membership, by=by, at=at)
        emails.membership_refused(membership)


def end_membership(*, membership: Membership, by: User, at: datetime | None = None) -> None:
    """Somebody leaves, or a coordinator says that they have left. What they did stays; the roles go."""
    at = at or clock.now()
    with acting():
        # One lock for all people of an organisation: two coordinators who leave at once must not leave it without.
        lock(membership.organisation)
        workflow.move(
            membership,
            to=MembershipState.ENDED,
            verb="end_membership",
            by=by,
            at=at,
            is_coordinator=False,
            is_broker=False,
        )
        forget_memberships(membership.user)
        end_what_they_had(membership, by=by, at=at)
        if not is_own(by, membership):
            emails.membership_ended(membership)


def change_membership(
    *,
    membership: Membership,
    job_title: str,
    is_coordinator: bool,
    is_commissioner: bool,
    agrees_email: str,
    by: User,
    at: datetime | None = None,
) -> None:
    """What a coordinator says of a person: role, commissioner or not, and who agrees to their going."""
    at = at or clock.now()
    with acting():
        lock(membership.organisation, membership)
        if membership.state != MembershipState.ACTIVE or not may_look_after(by, membership):
            raise Refused([not_allowed()])
        problems = _problems_with_email(membership, agrees_email, by)
        if membership.is_coordinator and not is_coordinator:
            problems += problems_with_ending(membership)
        refuse(problems)
        role_changed = membership.is_coordinator != is_coordinator
        membership.job_title = job_title
        membership.is_coordinator = is_coordinator
        membership.is_commissioner = is_commissioner
        membership.agrees_email = agrees_email.strip().lower()
        membership.save(update_fields=["job_title", "is_coordinator", "is_commissioner", "agrees_email"])
        reason = "" if not role_changed else "made_coordinator" if is_coordinator else "no_longer_coordinator"
        events.record(actor=by, verb="change_membership", thing=membership, reason=reason, at=at)
        forget_memberships(membership.user)
        if role_changed and is_coordinator and not is_own(by, membership):
            emails.made_coordinator(membership)


def describe_oneself(
    *, membership: Membership, job_title: str, agrees_email: str, by: User, at: datetime | None = None
) -> None:
    """What a person says of their own place in an organisation."""
    at = at or clock.now()
    with acting():
        lock(membership)
        if membership.state != MembershipState.ACTIVE or not is_own(by, membership):
            raise Refused([not_allowed()])
        refuse(_problems_with_email(membership, agrees_email, by))
        membership.job_title = job_title
        membership.agrees_email = agrees_email.strip().lower()
        membership.save(update_fields=["job_title", "agrees_email"])
        events.record(actor=by, verb="describe_oneself", thing=membership, at=at)


def set_broker(*, membership: Membership, is_broker: bool, by: User, at: datetime | None = None) -> None:
    """Make somebody a broker in the area of their organisation, or end that. Administrators only."""
    at = at or clock.now()
    with acting():
        lock(membership)
        if not may_administer(by) or membership.state != MembershipState.ACTIVE:
            raise Refused([not_allowed()])
        if membership.is_broker == is_broker:
            return
        membership.is_broker = is_broker
        membership.save(update_fields=["is_broker"])
        reason = "made_broker" if is_broker else "no_longer_broker"
        events.record(actor=by, verb="set_broker", thing=membership, reason=reason, at=at)
        forget_memberships(membership.user)


def forget_memberships(user: User) -> None:
    """A person remembers their memberships for one request; whoever changes them makes them look again."""
    user.__dict__.pop("active_memberships", None)


def _problems_with_email(membership: Membership, agrees_email: str, by: User) -> list[Problem]:
    # It may stay empty here: it is asked for when a visit is.
    return problems_for_approver(membership, agrees_email, named_by=by) if agrees_email.strip() else []
