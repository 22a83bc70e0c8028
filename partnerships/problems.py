"""Why something cannot be done now: every reason as a value, each a sentence that says what to do next."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from partnerships.ground.models import Event
from partnerships.ground.problems import Problem
from partnerships.models import ApprovedDomain, CaseStudy, Consent, Invitation, Membership, Organisation, Place, User
from partnerships.models.organisations import PUBLIC_STATES
from partnerships.states import (
    CaseStudyState,
    ConsentState,
    InvitationState,
    MembershipState,
    OrganisationState,
    WhoAgrees,
)

SHARED_DOMAINS = frozenset({"nhs.net", "nhs.scot", "nhs.uk", "cjsm.net", "hscni.net", "wales.nhs.uk"})
"""Mail domains of many organisations at once: holding an address there says little about where somebody works."""

PERSONAL_DOMAINS = frozenset(
    {
        "aol.com", "btinternet.com", "duck.com", "fastmail.com", "gmail.com", "gmx.com", "gmx.co.uk", "googlemail.com",
        "hotmail.co.uk", "hotmail.com", "icloud.com", "live.co.uk", "live.com", "mac.com", "mail.com", "me.com",
        "msn.com", "ntlworld.com", "outlook.com", "pm.me", "proton.me", "protonmail.com", "sky.com", "talktalk.net",
        "tiscali.co.uk", "virginmedia.com", "yahoo.co.uk", "yahoo.com", "ymail.com", "zoho.com",
    }
)  # fmt: skip
"""Mail domains that anybody can have an address in: never proof of where somebody works."""


def not_allowed() -> Problem:
    """For verbs that are no change of state, and so have no table to say who may."""
    return Problem("not_allowed", _("Only a coordinator of this organisation can change this."))


def domain_of(email: str | None) -> str:
    """The part behind the @, in lower case."""
    return (email or "").rpartition("@")[2].strip().lower()


def mailbox_of(email: str | None) -> str:
    """The address without a +tag, in lower case: two spellings of one mailbox compare equal."""
    local, _at, domain = (email or "").strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


# Who agrees to a person's going ---------------------------------------------------------------------------------------


def problems_for_approver(membership: Membership, email: str, *, named_by: User | None = None) -> list[Problem]:
    """What stands against `email` as the address of whoever agrees to this person's going.

    It has to be a work address in an approved domain of the home organisation, or a coordinator's, and never one's own.
    In a shared domain it must be one that a coordinator has confirmed: `named_by` them, or stored by them before.
    Nothing is asked where the organisation lets each person decide; where its coordinators decide there must be one.
    """
    organisation = membership.organisation
    if organisation.who_agrees == WhoAgrees.SELF:
        return []
    others = [each.user.email for each in organisation.coordinators() if each.user_id != membership.user_id]
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
    approved = organisation.approved_domains.filter(domain=domain).first()
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


# Joining --------------------------------------------------------------------------------------------------------------


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


def not_open(organisation: Organisation) -> Problem:
    return Problem(
        "organisation_not_open",
        _("%(organisation)s is closed here. If that is wrong, write to us: see Contact.")
        % {"organisation": organisation.name},
    )


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


# Looking after an organisation ----------------------------------------------------------------------------------------


def problems_with_ending(membership: Membership) -> list[Problem]:
    """An organisation with people in it keeps a coordinator: else nobody could let anybody in, or answer for it."""
    if not membership.is_coordinator:
        return []
    others = membership.organisation.memberships.active().exclude(pk=membership.pk)
    if others.exists() and not others.filter(is_coordinator=True).exists():
        return [
            Problem(
                "last_coordinator",
                _("%(organisation)s needs a coordinator. Make somebody else coordinator first.")
                % {"organisation": membership.organisation.name},
                "is_coordinator",
            )
        ]
    return []


def problems_with_domain(organisation: Organisation, domain: str, *, by: User) -> list[Problem]:
    """What stands against approving a mail domain: only one's own, of an organisation that somebody else knows."""
    if domain in PERSONAL_DOMAINS:
        return [
            Problem(
                "domain_of_anybody",
                _("Anybody can have an address at %(domain)s. Invite people one by one instead.") % {"domain": domain},
                "domain",
            )
        ]
    if not organisation.may_act:
        return [
            Problem(
                "organisation_to_be_confirmed",
                _("This opens once your organisation is confirmed. Until then, invite people one by one."),
                "domain",
            )
        ]
    if organisation.approved_domains.filter(domain=domain).exists():
        return [Problem("domain_there", _("This domain is on your list already."), "domain")]
    if by.is_administrator:
        return []
    if domain != domain_of(by.email):
        return [
            Problem(
                "domain_not_yours",
                _("You can add the domain of your own address only. For another one, write to us: see Contact."),
                "domain",
            )
        ]
    if domain not in SHARED_DOMAINS and ApprovedDomain.objects.filter(domain=domain).exists():
        return [
            Problem(
                "domain_of_another",
                _("Another organisation uses this domain. If you share it, write to us: see Contact."),
                "domain",
            )
        ]
    return []


# Stories --------------------------------------------------------------------------------------------------------------


def problems_with_asking_consents(case_study: CaseStudy) -> list[Problem]:
    """What stands against asking the organisations of a story: somebody has to be there to answer."""
    consents = list(case_study.consents.select_related("organisation"))
    if any(consent.state == ConsentState.GIVEN or can_be_asked(consent) for consent in consents):
        return []
    return [nobody_to_say_yes(consent) for consent in consents] or [_no_organisations()]


def problems_with_publishing_case_study(case_study: CaseStudy) -> list[Problem]:
    """Whose yes is missing, and what to do about it."""
    consents = list(case_study.consents.select_related("organisation"))
    if not consents:
        return [_no_organisations()]
    return [_missing(consent) for consent in consents if consent.state != ConsentState.GIVEN]


def problems_with_consenting(consent: Consent, edition: str) -> list[Problem]:
    """A yes is to the words that were read: it counts only while they are the ones to be published."""
    if consent.case_study.state != CaseStudyState.WAITING:
        return [
            Problem(
                "story_not_waiting",
                _("The curator is still working on this story. You will be asked again when it is ready."),
            )
        ]
    if consent.case_study.edition != edition:
        return [
            Problem("words_have_changed", _("The words have changed since you opened the page. Read them again first."))
        ]
    return []


def can_be_asked(consent: Consent) -> bool:
    """Whether somebody of the organisation can sign in and say yes."""
    return consent.organisation.coordinators().filter(user__is_active=True).exists()


def nobody_to_say_yes(consent: Consent) -> Problem:
    return Problem(
        "nobody_to_say_yes",
        _(
            "Nobody can say yes for %(organisation)s here yet. Ask somebody there to join as its coordinator,"
            " or take it out of the story."
        )
        % {"organisation": consent.organisation.name},
    )


def _missing(consent: Consent) -> Problem:
    name = {"organisation": consent.organisation.name}
    if not can_be_asked(consent):
        return nobody_to_say_yes(consent)
    if consent.state == ConsentState.ASKED:
        return Problem("consent_waits", _("%(organisation)s has not answered yet.") % name)
    if consent.state == ConsentState.NOT_ASKED:
        return Problem("consent_not_asked", _("%(organisation)s has not been asked yet. Ask for its consent.") % name)
    return Problem(
        "consent_refused",
        _("%(organisation)s said no. Change the words and ask again, or take it out of the story.") % name,
    )


def _no_organisations() -> Problem:
    return Problem("no_organisations", _("Name the organisations that the story is about."), "organisations")


def problems_with_leaving_the_house(user: User) -> list[Problem]:
    """An administrator may go when another is there: somebody has to answer what people ask about their data."""
    if User.objects.filter(is_administrator=True, is_active=True).exclude(pk=user.pk).exists():
        return []
    return [Problem("last_administrator", _("Make somebody else administrator first."))]
