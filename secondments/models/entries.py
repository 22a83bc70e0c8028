"""What a broker or a coordinator writes down for somebody, one by one or as a list, until they say yes themselves."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse

from partnerships.ground.models import Job
from partnerships.models import Organisation, User
from secondments.states import EntryState, ListState

from .joining import Participation
from .programmes import Round

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser


class EntryQuerySet(models.QuerySet["Entry"]):
    def waiting(self) -> EntryQuerySet:
        return self.filter(state=EntryState.WAITING)

    def known(self) -> EntryQuerySet:
        """Those of which it is not erased yet whom they are about."""
        return self.exclude(name="")

    def shown_in(self, a_round: Round) -> EntryQuerySet:
        """Those of a round that were not taken back, who waits for an answer first."""
        waits_first = models.Case(models.When(state=EntryState.WAITING, then=0), default=1)
        shown = self.known().filter(round=a_round).exclude(state=EntryState.TAKEN_BACK)
        return shown.order_by(waits_first, "id")

    def visible_to(self, user: User | AnonymousUser) -> EntryQuerySet:
        """Those of the programmes that one brokers, and those of the organisations that one coordinates."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(round__programme__organisation__in=user.brokered_ids())
            | models.Q(organisation__in=user.coordinated_ids())
        )

    def answered_by_others(self, writer: User, first: datetime, last: datetime) -> EntryQuerySet:
        """Those that somebody wrote down and others answered, from one moment until before another."""
        answers = [EntryState.CONFIRMED, EntryState.DECLINED]
        found = self.filter(entered_by=writer, state__in=answers, answered_at__gte=first, answered_at__lt=last)
        return found.known().exclude(answered_by=writer).select_related("round__programme").order_by("id")

    def asked_of(self, user: User) -> EntryQuerySet:
        """Those that this person answers: about themselves, and about colleagues without email whom they act for."""
        theirs = models.Q(email="", organisation__in=user.coordinated_ids())
        return self.filter(models.Q(email=user.email) | theirs if user.email else theirs)


class Entry(models.Model):
    """Somebody who was written down to take part in a round. It makes them nothing: they take part by their own yes.

    `said` is what they told whoever wrote it, as the form to join has it; empty where they are only invited. For
    somebody without an `email`, who is acted for by a coordinator of their organisation, that coordinator answers.
    Where nobody looks after the organisation yet, whoever `runs_it` will. What was written down is kept until they
    answer, and who they are a while longer, so that nobody asks them again.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="entries")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=EntryState.choices)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    is_commissioner = models.BooleanField(default=False)
    runs_it = models.BooleanField(default=False)
    said = models.JSONField(default=dict, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    participation = models.OneToOneField(Participation, models.PROTECT, null=True, blank=True, related_name="entry")

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "email"],
                condition=models.Q(state=EntryState.WAITING) & ~models.Q(email=""),
                name="entry_waits_once_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")), name="entry_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=EntryState.CONFIRMED) | models.Q(participation__isnull=False),
                name="entry_confirmed_takes_part",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tells(self) -> bool:
        """Whether they told anything; else they are only invited."""
        return any(name != "agrees_email" for name in self.said)


class StaffListQuerySet(models.QuerySet["StaffList"]):
    def visible_to(self, user: User | AnonymousUser) -> StaffListQuerySet:
        """One's own only: what is in it was read for whoever sent it, and for nobody else."""
        return self.filter(sent_by=user) if user.is_authenticated else self.none()

    def left_behind(self) -> StaffListQuerySet:
        """Those that are being sent, and that no job works on any more."""
        key = models.functions.Cast(models.OuterRef("uuid"), models.TextField())
        in_hand = Job.objects.of_kind("invite_from_list").to_end().filter(key__startswith=key)
        return self.filter(~models.Exists(in_hand), state=ListState.SENDING)

    def naming(self, email: str) -> StaffListQuerySet:
        """Those in which an address stands, and perhaps some in which only a longer one does."""
        words = models.functions.Cast("rows", models.TextField())
        return self.alias(words=words).filter(words__icontains=email)

    def being_sent_by(self, user: User) -> int:
        """How many rows of somebody's lists wait for a job to invite their people."""
        rows = models.Func("rows", function="jsonb_array_length", output_field=models.IntegerField())
        waiting = self.filter(sent_by=user, state=ListState.SENDING)
        count: int = waiting.aggregate(count=models.Sum(rows, default=0))["count"]
        return count


class StaffList(models.Model):
    """A list of people to invite to a round, read from a file: `rows` holds what is still to be dealt with.

    Each of them has its `line` in the file and its cells by name. The file itself is never kept. Whoever was invited is
    taken out, so that in the end only rows with something to mend stay, for a few days.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="lists")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=ListState.choices)
    rows = models.JSONField(default=list)
    invited = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    objects = StaffListQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def get_absolute_url(self) -> str:
        return reverse("staff-list", args=[self.uuid])

    def rows_of(self, email: str) -> list[dict[str, Any]]:
        """What it says of the holder of an address, however the file writes it."""
        return [row for row in self.rows if str(row.get("email", "")).lower() == email]
