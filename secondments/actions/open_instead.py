"""What somebody whose visit does not take place may ask for instead."""

from __future__ import annotations

from datetime import datetime

from partnerships.ground import clock
from secondments.models import HostOffer, Placement

MOST = 3


def open_instead_of(placement: Placement, *, at: datetime) -> list[HostOffer]:
    """A few open offers, the most alike first."""
    offers = HostOffer.objects.still_open_instead_of(placement.offer, home=placement.home, day=clock.today(at))
    return list(offers[:MOST])
