"""/visits/: the list of offers."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.states import Field, OrganisationState
from secondments.models import OfferSession
from secondments.states import Mode, OfferState
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_offer, make_organisation, make_place

pytestmark = pytest.mark.django_db


def listed(client: Client, **asked: Any) -> list[str]:
    page = client.get(reverse("offers"), asked).content.decode()
    return re.findall(r'app-card__title"><a class="govuk-link" href="[^"]*">([^<]*)<', page)


def test_anyone_sees_what_is_open(cast: Cast, client: Client) -> None:
    for state in (OfferState.DRAFT, OfferState.PAUSED, OfferState.CLOSED):
        make_offer(cast.elsewhere, cast.outsider, title=f"A {state} offer", state=state)
    suspended = make_organisation(state=OrganisationState.SUSPENDED)
    make_offer(suspended, cast.host, title="Of a suspended organisation")
    assert listed(client) == [cast.offer.title]
    page = client.get(reverse("offers")).content.decode()
    assert "Next free day: Monday 18 January" in page
    assert "No payment is asked" in page


def test_the_next_free_day_keeps_the_notice_that_the_host_wants(cast: Cast, client: Client) -> None:
    cast.offer.notice_days = 15
    cast.offer.save()
    assert "Next free day: Monday 25 January" in client.get(reverse("offers")).content.decode()
    cast.offer.notice_days = 14
    cast.offer.save()
    assert "Next free day: Monday 18 January" in client.get(reverse("offers")).content.decode()


def test_by_words_of_the_offer_or_of_its_organisation(cast: Cast, client: Client) -> None:
    ward = make_offer(cast.elsewhere, cast.outsider, title="On the ward", what_you_will_see="Discharge meetings.")
    assert listed(client, q="discharging") == [ward.title]
    assert listed(client, q="Elsewhere Trust") == [ward.title]
    assert listed(client, q="nothing like it") == []


def test_by_place_or_postcode(cast: Cast, client: Client) -> None:
    bolton = make_place("Bolton")
    there = make_offer(make_organisation(place=bolton), cast.host, title="In Bolton")
    assert listed(client, place="Bolton") == [there.title]
    page = client.get(reverse("offers"), {"place": "Nowhere-on-Sea"}).content.decode()
    assert "We do not know this place" in page


def test_by_a_place_also_its_parts_and_whom_it_is_served_by(cast: Cast, client: Client) -> None:
    region = make_place("Greater Place")
    part = make_organisation(place=make_place("Part of it", parent=region))
    serving = make_organisation(place=make_place("Elsewhere"))
    serving.areas_served.add(region)
    both = make_organisation(place=region)
    both.areas_served.add(region)
    offers = {make_offer(each, cast.host, title=f"Of {each}").title for each in (part, serving, both)}
    found = listed(client, place="Greater Place")
    assert len(found) == 3
    assert set(found) == offers


def test_counting_ends_somewhere(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnerships.ground.paging.MOST", 2)
    for _ in range(3):
        make_offer(cast.elsewhere, cast.outsider)
    page = client.get(reverse("offers")).content.decode()
    assert "More than 2 places to visit" in page
    assert len(listed(client)) == 2


def test_by_sector_field_and_how(cast: Cast, client: Client) -> None:
    online = make_offer(cast.elsewhere, cast.outsider, title="Online", mode=Mode.REMOTE)
    assert listed(client, sector="public") == [online.title]
    assert listed(client, field=Field.HEALTH) == [online.title]
    assert listed(client, mode=Mode.REMOTE) == [online.title]
    assert listed(client, sector="vcse") == [cast.offer.title]


def test_by_month(cast: Cast, client: Client) -> None:
    asked = make_offer(cast.elsewhere, cast.outsider, title="Ask us", months_to_avoid=[1])
    assert listed(client, month="2027-01") == [cast.offer.title]
    assert listed(client, month="2027-06") == [asked.title]
    OfferSession.objects.filter(offer=cast.offer, date__lt=date(2027, 2, 1)).update(booked=1)
    assert listed(client, month="2027-01") == []


def test_an_empty_search_says_what_to_do(cast: Cast, client: Client) -> None:
    assert "Try fewer words" in client.get(reverse("offers"), {"q": "zebra"}).content.decode()
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    assert "No place to visit yet" in client.get(reverse("offers")).content.decode()


def test_a_coordinator_is_shown_the_way_to_an_offer_of_their_own(cast: Cast, client: Client) -> None:
    assert reverse("offer-new") not in client.get(reverse("offers")).content.decode()
    assert reverse("offer-new") in enter(cast.host).get(reverse("offers")).content.decode()


def test_it_costs_the_same_for_one_and_for_many(cast: Cast, client: Client) -> None:
    client.get(reverse("offers"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("offers"))
    for _ in range(10):
        make_offer(make_organisation(), cast.host, sessions=4)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("offers"))
    assert len(one) == len(many) <= 15
