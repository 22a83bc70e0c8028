"""What must not be forgotten for a while: how often somebody has tried, and which codes are used up."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class RememberedQuerySet(models.QuerySet["Remembered"]):
    def over_at(self, at: datetime) -> RememberedQuerySet:
        return self.filter(until__lte=at)


class Remembered(models.Model):
    """One thing to remember `until` then. The key is a keyed hash, so that a row says nothing about anybody.

    Read and written by `partnerships.ground.remembering` alone.
    """

    key = models.CharField(max_length=64, unique=True)
    value = models.JSONField()
    until = models.DateTimeField()

    objects = RememberedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "remembered"
        indexes = [models.Index(fields=["until"], name="remembered_until")]
