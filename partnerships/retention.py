"""How long this app keeps what it knows about people, and what it keeps of others' models."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from partnerships import emails
from partnerships.actions.accounts import close_account
from partnerships.ground import events
from partnerships.ground.models import Event
from partnerships.ground.problems import Refused
from partnerships.ground.retention import Kept, Period, Rule, gather
from partnerships.models import Claim, Invitation, Membership, User
from partnerships.states import ClaimState, InvitationState, MembershipState

UNVERIFIED = timedelta(days=30)
UNUSED = timedelta(days=3 * 365)
WARNING = timedelta(days=30)
ENDED_MEMBERSHIP = timedelta(days=365)
INVITATION = timedelta(days=180)
EVIDENCE = timedelta(days=365)
ADMINISTRATION = timedelta(days=365)
AT_ONCE = 200
"""Accounts that one night closes: each is many rows, and all of them wait in one transaction."""

WARNED = "warn_unused_account"


def rules() -> list[Rule]:
    """Every model of this app, of the ground and of the packages that we use."""
    return [
        Period(
            "partnerships.User",
            _(
                "Your account: your name and address go three years after you last signed in; we write a month before. "
                "Your name, where you have no address here and others answer for you: a year after you left."
            ),
            _close_accounts,
        ),
        Period(
            "account.EmailAddress",
            _("An address that nobody confirmed: 30 days. Otherwise it goes with the account."),
            _close_unverified,
        ),
        Period(
            "partnerships.Membership",
            _("Your job title and who agreed to your going: a year after you left the organisation."),
            _empty_ended_memberships,
        ),
        Period("partnerships.Invitation", _("An invitation by mail: six months after it ended."), _delete_invitations),
        Period(
            "partnerships.Claim",
            _("What you wrote to show that you look after an organisation: a year after it was checked."),
            _empty_evidence,
        ),
        Period("sessions.Session", _("That you are signed in: two weeks."), _delete_sessions),
        Period("ground.OutboxMail", _("A mail’s words until it is sent; to whom and when: 30 days.")),
        Period("ground.Job", _("Work that our machines did, by number only: 60 days.")),
        Period(
            "ground.Remembered",
            _("How often somebody tried to sign in, so that nobody tries without end; it names nobody: a day."),
        ),
        Period("admin.LogEntry", _("What administrators changed by hand: a year."), _delete_log),
        Kept("account.EmailConfirmation", _("Not used: codes are kept with the session.")),
        Kept("mfa.Authenticator", _("It protects an account and goes with it.")),
        Kept("ground.Event", _("The record of who did what holds numbers only, so that decisions can be traced.")),
        Kept("partnerships.Organisation", _("About an organisation, not a person.")),
        Kept("partnerships.Identifier", _("About an organisation, not a person.")),
        Kept("partnerships.RegisterEntry", _("Public facts about an organisation, without addresses.")),
        Kept("partnerships.FormerSlug", _("About an organisation, not a person.")),
        Kept("partnerships.ApprovedDomain", _("About an organisation, not a person.")),
        Kept("partnerships.Organisation_areas_served", _("About an organisation, not a person.")),
        Kept("partnerships.Place", _("Areas of the country.")),
        Kept(
            "partnerships.CaseStudy", _("Published with the consent of each organisation in it, until it is withdrawn.")
        ),
        Kept("partnerships.Consent", _("Shows on whose yes a case study was published.")),
        Kept("partnerships.User_groups", _("Not used.")),
        Kept("partnerships.User_user_permissions", _("Not used.")),
        Kept("auth.Group", _("Not used.")),
        Kept("auth.Permission", _("Names of things, not of people.")),
        Kept("auth.Group_permissions", _("Not used.")),
        Kept("contenttypes.ContentType", _("Names of things, not of people.")),
    ]


def periods() -> list[Period]:
    """What the privacy notice lists."""
    return [rule for rule in gather() if isinstance(rule, Period)]


def _close_accounts(at: datetime) -> int:
    return _close_unused(at) + _close_left(at)


def _close_unused(at: datetime) -> int:
    """Warn, and a month later close; signing in in between ends it."""
    known = User.objects.filter(is_active=True, anonymised_at=None, email__isnull=False).annotate(
        seen=Coalesce("last_login", "created_at")
    )
    warned = Event.objects.filter(thing_type=User._meta.label_lower, verb=WARNED)
    for user in (
        known.filter(seen__lt=at - UNUSED + WARNING)
        .exclude(pk__in=warned.filter(at__gt=at - 2 * WARNING).values("thing_id"))
        .order_by("pk")[:AT_ONCE]
    ):
        events.record(actor=None, verb=WARNED, thing=user, at=at)
        emails.account_unused(user)
    over = known.filter(
        seen__lt=at - UNUSED,
        pk__in=warned.filter(at__lte=at - WARNING, at__gt=at - 2 * WARNING).values("thing_id"),
    ).order_by("pk")[:AT_ONCE]
    return _close(over, at, tell=True)


def _close_left(at: datetime) -> int:
    """Whom a coordinator answered for, and who has belonged nowhere for a year."""
    lately = _ends_of_memberships().filter(at__gte=at - ENDED_MEMBERSHIP)
    over = (
        User.objects.filter(email=None, anonymised_at=None, created_at__lt=at - ENDED_MEMBERSHIP)
        .exclude(memberships__state__in=[MembershipState.ASKED, MembershipState.ACTIVE])
        .exclude(memberships__in=lately.values("thing_id"))
    )
    return _close(over.order_by("pk")[:AT_ONCE], at, tell=False)


def _close_unverified(at: datetime) -> int:
    verified = EmailAddress.objects.filter(verified=True)
    over = User.objects.filter(
        anonymised_at=None, last_login=None, email__isnull=False, created_at__lt=at - UNVERIFIED, memberships=None
    ).exclude(pk__in=verified.values("user"))
    return _close(over.filter(emailaddress__isnull=False).distinct().order_by("pk")[:AT_ONCE], at, tell=False)


def _close(users: QuerySet[User], at: datetime, *, tell: bool) -> int:
    closed = 0
    for user in users:
        # The only administrator stays, until there is another; somebody has to answer what people ask of their data.
        with suppress(Refused):
            close_account(user=user, by=None, at=at, tell=tell)
            closed += 1
    return closed


def _empty_ended_memberships(at: datetime) -> int:
    left = _ends_of_memberships().filter(at__lt=at - ENDED_MEMBERSHIP)
    over = Membership.objects.filter(
        ~Q(job_title="") | ~Q(agrees_email=""),
        state__in=[MembershipState.ENDED, MembershipState.REFUSED],
        pk__in=left.values("thing_id"),
    )
    return over.update(job_title="", agrees_email="")


def _ends_of_memberships() -> QuerySet[Event]:
    ends = [MembershipState.ENDED, MembershipState.REFUSED]
    return Event.objects.filter(thing_type=Membership._meta.label_lower, to_state__in=ends)


def _delete_invitations(at: datetime) -> int:
    ended = Invitation.objects.exclude(state=InvitationState.SENT).filter(expires_at__lt=at - INVITATION)
    return ended.delete()[0]


def _empty_evidence(at: datetime) -> int:
    decided = Claim.objects.exclude(state=ClaimState.WAITING).exclude(evidence="")
    return decided.filter(decided_at__lt=at - EVIDENCE).update(evidence="")


def _delete_sessions(at: datetime) -> int:
    return Session.objects.filter(expire_date__lt=at).delete()[0]


def _delete_log(at: datetime) -> int:
    return LogEntry.objects.filter(action_time__lt=at - ADMINISTRATION).delete()[0]
