"""A round as the engine's problem: pseudonyms, weeks and metres, never a name or a word that somebody wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Case, Count, QuerySet, When
from django.utils import timezone

from partnerships.matching import types as engine
from partnerships.models import Membership, Organisation
from secondments.matches.booked import Booked
from secondments.matches.clashes import Clashes, Opening
from secondments.matches.days import calendar_of, monday_of, mondays, places_by_week, week_number
from secondments.matches.keys import offer_key, organisation_key, person_id, point_of, user_key
from secondments.matches.needed_first import weeks_needed
from secondments.matches.people import SMALL, People
from secondments.matches.quarters import first_week_of, quarters_between
from secondments.models import HostOffer, Match, Participation, Placement, Round
from secondments.models.days import HalfDay
from secondments.models.offers import HostOfferQuerySet
from secondments.models.weights import as_told
from secondments.states import HOLDING_STATES, Mode

MOST_TO_WISH_FOR = 200
"""More would be no choice but a search, and a page too heavy for an old phone."""


def open_in(a_round: Round) -> HostOfferQuerySet:
    """The open offers that this programme's crossings and terms allow."""
    targets = {target for _source, target in a_round.programme.crossings}
    offers = HostOffer.objects.open().filter(organisation__field__in=targets)
    if a_round.programme.by_enrolment:
        offers = offers.filter(organisation__in=a_round.programme.enrolments.enrolled().values("organisation"))
    return offers


def offers_for(a_round: Round) -> list[HostOffer]:
    """Every offer that somebody in this round might go to, with all that the problem reads of them."""
    return list(open_in(a_round).select_related("organisation__place").prefetch_related("sessions").order_by("id"))


def shown_in(a_round: Round) -> list[HostOffer]:
    """What the people of this round show to whoever changes places with them, where its programme lets them."""
    if a_round.programme.largest_exchange == 1:
        return []
    return list(
        HostOffer.objects.filter(shown_by__in=a_round.to_match(), shown_by__welcomes=True)
        .select_related("organisation__place", "shown_by__membership")
        .prefetch_related("sessions", "shown_by__avoids")
        .order_by("id")
    )


def offers_to_wish_for(a_round: Round, membership: Membership) -> HostOfferQuerySet:
    """The offers that this person could be matched with, by their host's name; in a large programme the near ones."""
    home = membership.organisation
    targets = {target for source, target in a_round.programme.crossings if source == home.field}
    near_first = Case(When(organisation__place=home.place_id, then=0), default=1)
    nearest = (
        open_in(a_round)
        .filter(organisation__field__in=targets)
        .exclude(organisation=home)
        .order_by(near_first, "-published_at", "-id")[:MOST_TO_WISH_FOR]
    )
    return (
        HostOffer.objects.filter(pk__in=nearest.values("pk"))
        .select_related("organisation")
        .order_by("organisation__name", "title", "id")
    )


class Asked(NamedTuple):
    """What the engine is asked, and what sees to it that whatever it answers has days."""

    problem: engine.Problem
    clashes: Clashes


def problem_of(a_round: Round, *, seed: int, at: datetime) -> engine.Problem:
    """Everything the engine is told of a round, with as many queries whatever its size."""
    return asked_of(a_round, seed=seed, at=at).problem


def asked_of(a_round: Round, *, seed: int, at: datetime) -> Asked:
    """The same, for whoever has it answered."""
    offers = [*offers_for(a_round), *shown_in(a_round)]
    return asked_with(a_round, a_round.to_match(), offers, seed=seed, at=at)


def asked_with(
    a_round: Round,
    taking_part: QuerySet[Participation],
    offers: Sequence[HostOffer],
    *,
    seed: int,
    at: datetime,
    stands: Collection[Match] = (),
) -> Asked:
    """The same of some of its people and offers, without what stands already: that is told of beside it."""
    people = list(
        taking_part.select_related("membership__user", "membership__organisation__place")
        .prefetch_related("wishes", "avoids")
        .order_by("id")
    )
    known = People(a_round, people)
    weeks = [week_number(monday) for monday in mondays(a_round.starts_on, a_round.ends_on)]
    organisations = {each.membership.organisation for each in people} | {offer.organisation for offer in offers}
    hosts = frozenset(organisation_key(offer.organisation_id) for offer in offers)
    offered = {offer.pk for offer in offers if offer.shown_by is None}
    today = timezone.localdate(at)
    openings = {offer_key(offer.pk): _opening(offer, a_round, known, at) for offer in offers}
    problem = engine.Problem(
        people=tuple(known.person(each, hosts, offered) for each in people),
        slots=tuple(_slot(offer, openings[offer_key(offer.pk)], a_round, weeks, known, today) for offer in offers),
        organisations=tuple(_organisations(organisations, a_round, stands)),
        rules=engine.Rules(
            crossings=frozenset((source, target) for source, target in a_round.programme.crossings),
            criteria=tuple(a_round.criteria),
            first_week=week_number(today),
            quarters=tuple(map(first_week_of, quarters_between(a_round.starts_on, a_round.ends_on))),
            max_km=a_round.programme.most_km,
            pays_up_to_pence=a_round.programme.pays_pence,
            pays_cover_up_to_pence=a_round.programme.pays_cover_pence,
            largest_exchange=a_round.programme.largest_exchange,
            one_way=a_round.programme.one_way,
            apart=a_round.programme.visits_apart,
        ),
        weights=as_told(a_round.weights),
        seed=seed,
    )
    standing = {match.participation_id for match in stands}
    to_place = (each for each in people if each.pk not in standing)
    elsewhere = {person_id(each): days for each in to_place if (days := known.elsewhere(each))}
    clashes = Clashes(openings, elsewhere)
    return Asked(clashes.left_out(problem), clashes)


def _opening(offer: HostOffer, a_round: Round, known: People, at: datetime) -> Opening:
    """When an offer is free. Whoever shows something receives nobody on a day of a visit of their own.

    Where the visits of an exchange may all fall in one week, it has to have days for all of them.
    """
    held = {HalfDay(session.date, session.half): session for session in offer.sessions.all()}
    calendar = calendar_of(offer, held, first=a_round.starts_on, last=a_round.ends_on, at=at)
    programme, shower = a_round.programme, offer.shown_by
    if shower is None:
        return Opening(calendar, programme.days)
    together = 1 if programme.visits_apart else programme.largest_exchange
    return Opening(calendar.without(known.elsewhere(shower)), programme.days * together)


def _slot(
    offer: HostOffer, opening: Opening, a_round: Round, weeks: list[int], known: People, today: date
) -> engine.Slot:
    """An organisation's offer; or what one person shows, once, in the weeks in which they could go as well."""
    shower = offer.shown_by
    if shower is not None:
        weeks = [week for week in weeks if monday_of(week) in shower.weeks]
    programme = a_round.programme
    return engine.Slot(
        id=offer_key(offer.pk),
        organisation_id=organisation_key(offer.organisation_id),
        field=offer.organisation.field,
        sector=offer.organisation.sector,
        places=places_by_week(offer, opening.calendar, weeks, opening.days),
        point=point_of(offer.organisation),
        in_person=offer.mode == Mode.IN_PERSON,
        remote=offer.mode == Mode.REMOTE,
        tags=frozenset({offer.organisation.field}),
        access=frozenset(offer.meets),
        checks=weeks_needed({*offer.checks, *programme.checks}, answer_days=programme.answer_days, today=today),
        payment_pence=offer.payment_pence or 0,
        accepts_funders=offer.accepts_ties,
        shown_by=person_id(shower) if shower else "",
        places_in_all=1 if shower else None,
        people=frozenset({user_key(shower.membership.user_id if shower else offer.created_by_id)}),
        asked_for=known.named(offer.asks_for),
        avoids_people=known.named(shower.avoids_emails) if shower else frozenset(),
        avoids_organisations=frozenset(organisation_key(each.pk) for each in shower.avoids.all())
        if shower
        else frozenset(),
    )


def _organisations(
    organisations: Iterable[Organisation], a_round: Round, stands: Iterable[Match]
) -> Iterable[engine.Organisation]:
    """Limits, what other bookings already use of them, and how many visitors each has had or expects."""
    rows = sorted(organisations, key=lambda each: each.pk)
    keys = [each.pk for each in rows]
    but = [match.placement_id for match in stands if match.placement_id is not None]
    booked = Booked(keys, a_round.starts_on, a_round.ends_on, but=but)
    had = dict(
        Placement.objects.filter(offer__organisation__in=keys, state__in=HOLDING_STATES)
        .exclude(pk__in=but)
        .values_list("offer__organisation")
        .annotate(Count("id"))
        .order_by()
    )
    for each in rows:
        yield engine.Organisation(
            id=organisation_key(each.pk),
            small=each.size in SMALL,
            asked_for_more=True,
            visitors_had=had.get(each.pk, 0),
            visits_per_week=each.most_visits_per_week,
            visits_per_quarter=each.most_visits_per_quarter,
            away_per_week=each.most_away_per_week,
            booked_visits=booked.visits(
                each.pk,
                a_week=each.most_visits_per_week is not None,
                a_quarter=each.most_visits_per_quarter is not None,
            ),
            booked_away=booked.away(each.pk),
        )
