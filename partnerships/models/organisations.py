"""Organisations: what a register says of them, kept apart from what they say of themselves."""

from __future__ import annotations

from math import cos, radians
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import ACos, Coalesce, Cos, Least, Radians, Sin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.states import (
    SECTOR_OF_FIELD,
    Field,
    Month,
    OrganisationState,
    Register,
    Sector,
    SizeBand,
    WhoAgrees,
)

from .places import Place

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .people import User


EARTH_RADIUS_KM = 6371.0
KM_A_DEGREE = 111.2

PUBLIC_STATES = (
    OrganisationState.LISTED,
    OrganisationState.CLAIMED,
    OrganisationState.VOUCHED,
    OrganisationState.VERIFIED,
)
"""What a visitor may see in the directory."""

ACTING_STATES = (OrganisationState.CLAIMED, OrganisationState.VOUCHED, OrganisationState.VERIFIED)
"""What may offer, ask and publish: somebody answers for it, and somebody else knows that they do."""


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def public(self) -> OrganisationQuerySet:
        return self.filter(state__in=PUBLIC_STATES)

    def acting(self) -> OrganisationQuerySet:
        return self.filter(state__in=ACTING_STATES)

    def visible_to(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Public ones for everybody; the others for their own people, brokers of their area and administrators."""
        if not user.is_authenticated:
            return self.public()
        if user.is_administrator:
            return self.all()
        seen = models.Q(state__in=PUBLIC_STATES) | models.Q(pk__in=user.organisation_ids())
        if user.is_broker:
            seen |= models.Q(
                state=OrganisationState.TO_BE_CONFIRMED, place__in=Place.objects.filter(brokered_by(user)).values("pk")
            )
        return self.filter(seen)

    def coordinated_by(self, user: User) -> OrganisationQuerySet:
        return self.filter(pk__in=user.coordinated_ids())

    def with_page_for(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """Whose address answers: besides the visible those that are no more, so that a kept link says what became."""
        gone = self.filter(state__in=[OrganisationState.CLOSED, OrganisationState.MERGED])
        return self.visible_to(user) | gone

    def about(self, words: str) -> OrganisationQuerySet:
        """Those that speak of `words`, written as in any search box ("", OR, -); their `rank` says how much."""
        query = SearchQuery(words, config="english", search_type="websearch")
        return self.filter(search=query).annotate(rank=SearchRank(models.F("search"), query))

    def within(self, km: float, of: tuple[float, float]) -> OrganisationQuerySet:
        """Those within `km` of a point, each with its `distance_km`. One without a point stands where its place is.

        First by a box, for which there is an index: the distance itself is computed for those alone.
        """
        latitude, longitude = of
        high = km / KM_A_DEGREE
        wide = km / (KM_A_DEGREE * cos(radians(latitude)))
        box = {
            "latitude__range": (latitude - high, latitude + high),
            "longitude__range": (longitude - wide, longitude + wide),
        }
        places = list(Place.objects.filter(**box).values_list("pk", flat=True))
        return (
            self.filter(models.Q(**box) | models.Q(latitude__isnull=True, place__in=places))
            .annotate(distance_km=_distance_km(latitude, longitude))
            .filter(distance_km__lte=km)
        )


def _distance_km(latitude: float, longitude: float) -> models.Expression:
    """Kilometres on the globe, as the crow flies."""
    here = Radians(models.Value(latitude))
    there = Radians(Coalesce(models.F("latitude"), models.F("place__latitude")))
    apart = Radians(Coalesce(models.F("longitude"), models.F("place__longitude"))) - Radians(models.Value(longitude))
    cosine = Sin(here) * Sin(there) + Cos(here) * Cos(there) * Cos(apart)
    # Rounding may lift the cosine of no distance at all above one.
    return models.ExpressionWrapper(
        ACos(Least(models.Value(1.0), cosine)) * EARTH_RADIUS_KM, output_field=models.FloatField()
    )


def brokered_by(user: User) -> models.Q:
    """The condition on places that a broker of one of their organisations works in."""
    areas = Organisation.objects.filter(pk__in=user.brokered_ids())
    return (
        models.Q(pk__in=areas.values("place"))
        | models.Q(pk__in=areas.values("areas_served"))
        | models.Q(parent__in=areas.values("areas_served"))
    )


class Organisation(models.Model):
    """A body, group or business that may host, visit, need and tell. Limits are in people and visits.

    `register_summary` is what a public register says that it does, kept here only so that it can be searched for.
    """

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    sector = models.CharField(_("sector"), max_length=10, choices=Sector.choices)
    field = models.CharField(_("field"), max_length=20, choices=Field.choices)
    legal_form = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=OrganisationState.choices)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")

    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="organisations")
    areas_served = models.ManyToManyField(Place, blank=True, related_name="served_by")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    size = models.CharField(max_length=10, choices=SizeBand.choices, default=SizeBand.UNKNOWN)

    what_it_does = models.TextField(_("what it does"), blank=True, max_length=2000)
    how_it_works_with_others = models.TextField(_("how it wishes to work with others"), blank=True, max_length=2000)
    website = models.URLField(_("website"), blank=True)
    register_summary = models.TextField(blank=True, editable=False)

    who_agrees = models.CharField(max_length=12, choices=WhoAgrees.choices, default=WhoAgrees.MANAGER)
    most_away_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    most_visits_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    most_visits_per_quarter = models.PositiveSmallIntegerField(null=True, blank=True)
    months_to_avoid = ArrayField(
        models.PositiveSmallIntegerField(
            choices=Month.choices, validators=[MinValueValidator(1), MaxValueValidator(12)]
        ),
        default=list,
        blank=True,
    )
    search = models.GeneratedField(
        expression=SearchVector("name", weight="A", config="english")
        + SearchVector("what_it_does", "how_it_works_with_others", weight="B", config="english")
        + SearchVector("register_summary", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    # Thousands are only listed. Those with people here come first, by an index rather than by sorting them all.
    is_here = models.GeneratedField(
        expression=models.Case(models.When(state__in=ACTING_STATES, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    created_at = models.DateTimeField()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            GinIndex(fields=["search"], name="organisation_search"),
            models.Index(fields=["name", "id"], name="organisation_by_name"),
            models.Index(fields=["-is_here", "name", "id"], name="organisation_here_first"),
            models.Index(fields=["latitude", "longitude"], name="organisation_by_point"),
            models.Index(fields=["state", "sector", "name", "id"], name="organisation_by_sector"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=OrganisationState.MERGED, merged_into__isnull=False)
                | (~models.Q(state=OrganisationState.MERGED) & models.Q(merged_into__isnull=True)),
                name="organisation_merged_names_its_successor",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    *[
                        models.Q(sector=sector, field__in=[str(f) for f, s in SECTOR_OF_FIELD.items() if s == sector])
                        for sector in Sector.values
                    ],
                    _connector=models.Q.OR,
                ),
                name="organisation_field_is_in_its_sector",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES

    @property
    def may_act(self) -> bool:
        """Whether it may offer, ask and publish."""
        return self.state in ACTING_STATES

    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees: its own, else its place's, else None."""
        if self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude
        if self.place is not None and self.place.latitude is not None and self.place.longitude is not None:
            return self.place.latitude, self.place.longitude
        return None

    def coordinators(self) -> models.QuerySet[Any]:
        """Its active coordinators' memberships, with their users."""
        return self.memberships.coordinating()

    def who_answers(self) -> list[Any]:
        """The same as a list; what `with_coordinators` has read for many at once is not read again."""
        read: list[Any] | None = getattr(self, "read_coordinators", None)
        return list(self.coordinators()) if read is None else read


class FormerSlug(models.Model):
    """An address that an organisation had before; it redirects to the present one."""

    slug = models.SlugField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="former_slugs")


class Identifier(models.Model):
    """A number in a public scheme named by org-id.guide, such as GB-CHC for the Charity Commission."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=20)
    value = models.CharField(max_length=60)

    class Meta:
        ordering = ["scheme", "value"]
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="identifier_names_one_organisation")]

    def __str__(self) -> str:
        return f"{self.scheme}-{self.value}"


class RegisterEntry(models.Model):
    """What a public register said of an organisation on a day: facts by name, never an address, phone or mail."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="register_entries")
    register = models.CharField(max_length=20, choices=Register.choices)
    reference = models.CharField(max_length=60)
    facts = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    as_of = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["register", "reference"]
        verbose_name_plural = "register entries"
        constraints = [
            models.UniqueConstraint(fields=["register", "reference"], name="register_entry_once_a_reference")
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.reference}"


class ApprovedDomainQuerySet(models.QuerySet["ApprovedDomain"]):
    def coordinated_by(self, user: User) -> ApprovedDomainQuerySet:
        """Those of the organisations that one coordinates."""
        return self.filter(organisation__in=user.coordinated_ids())


class ApprovedDomain(models.Model):
    """A mail domain whose holders work for an organisation.

    A shared one (nhs.net) still needs the coordinator's yes.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="approved_domains")
    domain = models.CharField(max_length=120)
    shared = models.BooleanField(default=False)

    objects = ApprovedDomainQuerySet.as_manager()

    class Meta:
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "domain"], name="approved_domain_once_an_organisation"),
            models.UniqueConstraint(
                fields=["domain"], condition=models.Q(shared=False), name="unshared_domain_names_one_organisation"
            ),
            models.CheckConstraint(
                condition=models.Q(domain=models.functions.Lower("domain")), name="approved_domain_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.domain
