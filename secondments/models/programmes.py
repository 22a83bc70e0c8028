"""Programmes and their rounds: what the engine was asked, and what it answered."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from partnerships.models import Membership, Organisation, User
from secondments.states import TOLD_STATES, CheckKind, EnrolmentState, RoundState, RunState

from .joining import Participation, ParticipationQuerySet
from .offers import HostOffer
from .placements import Placement
from .weights import usual_weights

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

LARGEST_EXCHANGE = 3
"""A ring of more than three falls apart too easily: one no ends it for all."""


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def brokered_by(self, user: User) -> ProgrammeQuerySet:
        return self.filter(organisation__in=user.brokered_ids())

    def visible_to(self, user: User | AnonymousUser) -> ProgrammeQuerySet:
        """Those of the rounds that one sees."""
        return self.filter(pk__in=Round.objects.visible_to(user).values("programme"))


class Programme(models.Model):
    """A broker's organised exchange. `crossings` lists pairs of fields that count, from → to.

    A visit lasts `days` days; the programme pays a host up to `pays_pence` pence for each,
    and the visitor's employer up to `pays_cover_pence` for cover. Nobody goes further than
    `most_km` km. `checks` are needed of every visitor, besides what their host asks for. People may be placed one way
    (`one_way`), or in an exchange of up to `largest_exchange` people. Where `by_enrolment`, only organisations that
    accepted the `terms` take part. Commissioners meet the `requirement` until `required_by`.
    """

    slug = models.SlugField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    name = models.CharField(max_length=120)
    about = models.TextField(max_length=2000)
    crossings = models.JSONField(default=list)
    most_km = models.PositiveSmallIntegerField(default=40)
    pays_pence = models.PositiveIntegerField(default=0)
    pays_cover_pence = models.PositiveIntegerField(default=0)
    days = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(5)])
    checks = ArrayField(models.CharField(max_length=24, choices=CheckKind.choices), default=list, blank=True)
    one_way = models.BooleanField(default=True)
    largest_exchange = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(LARGEST_EXCHANGE)]
    )
    by_enrolment = models.BooleanField(default=False)
    terms = models.TextField(max_length=4000, blank=True)
    requirement = models.CharField(max_length=300, blank=True)
    required_by = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(one_way=True) | models.Q(largest_exchange__gte=2), name="programme_places_somehow"
            ),
            models.CheckConstraint(
                condition=models.Q(largest_exchange__gte=1, largest_exchange__lte=LARGEST_EXCHANGE),
                name="programme_exchange_is_of_two_or_three",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def takes(self, organisation: Organisation) -> bool:
        """Whether people of an organisation may join, and visitors go to it, as far as terms decide."""
        return not self.by_enrolment or self.enrolments.enrolled().filter(organisation=organisation).exists()


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def enrolled(self) -> EnrolmentQuerySet:
        return self.filter(state=EnrolmentState.ENROLLED)

    def visible_to(self, user: User | AnonymousUser) -> EnrolmentQuerySet:
        """Those of the organisations that one coordinates, and of the programmes that one brokers."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(organisation__in=user.coordinated_ids())
            | models.Q(programme__organisation__in=user.brokered_ids())
        )


class Enrolment(models.Model):
    """An organisation in a programme: invited, or asking, and who of it accepted the terms."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="enrolments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="enrolments")
    state = models.CharField(max_length=10, choices=EnrolmentState.choices)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "organisation"], name="enrolment_once_an_organisation"),
            models.CheckConstraint(
                condition=~models.Q(state__in=[EnrolmentState.ASKED, EnrolmentState.ENROLLED])
                | models.Q(accepted_at__isnull=False),
                name="enrolment_has_accepted_the_terms",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.programme}"

    def get_absolute_url(self) -> str:
        return reverse("enrolment", args=[self.uuid])

    def joined_and_not_matched(self) -> ParticipationQuerySet:
        """Its people in rounds of the programme that can still be left."""
        return Participation.objects.joined().filter(
            membership__organisation=self.organisation_id,
            round__programme=self.programme_id,
            round__state__in=[RoundState.OPEN, RoundState.CLOSED],
        )


def moves_by_itself(first: date, last: date) -> models.Q:
    """The condition on rounds that a date of their own, within these two days, moves on."""
    near = (first, last)
    opens = models.Q(state=RoundState.DRAFT, opens_on__range=near)
    closes = models.Q(state=RoundState.OPEN, join_by__range=near)
    return opens | closes | models.Q(state__in=[RoundState.OPEN, RoundState.CLOSED], match_on__range=near)


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User | AnonymousUser) -> RoundQuerySet:
        """Open ones for everybody; all of one's own programmes for their brokers; joined ones for who joined."""
        seen = models.Q(state=RoundState.OPEN)
        if user.is_authenticated:
            joined = Participation.objects.filter(membership__user=user).values("round")
            seen |= models.Q(programme__organisation__in=user.brokered_ids()) | models.Q(pk__in=joined)
        return self.filter(seen)

    def with_results(self) -> RoundQuerySet:
        """Those of which everybody may read what came of them."""
        return self.filter(state__in=TOLD_STATES, results__isnull=False)

    def to_move(self, day: date) -> RoundQuerySet:
        """Those whose own dates move them on, on `day` or before: they open, close, or are matched, once."""
        opens = models.Q(state=RoundState.DRAFT, opens_on__lte=day)
        closes = models.Q(state=RoundState.OPEN, join_by__lt=day)
        begun = MatchRun.objects.filter(asked_by=None).values("round")
        matches = models.Q(state=RoundState.CLOSED, match_on__lte=day) & ~models.Q(pk__in=begun)
        return self.filter(opens | closes | matches)

    def with_a_date_until(self, day: date, *, after: date) -> RoundQuerySet:
        """Those that a date of their own is about to move on, after one day and until another."""
        return self.filter(moves_by_itself(after + timedelta(days=1), day))

    def brokered_by(self, user: User) -> RoundQuerySet:
        return self.filter(programme__organisation__in=user.brokered_ids())


class Round(models.Model):
    """One matching of the people who joined. `criteria` is the published order, most important first, and `weights` how
    many points of a hundred each part of a fit gives.

    Dates move it on by themselves as far as a proposal: it opens on `opens_on` and is matched on `match_on`, where they
    are named, and closes after `join_by`. Telling people is always a broker's act.

    From `opened_at` on its criteria and rules are published, and stand. `results` is what everybody may read of it once
    people were told: figures in which nobody can be found.
    """

    slug = models.SlugField(max_length=80, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=RoundState.choices)
    criteria = ArrayField(models.CharField(max_length=30), default=list)
    weights = models.JSONField(default=usual_weights)
    opens_on = models.DateField(null=True, blank=True)
    join_by = models.DateField()
    match_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    results = models.JSONField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="round_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(match_on__isnull=True) | models.Q(match_on__gt=models.F("join_by")),
                name="round_is_matched_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("round", args=[self.slug])

    def proposal(self) -> MatchRun | None:
        """The run whose answer stands, if there is one yet."""
        return self.runs.light().filter(state=RunState.SOLVED).first()

    def dates_ahead(self) -> list[tuple[str, date]]:
        """Which dates of its own are still to move it on: it opens, closes, or is matched."""
        found: list[tuple[str, date]] = []
        if self.state == RoundState.DRAFT and self.opens_on:
            found.append(("opens", self.opens_on))
        if self.state == RoundState.OPEN:
            found.append(("closes", self.join_by))
        if self.state in (RoundState.OPEN, RoundState.CLOSED) and self.match_on:
            found.append(("matched", self.match_on))
        return found

    def latest_run(self) -> MatchRun:
        """The run whose answer stands; `MatchRun.DoesNotExist` before there is one."""
        return self.runs.light().filter(state=RunState.SOLVED).latest("number")


class MatchRunQuerySet(models.QuerySet["MatchRun"]):
    def light(self) -> MatchRunQuerySet:
        """Without what only a replay reads, which is megabytes in a large round; whoever needs it reads it then."""
        return self.defer("problem", "result")


class MatchRun(models.Model):
    """One answer of the engine, stored so that it can be replayed. Where nobody asked for it, the round's date did.

    `problem` holds pseudonyms only; it is erased after `keep_until`. While it is worked on, `criteria` is what is
    settled so far; a broker who does not want to wait asks it to stop (`stop_asked_at`), and what it had by then is
    kept (`stopped_early`). `figures` say how it treats people, for its brokers.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="runs")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=RunState.choices)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    stopped_early = models.BooleanField(default=False)
    seed = models.BigIntegerField()
    engine_version = models.CharField(max_length=60, blank=True)
    problem = models.JSONField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    criteria = models.JSONField(default=list)
    figures = models.JSONField(default=dict, blank=True)
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
        return self.select_related("offer__shown_by__membership__user").prefetch_related(who)


class Match(models.Model):
    """A person proposed to a host in a week (its Monday). `parts` is the fit in named parts that add up to `fit`.

    `facts`: the distance in `km` (none where a place is unknown), how many `weeks` suit both, and how many hosts would
    have fitted `better`. Matches of one run with the same number of an `exchange` answer each other.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="matches")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="matches")
    offer = models.ForeignKey(HostOffer, models.PROTECT, related_name="matches")
    week = models.DateField()
    fit = models.IntegerField()
    parts = models.JSONField()
    facts = models.JSONField(default=dict)
    exchange = models.PositiveSmallIntegerField(null=True, blank=True)
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
