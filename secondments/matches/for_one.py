"""One person against every offer that is open at this moment, by the rules and scores of a round.

There may be thousands of offers, and somebody waits for the page: so offers are read as columns and never as rows of
models. That this says the same as a round with one person in it is what its tests compare; of the days of other visits
it can say more, since with one person they are simply no days of any offer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Func, IntegerField, Q, Value

from partnerships.ground import clock
from partnerships.ground.holidays import division_of
from partnerships.matching import engine
from partnerships.matching import types as told
from partnerships.matching.collecting import nothing_collected
from partnerships.models import Membership, Organisation
from partnerships.states import SECTOR_OF_FIELD, Field, Sector
from secondments.matches.booked import Booked
from secondments.matches.days import monday_of, mondays, week_number
from secondments.matches.free_weeks import Dates, Held, free_weeks
from secondments.matches.keys import offer_key, organisation_key, point_of, user_key
from secondments.matches.needed_first import weeks_needed
from secondments.matches.offer_rows import COLUMNS, Row
from secondments.matches.people import SMALL, Avoided, People
from secondments.matches.problem import open_in
from secondments.matches.quarters import first_week_of, quarters_between
from secondments.matches.visits import Visits
from secondments.models import Adjustment, HostOffer, OfferSession, Participation, Round
from secondments.models.offers import HostOfferQuerySet
from secondments.models.placements import TIME_TO_ANSWER
from secondments.models.weights import as_told
from secondments.states import AdjustmentKind, Dating, Mode

WINDOW = timedelta(weeks=26)
"""How far ahead somebody outside any round is shown weeks."""

ANY_PAYMENT = 10**6
"""Where nobody says what can be paid, no payment is too much: it stands beside the offer."""

MYSELF = "me"

PersonAmong = Callable[[frozenset[str], Collection[int]], told.Person]
"""The engine's person, given every host there is and the offers that can be wished for."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a visit: between which fields, when, how long, what is paid, needed first, and makes a fit."""

    offers: HostOfferQuerySet
    crossings: frozenset[tuple[str, str]]
    first: date
    last: date
    days: int = 1
    most_km: int | None = None
    pays_pence: int = ANY_PAYMENT
    pays_cover_pence: int = 0
    checks: Sequence[str] = ()
    answer_days: int = TIME_TO_ANSWER.days
    weights: told.Weights = field(default_factory=told.Weights)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody outside any round says of the visit they would like. `weeks` are Mondays."""

    wants: Collection[str]
    weeks: Collection[date]
    most_km: int
    in_person: bool = True
    online: bool = False
    has_tie: bool = False
    unpaid_only: bool = False


@cache
def everyday_crossings() -> frozenset[tuple[str, str]]:
    """Outside any programme: to another sector, and within the public sector to another field."""
    return frozenset(
        (source, target)
        for source in Field.values
        for target in Field.values
        if source != target and (SECTOR_OF_FIELD[source] != SECTOR_OF_FIELD[target] or _both_public(source, target))
    )


def _both_public(source: str, target: str) -> bool:
    return SECTOR_OF_FIELD[source] == SECTOR_OF_FIELD[target] == Sector.PUBLIC


def terms_of(a_round: Round) -> Terms:
    """What a round's programme says."""
    programme = a_round.programme
    return Terms(
        offers=open_in(a_round),
        crossings=frozenset((source, target) for source, target in programme.crossings),
        first=a_round.starts_on,
        last=a_round.ends_on,
        days=programme.days,
        most_km=programme.most_km,
        pays_pence=programme.pays_pence,
        pays_cover_pence=programme.pays_cover_pence,
        checks=programme.checks,
        answer_days=programme.answer_days,
        weights=as_told(a_round.weights),
    )


def weeks_ahead(at: datetime) -> list[date]:
    """The Mondays among which somebody outside any round chooses."""
    today = clock.today(at)
    return list(mondays(today, today + WINDOW))


def outlook_in_round(
    participation: Participation, *, most: int, at: datetime, only: HostOffer | None = None
) -> engine.Outlook:
    """The best hosts at this moment for somebody who takes part in a round, as its rules have it; or one host `only`.

    Expects the round's programme, and the person's organisation with its place.
    """
    a_round = participation.round
    terms = terms_of(a_round)
    if only is not None:
        terms = replace(terms, offers=terms.offers.filter(pk=only.pk))
    known = People(a_round, [participation])
    apart = Adjustment.objects.standing_in(a_round).filter(participation=participation, kind=AdjustmentKind.FORBID)
    return _outlook(
        partial(known.person, participation),
        participation.membership,
        terms,
        elsewhere=known.elsewhere(participation),
        apart=list(apart.values_list("offer", flat=True)),
        most=most,
        at=at,
    )


def weeks_for_two(participation: Participation, offer: HostOffer, *, at: datetime) -> list[date]:
    """The Mondays of the weeks that suit this person and this host, with a place left; none where rules refuse it."""
    best = outlook_in_round(participation, most=1, at=at, only=offer).best
    return [monday_of(week) for week in best[0].weeks] if best else []


def said_last(membership: Membership) -> Participation | None:
    """What this person told the last round that they joined."""
    said = Participation.objects.filter(membership__user=membership.user_id).prefetch_related("avoids")
    return said.order_by("-said_at", "-id").first()


def outlook_outside(
    membership: Membership, wanted: Wanted, *, said: Participation | None, most: int, at: datetime
) -> engine.Outlook:
    """The best hosts at this moment for somebody outside any round.

    What they need of a place and whom they must not meet is never asked for in an address: what they `said` last, when
    they joined a round, still holds.
    """
    today = clock.today(at)
    terms = Terms(
        offers=HostOffer.objects.open(),
        crossings=everyday_crossings(),
        first=today,
        last=today + WINDOW,
        pays_pence=0 if wanted.unpaid_only else ANY_PAYMENT,
    )
    visits = Visits([membership.user_id], terms.first, terms.last)
    return _outlook(
        partial(_person_outside, membership, wanted, said, visits.met[membership.user_id]),
        membership,
        terms,
        elsewhere=visits.elsewhere[membership.user_id],
        apart=(),
        most=most,
        at=at,
    )


def _person_outside(
    membership: Membership,
    wanted: Wanted,
    said: Participation | None,
    met: Collection[int],
    hosts: frozenset[str],
    offered: Collection[int],
) -> told.Person:
    home = membership.organisation
    avoided = Avoided([said] if said else [])
    return told.Person(
        id=MYSELF,
        organisation_id=organisation_key(home.pk),
        field=home.field,
        sector=home.sector,
        weeks=frozenset(week_number(monday) for monday in wanted.weeks),
        point=point_of(home),
        max_km=wanted.most_km,
        in_person_ok=wanted.in_person,
        remote_ok=wanted.online,
        wants=frozenset(wanted.wants),
        access_needs=frozenset(said.access_needs if said else ()),
        met=frozenset(organisation_key(each) for each in met),
        avoids_people=avoided.people(said) if said else frozenset(),
        avoids_organisations=avoided.organisations(said) if said else frozenset(),
        funds=hosts if wanted.has_tie else frozenset(),
    )


def _outlook(
    person_among: PersonAmong,
    membership: Membership,
    terms: Terms,
    *,
    elsewhere: Collection[date],
    apart: Collection[int],
    most: int,
    at: datetime,
) -> engine.Outlook:
    with nothing_collected():
        problem = _problem(person_among, membership, terms, elsewhere, apart, at)
        [person] = problem.people
        return engine.outlook(problem, person.id, most=most)


def _problem(
    person_among: PersonAmong,
    membership: Membership,
    terms: Terms,
    elsewhere: Collection[date],
    apart: Collection[int],
    at: datetime,
) -> told.Problem:
    """What a round with nobody else in it would be asked."""
    home, today = membership.organisation, clock.today(at)
    targets = {target for source, target in terms.crossings if source == home.field}
    # Exactly what the rules of crossing and of one's own organisation refuse, and nothing could change it.
    offers = terms.offers.filter(organisation__field__in=targets).exclude(organisation=home).order_by("pk")
    rows = [Row(*columns) for columns in offers.values_list(*COLUMNS)]
    hosts = frozenset(organisation_key(row.organisation) for row in rows)
    person = person_among(hosts, {row.pk for row in rows})
    open_weeks = free_weeks(
        [
            Dates(
                row.pk,
                row.dating,
                row.places,
                row.usual_weekdays,
                {*row.months_to_avoid, *row.host_months_to_avoid},
                row.notice_days,
                division_of(row.place_code or ""),
                row.most_visits_per_quarter is not None,
            )
            for row in rows
        ],
        _held(offers, terms),
        first=terms.first,
        last=terms.last,
        days=terms.days,
        elsewhere=elsewhere,
        at=at,
    )
    emails = {membership.user.email} if membership.user.email else set()
    return told.Problem(
        people=(person,),
        slots=tuple(
            _slot(
                row,
                places,
                terms,
                frozenset({person.id}) if emails.intersection(row.asks_for) else frozenset(),
                today,
            )
            for row, places in zip(rows, open_weeks, strict=True)
        ),
        organisations=tuple(_organisations(rows, home, terms)),
        rules=told.Rules(
            crossings=terms.crossings,
            criteria=(told.PLACED, told.FIT),
            first_week=week_number(today),
            quarters=tuple(map(first_week_of, quarters_between(terms.first, terms.last))),
            max_km=terms.most_km,
            pays_up_to_pence=terms.pays_pence,
            pays_cover_up_to_pence=terms.pays_cover_pence,
            forbidden=frozenset((person.id, offer_key(offer)) for offer in apart),
        ),
        weights=terms.weights,
    )


def _held(offers: HostOfferQuerySet, terms: Terms) -> Iterator[Held]:
    """The days that named days or bookings make other than usual, as numbers in arrays: there are very many."""
    days = Func(
        F("date"), Value(terms.first), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )
    free = Q(offer__dating=Dating.DATED, booked__lt=F("places"))
    held = (
        OfferSession.objects.filter(offer__in=offers.order_by().values("pk"), date__range=(terms.first, terms.last))
        .order_by()
        .values_list("offer")
        .annotate(
            free=ArrayAgg(days, filter=free, default=Value([])),
            full=ArrayAgg(days, filter=Q(booked__gte=F("places")), default=Value([])),
        )
    )
    return (Held(*each) for each in held)


def _slot(row: Row, places: Mapping[int, int], terms: Terms, asked_for: frozenset[str], today: date) -> told.Slot:
    return told.Slot(
        id=offer_key(row.pk),
        organisation_id=organisation_key(row.organisation),
        field=row.field,
        sector=row.sector,
        places=places,
        point=_point(row),
        in_person=row.mode == Mode.IN_PERSON,
        remote=row.mode == Mode.REMOTE,
        tags=_just(row.field),
        access=_just(*row.meets),
        checks=weeks_needed({*row.checks, *terms.checks}, answer_days=terms.answer_days, today=today),
        payment_pence=row.payment_pence or 0,
        accepts_funders=row.accepts_ties,
        people=_just(user_key(row.created_by)),
        asked_for=asked_for,
    )


# Thousands of offers share a few of each of these.


@lru_cache(maxsize=4096)
def _just(*names: str) -> frozenset[str]:
    return frozenset(names)


def _point(row: Row) -> told.Point | None:
    """The organisation's own, else its place's."""
    for latitude, longitude in ((row.latitude, row.longitude), (row.place_latitude, row.place_longitude)):
        if latitude is not None and longitude is not None:
            return _projected(latitude, longitude)
    return None


@lru_cache(maxsize=4096)
def _projected(latitude: float, longitude: float) -> told.Point:
    return told.Point.from_degrees(latitude, longitude)


def _organisations(rows: Sequence[Row], home: Organisation, terms: Terms) -> Iterator[told.Organisation]:
    """Bookings are counted only of those that have a limit."""
    hosts = {row.organisation: row for row in rows}
    limited = [
        key
        for key, row in hosts.items()
        if row.most_visits_per_week is not None or row.most_visits_per_quarter is not None
    ]
    booked = Booked([*limited, home.pk], terms.first, terms.last)
    yield told.Organisation(
        id=organisation_key(home.pk), away_per_week=home.most_away_per_week, booked_away=booked.away(home.pk)
    )
    for key, row in hosts.items():
        yield told.Organisation(
            id=organisation_key(key),
            small=row.size in SMALL,
            visits_per_week=row.most_visits_per_week,
            visits_per_quarter=row.most_visits_per_quarter,
            booked_visits=booked.visits(
                key, a_week=row.most_visits_per_week is not None, a_quarter=row.most_visits_per_quarter is not None
            ),
        )
