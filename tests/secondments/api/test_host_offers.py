"""/api/v1/host-offers/."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from partnerships.ground import clock
from partnerships.states import OrganisationState
from secondments.models import HostOffer
from secondments.states import Half, Mode, OfferState
from tests.api import names, read
from tests.cast import Cast
from tests.factories import AT, make_offer, make_organisation, make_session

URL = "/api/v1/host-offers/"


@pytest.fixture(autouse=True)
def _only_these(cast: Cast) -> None:
    HostOffer.objects.all().delete()


@pytest.mark.parametrize("state", [OfferState.DRAFT, OfferState.PAUSED, OfferState.CLOSED])
def test_only_open_ones_are_told(client: Client, cast: Cast, state: str) -> None:
    hidden = make_offer(cast.advice, cast.host, state=state)
    make_offer(make_organisation(state=OrganisationState.SUSPENDED), cast.host)
    assert names(read(client, URL)) == []
    read(client, reverse("api-host-offer", args=[hidden.slug]), 404)


def test_the_newest_comes_first_and_filters_hold(client: Client, cast: Cast) -> None:
    make_offer(cast.advice, cast.host, title="Front desk", what_you_will_see="The queue.", sessions=2)
    make_offer(
        cast.council,
        cast.host,
        title="Council chamber",
        what_you_will_see="How money is decided.",
        mode=Mode.REMOTE,
        payment_pence=12000,
        published_at=AT + timedelta(days=3),
    )
    assert names(read(client, URL)) == ["Council chamber", "Front desk"]
    assert names(read(client, URL, q="queues")) == ["Front desk"]
    assert names(read(client, URL, organisation=cast.advice.slug)) == ["Front desk"]
    assert names(read(client, URL, sector="public")) == ["Council chamber"]
    assert names(read(client, URL, field="voluntary")) == ["Front desk"]
    assert names(read(client, URL, mode="remote")) == ["Council chamber"]
    assert names(read(client, URL, dating="dated")) == ["Front desk"]
    assert names(read(client, URL, payment="true")) == ["Council chamber"]
    assert names(read(client, URL, payment="false")) == ["Front desk"]
    assert names(read(client, URL, published_since="2027-01-06")) == ["Council chamber"]
    read(client, URL, 400, payment="some")


def test_free_half_days_are_told_and_how_many_are_booked_is_not(client: Client, cast: Cast) -> None:
    offer = make_offer(cast.advice, cast.host)
    tomorrow = clock.today() + timedelta(days=1)
    make_session(offer, clock.today() - timedelta(days=1))
    make_session(offer, tomorrow, places=2)
    make_session(offer, tomorrow, Half.AFTERNOON)
    offer.sessions.filter(half=Half.AFTERNOON).update(booked=F("places"))
    assert read(client, URL)["results"][0]["free"] == [{"date": tomorrow.isoformat(), "half": "am"}]
