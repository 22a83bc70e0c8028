"""Mails about belonging somewhere. Each goes into the outbox in the transaction of what it speaks of.

Labels are translated late, when the outbox renders the mail in its reader's language.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.ground import outbox
from partnerships.models import CaseStudy, Claim, Consent, Invitation, Membership, Organisation, User
from partnerships.states import MembershipState


def address(name: str, *args: object) -> str:
    """The whole address of one of our pages, for mails."""
    return settings.SITE_ADDRESS + reverse(name, args=args)


def to_person(
    user: User, template: str, thing: models.Model, *, url: str, label: str | Promise, **context: Any
) -> None:
    """Write to somebody in their language; whoever has no address is not written to."""
    if not user.email:
        return
    outbox.post(
        template=template,
        to=user.email,
        context={"reader": user, "button_url": url, "button_label": label, **context},
        thing=thing,
        language=user.language,
    )


def membership_asked(membership: Membership) -> None:
    """To the coordinators: somebody says that they work with you."""
    organisation = membership.organisation
    for coordinator in organisation.coordinators():
        to_person(
            coordinator.user,
            "people/membership_asked",
            membership,
            url=address("people", organisation.slug),
            label=_("See who asked"),
            membership=membership,
            organisation=organisation,
        )


def membership_confirmed(membership: Membership) -> None:
    to_person(
        membership.user,
        "people/membership_confirmed",
        membership,
        url=address("next-steps"),
        label=_("See your next steps"),
        organisation=membership.organisation,
    )


def membership_refused(membership: Membership) -> None:
    to_person(
        membership.user,
        "people/membership_refused",
        membership,
        url=address("join-organisation"),
        label=_("Say where you work"),
        organisation=membership.organisation,
    )


def membership_ended(membership: Membership) -> None:
    to_person(
        membership.user,
        "people/membership_ended",
        membership,
        url=address("next-steps"),
        label=_("See your next steps"),
        organisation=membership.organisation,
    )


def made_coordinator(membership: Membership) -> None:
    to_person(
        membership.user,
        "people/made_coordinator",
        membership,
        url=address("people", membership.organisation.slug),
        label=_("See your organisation’s people"),
        organisation=membership.organisation,
    )


def invitation(invitation: Invitation) -> None:
    """To the invited address, which may not have an account yet."""
    outbox.post(
        template="people/invitation",
        to=invitation.email,
        context={
            "invitation": invitation,
            "organisation": invitation.organisation,
            "button_url": address("invitation", invitation.uuid),
            "button_label": _("See the invitation"),
        },
        thing=invitation,
        language=invitation.invited_by.language,
    )


def invitation_accepted(invitation: Invitation, membership: Membership) -> None:
    to_person(
        invitation.invited_by,
        "people/invitation_accepted",
        invitation,
        url=address("membership", membership.uuid),
        label=_("Say who agrees to their going"),
        membership=membership,
        organisation=invitation.organisation,
    )


def claim_received(claim: Claim) -> None:
    to_person(
        claim.user,
        "people/claim_received",
        claim,
        url=address("next-steps"),
        label=_("See your next steps"),
        organisation=claim.organisation,
    )


def claim_waiting(claim: Claim) -> None:
    """To the administrators: somebody says that they look after this organisation."""
    for administrator in User.objects.filter(is_administrator=True, is_active=True).order_by("id"):
        to_person(
            administrator,
            "people/claim_waiting",
            claim,
            url=address("claim", claim.uuid),
            label=_("Check what they say"),
            organisation=claim.organisation,
        )


def claim_accepted(claim: Claim) -> None:
    to_person(
        claim.user,
        "people/claim_accepted",
        claim,
        url=address("people", claim.organisation.slug),
        label=_("Invite your colleagues"),
        organisation=claim.organisation,
    )


def claim_refused(claim: Claim) -> None:
    to_person(
        claim.user,
        "people/claim_refused",
        claim,
        url=address("contact"),
        label=_("How to reach us"),
        organisation=claim.organisation,
    )


def organisation_waiting(organisation: Organisation) -> None:
    """To the brokers of its area, who may know it; to the administrators where there is none."""
    for reader in _brokers_of(organisation) or User.objects.filter(is_administrator=True, is_active=True):
        to_person(
            reader,
            "people/organisation_waiting",
            organisation,
            url=address("vouching"),
            label=_("See who waits"),
            organisation=organisation,
        )


def organisation_confirmed(organisation: Organisation) -> None:
    """To its coordinators: from now on it can offer, ask and publish."""
    for coordinator in organisation.coordinators():
        to_person(
            coordinator.user,
            "people/organisation_confirmed",
            organisation,
            url=address("next-steps"),
            label=_("See your next steps"),
            organisation=organisation,
        )


def second_factors_removed(user: User) -> None:
    """After an administrator has let somebody in again who had lost theirs."""
    title = _("Your second step for signing in was removed by an administrator")
    to_person(
        user,
        "people/account_notice",
        user,
        url=address("mfa_index"),
        label=_("A second step when you sign in"),
        title=title,
    )


def account_unused(user: User) -> None:
    """A month before an account that nobody uses is closed."""
    to_person(user, "people/account_unused", user, url=address("next-steps"), label=_("Sign in and keep it"))


def account_closed(user: User) -> None:
    """The last mail, to an address that is forgotten a moment later."""
    to_person(user, "people/account_closed", user, url=address("front"), label=_("To the front page"))


def consent_asked(consent: Consent) -> None:
    """To the coordinators: may this story be published?"""
    for coordinator in consent.organisation.coordinators():
        to_person(
            coordinator.user,
            "stories/consent_asked",
            consent,
            url=address("consent", consent.uuid),
            label=_("Read the story and answer"),
            story=consent.case_study,
            organisation=consent.organisation,
        )


def consents_complete(case_study: CaseStudy) -> None:
    """To its curator: everybody said yes."""
    to_person(
        case_study.written_by,
        "stories/consents_complete",
        case_study,
        url=address("story", case_study.slug),
        label=_("Publish the story"),
        story=case_study,
    )


def consent_refused(consent: Consent) -> None:
    """To the curator: an organisation said no, or took its yes back."""
    to_person(
        consent.case_study.written_by,
        "stories/consent_refused",
        consent,
        url=address("story", consent.case_study.slug),
        label=_("See where the story stands"),
        story=consent.case_study,
        organisation=consent.organisation,
        consent=consent,
    )


def case_study_published(case_study: CaseStudy) -> None:
    """To the coordinators of its organisations: it can be read, and how to take the yes back."""
    for consent in case_study.consents.select_related("organisation"):
        for coordinator in consent.organisation.coordinators():
            to_person(
                coordinator.user,
                "stories/case_study_published",
                case_study,
                url=address("story", case_study.slug),
                label=_("Read it"),
                story=case_study,
                organisation=consent.organisation,
                consent_url=address("consent", consent.uuid),
            )


def _brokers_of(organisation: Organisation) -> list[User]:
    if organisation.place is None:
        return []
    areas = models.Q(memberships__organisation__place=organisation.place) | models.Q(
        memberships__organisation__areas_served=organisation.place
    )
    if organisation.place.parent_id:
        areas |= models.Q(memberships__organisation__areas_served=organisation.place.parent_id)
    brokers = User.objects.filter(
        areas, memberships__is_broker=True, memberships__state=MembershipState.ACTIVE, is_active=True
    )
    return list(brokers.distinct().order_by("id"))
