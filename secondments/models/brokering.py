"""What a broker keeps beside a round: notes, hosts in mind for somebody, and letters to several people."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models import User
from secondments.states import ShortlistState

from .joining import Participation
from .offers import HostOffer
from .placements import Placement
from .programmes import Enrolment, Programme, Round

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: User | AnonymousUser) -> NoteQuerySet:
        """Those of the programmes that one brokers. Whom a note is about reads it in the copy of their data."""
        if not user.is_authenticated:
            return self.none()
        brokered = user.brokered_ids()
        return self.filter(
            Q(participation__round__programme__organisation__in=brokered)
            | Q(enrolment__programme__organisation__in=brokered)
        )


class Note(models.Model):
    """What a broker notes about somebody in a round, or about an organisation in a programme, for its brokers alone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participation = models.ForeignKey(Participation, models.PROTECT, null=True, blank=True, related_name="notes")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, null=True, blank=True, related_name="notes")
    text = models.TextField(_("note"), max_length=1000)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(participation__isnull=True) ^ Q(enrolment__isnull=True), name="note_is_about_one"
            )
        ]

    @property
    def programme(self) -> Programme:
        """Whose brokers read it."""
        a_round = self.participation.round if self.participation else None
        return next(each.programme for each in (a_round, self.enrolment) if each is not None)


class ShortlistedQuerySet(models.QuerySet["Shortlisted"]):
    def visible_to(self, user: User | AnonymousUser) -> ShortlistedQuerySet:
        """Those of the programmes that one brokers."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(participation__round__programme__organisation__in=user.brokered_ids())


class Shortlisted(models.Model):
    """A host that a broker has in mind for somebody; `placement` once it was asked for."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="shortlist")
    offer = models.ForeignKey(HostOffer, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ShortlistState.choices)
    placement = models.OneToOneField(Placement, models.PROTECT, null=True, blank=True, related_name="shortlisted")
    listed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    listed_at = models.DateTimeField()

    objects = ShortlistedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "shortlisted"
        constraints = [
            models.UniqueConstraint(fields=["participation", "offer"], name="shortlisted_once_an_offer"),
            models.CheckConstraint(
                condition=~Q(state=ShortlistState.ASKED) | Q(placement__isnull=False),
                name="shortlisted_asked_by_a_visit",
            ),
        ]


class GroupLetter(models.Model):
    """A letter to several people of a round, to each by themselves. `readers` are numbers of participations."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="letters")
    subject = models.CharField(_("subject"), max_length=120)
    text = models.TextField(_("text"), max_length=4000)
    readers = ArrayField(models.BigIntegerField())
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-written_at", "-id"]
