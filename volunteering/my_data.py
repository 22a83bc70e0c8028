"""What skill needs keep about a person: to hand out, and to take out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from partnerships.models import User
from volunteering.actions import withdraw_need
from volunteering.models import SkillNeed
from volunteering.states import NeedState


def collect(user: User) -> dict[str, Any]:
    return {
        "skill_needs_you_wrote": list(
            SkillNeed.objects.filter(author=user)
            .order_by("id")
            .values("organisation__name", "title", "what_would_help", "minutes", "needed_by", "state", "created_at")
        )
    }


def anonymise(user: User, at: datetime) -> None:
    """Put drafts aside, and open needs too where nobody is left in the organisation to look after them."""
    for need in SkillNeed.objects.filter(author=user, state__in=[NeedState.DRAFT, NeedState.PUBLISHED]).order_by("pk"):
        left_behind = need.organisation is None or not need.organisation.coordinators().exclude(user=user).exists()
        if need.state == NeedState.DRAFT or left_behind:
            withdraw_need(need=need, by=user, at=at)
