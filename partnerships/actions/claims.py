"""Somebody says that they look after a listed organisation; an administrator checks."""

from __future__ import annotations

from datetime import datetime

from partnerships import emails
from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import refuse
from partnerships.models import Claim, Membership, Organisation, User
from partnerships.problems import CLAIMED_A_DAY, problems_with_claiming, problems_with_one_more
from partnerships.states import ClaimState, MembershipState, OrganisationState

from .memberships import forget_memberships


def claim_organisation(
    *, organisation: Organisation, job_title: str, evidence: str, by: User, at: datetime | None = None
) -> Claim:
    """Say that one looks after an organisation, and how that can be checked."""
    at = at or clock.now()
    with acting():
        lock(organisation, by)
        refuse(
            problems_with_claiming(by, organisation)
            or problems_with_one_more(Claim, "claim_organisation", CLAIMED_A_DAY, by=by, at=at)
        )
        claim = Claim.objects.create(
            organisation=organisation,
            user=by,
            job_title=job_title,
            evidence=evidence,
            state=ClaimState.WAITING,
            created_at=at,
        )
        workflow.created(claim, by=by, verb="claim_organisation", at=at)
        emails.claim_received(claim)
        emails.claim_waiting(claim)
    return claim


def accept_claim(*, claim: Claim, by: User, at: datetime | None = None) -> Membership:
    """They do look after it: the organisation is theirs to speak for, and they are its coordinator."""
    at = at or clock.now()
    with acting():
        lock(claim.organisation)
        workflow.move(claim, to=ClaimState.ACCEPTED, verb="accept_claim", by=by, at=at, decided_at=at, decided_by=by)
        if claim.organisation.state == OrganisationState.LISTED:
            workflow.move(claim.organisation, to=OrganisationState.CLAIMED, verb="accept_claim", by=by, at=at)
        membership = claim.organisation.memberships.filter(
            user=claim.user, state__in=[MembershipState.ASKED, MembershipState.ACTIVE]
        ).first()
        if membership is None:
            membership = Membership.objects.create(
                user=claim.user,
                organisation=claim.organisation,
                state=MembershipState.ACTIVE,
                job_title=claim.job_title,
                is_coordinator=True,
                created_at=at,
            )
            workflow.created(membership, by=by, verb="accept_claim", at=at)
        elif membership.state == MembershipState.ASKED:
            workflow.move(membership, to=MembershipState.ACTIVE, verb="accept_claim", by=by, at=at, is_coordinator=True)
        else:
            membership.is_coordinator = True
            membership.save(update_fields=["is_coordinator"])
            events.record(actor=by, verb="accept_claim", thing=membership, reason="made_coordinator", at=at)
        forget_memberships(claim.user)
        emails.claim_accepted(claim)
    return membership


def refuse_claim(*, claim: Claim, by: User, at: datetime | None = None) -> None:
    """We could not see from what they wrote that they look after it; they may write again."""
    at = at or clock.now()
    with acting():
        workflow.move(claim, to=ClaimState.REFUSED, verb="refuse_claim", by=by, at=at, decided_at=at, decided_by=by)
        emails.claim_refused(claim)
