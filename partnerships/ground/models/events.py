"""The audit trail: who did what to which thing, and when. Rows are only ever added."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, thing: models.Model) -> EventQuerySet:
        """Events of one thing, oldest first."""
        return self.filter(thing_type=thing._meta.label_lower, thing_id=thing.pk).order_by("id")


class Event(models.Model):
    """One thing that happened. It holds ids and codes only: free text stays on the thing, where it can be erased.

    `actor` is empty for the system and for a person who answered by a mailed link. A trigger refuses
    update, delete and truncate.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    thing_type = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=60, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["thing_type", "thing_id", "id"], name="event_by_thing"),
            models.Index(fields=["at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.thing_type} {self.thing_id}"
