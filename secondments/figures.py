"""Figures of the front page about visits."""

from __future__ import annotations

from django.utils.translation import ngettext

from partnerships.ground.look import Figure
from secondments.models import HostOffer, Placement
from secondments.states import PlacementState

LEAST_PEOPLE = 5
"""A figure about people needs at least so many (ground rule 7)."""


def figures() -> list[Figure]:
    hosts = HostOffer.objects.open().values("organisation").distinct().count()
    completed = Placement.objects.filter(state=PlacementState.COMPLETED)
    visits = completed.count()
    told = visits if completed.values("visitor").distinct().count() >= LEAST_PEOPLE else 0
    return [
        Figure(told, ngettext("visit to the other sector", "visits to the other sector", told)),
        Figure(hosts, ngettext("organisation welcomes a visitor", "organisations welcome a visitor", hosts)),
    ]
