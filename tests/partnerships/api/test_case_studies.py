"""/api/v1/case-studies/."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.states import CaseStudyState
from tests.api import names, read
from tests.cast import Cast
from tests.factories import AT, make_story

URL = "/api/v1/case-studies/"


@pytest.mark.parametrize("state", [CaseStudyState.DRAFT, CaseStudyState.WAITING, CaseStudyState.WITHDRAWN])
def test_only_published_ones_are_told(client: Client, cast: Cast, state: str) -> None:
    hidden = make_story(cast.curator, cast.council, state=state)
    assert names(read(client, URL)) == []
    read(client, reverse("api-case-study", args=[hidden.slug]), 404)


def test_the_newest_comes_first_and_filters_hold(client: Client, cast: Cast) -> None:
    make_story(cast.curator, cast.council, cast.advice, title="Older", what_went_well="The lease was read.")
    make_story(cast.curator, cast.council, cast.cvs, title="Newer", published_at=AT + timedelta(days=3))
    assert names(read(client, URL)) == ["Newer", "Older"]
    assert names(read(client, URL, q="leases")) == ["Older"]
    assert names(read(client, URL, organisation=cast.advice.slug)) == ["Older"]
    assert names(read(client, URL, sector="vcse")) == ["Newer", "Older"]
    assert names(read(client, URL, field="health")) == []
    assert cast.advice.place
    assert names(read(client, URL, place=cast.advice.place.code)) == ["Older"]
    assert names(read(client, URL, published_since="2027-01-06")) == ["Newer"]
    read(client, URL, 400, published_since="yesterday")


def test_a_story_with_two_that_fit_is_told_once(client: Client, cast: Cast) -> None:
    make_story(cast.curator, cast.advice, cast.cvs)
    assert read(client, URL, sector="vcse")["count"] == 1
