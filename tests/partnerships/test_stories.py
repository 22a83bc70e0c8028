"""/stories/: what went really well."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerships.states import CaseStudyState
from partnerships.views import stories as views
from tests.cast import Cast
from tests.factories import make_organisation, make_story

URL = "/stories/"


def shown(client: Client, **asked: str) -> str:
    response = client.get(URL, asked)
    assert response.status_code == 200
    return response.content.decode()


def test_everybody_sees_published_stories_and_no_others(client: Client, cast: Cast) -> None:
    make_story(cast.curator, cast.council, cast.advice, title="The desk that moved")
    for state in (CaseStudyState.DRAFT, CaseStudyState.WAITING, CaseStudyState.WITHDRAWN):
        make_story(cast.curator, cast.council, title="Hidden", state=state)
    page = shown(client)
    assert "The desk that moved" in page
    assert "Test Council, Test Advice" in page or "Test Advice, Test Council" in page
    assert "Hidden" not in page
    assert "Write a story" not in page


def test_a_curator_sees_what_is_being_prepared(client: Client, cast: Cast) -> None:
    make_story(cast.curator, cast.council, title="Half written", state=CaseStudyState.DRAFT)
    client.force_login(cast.curator)
    page = shown(client)
    assert "Half written" in page
    assert "Write a story" in page


@pytest.mark.parametrize("who", ["host", "home_coordinator", "administrator", "broker"])
def test_others_do_not(client: Client, cast: Cast, who: str) -> None:
    make_story(cast.curator, cast.council, title="Half written", state=CaseStudyState.DRAFT)
    client.force_login(getattr(cast, who))
    assert "Half written" not in shown(client)


def test_it_is_searched_by_words(client: Client, cast: Cast) -> None:
    make_story(cast.curator, cast.council, title="Street lights", what_others_can_copy="Walk home together.")
    make_story(cast.curator, cast.council, title="Leases")
    assert "Street lights" in shown(client, q="walking")
    assert "Leases" not in shown(client, q="walking")
    assert "Nothing found" in shown(client, q="unicycle")
    assert "Street lights" in shown(client, q="\x00")


def test_an_empty_list_says_what_will_be_here(client: Client, db: None) -> None:
    assert "No stories yet" in shown(client)


def test_ten_stories_cost_as_many_queries_as_one(client: Client, cast: Cast) -> None:
    make_story(cast.curator, cast.council, cast.advice)
    with CaptureQueriesContext(connection) as one:
        shown(client)
    for _ in range(9):
        make_story(cast.curator, make_organisation(), make_organisation())
    with CaptureQueriesContext(connection) as ten:
        shown(client)
    assert len(ten) == len(one)


@pytest.mark.parametrize("state", [CaseStudyState.PUBLISHED, CaseStudyState.DRAFT])
def test_ten_cost_a_curator_as_many_queries_as_one(client: Client, cast: Cast, state: str) -> None:
    client.force_login(cast.curator)
    make_story(cast.curator, cast.council, cast.advice, state=state)
    shown(client)
    with CaptureQueriesContext(connection) as one:
        shown(client)
    for _ in range(9):
        make_story(cast.curator, make_organisation(), make_organisation(), state=state)
    with CaptureQueriesContext(connection) as ten:
        shown(client)
    assert len(ten) == len(one)


def test_what_is_not_published_has_pages_of_its_own(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "DESK_SIZE", 2)
    for number in range(3):
        make_story(cast.curator, cast.council, title=f"Half written {number}", state=CaseStudyState.DRAFT)
    client.force_login(cast.curator)
    assert "Half written 0" not in shown(client)
    assert "Half written 0" in shown(client, desk="2")


def test_it_only_reads(client: Client, db: None) -> None:
    assert client.post(URL).status_code == 405
