"""Work that was promised: a row, written in the same transaction as the change that asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from partnerships.ground.states import JobState


class JobQuerySet(models.QuerySet["Job"]):
    def of_kind(self, kind: str) -> JobQuerySet:
        return self.filter(kind=kind)

    def of_these(self, keys: Mapping[str, str]) -> JobQuerySet:
        """One of each kind at most, by its key."""
        return self.filter(Q(*(Q(kind=kind, key=key) for kind, key in keys.items()), _connector=Q.OR))

    def about(self, kind: str, thing: UUID) -> JobQuerySet:
        """Those whose key begins with what they are about, once for each time that it was asked for."""
        return self.filter(kind=kind, key__startswith=str(thing))

    def failed(self) -> JobQuerySet:
        """Given up after the last attempt; somebody has to look."""
        return self.filter(state=JobState.FAILED)

    def given_up(self) -> JobQuerySet:
        """Failed, or stopped by an administrator: what they were to do is not done."""
        return self.filter(state__in=[JobState.FAILED, JobState.STOPPED])

    def to_end(self) -> JobQuerySet:
        """Those that somebody works on, or will."""
        return self.filter(state__in=[JobState.WAITING, JobState.RUNNING])

    def ended(self) -> JobQuerySet:
        """Nothing more will happen to these by themselves."""
        return self.filter(state__in=[JobState.DONE, JobState.STOPPED, JobState.FAILED])


class Job(models.Model):
    """One piece of work. `kind` names its handler and `key` makes it unique, so asking twice is asking once.

    `payload` and `cursor` hold ids, never personal data: rows outlive what they point at. `token` is the claim of
    the one worker whose result counts, and `lease_until` is when that claim runs out, on the database's clock.
    """

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_note = models.CharField(max_length=200, blank=True)
    cursor = models.JSONField(default=dict, blank=True)
    stop_requested = models.BooleanField(default=False)
    error_code = models.CharField(max_length=80, blank=True)
    error_detail = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="job_is_asked_for_once"),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(state=JobState.RUNNING, token__isnull=False, lease_until__isnull=False),
                    models.Q(~models.Q(state=JobState.RUNNING), token__isnull=True, lease_until__isnull=True),
                    _connector=models.Q.OR,
                ),
                name="job_has_a_claim_while_it_runs",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state=JobState.WAITING), name="job_next_due"),
            models.Index(fields=["lease_until"], condition=models.Q(state=JobState.RUNNING), name="job_lease"),
            models.Index(fields=["ended_at"], name="job_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def ended(self) -> bool:
        return self.state in {JobState.DONE, JobState.STOPPED, JobState.FAILED}
