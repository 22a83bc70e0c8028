"""What an organisation's page says about visiting it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partnerships.models import Organisation, User
from partnerships.sections import Section
from secondments.models import HostOffer

MOST = 5


def sections(organisation: Organisation, user: User) -> list[Section]:
    """The offers of this organisation that are open; nothing where there are none."""
    offers = HostOffer.objects.open().filter(organisation=organisation).defer("search", "what_you_will_see")
    listed = list(offers[:MOST])
    if not listed:
        return []
    return [Section(_("Visit it"), "secondments/_organisation_offers.html", {"offers": listed})]
