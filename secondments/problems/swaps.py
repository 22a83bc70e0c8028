"""Why a visit in return cannot be called due, or asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from secondments.states import HOLDING_STATES, SwapState

if TYPE_CHECKING:
    from partnerships.models import Membership
    from secondments.models import HostOffer, Swap


def problems_for_calling_due(swap: Swap) -> list[Problem]:
    first = swap.placements.order_by("id").first()
    if first is not None and first.state in HOLDING_STATES:
        return []
    sentence = _(
        "That visit did not take place, so none is owed in return. You can ask for one of your own at any time."
    )
    return [Problem("nothing_to_return", sentence)]


def problems_for_returning(swap: Swap, membership: Membership, offer: HostOffer) -> list[Problem]:
    """A visit in return goes the other way, while it is open, and once."""
    first = swap.first_visit()
    way = (membership.organisation_id, offer.organisation_id)
    if first is None or way != (first.offer.organisation_id, first.home_id):
        sentence = _("That visit in return is between other organisations. Ask for this one as a visit of its own.")
        return [Problem("not_the_way_back", sentence)]
    if swap.state == SwapState.LAPSED:
        sentence = _("The time for a visit in return is over. You can ask for one of your own at any time.")
        return [Problem("return_lapsed", sentence)]
    if swap.other_visit(first) is not None:
        sentence = _("The visit in return has been asked for already. You can ask for one of your own at any time.")
        return [Problem("return_used", sentence)]
    return problems_for_calling_due(swap)
