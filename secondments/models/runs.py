"""Runs of the engine: what it was asked of a round, what it answered, and what came of that."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import models

from partnerships.models import Membership, Organisation, User
from secondments.states import CAME_TO_NOTHING, HOLDING_STATES, TOLD_STATES, PlacementState, RunKind, RunState

from .joining import Participation
from .offers import HostOffer
from .placements import Placement

if TYPE_CHECKING:
    from .programmes import Programme, Round

HALF = 2

HEAVY = ("problem", "result", "days")
"""What is megabytes of a run in a large round."""


class MatchRunQuerySet(models.QuerySet["MatchRun"]):
    def light(self) -> MatchRunQuerySet:
        """Without what only a replay reads, which is megabytes in a large round; whoever needs it reads it then."""
        return self.defer(*HEAVY)

    def tried_on(self, programme: Programme) -> MatchRun | None:
        """The last proposal of a programme of which everything is still there, to try something else on."""
        whole = self.light().filter(round__programme=programme, kind=RunKind.ROUND, state=RunState.SOLVED)
        found: MatchRun | None = (
            whole.filter(problem__isnull=False)
            .select_related("round__programme")
            .order_by("-round__starts_on", "-round", "-number")
            .first()
        )
        return found

    def standing(self) -> MatchRunQuerySet:
        """Those of a whole round whose answer stands: one of a round at most."""
        return self.light().filter(kind=RunKind.ROUND, state=RunState.SOLVED)

    def compared(self) -> MatchRunQuerySet:
        """Those of a whole round that gave a proposal, whether or not it still stands, the latest first."""
        return self.light().filter(kind=RunKind.ROUND, state__in=[RunState.SOLVED, RunState.DISCARDED])

    def with_earlier(self) -> MatchRunQuerySet:
        """With the number of the one to compare each with, the last `earlier` proposal of its round."""
        before = MatchRun.objects.compared().filter(
            round=models.OuterRef("round"), number__lt=models.OuterRef("number")
        )
        return self.annotate(earlier=models.Subquery(before.order_by("-number").values("number")[:1]))

    def repairs(self) -> MatchRunQuerySet:
        """Those for what came free after people were told, the latest first."""
        return self.light().filter(kind=RunKind.REPAIR)

    def read_after_telling(self) -> MatchRunQuerySet:
        """The run that people were told of, with its `earlier` one, then the repairs that its brokers read: those that
        are worked on, that place so many `people`, or that are to be worked out again; the latest first."""
        told = models.Q(kind=RunKind.ROUND, state=RunState.SOLVED)
        placing = models.Q(state__in=[RunState.SOLVED, RunState.OFFERED], people__gt=0)
        again = models.Q(pk__in=MatchRun.objects.to_work_out_again().values("pk"))
        repairs = models.Q(placing | models.Q(state=RunState.WAITING) | again, kind=RunKind.REPAIR)
        counted = self.light().with_earlier().annotate(people=models.Count("matches"))
        return counted.filter(told | repairs).order_by("-kind", "-number")

    def waiting(self) -> MatchRunQuerySet:
        """Those that a job works on, or will: one of a round at most."""
        return self.filter(state=RunState.WAITING)

    def answered(self) -> MatchRunQuerySet:
        """Those that came to an answer."""
        return self.filter(state__in=[RunState.SOLVED, RunState.DISCARDED, RunState.OFFERED])

    def to_work_out_again(self) -> MatchRunQuerySet:
        """Repairs that failed or were stopped, with nothing after them, where what came free has had no other."""
        after = MatchRun.objects.filter(round=models.OuterRef("round"), number__gt=models.OuterRef("number"))
        came_free = Match.objects.to_repair().filter(run__round=models.OuterRef("round"))
        ended = self.filter(kind=RunKind.REPAIR, state__in=[RunState.FAILED, RunState.STOPPED])
        return ended.filter(models.Exists(came_free), ~models.Exists(after))

    def failed_since_an_answer(self) -> MatchRunQuerySet:
        """Repairs that failed, with none after them that came to an answer."""
        after = MatchRun.objects.answered().filter(round=models.OuterRef("round"), number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(after), kind=RunKind.REPAIR, state=RunState.FAILED)

    def waiting_to_be_offered(self) -> MatchRunQuerySet:
        """Repairs with somebody in them that no broker has offered yet."""
        somebody = models.Exists(Match.objects.filter(run=models.OuterRef("pk")))
        return self.filter(somebody, kind=RunKind.REPAIR, state=RunState.SOLVED)


class MatchRun(models.Model):
    """One answer of the engine, stored so that it can be replayed. Where nobody asked for it, the round's date did.

    `problem` holds pseudonyms only; it is erased after `keep_until`. The engine knows weeks: `days` are those of hosts
    and of people's other visits that decide how many places it is told of (`secondments.matches.clashes`). While it is
    worked on, `criteria` have no value until they are settled; a broker who does not want to wait asks it to stop
    (`stop_asked_at`), and what it had by then is kept (`stopped_early`). `figures` say how it treats people, for its
    brokers.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey("secondments.Round", models.PROTECT, related_name="runs")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=RunKind.choices, default=RunKind.ROUND)
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
    days = models.JSONField(default=dict, blank=True)
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

    def read_question(self) -> None:
        """Read the problem and the days with one statement, where they were left out."""
        if {"problem", "days"} <= self.get_deferred_fields():
            self.refresh_from_db(fields=["problem", "days"])

    def organisations(self) -> models.QuerySet[Organisation]:
        """Everybody's own, with a place or without, and every host."""
        homes = self.matches.values("participation__membership__organisation")
        others = self.not_placed.values("participation__membership__organisation")
        hosts = self.matches.values("offer__organisation")
        return Organisation.objects.filter(
            models.Q(pk__in=homes) | models.Q(pk__in=others) | models.Q(pk__in=hosts)
        ).order_by("name", "id")

    def hosts(self) -> models.QuerySet[Organisation]:
        """The organisations that it sends somebody to."""
        return Organisation.objects.filter(pk__in=self.matches.values("offer__organisation"))


class MatchQuerySet(models.QuerySet["Match"]):
    def compulsory(self) -> MatchQuerySet:
        """Those of people who have to go."""
        return self.filter(participation__compulsory=True)

    def from_sector(self, sector: str) -> MatchQuerySet:
        return self.filter(participation__membership__organisation__sector=sector)

    def of_organisation(self, slug: str) -> MatchQuerySet:
        """Those from it and those to it."""
        home = models.Q(participation__membership__organisation__slug=slug)
        return self.filter(home | models.Q(offer__organisation__slug=slug))

    def made_by_hand(self) -> MatchQuerySet:
        return self.filter(facts__by_hand=True)

    def in_exchanges_of(self, people: int) -> MatchQuerySet:
        """Those of so many who change places or go round."""
        return self.filter(exchange__isnull=False, facts__together=people)

    def exchanges_first(self) -> MatchQuerySet:
        """Those who change places beside each other, then everybody else."""
        return self.order_by(models.F("exchange").asc(nulls_last=True), "id")

    def fitting_less_than_half(self) -> MatchQuerySet:
        """Of one run, those with less than half of the points. Every match of a run is weighed alike."""
        parts = self.order_by().values_list("parts", flat=True).first()
        most = sum(part["out_of"] for part in parts or [])
        return self.alias(doubled=models.F("fit") * HALF).filter(doubled__lt=most)

    def by_sectors(self) -> list[tuple[str, str, int]]:
        """How many go from which sector to which."""
        pairs = self.order_by().values_list(
            "participation__membership__organisation__sector", "offer__organisation__sector"
        )
        return list(pairs.annotate(models.Count("pk")))

    def read_in(self, a_round: Round, run: MatchRun) -> MatchQuerySet:
        """Those that its broker reads: what a run proposes, and once people were told, all that they know of."""
        return self.told_in(a_round) if a_round.state in TOLD_STATES else self.filter(run=run)

    def told_in(self, a_round: Round) -> MatchQuerySet:
        """Those that the people of one round know of, the latest of each first."""
        return self.told().filter(run__round=a_round).order_by("-run__number", "id")

    def told(self) -> MatchQuerySet:
        """Those that people know of: of the run that was published, and of every repair that was offered."""
        published = models.Q(run__kind=RunKind.ROUND, run__state=RunState.SOLVED, run__round__state__in=TOLD_STATES)
        return self.filter(published | models.Q(run__state=RunState.OFFERED))

    def standing(self) -> MatchQuerySet:
        """Those whose visit was not given up."""
        return self.told().filter(placement__state__in=HOLDING_STATES)

    def proposed_in(self, a_round: Round) -> MatchQuerySet:
        """Those that stand in a round, and were not put together half way when the matching was stopped."""
        return self.filter(run__round=a_round, run__state=RunState.SOLVED, run__stopped_early=False).order_by()

    def exchanged_in(self, runs: Collection[int]) -> MatchQuerySet:
        """Those of some runs that others answer."""
        return self.filter(run__in=runs, exchange__isnull=False).select_related("participation").order_by("id")

    def asked_for(self) -> MatchQuerySet:
        """Those of which a visit came."""
        return self.exclude(placement=None)

    def not_asked_for(self) -> MatchQuerySet:
        """Those of which no visit came. Once people were told, their days had been taken in the meantime."""
        return self.filter(placement=None)

    def count_answers(self, *, beside: MatchRun) -> dict[str, Any]:
        """How many visits were `asked` for, are `standing`, and are `waiting` for an answer, which comes `until` when.

        `fell_through`: how many of a run could not be asked for.
        """
        waits = models.Q(placement__state=PlacementState.REQUESTED)
        return self.order_by().aggregate(
            asked=models.Count("placement"),
            standing=models.Count("pk", filter=models.Q(placement__state__in=HOLDING_STATES)),
            waiting=models.Count("pk", filter=waits),
            until=models.Max("placement__answer_by", filter=waits),
            fell_through=models.Count("pk", filter=models.Q(run=beside, placement=None)),
        )

    def came_to_nothing(self) -> MatchQuerySet:
        """Those whose visit could not be asked for, or was given up."""
        return self.told().filter(models.Q(placement=None) | models.Q(placement__state__in=CAME_TO_NOTHING))

    def to_repair(self) -> MatchQuerySet:
        """Those of which no run knows yet that they came to nothing."""
        return self.came_to_nothing().filter(repaired_in=None)

    def with_run(self) -> MatchQuerySet:
        """With the run that it is of, as far as pages and mails read it."""
        return self.select_related("run").defer(*(f"run__{name}" for name in HEAVY))

    def with_people(self) -> MatchQuerySet:
        """With everything that a page or mail says of both sides."""
        return self.select_related(
            "run__round__programme",
            "participation__membership__user",
            "participation__membership__organisation__place",
            "offer__organisation__place",
            "placement",
        ).defer(*(f"run__{name}" for name in HEAVY))

    def with_who_answers(self) -> MatchQuerySet:
        """With the people who answer for each host, by one query for all."""
        who = models.Prefetch(
            "offer__organisation__memberships", Membership.objects.coordinating(), to_attr="read_coordinators"
        )
        return self.select_related("offer__shown_by__membership__user").prefetch_related(who)


class Match(models.Model):
    """A person proposed to a host in a week (its Monday). `parts` is the fit in named parts that add up to `fit`.

    `facts`: the distance in `km` (none where a place is unknown), how many `weeks` suit both, how many hosts would have
    fitted `better`, and how many change places `together`. Matches of one run with the same number of an `exchange`
    answer each other. Once one has come to nothing, `repaired_in` is the run that makes the best of what came free.
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
    repaired_in = models.ForeignKey(MatchRun, models.SET_NULL, null=True, blank=True, related_name="repaired")

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "matches"
        constraints = [models.UniqueConstraint(fields=["run", "participation"], name="match_once_a_person")]


class NotPlacedQuerySet(models.QuerySet["NotPlaced"]):
    def compulsory(self) -> NotPlacedQuerySet:
        """Those who have to go."""
        return self.filter(participation__compulsory=True)

    def from_sector(self, sector: str) -> NotPlacedQuerySet:
        return self.filter(participation__membership__organisation__sector=sector)

    def of_organisation(self, slug: str) -> NotPlacedQuerySet:
        return self.filter(participation__membership__organisation__slug=slug)

    def with_since(self) -> NotPlacedQuerySet:
        """With whether a repair has found a place for them `since`, which stands."""
        standing = Match.objects.standing().filter(
            participation=models.OuterRef("participation"), run__round=models.OuterRef("run__round")
        )
        return self.annotate(since=models.Exists(standing))

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
