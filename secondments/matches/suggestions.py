"""What the engine suggests to one person, as hosts with reasons in words."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from partnerships.matching.engine import Outlook, Suggestion
from partnerships.models import Organisation
from secondments.matches.days import monday_of
from secondments.matches.keys import offer_pk, point_of
from secondments.matches.words import ruled_out, why_this_match, would_help
from secondments.models import HostOffer
from secondments.models.weights import FINER


@dataclass(frozen=True, slots=True)
class SuggestedHost:
    """An offer that suits: why, in which weeks (their Mondays), and how many points out of how many."""

    offer: HostOffer
    why: list[str]
    weeks: list[date]
    fit: int
    out_of: int


def hosts_in(outlook: Outlook, home: Organisation, *, but: Collection[str] = ()) -> list[SuggestedHost]:
    """The hosts of an outlook, best first, read with one query. `home` is where the person would go from.

    `but`: parts of a fit that need no words, because they are seen already.
    """
    offers = HostOffer.objects.select_related("organisation__place").in_bulk(
        [offer_pk(each.offer_id) for each in outlook.best]
    )
    return [_suggested(each, offers[offer_pk(each.offer_id)], home, but) for each in outlook.best]


def _suggested(suggestion: Suggestion, offer: HostOffer, home: Organisation, but: Collection[str]) -> SuggestedHost:
    parts = [{"name": part.name, "points": part.points} for part in suggestion.parts if part.name not in but]
    here, there = point_of(home), point_of(offer.organisation)
    apart = math.hypot(here.east_m - there.east_m, here.north_m - there.north_m) if here and there else None
    facts = {"weeks": len(suggestion.weeks), "km": None if apart is None else round(apart / 1000)}
    return SuggestedHost(
        offer=offer,
        why=why_this_match(parts, facts),
        weeks=[monday_of(week) for week in suggestion.weeks],
        fit=suggestion.fit // FINER,
        out_of=sum(part.out_of for part in suggestion.parts) // FINER,
    )


def what_stands_between(outlook: Outlook, *, for_broker: bool = False) -> tuple[list[str], list[str]]:
    """Which rule takes how many other hosts away, and what would open more, in sentences."""
    why = ruled_out(((each.code, each.hosts) for each in outlook.removed), for_broker=for_broker)
    return why, [would_help(each.change, each.amount, each.kind, each.hosts) for each in outlook.relaxations]
