"""The states of what crosses over: skills and time."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NeedState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Open")
    MET = "met", _("Met")
    WITHDRAWN = "withdrawn", _("Withdrawn")
