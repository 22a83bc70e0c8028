"""People, where they work, and how they came to work there on this service."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.states import ClaimState, InvitationState, MembershipState

from .organisations import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person who signs in with `email` (kept in lower case)."""
        if not email:
            raise ValueError("A person needs an email address.")
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_administrator=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. One email, one name; curator and administrator are flags here, all other roles belong to memberships.

    `email` is empty for a colleague without one, who is entered and acted for by a coordinator, and for a
    person whose data was removed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("email address"), unique=True, null=True, blank=True)
    name = models.CharField(_("your name"), max_length=120)
    language = models.CharField(_("language"), max_length=8, default="en-gb")
    is_active = models.BooleanField(default=True)
    is_curator = models.BooleanField(default=False)
    is_administrator = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")), name="email_is_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Who may open Django's own administration pages."""
        return self.is_administrator

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @cached_property
    def active_memberships(self) -> list[Membership]:
        """Active memberships with their organisations, read once a request."""
        return list(self.memberships.active().select_related("organisation__place").order_by("id"))

    def organisation_ids(self) -> list[int]:
        return [membership.organisation_id for membership in self.active_memberships]

    def coordinated_ids(self) -> list[int]:
        return [membership.organisation_id for membership in self.active_memberships if membership.is_coordinator]

    def brokered_ids(self) -> list[int]:
        """Those that one brokers for: while one of them is suspended, nobody sees or moves anything in its name."""
        mine = (membership for membership in self.active_memberships if membership.is_broker)
        return [membership.organisation_id for membership in mine if membership.organisation.may_act]

    @property
    def is_member(self) -> bool:
        return bool(self.active_memberships)

    @property
    def is_coordinator(self) -> bool:
        return any(membership.is_coordinator for membership in self.active_memberships)

    @property
    def is_broker(self) -> bool:
        return bool(self.brokered_ids())

    @property
    def needs_second_factor(self) -> bool:
        """Brokers, curators and administrators see or change what belongs to many others."""
        return self.is_broker or self.is_curator or self.is_administrator


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        return self.filter(state=MembershipState.ACTIVE)

    def asked(self) -> MembershipQuerySet:
        """Those who say that they belong there, which nobody has confirmed yet."""
        return self.filter(state=MembershipState.ASKED)

    def answered_for(self) -> MembershipQuerySet:
        """Those of people without an email of their own, whom a coordinator stands in for."""
        return self.filter(user__email=None, user__anonymised_at=None)

    def coordinating(self) -> MembershipQuerySet:
        """Those of active coordinators, with their users."""
        return self.active().filter(is_coordinator=True).select_related("user").order_by("id")

    def visible_to(self, user: User | AnonymousUser) -> MembershipQuerySet:
        """One's own, and those of the organisations that one coordinates."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self.all()
        return self.filter(models.Q(user=user) | models.Q(organisation__in=user.coordinated_ids()))

    def coordinated_by(self, user: User) -> MembershipQuerySet:
        """Those of the organisations that one coordinates."""
        return self.filter(organisation__in=user.coordinated_ids())


class Membership(models.Model):
    """A person's place in an organisation.

    `agrees_email` is who agrees to their going, where the organisation asks a manager.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    state = models.CharField(max_length=10, choices=MembershipState.choices)
    job_title = models.CharField(_("job title or role"), max_length=120, blank=True)
    is_coordinator = models.BooleanField(default=False)
    is_broker = models.BooleanField(default=False)
    is_commissioner = models.BooleanField(_("commissioner"), default=False)
    agrees_email = models.EmailField(_("who agrees to your going"), blank=True)
    created_at = models.DateTimeField()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=models.Q(state__in=[MembershipState.ASKED, MembershipState.ACTIVE]),
                name="membership_once_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


def with_coordinators() -> models.QuerySet[Organisation]:
    """Organisations whose `who_answers` and approved domains are read with them, with two queries for all."""
    who = models.Prefetch("memberships", Membership.objects.coordinating(), to_attr="read_coordinators")
    return Organisation.objects.prefetch_related(who, "approved_domains")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_at(self, at: datetime) -> InvitationQuerySet:
        return self.filter(state=InvitationState.SENT, expires_at__gt=at)

    def visible_to(self, user: User | AnonymousUser) -> InvitationQuerySet:
        """Those that went to one's own address, and those of the organisations that one coordinates."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(models.Q(email=user.email) | models.Q(organisation__in=user.coordinated_ids()))

    def coordinated_by(self, user: User) -> InvitationQuerySet:
        """Those of the organisations that one coordinates."""
        return self.filter(organisation__in=user.coordinated_ids())


class Invitation(models.Model):
    """An invitation by a coordinator to join an organisation. The uuid in the mailed link opens it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    as_coordinator = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=InvitationState.choices)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(state=InvitationState.SENT),
                name="invitation_open_once_an_address",
            )
        ]


class ClaimQuerySet(models.QuerySet["Claim"]):
    def waiting(self) -> ClaimQuerySet:
        return self.filter(state=ClaimState.WAITING)

    def visible_to(self, user: User | AnonymousUser) -> ClaimQuerySet:
        """One's own; all for administrators."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_administrator else self.filter(user=user)


class Claim(models.Model):
    """Somebody says that they look after a listed organisation; an administrator checks."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="claims")
    user = models.ForeignKey(User, models.PROTECT, related_name="claims")
    job_title = models.CharField(max_length=120)
    evidence = models.TextField(max_length=1000)
    state = models.CharField(max_length=10, choices=ClaimState.choices)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=models.Q(state=ClaimState.WAITING), name="claim_waits_once"
            )
        ]
