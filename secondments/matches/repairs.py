"""What came free in a published round, as the engine is told of it: what stands is fixed, and only who waits moves."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from partnerships.matching import types as told
from partnerships.matching.repair import STANDS, beside
from secondments.matches.by_hand import kept_apart
from secondments.matches.clashes import Clashes
from secondments.matches.days import week_number
from secondments.matches.keys import offer_key, person_id
from secondments.matches.problem import asked_with, offers_for, shown_in
from secondments.models import Adjustment, HostOffer, Match, Participation, Round
from secondments.states import HOLDING_STATES, Dating


@dataclass(frozen=True, slots=True)
class Repair:
    """The problem of a published round as it is now. `came_free` are the matches that it makes up for, and `stands`
    those that it keeps, by their keys."""

    problem: told.Problem
    clashes: Clashes
    came_free: frozenset[int]
    stands: frozenset[int]


def waiting_in(a_round: Round) -> QuerySet[Participation]:
    """Whoever would still like a place in a published round, and has none: a visit that was given up is none."""
    standing = Match.objects.standing().filter(run__round=a_round)
    return a_round.to_match().exclude(pk__in=standing.values("participation"))


def repair_of(a_round: Round, *, seed: int, at: datetime) -> Repair:
    """Read everything afresh: who waits, what stands, and what is open now."""
    matches = list(
        Match.objects.told()
        .filter(run__round=a_round)
        .select_related("placement", "participation__membership", "offer")
        .order_by("id")
    )
    stands = [match for match in matches if match.placement and match.placement.state in HOLDING_STATES]
    given_up = [match for match in matches if match not in stands]
    open_now = [*offers_for(a_round), *shown_in(a_round)]
    closed = _closed_since(stands, {offer.pk for offer in open_now})
    settled = frozenset(match.participation_id for match in stands)
    standing_people = Participation.objects.filter(pk__in=settled)
    people = Participation.objects.filter(pk__in=waiting_in(a_round).values("pk")) | standing_people
    asked = asked_with(a_round, people, [*open_now, *closed], seed=seed, at=at, stands=stands)
    problem = _with_their_places(asked.problem, stands, {offer_key(offer.pk): offer for offer in open_now})
    by_hand = Adjustment.objects.standing_in(a_round).select_related("participation")
    never = {*_never_again(given_up, [*open_now, *closed]), *kept_apart(by_hand)}
    return Repair(
        problem=beside(problem, _fixed(problem, stands, given_up), never),
        clashes=asked.clashes,
        came_free=frozenset(match.pk for match in given_up if match.repaired_in_id is None),
        stands=frozenset(match.pk for match in stands),
    )


def _closed_since(stands: Iterable[Match], open_now: Collection[int]) -> list[HostOffer]:
    """Offers that take nobody else, but whose visits stand."""
    keys = {match.offer_id for match in stands} - set(open_now)
    offers = HostOffer.objects.filter(pk__in=keys).select_related("organisation__place", "shown_by__membership")
    return list(offers.prefetch_related("sessions", "shown_by__avoids").order_by("id"))


def _with_their_places(
    problem: told.Problem, stands: Iterable[Match], open_now: Mapping[str, HostOffer]
) -> told.Problem:
    """What stands has its places by now. The engine is told of it as fixed, and so must be told of these as well."""
    at_offer: dict[str, Counter[int]] = defaultdict(Counter)
    for match in stands:
        at_offer[offer_key(match.offer_id)][week_number(match.week)] += 1
    people = {person.id for person in problem.people}
    slots = (_slot(slot, at_offer[slot.id], open_now.get(slot.id), people) for slot in problem.slots)
    return dataclasses.replace(problem, slots=tuple(slots))


def _slot(slot: told.Slot, standing: Mapping[int, int], offer: HostOffer | None, people: Collection[str]) -> told.Slot:
    """The places of those who stand, and what is free beside them. What has closed, or whose person no longer takes
    part, takes nobody else."""
    if offer is None or (slot.shown_by and slot.shown_by not in people):
        return dataclasses.replace(slot, places=dict(standing), shown_by="")
    places = {week: slot.places.get(week, 0) + standing.get(week, 0) for week in {*slot.places, *standing}}
    if offer.dating == Dating.ASK_US:
        # It is never sent more visitors in a week than it takes at a time, except where it was already.
        places = {week: min(many, max(offer.places, standing.get(week, 0))) for week, many in places.items()}
    return dataclasses.replace(slot, places=places)


def _fixed(problem: told.Problem, stands: Iterable[Match], given_up: Iterable[Match]) -> Iterator[told.Fixed]:
    """Every visit that stands. An exchange of which one was given up is none any more: the other visits go on."""
    shown_by = {slot.id: slot.shown_by for slot in problem.slots}
    broken = {(match.run_id, match.exchange) for match in given_up}
    broken |= {(match.run_id, match.exchange) for match in stands if not shown_by[offer_key(match.offer_id)]}
    for match in stands:
        whole = match.exchange is not None and (match.run_id, match.exchange) not in broken
        name = f"{STANDS} {match.run_id} {match.exchange}" if whole else ""
        person, offer = person_id(match.participation), offer_key(match.offer_id)
        yield told.Fixed(person, offer, week_number(match.week), STANDS, name)


def _never_again(given_up: Iterable[Match], offers: Iterable[HostOffer]) -> Iterator[tuple[str, str]]:
    """Who was given a no by a host, or gave it one, is not proposed to the same people again under another title."""
    of_host: dict[int, list[HostOffer]] = defaultdict(list)
    for offer in offers:
        if offer.shown_by_id is None:
            of_host[offer.organisation_id].append(offer)
    for match in given_up:
        person = person_id(match.participation)
        yield person, offer_key(match.offer_id)
        if match.placement is not None and match.offer.shown_by_id is None:
            yield from ((person, offer_key(offer.pk)) for offer in of_host[match.offer.organisation_id])
