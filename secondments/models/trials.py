"""What a run would have answered, had it been asked otherwise."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models

from .programmes import Round
from .runs import MatchRun

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from partnerships.models import User


class TrialQuerySet(models.QuerySet["Trial"]):
    def visible_to(self, user: User | AnonymousUser) -> TrialQuerySet:
        """Those of the programmes that one brokers: they name people."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(round__programme__organisation__in=user.brokered_ids())

    def asking(self, run: MatchRun, key: str) -> TrialQuerySet:
        """This question about a run for its own round: one at most."""
        return self.filter(run=run, round=run.round_id, key=key)


class Trial(models.Model):
    """A broker tries other weights, or a change by hand, on a `run`: nothing of the run changes.

    `round`: the one that it is tried for. `asked` is the question and `answer` what a job found, both in the ids of the
    problem; the answer is empty until then. `key` is a digest of the question with all that its answer rests on, so
    that asking twice is asking once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="trials")
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="trials")
    key = models.CharField(max_length=64)
    asked = models.JSONField()
    answer = models.JSONField(null=True, blank=True)
    asked_at = models.DateTimeField()
    keep_until = models.DateField()

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["round", "run", "key"], name="trial_once_a_question")]
