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


def to_coordinators(
    organisation: Organisation, template: str, thing: models.Model, *, url: str, label: str | Promise, **context: Any
) -> None:
    """Write to whoever runs the organisation's side, each in their language."""
    for coordinator in organisation.coordinators():
        to_person(coordinator.user, template, thing, url=url, label=label, organisation=organisation, **context)


def administrators() -> models.QuerySet[User]:
    return User.objects.filter(is_administrator=True, is_active=True).order_by("id")


# Memberships and invitations ------------------------------------------------------------------------------------------


def membership_asked(membership: Membership) -> None:
    """To the coordinators: somebody says that they work with you."""
    url = address("people", membership.organisation.slug)
    template = "people/membership_asked"
    to_coordinators(
        membership.organisation, template, membership, url=url, label=_("See who asked"), membership=membership
    )


def membership_confirmed(membership: Membership) -> None:
    _to_its_person(membership, "membership_confirmed", url=address("next-steps"), label=_("See your next steps"))


def membership_refused(membership: Membership) -> None:
    _to_its_person(membership, "membership_refused", url=address("join-organisation"), label=_("Say where you work"))


def membership_ended(membership: Membership) -> None:
    _to_its_person(membership, "membership_ended", url=address("next-steps"), label=_("See your next steps"))


def made_coordinator(membership: Membership) -> None:
    url = address("people", membership.organisation.slug)
    _to_its_person(membership, "made_coordinator", url=url, label=_("See your organisation’s people"))


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


# Claims and organisations ---------------------------------------------------------------------------------------------


def claim_received(claim: Claim) -> None:
    _to_its_person(claim, "claim_received", url=address("next-steps"), label=_("See your next steps"))


def claim_waiting(claim: Claim) -> None:
    """To the administrators: somebody says that they look after this organisation."""
    url, label = address("claim", claim.uuid), _("Check what they say")
    for reader in administrators():
        to_person(reader, "people/claim_waiting", claim, url=url, label=label, organisation=claim.organisation)


def claim_accepted(claim: Claim) -> None:
    url = address("people", claim.organisation.slug)
    _to_its_person(claim, "claim_accepted", url=url, label=_("Invite your colleagues"))


def claim_refused(claim: Claim) -> None:
    _to_its_person(claim, "claim_refused", url=address("contact"), label=_("How to reach us"))


def organisation_waiting(organisation: Organisation) -> None:
    """To the brokers of its area, who may know it; to the administrators where there is none."""
    url, label = address("vouching"), _("See who waits")
    for reader in _brokers_of(organisation) or administrators():
        to_person(reader, "people/organisation_waiting", organisation, url=url, label=label, organisation=organisation)


def organisation_confirmed(organisation: Organisation) -> None:
    """To its coordinators: from now on it can offer, ask and publish."""
    url, label = address("next-steps"), _("See your next steps")
    to_coordinators(organisation, "people/organisation_confirmed", organisation, url=url, label=label)


# Accounts -------------------------------------------------------------------------------------------------------------


def second_factors_removed(user: User) -> None:
    """After an administrator has let somebody in again who had lost theirs."""
    title = _("Your second step for signing in was removed by an administrator")
    url, label = address("mfa_index"), _("A second step when you sign in")
    to_person(user, "people/account_notice", user, url=url, label=label, title=title)


def account_unused(user: User) -> None:
    """A month before an account that nobody uses is closed."""
    to_person(user, "people/account_unused", user, url=address("next-steps"), label=_("Sign in and keep it"))


def account_closed(user: User) -> None:
    """The last mail, to an address that is forgotten a moment later."""
    to_person(user, "people/account_closed", user, url=address("front"), label=_("To the front page"))


# Stories --------------------------------------------------------------------------------------------------------------


def consent_asked(consent: Consent) -> None:
    """To the coordinators: may this story be published?"""
    url, label = address("consent", consent.uuid), _("Read the story and answer")
    template, story = "stories/consent_asked", consent.case_study
    to_coordinators(consent.organisation, template, consent, url=url, label=label, story=story)


def consents_complete(case_study: CaseStudy) -> None:
    """To its curator: everybody said yes."""
    _to_its_curator(case_study, "consents_complete", case_study, label=_("Publish the story"))


def consent_refused(consent: Consent) -> None:
    """To the curator: an organisation said no, or took its yes back."""
    _to_its_curator(
        consent.case_study,
        "consent_refused",
        consent,
        label=_("See where the story stands"),
        organisation=consent.organisation,
        consent=consent,
    )


def case_study_published(case_study: CaseStudy) -> None:
    """To the coordinators of its organisations: it can be read, and how to take the yes back."""
    url, label = address("story", case_study.slug), _("Read it")
    for consent in case_study.consents.select_related("organisation"):
        to_coordinators(
            consent.organisation,
            "stories/case_study_published",
            case_study,
            url=url,
            label=label,
            story=case_study,
            consent_url=address("consent", consent.uuid),
        )


def _to_its_person(thing: Membership | Claim, template: str, *, url: str, label: Promise) -> None:
    to_person(thing.user, f"people/{template}", thing, url=url, label=label, organisation=thing.organisation)


def _to_its_curator(
    case_study: CaseStudy, template: str, thing: models.Model, *, label: Promise, **context: Any
) -> None:
    url = address("story", case_study.slug)
    to_person(case_study.written_by, f"stories/{template}", thing, url=url, label=label, story=case_study, **context)


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
