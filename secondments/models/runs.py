"""Runs of the engine: what it was asked of a round, what it answered, and what came of that."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models

from partnerships.models import Membership, User
from secondments.states import CAME_TO_NOTHING, HOLDING_STATES, TOLD_STATES, RunKind, RunState

from .joining import Participation
from .offers import HostOffer
from .placements import Placement

if TYPE_CHECKING:
    from .programmes import Programme


class MatchRunQuerySet(models.QuerySet["MatchRun"]):
    def light(self) -> MatchRunQuerySet:
        """Without what only a replay reads, which is megabytes in a large round; whoever needs it reads it then."""
        return self.defer("problem", "result")

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

    def compared(self) -> MatchRunQuerySet:
        """Those of a whole round that gave a proposal, whether or not it still stands, the latest first."""
        return self.light().filter(kind=RunKind.ROUND, state__in=[RunState.SOLVED, RunState.DISCARDED])

    def waiting_to_be_offered(self) -> MatchRunQuerySet:
        """Repairs with somebody in them that no broker has offered yet."""
        somebody = models.Exists(Match.objects.filter(run=models.OuterRef("pk")))
        return self.filter(somebody, kind=RunKind.REPAIR, state=RunState.SOLVED)


class MatchRun(models.Model):
    """One answer of the engine, stored so that it can be replayed. Where nobody asked for it, the round's date did.

    `problem` holds pseudonyms only; it is erased after `keep_until`. While it is worked on, `criteria` have no value
    until they are settled; a broker who does not want to wait asks it to stop (`stop_asked_at`), and what it had by
    then is kept (`stopped_early`). `figures` say how it treats people, for its brokers.
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
    def told(self) -> MatchQuerySet:
        """Those that people know of: of the run that was published, and of every repair that was offered."""
        published = models.Q(run__kind=RunKind.ROUND, run__state=RunState.SOLVED, run__round__state__in=TOLD_STATES)
        return self.filter(published | models.Q(run__state=RunState.OFFERED))

    def standing(self) -> MatchQuerySet:
        """Those whose visit was not given up."""
        return self.told().filter(placement__state__in=HOLDING_STATES)

    def came_to_nothing(self) -> MatchQuerySet:
        """Those whose visit could not be asked for, or was given up."""
        return self.told().filter(models.Q(placement=None) | models.Q(placement__state__in=CAME_TO_NOTHING))

    def to_repair(self) -> MatchQuerySet:
        """Those of which no run knows yet that they came to nothing."""
        return self.came_to_nothing().filter(repaired_in=None)

    def with_run(self) -> MatchQuerySet:
        """With the run that it is of, as far as pages and mails read it."""
        return self.select_related("run").defer("run__problem", "run__result")

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
