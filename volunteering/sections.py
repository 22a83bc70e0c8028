"""What an organisation's page says about skills."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.models import Organisation, User
from partnerships.sections import Section
from volunteering.models import SkillNeed

MOST = 5


def sections(organisation: Organisation, user: User) -> list[Section]:
    """The open needs of this organisation; nothing where there are none."""
    needs = (
        SkillNeed.objects.visible_to(user)
        .open()
        .wanted_on(clock.today())
        .filter(organisation=organisation)
        .defer("search")
        .select_related("organisation__place")[:MOST]
    )
    listed = list(needs)
    if not listed:
        return []
    return [Section(_("Skills it asks for"), "volunteering/_organisation_needs.html", {"needs": listed})]
