"""Everything that is kept about a person: to hand out, and to take out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.ground.models import Event, OutboxMail
from partnerships.ground.states import MailState
from partnerships.models import CaseStudy, Claim, Consent, Invitation, Membership, User


def everything(user: User) -> dict[str, Any]:
    """What every app keeps about `user`."""
    gathered: dict[str, Any] = {"made_at": clock.now()}
    for path in settings.MY_DATA:
        collect_part: Callable[[User], dict[str, Any]] = import_string(path)
        gathered |= collect_part(user)
    return gathered


def collect(user: User) -> dict[str, Any]:
    """The account, where the person belongs, what they decided, what was written to them, and what they did."""
    return {
        "account": {
            "name": user.name,
            "email": user.email,
            "language": user.language,
            "created_at": user.created_at,
            "last_signed_in_at": user.last_login,
            "is_curator": user.is_curator,
            "is_administrator": user.is_administrator,
        },
        "email_addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "second_factors": list(
            Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at").order_by("id")
        ),
        "memberships": list(
            Membership.objects.filter(user=user)
            .order_by("id")
            .values(
                "organisation__name",
                "state",
                "job_title",
                "is_coordinator",
                "is_broker",
                "is_commissioner",
                "agrees_email",
                "created_at",
            )
        ),
        "people_whose_going_you_agree_to": Membership.objects.active().filter(agrees_email=user.email).count()
        if user.email
        else 0,
        "invitations_to_you": list(
            Invitation.objects.filter(email=user.email).values("organisation__name", "state", "created_at")
        ),
        "invitations_by_you": list(
            Invitation.objects.filter(invited_by=user).values("organisation__name", "email", "state", "created_at")
        ),
        "claims": list(
            Claim.objects.filter(user=user)
            .order_by("id")
            .values("organisation__name", "job_title", "evidence", "state", "created_at", "decided_at")
        ),
        "case_studies_you_wrote": list(
            CaseStudy.objects.filter(written_by=user).values("title", "state", "created_at")
        ),
        "consents_you_gave": list(
            Consent.objects.filter(decided_by=user).values(
                "case_study__title", "organisation__name", "state", "decided_at"
            )
        ),
        "mails_to_you": list(
            OutboxMail.objects.filter(to=user.email).order_by("id").values("subject", "state", "created_at", "sent_at")
        ),
        "what_you_did": list(
            Event.objects.filter(actor=user).order_by("id").values("at", "verb", "thing_type", "thing_id", "to_state")
        ),
    }


def anonymise(user: User, at: datetime) -> None:
    """Take the person out: the rows stay, so that figures stay true, and nobody can tell whose they were."""
    email = user.email
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    Membership.objects.filter(user=user).update(job_title="", agrees_email="")
    Claim.objects.filter(user=user).update(job_title="", evidence="")
    if email:
        Membership.objects.filter(agrees_email=email).update(agrees_email="")
        Invitation.objects.filter(email=email).delete()
        OutboxMail.objects.filter(to=email).exclude(state=MailState.WAITING).delete()
    user.name = _("Somebody who has left")
    user.email = None
    user.is_active = False
    user.is_curator = user.is_administrator = user.is_superuser = False
    user.anonymised_at = at
    user.set_unusable_password()
    user.save()
