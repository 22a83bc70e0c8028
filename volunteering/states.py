"""The states of what crosses over: skills and time."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class NeedState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Open")
    MET = "met", _("Met")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class TimeWanted(IntegerChoices):
    """How much time a need takes in all, as people say it; the value is in minutes, with seven hours to a day."""

    HOUR_OR_TWO = 120, _("An hour or two")
    HALF_DAY = 210, _("Half a day")
    DAY = 420, _("A day")
    FEW_DAYS = 1260, _("A few days")
    WEEK = 2100, _("About a week")
    FEW_WEEKS = 6300, _("A few weeks")
