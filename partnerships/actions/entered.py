"""People whom others wrote down, and who have said yes: their account, and their place in an organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from partnerships import emails
from partnerships.ground import clock, workflow
from partnerships.ground.locks import acting, lock
from partnerships.models import Membership, Organisation, User
from partnerships.problems import domain_of
from partnerships.states import MembershipState

from .memberships import forget_memberships


def enter_person(*, name: str, email: str, by: User | None, at: datetime | None = None) -> User:
    """The person with this address, who has shown that they hold it by a mailed link; a new one where there is none.

    Without an address it is always somebody new, who is acted for by a coordinator.
    """
    at = at or clock.now()
    unknown: dict[str, Any] = {"name": name, "created_at": at, "password": make_password(None)}
    with acting():
        if not email:
            user = User.objects.create(email=None, **unknown)
        else:
            # Whoever says yes from two mails at once, or signs up meanwhile, waits here and then is known.
            user, made = User.objects.get_or_create(email=email, defaults=unknown)
            if not made:
                return user
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        workflow.created(user, by=by, verb="enter_person", at=at)
    return user


def take_in(
    *,
    user: User,
    organisation: Organisation,
    job_title: str = "",
    is_commissioner: bool = False,
    agrees_email: str = "",
    runs_it: bool = False,
    known: bool,
    by: User | None,
    at: datetime | None = None,
) -> Membership:
    """Their place in an organisation: at once where one of its coordinators knows them, else once one says yes.

    Whoever belongs to it already stays what they are. `runs_it`: they look after an organisation that nobody does yet.
    """
    at = at or clock.now()
    with acting():
        lock(organisation)
        membership = organisation.memberships.filter(
            user=user, state__in=[MembershipState.ASKED, MembershipState.ACTIVE]
        ).first()
        first = runs_it and not organisation.coordinators().exists()
        by_domain = bool(user.email) and organisation.approved_domains.filter(
            domain=domain_of(user.email), shared=False
        )
        belongs = known or first or bool(by_domain and by_domain.exists())
        if membership is None:
            membership = Membership.objects.create(
                user=user,
                organisation=organisation,
                state=MembershipState.ACTIVE if belongs else MembershipState.ASKED,
                job_title=job_title,
                is_commissioner=is_commissioner,
                is_coordinator=first,
                agrees_email=agrees_email,
                created_at=at,
            )
            workflow.created(membership, by=by, verb="take_in", at=at)
            if not belongs:
                emails.membership_asked(membership)
        elif belongs and membership.state == MembershipState.ASKED:
            workflow.move(membership, to=MembershipState.ACTIVE, verb="take_in", by=by, at=at)
        forget_memberships(user)
    return membership
