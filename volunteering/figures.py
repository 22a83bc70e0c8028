"""Figures of the front page about skills."""

from __future__ import annotations

from django.utils.translation import ngettext

from partnerships.ground.look import Figure
from volunteering.models import SkillNeed


def figures() -> list[Figure]:
    needs = SkillNeed.objects.open().count()
    return [Figure(needs, ngettext("skill asked for now", "skills asked for now", needs))]
