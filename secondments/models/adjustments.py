"""What a broker changes in a proposal by hand."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models import User
from secondments.states import AdjustmentKind, AdjustmentReason, AdjustmentState

from .joining import Participation
from .offers import HostOffer
from .programmes import Round
from .runs import MatchRun


def _after(run: MatchRun) -> Q:
    made = Q(run=run, state=AdjustmentState.STANDING)
    return made | (Q(ended_in=run) & ~Q(run=run))


class AdjustmentQuerySet(models.QuerySet["Adjustment"]):
    def standing_in(self, a_round: Round) -> AdjustmentQuerySet:
        """What holds for the next matching of this round, oldest first."""
        return self.filter(run__round=a_round, state=AdjustmentState.STANDING).order_by("id")

    def since(self, run: MatchRun) -> AdjustmentQuerySet:
        """What was changed or taken back after this run, so that its proposal does not know of it."""
        return self.filter(_after(run))

    def between(self, earlier: MatchRun, later: MatchRun) -> AdjustmentQuerySet:
        """What was changed by hand or taken back on one run or after it, and before another was made."""
        numbers = (earlier.number, later.number - 1)
        made = Q(run__number__range=numbers)
        return self.filter(made | Q(ended_in__number__range=numbers), run__round=later.round_id).order_by("id")

    def read_on(self, run: MatchRun) -> AdjustmentQuerySet:
        """What holds in the round of a run, oldest first, and what was taken back on it; `since`: as above, of each."""
        since = models.ExpressionWrapper(_after(run), models.BooleanField())
        read = Q(state=AdjustmentState.STANDING) | _after(run)
        return self.filter(read, run__round=run.round_id).annotate(since=since).order_by("id")

    def with_how_many(self) -> AdjustmentQuerySet:
        """With how many were made `together` and hold, where they are of one exchange."""
        others = Adjustment.objects.filter(exchange=models.OuterRef("exchange"), state=AdjustmentState.STANDING)
        counted = others.order_by().values("exchange").annotate(many=models.Count("pk")).values("many")
        return self.annotate(together=models.Subquery(counted))

    def with_whether_it_holds(self, run: MatchRun) -> AdjustmentQuerySet:
        """With whether this run sends them where a change sends them (`in_run`)."""
        match = run.matches.filter(participation=models.OuterRef("participation"), offer=models.OuterRef("offer"))
        return self.annotate(in_run=models.Exists(match))

    def with_people(self) -> AdjustmentQuerySet:
        """With everything that a page says of both sides."""
        return self.select_related(
            "participation__membership__user", "offer__organisation", "offer__shown_by__membership__user"
        )


class Adjustment(models.Model):
    """This person goes to this host in this week, or never does. It holds in every later matching until taken back.

    Those of one `exchange` are people who change places, or go round: made together, and taken back together.
    `run`: the proposal that it was made on; `ended_in`: the one on which it was taken back. `note` is for brokers only
    and can be erased; `reason` is the code that the event keeps.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="adjustments")
    kind = models.CharField(max_length=10, choices=AdjustmentKind.choices)
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="adjustments")
    offer = models.ForeignKey(HostOffer, models.PROTECT, related_name="adjustments")
    week = models.DateField(null=True, blank=True)
    exchange = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=AdjustmentReason.choices)
    note = models.TextField(_("note for brokers"), max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=AdjustmentState.choices)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_in = models.ForeignKey(MatchRun, models.CASCADE, null=True, blank=True, related_name="+")

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=AdjustmentKind.FORBID, week=None) | (~Q(kind=AdjustmentKind.FORBID) & ~Q(week=None)),
                name="adjustment_with_a_week_unless_forbidding",
            ),
            models.UniqueConstraint(
                fields=["participation"],
                condition=Q(state=AdjustmentState.STANDING) & ~Q(kind=AdjustmentKind.FORBID),
                name="adjustment_settles_a_person_once",
            ),
            models.UniqueConstraint(
                fields=["participation", "offer"],
                condition=Q(state=AdjustmentState.STANDING),
                name="adjustment_once_a_pair",
            ),
        ]

    @property
    def round(self) -> Round:
        """That of its run, of which nothing else is read: question and answer are megabytes in a large round."""
        return Round.objects.select_related("programme__organisation").get(runs=self.run_id)

    def answered_by(self) -> AdjustmentQuerySet:
        """What was made together with it and still holds; nothing where it was made alone."""
        if self.exchange is None:
            return Adjustment.objects.none()
        together = Adjustment.objects.filter(exchange=self.exchange, state=AdjustmentState.STANDING)
        return together.exclude(pk=self.pk)
