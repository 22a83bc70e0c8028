"""Who may agree to a person's going."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from partnerships.models import Membership, User
from partnerships.problems.domains import domain_of, mailbox_of
from partnerships.states import WhoAgrees


def problems_for_approver(membership: Membership, email: str, *, named_by: User | None = None) -> list[Problem]:
    """What stands against `email` as the address of whoever agrees to this person's going.

    It has to be a work address in an approved domain of the home organisation, or a coordinator's, and never one's own.
    In a shared domain it must be one that a coordinator has confirmed: `named_by` them, or stored by them before.
    Nothing is asked where the organisation lets each person decide; where its coordinators decide there must be one.
    """
    organisation = membership.organisation
    if organisation.who_agrees == WhoAgrees.SELF:
        return []
    others = [each.user.email for each in organisation.who_answers() if each.user_id != membership.user_id]
    if organisation.who_agrees == WhoAgrees.COORDINATOR:
        return [] if others else [_no_other_coordinator()]

    email = email.strip().lower()
    if not email:
        return [
            Problem(
                "approver_missing",
                _("Enter the work email address of the person who agrees to your going."),
                "agrees_email",
            )
        ]
    if mailbox_of(email) == mailbox_of(membership.user.email):
        return [
            Problem("approver_is_oneself", _("Somebody else has to agree. Enter their email address."), "agrees_email")
        ]
    if email in others:
        return []
    domain = domain_of(email)
    approved = next((each for each in organisation.approved_domains.all() if each.domain == domain), None)
    if approved is None:
        return [
            Problem(
                "approver_elsewhere",
                _(
                    "Enter a work email address at %(organisation)s, or that of one of its coordinators."
                    " If the address is right, ask a coordinator to add “%(domain)s”."
                )
                % {"organisation": organisation.name, "domain": domain},
                "agrees_email",
            )
        ]
    confirmed = email == membership.agrees_email or (
        named_by is not None and named_by.pk != membership.user_id and organisation.pk in named_by.coordinated_ids()
    )
    if approved.shared and not confirmed:
        return [
            Problem(
                "approver_to_be_confirmed",
                _(
                    "People of many organisations have an address at %(domain)s."
                    " Ask a coordinator of %(organisation)s to enter who agrees to your going."
                )
                % {"organisation": organisation.name, "domain": domain},
                "agrees_email",
            )
        ]
    return []


def _no_other_coordinator() -> Problem:
    return Problem(
        "no_other_coordinator",
        _("A coordinator has to agree to your going, and there is no other than you. Make somebody else coordinator."),
    )
