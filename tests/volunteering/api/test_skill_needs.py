"""/api/v1/skill-needs/."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.ground import clock
from partnerships.states import OrganisationState
from tests.api import names, read
from tests.cast import Cast
from tests.factories import AT, make_need, make_organisation
from volunteering.states import NeedState

URL = "/api/v1/skill-needs/"


@pytest.mark.parametrize("state", [NeedState.DRAFT, NeedState.MET, NeedState.WITHDRAWN])
def test_only_open_ones_are_told(client: Client, cast: Cast, state: str) -> None:
    hidden = make_need(cast.advice, cast.host, state=state)
    make_need(make_organisation(state=OrganisationState.SUSPENDED), cast.host)
    make_need(cast.advice, cast.host, needed_by=clock.today() - timedelta(days=1))
    assert names(read(client, URL)) == []
    read(client, reverse("api-skill-need", args=[hidden.uuid]), 404)
    read(client, reverse("api-skill-need", args=[uuid4()]), 404)


def test_the_newest_comes_first_and_filters_hold(client: Client, cast: Cast) -> None:
    make_need(cast.advice, cast.host, title="Older", what_would_help="Leases.", minutes=120, online=False)
    make_need(cast.council, cast.host, title="Newer", minutes=420, published_at=AT + timedelta(days=3))
    assert names(read(client, URL)) == ["Newer", "Older"]
    assert names(read(client, URL, q="lease")) == ["Older"]
    assert names(read(client, URL, organisation=cast.council.slug)) == ["Newer"]
    assert names(read(client, URL, sector="public")) == ["Newer"]
    assert names(read(client, URL, field="voluntary")) == ["Older"]
    assert names(read(client, URL, online="true")) == ["Newer"]
    assert names(read(client, URL, online="false")) == ["Older"]
    assert names(read(client, URL, online="")) == ["Newer", "Older"]
    assert names(read(client, URL, most_minutes="120")) == ["Older"]
    assert names(read(client, URL, published_since="2027-01-06")) == ["Newer"]
    assert cast.advice.place
    assert names(read(client, URL, place=cast.advice.place.code)) == ["Older"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("online", "maybe"),
        ("most_minutes", "0"),
        ("most_minutes", "1.5"),
        ("most_minutes", "NaN"),
        ("published_since", "x"),
    ],
)
def test_values_that_cannot_be(client: Client, db: None, parameter: str, value: str) -> None:
    assert read(client, URL, 400, **{parameter: value})["errors"][0]["parameter"] == parameter
