"""How long skill needs are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from partnerships.ground.retention import Period, Rule
from volunteering.models import SkillNeed

UNCLAIMED = timedelta(days=14)


def rules() -> list[Rule]:
    return [
        Period(
            "volunteering.SkillNeed",
            _("A skill need that you wrote without signing in: 14 days. A published one belongs to its organisation."),
            _delete_unclaimed,
        )
    ]


def _delete_unclaimed(at: datetime) -> int:
    return SkillNeed.objects.unclaimed_before(at - UNCLAIMED).delete()[0]
