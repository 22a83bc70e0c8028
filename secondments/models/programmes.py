"""Programmes and their rounds: what the engine was asked, and what it answered."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from partnerships.models import Membership, Organisation, User
from secondments.states import RoundState, RunState

from .joining import Participation
from .offers import HostOffer
from .placements import Placement

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Programme(models.Model):
    """A broker's organised exchange. `crossings` lists pairs of fields that count, from → to.

    A visit lasts `days` days; the programme pays a host up to `pays_pence` pence for each. Nobody goes further than
    `most_km` km.
    """

    slug = models.SlugField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    name = models.CharField(max_length=120)
    about = models.TextField(max_length=2000)
    crossings = models.JSONField(default=list)
    most_km = models.PositiveSmallIntegerField(default=40)
    pays_pence = models.PositiveIntegerField(default=0)
    days = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(5)])
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User | AnonymousUser) -> RoundQuerySet:
        """Open ones for everybody; all of one's own programmes for their brokers; joined ones for who joined."""
        seen = models.Q(state=RoundState.OPEN)
        if user.is_authenticated:
            joined = Participation.objects.filter(membership__user=user).values("round")
            seen |= models.Q(programme__organisation__in=user.brokered_ids()) | models.Q(pk__in=joined)
        return self.filter(seen)

    def to_close(self, day: date) -> RoundQuerySet:
        """Open ones whose last day to join was before `day`."""
        return self.filter(state=RoundState.OPEN, join_by__lt=day)

    def brokered_by(self, user: User) -> RoundQuerySet:
        return self.filter(programme__organisation__in=user.brokered_ids())


class Round(models.Model):
    """One matching of the people who joined. `criteria` is the published order, most important first."""

    slug = models.SlugField(max_length=80, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=RoundState.choices)
    criteria = ArrayField(models.CharField(max_length=30), default=list)
    join_by = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="round_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("round", args=[self.slug])

    def latest_run(self) -> MatchRun:
        """The run whose answer stands; `MatchRun.DoesNotExist` before there is one."""
        return self.runs.light().filter(state=RunState.SOLVED).latest("number")


class MatchRunQuerySet(models.QuerySet["MatchRun"]):
    def light(self) -> MatchRunQuerySet:
        """Without what only a replay reads, which is megabytes in a large round; whoever needs it reads it then."""
        return self.defer("problem", "result")


class MatchRun(models.Model):
    """One answer of the engine, stored so that it can be replayed.

    `problem` holds pseudonyms only; it is erased after `keep_until`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="runs")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=RunState.choices)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    seed = models.BigIntegerField()
    engine_version = models.CharField(max_length=60, blank=True)
    problem = models.JSONField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    criteria = models.JSONField(default=list)
    keep_until = models.DateField()

    objects = MatchRunQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="match_run_numbered_in_its_round"),
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(state=RunState.WAITING), name="match_run_one_at_a_time"
            ),
        ]


class MatchQuerySet(models.QuerySet["Match"]):
    def with_people(self) -> MatchQuerySet:
        """With everything that a page or mail says of both sides."""
        return self.select_related(
            "run__round__programme",
            "participation__membership__user",
            "participation__membership__organisation__place",
            "offer__organisation__place",
            "placement",
        ).defer("run__problem", "run__result")

    def with_who_answers(self) -> MatchQuerySet:
        """With the people who answer for each host, by one query for all."""
        who = models.Prefetch(
            "offer__organisation__memberships", Membership.objects.coordinating(), to_attr="read_coordinators"
        )
        return self.prefetch_related(who)


class Match(models.Model):
    """A person proposed to a host in a week (its Monday). `parts` is the fit in named parts that add up to `fit`.

    `facts`: the distance in `km` (none where a place is unknown), how many `weeks` suit both, and how many hosts would
    have fitted `better`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="matches")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="matches")
    offer = models.ForeignKey(HostOffer, models.PROTECT, related_name="matches")
    week = models.DateField()
    fit = models.IntegerField()
    parts = models.JSONField()
    facts = models.JSONField(default=dict)
    placement = models.OneToOneField(Placement, models.PROTECT, null=True, blank=True, related_name="match")

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "matches"
        constraints = [models.UniqueConstraint(fields=["run", "participation"], name="match_once_a_person")]


class NotPlacedQuerySet(models.QuerySet["NotPlaced"]):
    def with_people(self) -> NotPlacedQuerySet:
        """With everything that a page says of somebody without a place."""
        return self.select_related("participation__membership__user", "participation__membership__organisation")


class NotPlaced(models.Model):
    """A person whom a run could not place, with the true causes."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="not_placed")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="+")
    causes = models.JSONField()

    objects = NotPlacedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "participation"], name="not_placed_once_a_person")]
