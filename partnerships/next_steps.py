"""What is next about belonging somewhere: for the person, and for those who wait for their yes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground.steps import NextStep
from partnerships.models import CaseStudy, Claim, Consent, Invitation, Membership, Organisation, User
from partnerships.states import CaseStudyState, ConsentState, OrganisationState, WhoAgrees

FIRST, SOON, LATER = 10, 40, 80


def steps(user: User, at: datetime) -> list[NextStep]:
    """Everything about belonging somewhere that waits for this person.

    A missing second factor is not among them: `SecondFactorMiddleware` lets nobody get as far as this without one.
    """
    return [
        *_invitations(user, at),
        *_joining(user),
        *_approver(user),
        *_people_who_asked(user),
        *_vouching(user),
        *_claims(user),
        *_consents(user),
        *_stories(user),
    ]


def _invitations(user: User, at: datetime) -> list[NextStep]:
    invitations = (
        Invitation.objects.open_at(at)
        .filter(email=user.email)
        .exclude(organisation__in=user.organisation_ids())
        .select_related("organisation")
    )
    return [
        NextStep(
            title=_("Answer the invitation of %(name)s") % {"name": each.organisation.name},
            sentence=_("They say that you work or volunteer with them."),
            url=reverse("invitation", args=[each.uuid]),
            button=_("See the invitation"),
            weight=FIRST,
            by=each.expires_at,
        )
        for each in invitations
    ]


def _joining(user: User) -> list[NextStep]:
    if user.is_member or user.needs_second_factor:
        return []
    waits = Membership.objects.asked().filter(user=user).exists() or Claim.objects.waiting().filter(user=user).exists()
    if waits:
        return [
            NextStep(
                title=_("You have asked to join"),
                sentence=_("Somebody checks that it is you, and you get a mail. You can look around meanwhile."),
                url=reverse("join-organisation"),
                button=_("See where it stands"),
                weight=LATER,
                status=_("Waiting"),
            )
        ]
    return [
        NextStep(
            title=_("Say where you work or volunteer"),
            sentence=_("Then you can ask for visits, host, and ask for skills. It takes a minute."),
            url=reverse("join-organisation"),
            button=_("Say where"),
            weight=FIRST,
        )
    ]


def _approver(user: User) -> list[NextStep]:
    missing = [
        each
        for each in user.active_memberships
        if each.is_commissioner and not each.agrees_email and each.organisation.who_agrees == WhoAgrees.MANAGER
    ]
    return [
        NextStep(
            title=_("Say who agrees to your going"),
            sentence=_("You need it when you ask for a visit. Usually it is your line manager."),
            url=reverse("membership", args=[each.uuid]),
            button=_("Enter their address"),
            weight=SOON,
        )
        for each in missing
    ]


def _people_who_asked(user: User) -> list[NextStep]:
    if not user.is_coordinator:
        return []
    asked: dict[int, int] = {}
    found = Membership.objects.asked().filter(organisation__in=user.coordinated_ids())
    for organisation in found.values_list("organisation", flat=True):
        asked[organisation] = asked.get(organisation, 0) + 1
    organisations = {each.organisation_id: each.organisation for each in user.active_memberships}
    return [
        NextStep(
            title=ngettext(
                "%(count)s person says that they work at %(name)s",
                "%(count)s people say that they work at %(name)s",
                count,
            )
            % {"count": count, "name": organisations[key].name},
            sentence=_("You know whether they do. No needs no reason."),
            url=reverse("people", args=[organisations[key].slug]),
            button=_("See who asked"),
            weight=SOON,
        )
        for key, count in asked.items()
    ]


def _vouching(user: User) -> list[NextStep]:
    if not user.is_broker:
        return []
    waiting = (
        Organisation.objects.visible_to(user)
        .filter(state=OrganisationState.TO_BE_CONFIRMED)
        .exclude(pk__in=user.organisation_ids())
        .distinct()
        .count()
    )
    if not waiting:
        return []
    return [
        NextStep(
            title=ngettext(
                "%(count)s organisation waits for somebody who knows it",
                "%(count)s organisations wait for somebody who knows them",
                waiting,
            )
            % {"count": waiting},
            sentence=_("They are in your area and on no list. If you know them, say so."),
            url=reverse("vouching"),
            button=_("See who waits"),
            weight=SOON,
        )
    ]


def _claims(user: User) -> list[NextStep]:
    waiting = Claim.objects.waiting().exclude(user=user).count() if user.is_administrator else 0
    if not waiting:
        return []
    return [
        NextStep(
            title=ngettext(
                "%(count)s person says that they look after a listed organisation",
                "%(count)s people say that they look after a listed organisation",
                waiting,
            )
            % {"count": waiting},
            sentence=_("They wait for your check before they can do anything for it."),
            url=reverse("claims"),
            button=_("Check"),
            weight=SOON,
        )
    ]


def _consents(user: User) -> list[NextStep]:
    """Stories that wait for the yes of an organisation that this person coordinates."""
    asked = Consent.objects.filter(
        organisation__in=user.coordinated_ids(), state=ConsentState.ASKED, case_study__state=CaseStudyState.WAITING
    ).select_related("case_study", "organisation")
    return [
        NextStep(
            title=_("Say yes or no to a story about %(organisation)s") % {"organisation": consent.organisation.name},
            sentence=_("“%(title)s” is published only with your yes. No is a good answer.")
            % {"title": consent.case_study.title},
            url=reverse("consent", args=[consent.uuid]),
            button=_("Read the story and answer"),
            weight=SOON,
        )
        for consent in asked
    ]


def _stories(user: User) -> list[NextStep]:
    """For a curator: stories to which everybody has said yes, and how many wait for that."""
    if not user.is_curator:
        return []
    missing = Consent.objects.missing().values("case_study")
    waiting = CaseStudy.objects.filter(state=CaseStudyState.WAITING)
    ready = waiting.filter(consents__isnull=False).exclude(pk__in=missing)
    return [
        *_waiting_stories(waiting.filter(pk__in=missing).count()),
        *_ready_stories(ready),
    ]


def _waiting_stories(count: int) -> list[NextStep]:
    if not count:
        return []
    return [
        NextStep(
            title=ngettext("%(count)s story waits for a yes", "%(count)s stories wait for a yes", count)
            % {"count": count},
            sentence=_("Each organisation in a story reads it, and it is published once all have said yes."),
            url=reverse("stories"),
            button=_("See the stories"),
            weight=LATER,
            status=_("Waiting"),
        )
    ]


def _ready_stories(ready: QuerySet[CaseStudy]) -> list[NextStep]:
    return [
        NextStep(
            title=_("Publish “%(title)s”") % {"title": story.title},
            sentence=_("Every organisation in the story has said yes to its words."),
            url=story.get_absolute_url(),
            button=_("Look at it"),
            weight=SOON,
        )
        for story in ready.distinct().defer("search")
    ]
