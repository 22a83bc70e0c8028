"""Programmes, which organisations take part, and their rounds."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.models import Organisation, User
from partnerships.models.organisations import ACTING_STATES
from secondments.states import (
    TOLD_STATES,
    CheckKind,
    EnrolmentState,
    ParticipationState,
    PlacementState,
    RoundState,
)

from .joining import Participation, ParticipationQuerySet
from .offers import HostOffer, HostOfferQuerySet
from .runs import Match, MatchQuerySet, MatchRun
from .weights import usual_weights

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

LARGEST_EXCHANGE = 3
"""A ring of more than three falls apart too easily: one no ends it for all."""

DAYS_OF_A_WEEK = 5
"""On which people are at work."""

FEWEST_DAYS_TO_ANSWER, MOST_DAYS_TO_ANSWER = 3, 28
"""A manager may be away for two days; and days are kept from others for as long as somebody thinks."""


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
    (`one_way`), or in an exchange of up to `largest_exchange` people, and have `answer_days` days to say yes or no.
    Where `by_enrolment`, only organisations that accepted the `terms` take part. Commissioners meet the `requirement`
    until `required_by`.
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
    answer_days = models.PositiveSmallIntegerField(
        default=7, validators=[MinValueValidator(FEWEST_DAYS_TO_ANSWER), MaxValueValidator(MOST_DAYS_TO_ANSWER)]
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

    @property
    def edition(self) -> str:
        """Names these very terms: a yes is given to what was read, and to nothing else."""
        return hashlib.sha256(self.terms.encode()).hexdigest()[:32]

    @property
    def is_published(self) -> bool:
        """Whether a round of it has opened, so that people could read its rules."""
        never_opened = models.Q(state=RoundState.CALLED_OFF, opened_at=None)
        return self.rounds.exclude(state=RoundState.DRAFT).exclude(never_opened).exists()

    @property
    def visits_apart(self) -> bool:
        """Whether the visits of an exchange fall in different weeks, since a week has not days enough for all of them.

        Nobody receives a visitor on a day when they are away, so that each needs days of its own.
        """
        return self.days * self.largest_exchange > DAYS_OF_A_WEEK

    def enrolled_ids(self) -> frozenset[int] | None:
        """The organisations that take part, where terms decide which do; else None."""
        if not self.by_enrolment:
            return None
        return frozenset(self.enrolments.enrolled().values_list("organisation", flat=True))

    def takes(self, organisation: Organisation) -> bool:
        """Whether people of an organisation may join, and visitors go to it, as far as terms decide."""
        return self.takes_any([organisation.pk])

    def takes_any(self, organisations: Collection[int]) -> bool:
        """The same, of any of these."""
        return not self.by_enrolment or self.enrolments.enrolled().filter(organisation__in=organisations).exists()


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def enrolled(self) -> EnrolmentQuerySet:
        return self.filter(state=EnrolmentState.ENROLLED)

    def brokered_by(self, user: User) -> EnrolmentQuerySet:
        return self.filter(programme__organisation__in=user.brokered_ids())

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
        seen = models.Q(state=RoundState.OPEN, programme__organisation__state__in=ACTING_STATES)
        if user.is_authenticated:
            joined = Participation.objects.spoken_for_by(user).values("round")
            seen |= models.Q(programme__organisation__in=user.brokered_ids()) | models.Q(pk__in=joined)
        return self.filter(seen)

    def with_results(self) -> RoundQuerySet:
        """Those of which everybody may read what came of them."""
        return self.filter(state__in=TOLD_STATES, results__isnull=False)

    def to_move(self, day: date) -> RoundQuerySet:
        """Those whose own dates move them on, on `day` or before: they open, close, or are matched, once.

        While whoever runs them may not act, they stand still.
        """
        opens = models.Q(state=RoundState.DRAFT, opens_on__lte=day)
        closes = models.Q(state=RoundState.OPEN, join_by__lt=day)
        begun = MatchRun.objects.filter(asked_by=None).values("round")
        matches = models.Q(state=RoundState.CLOSED, match_on__lte=day) & ~models.Q(pk__in=begun)
        return self.filter(opens | closes | matches, programme__organisation__state__in=ACTING_STATES)

    def with_a_date_until(self, day: date, *, after: date) -> RoundQuerySet:
        """Those that a date of their own is about to move on, after one day and until another."""
        return self.filter(moves_by_itself(after + timedelta(days=1), day))

    def to_join(self) -> RoundQuerySet:
        """Those that are open, which close first first."""
        return self.filter(state=RoundState.OPEN).order_by("join_by", "id")

    def not_to_join(self) -> RoundQuerySet:
        """All others, the latest first."""
        return self.exclude(state=RoundState.OPEN).order_by("-join_by", "-id")

    def brokered_by(self, user: User) -> RoundQuerySet:
        return self.filter(programme__organisation__in=user.brokered_ids())

    def to_settle(self, day: date) -> RoundQuerySet:
        """Published ones in which nothing more will happen: all have answered and nothing waits, or they are over."""
        asked = Match.objects.told().filter(placement__state=PlacementState.REQUESTED).values("run__round")
        came_free = Match.objects.to_repair().values("run__round")
        repairs = MatchRun.objects.waiting_to_be_offered().values("round")
        open_ones = models.Q(pk__in=asked) | models.Q(pk__in=came_free) | models.Q(pk__in=repairs)
        published = self.filter(state=RoundState.PUBLISHED, settled_at=None)
        return published.filter(~open_ones | models.Q(ends_on__lt=day))


class Round(models.Model):
    """One matching of the people who joined. `criteria` is the published order, most important first, and `weights` how
    many points of a hundred each part of a fit gives.

    Dates move it on by themselves as far as a proposal: it opens on `opens_on` and is matched on `match_on`, where they
    are named, and closes after `join_by`. Telling people is always a broker's act.

    From `opened_at` on its criteria and rules are published, and stand. `results` is what everybody may read of it once
    people were told: figures in which nobody can be found. At `settled_at` all had answered, and nothing was left to
    offer to those who waited. Why it was called off, if it was, everybody reads who had joined.
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
    settled_at = models.DateTimeField(null=True, blank=True)
    results = models.JSONField(null=True, blank=True)
    called_off_because = models.TextField(max_length=500, blank=True)

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
            models.CheckConstraint(
                condition=~models.Q(state=RoundState.CALLED_OFF)
                | models.Q(opened_at__isnull=True)
                | ~models.Q(called_off_because=""),
                name="round_called_off_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("round", args=[self.slug])

    @property
    def full_name(self) -> str:
        """With its programme: the first round of most is called the same."""
        return _("%(programme)s, %(round)s") % {"programme": self.programme.name, "round": self.name}

    def needs_organisations(self) -> bool:
        """Whether nobody can join, because no organisation has accepted the terms yet."""
        return self.programme.by_enrolment and not self.programme.enrolments.enrolled().exists()

    def proposal(self) -> MatchRun | None:
        """The run whose answer stands, if there is one yet."""
        return self.runs.standing().first()

    def repair(self) -> MatchRun | None:
        """The best use of what came free since people were told, while it waits for a broker."""
        return self.runs.light().waiting_to_be_offered().first()

    def came_free(self) -> MatchQuerySet:
        """What came to nothing since people were told, and of which no run knows yet."""
        return Match.objects.to_repair().filter(run__round=self)

    def is_worked_on(self) -> bool:
        """Whether a run waits for its answer: one at a time."""
        return self.runs.waiting().exists()

    def to_match(self) -> ParticipationQuerySet:
        """Whoever the engine may place: where terms decide who takes part, people of those that accepted them alone."""
        able = self.participations.to_match()
        if self.programme.by_enrolment:
            able = able.filter(membership__organisation__in=self.programme.enrolments.enrolled().values("organisation"))
        return able

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
        return self.runs.standing().latest("number")

    def organisations_in_it(self) -> models.QuerySet[Organisation]:
        """Those that take part, as far as is known: that accepted the terms, or from which somebody has joined."""
        accepted = self.programme.enrolments.enrolled().values("organisation")
        joined = self.participations.joined().values("membership__organisation")
        known = models.Q(pk__in=accepted if self.programme.by_enrolment else joined)
        return Organisation.objects.public().filter(known).order_by("name", "id")

    def offers_on_desk(self) -> HostOfferQuerySet:
        """What its broker may send somebody to or keep them from: what is open to all, proposed or shown in it."""
        proposed = Match.objects.filter(run__round=self).values("offer")
        open_to_all = HostOffer.objects.open().values("pk")
        known = models.Q(pk__in=open_to_all) | models.Q(pk__in=proposed) | models.Q(shown_by__round=self)
        return HostOffer.objects.filter(known).select_related("organisation")

    def people_on_desk(self) -> ParticipationQuerySet:
        """Who takes part, and whoever withdrew from a visit that stands on the desk still."""
        had_a_place = Match.objects.told_in(self).asked_for().values("participation")
        return self.participations.filter(models.Q(state=ParticipationState.JOINED) | models.Q(pk__in=had_a_place))
