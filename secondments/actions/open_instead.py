"""What somebody whose visit does not take place, or who has no place in a round, may ask for instead."""

from __future__ import annotations

from datetime import datetime

from partnerships.ground import clock
from secondments.models import HostOffer, Participation, Placement

MOST = 3


def open_for(participation: Participation, *, at: datetime) -> list[HostOffer]:
    """A few open offers for somebody without a place in their round: of what they wanted to see first, near first.

    Whom they must not meet is not held out to them.
    """
    offers = HostOffer.objects.still_open_for(
        participation.membership.organisation, wants=participation.wants, day=clock.today(at)
    )
    avoided = [each.pk for each in participation.avoids.all()]
    return list(offers.exclude(organisation__in=avoided)[:MOST])


def open_instead_of(placement: Placement, *, at: datetime) -> list[HostOffer]:
    """A few open offers, the most alike first."""
    offers = HostOffer.objects.still_open_instead_of(placement.offer, home=placement.home, day=clock.today(at))
    return list(offers[:MOST])
