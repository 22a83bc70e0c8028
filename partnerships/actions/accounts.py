"""A person's own account, and the two roles that belong to the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from partnerships import emails
from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Problem, Refused, refuse
from partnerships.models import Claim, Membership, User
from partnerships.permissions import may_administer
from partnerships.problems import problems_with_leaving_the_house
from partnerships.states import ClaimState, MembershipState

HouseRole = Literal["curator", "administrator"]


def describe_person(*, user: User, name: str, language: str, by: User, at: datetime | None = None) -> None:
    """A person's name, and the language that pages and mails speak to them."""
    with acting():
        lock(user)
        user.name = name
        user.language = language
        user.save(update_fields=["name", "language"])
        events.record(actor=by, verb="describe_person", thing=user, at=at or clock.now())


def set_house_role(*, user: User, role: HouseRole, given: bool, by: User, at: datetime | None = None) -> None:
    """Make somebody curator or administrator, or end that. Somebody always stays who keeps the house."""
    at = at or clock.now()
    with acting():
        # All of them in one order, so that two who take the role from each other at once cannot both succeed.
        lock(user, *User.objects.filter(is_administrator=True).exclude(pk=user.pk))
        if not may_administer(by):
            raise Refused([Problem("not_allowed", _("Only an administrator can change this."))])
        flag = f"is_{role}"
        if getattr(user, flag) == given:
            return
        if role == "administrator" and not given:
            refuse(problems_with_leaving_the_house(user))
        setattr(user, flag, given)
        changed = [flag]
        if role == "administrator":
            # Django's own pages ask for this one; it is the same role under another name.
            user.is_superuser = given
            changed.append("is_superuser")
        user.save(update_fields=changed)
        reason = f"made_{role}" if given else f"no_longer_{role}"
        events.record(actor=by, verb="set_house_role", thing=user, reason=reason, at=at)


def remove_second_factors(*, user: User, by: User, at: datetime | None = None) -> None:
    """For somebody who has lost what they held, and has shown an administrator by other means who they are.

    They are told by mail, and set up a new one; who has a role that needs one does nothing else until then.
    """
    at = at or clock.now()
    with acting():
        lock(user)
        if not may_administer(by):
            raise Refused([Problem("not_allowed", _("Only an administrator can change this."))])
        removed, _rows = Authenticator.objects.filter(user=user).delete()
        if removed:
            events.record(actor=by, verb="remove_second_factors", thing=user, at=at)
            emails.second_factors_removed(user)


def close_account(*, user: User, by: User | None, at: datetime | None = None, tell: bool = True) -> None:
    """Forget who somebody is: what they did stays and counts, their name, address and words about them go.

    `by` is the person, an administrator who was asked by letter, or None for the job that keeps retention periods.
    """
    at = at or clock.now()
    if by is not None and by.pk != user.pk and not may_administer(by):
        raise Refused([Problem("not_allowed", _("You can close your own account only."))])
    with acting():
        memberships = Membership.objects.filter(user=user, state__in=[MembershipState.ASKED, MembershipState.ACTIVE])
        claims = Claim.objects.filter(user=user, state=ClaimState.WAITING)
        # Whoever asks for a visit meanwhile waits, and then no longer belongs there.
        lock(user, *memberships, *claims)
        if user.anonymised_at is not None:
            return
        if user.is_administrator:
            refuse(problems_with_leaving_the_house(user))
        if tell:
            emails.account_closed(user)
        # While they still belong somewhere: what the upper apps end is ended in their name.
        for path in settings.ANONYMISERS:
            anonymise: Callable[[User, datetime], None] = import_string(path)
            anonymise(user, at)
        for membership in memberships.order_by("pk"):
            workflow.move(
                membership,
                to=MembershipState.ENDED,
                verb="close_account",
                by=by,
                at=at,
                is_coordinator=False,
                is_broker=False,
            )
        for claim in claims.order_by("pk"):
            workflow.move(claim, to=ClaimState.REFUSED, verb="close_account", by=by, at=at, decided_at=at)
        events.record(actor=by, verb="close_account", thing=user, at=at)
