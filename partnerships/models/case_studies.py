"""Case studies: when have things gone really well, and what can others copy?"""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.states import CaseStudyState, ConsentState

from .organisations import Organisation
from .people import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CaseStudyQuerySet(models.QuerySet["CaseStudy"]):
    def published(self) -> CaseStudyQuerySet:
        return self.filter(state=CaseStudyState.PUBLISHED)

    def visible_to(self, user: User | AnonymousUser) -> CaseStudyQuerySet:
        """Published ones for everybody; all for curators; those that ask for one's consent for coordinators."""
        if not user.is_authenticated:
            return self.published()
        if user.is_curator:
            return self.all()
        asked = Consent.objects.visible_to(user).values("case_study")
        return self.filter(
            models.Q(state=CaseStudyState.PUBLISHED) | models.Q(pk__in=asked, state=CaseStudyState.WAITING)
        )


class CaseStudy(models.Model):
    """A story of partnership that its organisations are proud of. Published only with the yes of each of them."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("in two sentences"), max_length=300)
    what_went_well = models.TextField(_("what went really well"), max_length=4000)
    what_made_it_work = models.TextField(_("what made it work"), max_length=4000)
    what_others_can_copy = models.TextField(_("what others can copy"), max_length=4000)
    organisations = models.ManyToManyField(Organisation, through="Consent", related_name="case_studies")
    state = models.CharField(max_length=10, choices=CaseStudyState.choices)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    search = models.GeneratedField(
        expression=SearchVector("title", "summary", weight="A", config="english")
        + SearchVector("what_went_well", "what_made_it_work", "what_others_can_copy", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    WORDS = ("title", "summary", "what_went_well", "what_made_it_work", "what_others_can_copy")

    objects = CaseStudyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "case studies"
        ordering = ["-published_at", "-id"]
        indexes = [GinIndex(fields=["search"], name="case_study_search")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=CaseStudyState.PUBLISHED) | models.Q(published_at__isnull=False),
                name="case_study_published_has_its_date",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("story", args=[self.slug])

    @property
    def edition(self) -> str:
        """Names these very words: a yes is given to what was read, and to nothing else."""
        return hashlib.sha256("\x1f".join(getattr(self, name) for name in self.WORDS).encode()).hexdigest()[:32]


class ConsentQuerySet(models.QuerySet["Consent"]):
    def missing(self) -> ConsentQuerySet:
        return self.exclude(state=ConsentState.GIVEN)

    def visible_to(self, user: User | AnonymousUser) -> ConsentQuerySet:
        """All for curators; those asked of the organisations that one coordinates."""
        if not user.is_authenticated:
            return self.none()
        if user.is_curator:
            return self.all()
        return self.filter(organisation__in=user.coordinated_ids()).exclude(state=ConsentState.NOT_ASKED)


class Consent(models.Model):
    """One organisation's yes or no to being in a published case study."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case_study = models.ForeignKey(CaseStudy, models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="consents")
    state = models.CharField(max_length=12, choices=ConsentState.choices)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["case_study", "organisation"], name="consent_once_an_organisation")
        ]
