"""Places that organisations stand in and serve."""

from __future__ import annotations

from django.db import models

from partnerships.states import PlaceKind


class PlaceQuerySet(models.QuerySet["Place"]):
    def councils(self) -> PlaceQuerySet:
        return self.filter(kind=PlaceKind.COUNCIL)

    def within(self, place: Place) -> PlaceQuerySet:
        """A place and the parts of it."""
        return self.filter(models.Q(pk=place.pk) | models.Q(parent=place))

    def named(self, words: str) -> PlaceQuerySet:
        """Those of this name, and their parts and the parts of these."""
        named = models.Q()
        for above in ("", "parent__", "parent__parent__"):
            named |= models.Q(**{f"{above}name__icontains": words})
        return self.filter(named)

    def with_code(self, code: str) -> PlaceQuerySet:
        """The place with this official code, present or former (a superseded GSS code still finds its place)."""
        return self.filter(models.Q(code=code) | models.Q(former_codes__contains=[code]))


class Place(models.Model):
    """An area with an official code: `code` is the GSS code where there is one; the point is in degrees (WGS 84)."""

    kind = models.CharField(max_length=20, choices=PlaceKind.choices)
    code = models.CharField(max_length=20, unique=True)
    former_codes = models.JSONField(default=list, blank=True)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_point_is_whole_and_on_earth",
            )
        ]

    def __str__(self) -> str:
        return self.name
