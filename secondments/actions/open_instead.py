"""What somebody whose visit does not take place, or who has no place in a round, may ask for instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from partnerships.ground import clock
from secondments.matches.people import Avoided
from secondments.models import HostOffer, Participation, Placement
from secondments.states import CAME_TO_NOTHING

MOST = 3
READ = ("avoids", "matches__placement", "matches__offer")
"""What is read of each person who is written to."""


@dataclass(frozen=True, slots=True)
class NotHeldOut:
    """The keys of the hosts whom somebody is not sent to ask, and of the people whose invitations they do not read."""

    hosts: frozenset[int]
    people: frozenset[int]


def open_for(participation: Participation, *, at: datetime, but: NotHeldOut | None = None) -> list[HostOffer]:
    """A few open offers for somebody without a place in their round: of what they wanted to see first, near first.

    Whom they must not meet is not held out to them, by the rule of the match (`Avoided`), nor a host with whom the
    round had found them a visit in vain.
    """
    but = but or not_held_out_to(participation, Avoided([participation]))
    offers = HostOffer.objects.still_open_for(
        participation.membership.organisation, wants=participation.wants, day=clock.today(at)
    )
    return list(offers.exclude(organisation__in=but.hosts).exclude(created_by__in=but.people)[:MOST])


def not_held_out_to(participation: Participation, avoided: Avoided) -> NotHeldOut:
    """Nothing is read of a person of whom it has been read already."""
    prefetch_related_objects([participation], *READ)
    in_vain = frozenset(
        match.offer.organisation_id
        for match in participation.matches.all()
        if match.placement is not None and match.placement.state in CAME_TO_NOTHING
    )
    return NotHeldOut(hosts=in_vain | avoided.hosts_of(participation), people=avoided.users_of(participation))


def open_instead_of(placement: Placement, *, at: datetime) -> list[HostOffer]:
    """A few open offers, the most alike first."""
    offers = HostOffer.objects.still_open_instead_of(placement.offer, home=placement.home, day=clock.today(at))
    return list(offers[:MOST])
