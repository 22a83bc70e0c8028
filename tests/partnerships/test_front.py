"""/: the first page of a visitor."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from partnerships.models import CaseStudy, Consent
from partnerships.states import CaseStudyState, ConsentState
from secondments.models import Placement
from secondments.states import HowBegan, PlacementState, Tie
from tests.cast import Cast
from tests.factories import AT, make_membership, make_need, make_user

pytestmark = pytest.mark.django_db


def make_story(cast: Cast, number: int, state: str = CaseStudyState.PUBLISHED) -> CaseStudy:
    story = CaseStudy.objects.create(
        slug=f"story-{number}",
        title=f"Story {number}",
        summary="They met.",
        what_went_well="x",
        what_made_it_work="x",
        what_others_can_copy="x",
        state=state,
        written_by=cast.curator,
        created_at=AT,
        published_at=AT,
    )
    for organisation in (cast.council, cast.advice):
        Consent.objects.create(case_study=story, organisation=organisation, state=ConsentState.GIVEN)
    return story


def test_it_is_whole_with_nothing_in_the_house(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Spend a day in each other’s shoes" in page
    assert "app-figures" not in page


def test_figures_are_counted(client: Client, cast: Cast) -> None:
    make_need(cast.advice, cast.host)
    page = client.get("/").content.decode()
    assert "organisation welcomes a visitor" in page
    assert "skill asked for now" in page


def test_figures_are_counted_once_in_a_few_minutes(client: Client, cast: Cast, settings: Settings) -> None:
    settings.FIGURES_SECONDS = 300
    caches["quick"].delete(f"figures-{settings.LANGUAGE_CODE}")
    make_need(cast.advice, cast.host)
    assert "skill asked for now" in client.get("/").content.decode()
    make_need(cast.advice, cast.host)
    with CaptureQueriesContext(connection) as queries:
        assert "skill asked for now" in client.get("/").content.decode()
    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"] and "skillneed" in query["sql"]]
    caches["quick"].delete(f"figures-{settings.LANGUAGE_CODE}")
    assert "skills asked for now" in client.get("/").content.decode()


def test_visits_are_told_of_five_people_and_more(client: Client, cast: Cast) -> None:
    for number in range(1, 6):
        person = make_user()
        membership = make_membership(person, cast.council)
        Placement.objects.create(
            offer=cast.offer,
            visitor=person,
            home=cast.council,
            membership=membership,
            asked_by=person,
            how_began=HowBegan.BOOKED,
            learn="x",
            tie=Tie.NONE,
            state=PlacementState.COMPLETED,
            requested_at=AT,
            answer_by=AT,
        )
        assert ("visits to the other sector" in client.get("/").content.decode()) is (number == 5)


def test_published_stories_are_told(client: Client, cast: Cast) -> None:
    make_story(cast, 1)
    make_story(cast, 2, CaseStudyState.WAITING)
    page = client.get("/").content.decode()
    assert "Story 1" in page
    assert "Story 2" not in page


def test_it_costs_the_same_for_one_story_and_for_many(client: Client, cast: Cast) -> None:
    make_story(cast, 0)
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for number in range(1, 10):
        make_story(cast, number)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(few)
