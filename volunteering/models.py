"""Skills that an organisation needs from the other sector."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models import Organisation, User
from partnerships.models.organisations import ACTING_STATES
from volunteering.states import NeedState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class SkillNeedQuerySet(models.QuerySet["SkillNeed"]):
    def open(self) -> SkillNeedQuerySet:
        return self.filter(state=NeedState.PUBLISHED, organisation__state__in=ACTING_STATES)

    def visible_to(self, user: User | AnonymousUser) -> SkillNeedQuerySet:
        """Open ones for everybody; all of one's own organisations and one's own drafts."""
        seen = models.Q(state=NeedState.PUBLISHED, organisation__state__in=ACTING_STATES)
        if user.is_authenticated:
            seen |= models.Q(organisation__in=user.organisation_ids()) | models.Q(author=user)
        return self.filter(seen)


class SkillNeed(models.Model):
    """A skill that an organisation asks for: `minutes` is the time wanted in all. It can be written before there is an account."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="skill_needs")
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(_("what do you need help with?"), max_length=120)
    what_would_help = models.TextField(_("what would help most?"), max_length=2000)
    minutes = models.PositiveIntegerField(validators=[MinValueValidator(30), MaxValueValidator(60 * 400)])
    needed_by = models.DateField(null=True, blank=True)
    online = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=NeedState.choices)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("what_would_help", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = SkillNeedQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        indexes = [
            GinIndex(fields=["search"], name="skill_need_search"),
            models.Index(fields=["state", "-published_at", "-id"], name="skill_need_open_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=NeedState.PUBLISHED)
                | models.Q(published_at__isnull=False, organisation__isnull=False, author__isnull=False),
                name="skill_need_published_is_whole",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("need", args=[self.uuid])
