"""`make bench-best-hosts`: how long somebody waits for the hosts that suit them now, among 50, 500 and 5,000 offers.

All offers stand around one town, so that as many as can be have to be weighed. Half of them name their days.
"""

from __future__ import annotations

import random
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from partnerships.models import Organisation, Place
from partnerships.states import SECTOR_OF_FIELD, Field, OrganisationState, PlaceKind
from secondments.models import HostOffer, OfferSession
from secondments.states import CheckKind, Dating, Half, OfferState
from tests.bench.desk import measured
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT

pytestmark = pytest.mark.django_db

SIZES = (50, 500, 5000)
OFFERS_A_HOST = 2
WEEKS = 10
FIELDS = (Field.VOLUNTARY, Field.COMMUNITY, Field.HEALTH, Field.POLICING)


def open_offers(cast: Cast, many: int) -> None:
    """So many more, of hosts that have limits or not, on named days of which half are taken, or "ask us"."""
    draw = random.Random(many)  # noqa: S311  # nothing secret is drawn
    places = Place.objects.bulk_create(
        Place(
            name=f"Town {many} {number}",
            kind=PlaceKind.COUNCIL,
            code=f"B{many:05}{number:03}",
            latitude=53.3 + draw.random() / 2,
            longitude=-2.6 + draw.random() * 0.8,
        )
        for number in range(30)
    )
    fields = [draw.choice(FIELDS) for _number in range(many // OFFERS_A_HOST)]
    hosts = Organisation.objects.bulk_create(
        Organisation(
            name=f"Host {many} {number}",
            slug=f"host-{many}-{number}",
            field=field,
            sector=SECTOR_OF_FIELD[field],
            state=OrganisationState.VERIFIED,
            what_it_does="Advice at a front desk.",
            place=draw.choice(places),
            most_visits_per_week=draw.choice([None, None, 1]),
            created_at=AT,
        )
        for number, field in enumerate(fields)
    )
    offers = HostOffer.objects.bulk_create(
        HostOffer(
            organisation=host,
            slug=f"{host.slug}-{dating.value}",
            title=f"A day at {host.name}",
            what_you_will_see="The queue at the door.",
            dating=dating,
            usual_weekdays=[] if dating == Dating.DATED else [0, 2],
            months_to_avoid=[] if dating == Dating.DATED else [8],
            checks=[CheckKind.CONFIDENTIALITY],
            state=OfferState.PUBLISHED,
            created_by=cast.host,
            created_at=AT,
            published_at=AT,
        )
        for host in hosts
        for dating in Dating
    )
    OfferSession.objects.bulk_create(
        OfferSession(
            offer=offer,
            date=AT.date() + timedelta(days=14, weeks=week),
            half=half,
            places=1,
            booked=draw.randrange(2),
        )
        for offer in offers
        if offer.dating == Dating.DATED
        for week in range(WEEKS)
        for half in Half
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_best_hosts(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    """One table; nothing here fails for being slow."""
    browser, address = enter(cast.visitor), reverse("offers-for-me")
    rows, there = [], HostOffer.objects.count()
    for many in SIZES:
        open_offers(cast, many - there)
        there = HostOffer.objects.count()
        ms, statements, status = measured(browser, address)
        assert status == 200
        rows.append((there, ms, statements))
    with capsys.disabled():
        sys.stdout.write("\n| open offers | in the server | statements |\n|---:|---:|---:|\n")
        for there, ms, statements in rows:
            sys.stdout.write(f"| {there:,} | {ms:.0f} ms | {statements} |\n")
