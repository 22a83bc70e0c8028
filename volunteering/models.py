"""Skills that an organisation needs from the other sector."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.models import Organisation, Place, User
from partnerships.models.organisations import ACTING_STATES
from volunteering.states import NeedState, TimeWanted

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class SkillNeedQuerySet(models.QuerySet["SkillNeed"]):
    def open(self) -> SkillNeedQuerySet:
        return self.filter(state=NeedState.PUBLISHED, organisation__state__in=ACTING_STATES)

    def wanted_on(self, day: date) -> SkillNeedQuerySet:
        """Those for which it is not too late."""
        return self.filter(models.Q(needed_by__isnull=True) | models.Q(needed_by__gte=day))

    def overdue_on(self, day: date) -> SkillNeedQuerySet:
        """Still open after the day by which help was needed: somebody has to say whether it came."""
        return self.filter(state=NeedState.PUBLISHED, needed_by__lt=day)

    def in_place_named(self, words: str) -> SkillNeedQuerySet:
        """Those of organisations in a place of this name, or in a part of it."""
        # Asked first: there are a few hundred places, and with their numbers the needs are found by an index.
        places = list(Place.objects.named(words).order_by().values_list("pk", flat=True))
        return self.filter(organisation__place__in=places)

    def waiting_of(self, user: User) -> SkillNeedQuerySet:
        """What this person wrote and has not published."""
        return self.filter(author=user, state=NeedState.DRAFT)

    def unclaimed(self) -> SkillNeedQuerySet:
        """Written by strangers who have not signed in since; only the browser that wrote one knows which."""
        return self.filter(state=NeedState.DRAFT, author__isnull=True)

    def unclaimed_before(self, moment: datetime) -> SkillNeedQuerySet:
        return self.unclaimed().filter(created_at__lt=moment)

    def visible_to(self, user: User | AnonymousUser, *, kept: uuid.UUID | None = None) -> SkillNeedQuerySet:
        """Open ones for everybody; all of one's own organisations and one's own drafts.

        `kept` is the draft that a stranger's session remembers.
        """
        seen = models.Q(state=NeedState.PUBLISHED, organisation__state__in=ACTING_STATES)
        if user.is_authenticated:
            seen |= models.Q(organisation__in=user.organisation_ids()) | models.Q(author=user)
        if kept:
            seen |= models.Q(uuid=kept, state=NeedState.DRAFT, author__isnull=True)
        return self.filter(seen)


class SkillNeed(models.Model):
    """A skill that an organisation asks for: `minutes` is the time wanted in all.

    It can be written before there is an account: then it has neither author nor organisation.
    """

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

    @property
    def time_wanted(self) -> str:
        """The time wanted as people say it."""
        try:
            return str(TimeWanted(self.minutes).label)
        except ValueError:
            hours = max(1, round(self.minutes / 60))
            return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}

    @property
    def is_open(self) -> bool:
        """Whether anybody can see it and answer."""
        return self.state == NeedState.PUBLISHED and self.organisation is not None and self.organisation.may_act
