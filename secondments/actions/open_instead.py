"""What somebody whose visit does not take place, or who has no place in a round, may ask for instead."""

from __future__ import annotations

from datetime import datetime

from django.db.models import prefetch_related_objects

from partnerships.ground import clock
from secondments.models import HostOffer, Participation, Placement
from secondments.states import CAME_TO_NOTHING

MOST = 3
READ = ("avoids", "matches__placement", "matches__offer")
"""What is read of each person who is written to."""


def open_for(participation: Participation, *, at: datetime) -> list[HostOffer]:
    """A few open offers for somebody without a place in their round: of what they wanted to see first, near first.

    Whom they must not meet is not held out to them, nor a host with whom the round had found them a visit in vain.
    """
    offers = HostOffer.objects.still_open_for(
        participation.membership.organisation, wants=participation.wants, day=clock.today(at)
    )
    return list(offers.exclude(organisation__in=not_held_out_to(participation))[:MOST])


def not_held_out_to(participation: Participation) -> frozenset[int]:
    """The keys of these organisations. Nothing is read of a person of whom it has been read already."""
    prefetch_related_objects([participation], *READ)
    in_vain = (
        match.offer.organisation_id
        for match in participation.matches.all()
        if match.placement is not None and match.placement.state in CAME_TO_NOTHING
    )
    return frozenset({*(each.pk for each in participation.avoids.all()), *in_vain})


def open_instead_of(placement: Placement, *, at: datetime) -> list[HostOffer]:
    """A few open offers, the most alike first."""
    offers = HostOffer.objects.still_open_instead_of(placement.offer, home=placement.home, day=clock.today(at))
    return list(offers[:MOST])
