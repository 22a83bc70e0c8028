"""/skills/: what organisations ask for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import clock
from partnerships.states import OrganisationState
from tests.cast import Cast
from tests.factories import make_need, make_organisation, make_place
from volunteering.states import NeedState

URL = "/skills/"


def shown(client: Client, **asked: str) -> str:
    response = client.get(reverse("needs"), asked)
    assert response.status_code == 200
    return response.content.decode()


def test_everybody_sees_open_needs(client: Client, cast: Cast) -> None:
    make_need(cast.advice, cast.host, title="Make sense of our figures")
    page = shown(client)
    assert "Make sense of our figures" in page
    assert "Test Advice" in page
    assert "1 open request" in page


def test_drafts_and_what_is_met_or_withdrawn_are_not_listed(client: Client, cast: Cast) -> None:
    for state in (NeedState.DRAFT, NeedState.MET, NeedState.WITHDRAWN):
        make_need(cast.advice, cast.host, title=f"Hidden {state}", state=state)
    client.force_login(cast.host)
    assert "Hidden" not in shown(client)


def test_a_need_of_an_organisation_that_may_not_act_is_not_listed(client: Client, cast: Cast) -> None:
    make_need(make_organisation(state=OrganisationState.SUSPENDED), cast.host, title="Hidden")
    assert "Hidden" not in shown(client)


def test_a_need_whose_day_has_passed_is_not_listed(client: Client, cast: Cast) -> None:
    today = clock.today()
    make_need(cast.advice, cast.host, title="Too late", needed_by=today - timedelta(days=1))
    make_need(cast.advice, cast.host, title="Today still", needed_by=today)
    page = shown(client)
    assert "Too late" not in page
    assert "Today still" in page


def test_it_is_searched_by_words_place_and_online(client: Client, cast: Cast) -> None:
    region = make_place("North West", kind="region")
    bolton = make_organisation("Lantern", place=make_place("Bolton", parent=region))
    make_need(bolton, cast.host, title="Sorting shelves", online=False)
    make_need(cast.advice, cast.host, title="Conduct policies", online=True)
    assert "Sorting shelves" in shown(client, q="sorted")
    assert "Conduct policies" not in shown(client, q="sorted")
    assert "Sorting shelves" in shown(client, place="bolton")
    assert "Sorting shelves" in shown(client, place="North West")
    assert "Conduct policies" not in shown(client, place="bolton")
    assert "Sorting shelves" not in shown(client, online="on")


@pytest.mark.parametrize("words", ["\x00", "(((", "a" * 101, "'; drop", "%"])
def test_odd_words_break_nothing(client: Client, cast: Cast, words: str) -> None:
    shown(client, q=words)
    shown(client, place=words)


def test_nothing_found_and_nothing_there_say_different_things(client: Client, db: None) -> None:
    assert "Nobody asks for a skill at the moment" in shown(client)
    assert "Nothing found" in shown(client, q="plumber")


def test_a_page_that_is_not_there_shows_the_nearest(client: Client, cast: Cast) -> None:
    make_need(cast.advice, cast.host, title="The only one")
    assert "The only one" in shown(client, page="999")
    assert "The only one" in shown(client, page="x")


def test_counting_ends_somewhere(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnerships.ground.paging.MOST", 2)
    for _ in range(3):
        make_need(cast.advice, cast.host)
    assert "More than 2 open requests" in shown(client)


def test_ten_needs_cost_as_many_queries_as_one(client: Client, cast: Cast) -> None:
    make_need(cast.advice, cast.host)
    with CaptureQueriesContext(connection) as one:
        shown(client)
    for _ in range(9):
        organisation = make_organisation()
        make_need(organisation, cast.host)
    with CaptureQueriesContext(connection) as ten:
        shown(client)
    assert len(ten) == len(one)


def test_it_only_reads(client: Client, db: None) -> None:
    assert client.post(URL).status_code == 405
