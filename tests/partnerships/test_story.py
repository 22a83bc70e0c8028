"""/stories/<slug>/: one story, and for its curator where it stands."""

from __future__ import annotations

import pytest
from django.test import Client

from partnerships.models import CaseStudy, User
from partnerships.states import CaseStudyState, ConsentState
from tests.cast import Cast
from tests.factories import make_organisation, make_story


def page(client: Client, story: CaseStudy, user: User | None = None, status: int = 200) -> str:
    if user:
        client.force_login(user)
    response = client.get(story.get_absolute_url())
    assert response.status_code == status
    return response.content.decode()


def test_everybody_reads_a_published_story(client: Client, cast: Cast) -> None:
    words = page(client, make_story(cast.curator, cast.council, cast.advice))
    for said in ("People were seen on the day", "Both sides gave the same hours", "one morning a week", "Test Advice"):
        assert said in words
    assert cast.curator.name not in words
    assert "Withdraw" not in words


@pytest.mark.parametrize("state", [CaseStudyState.DRAFT, CaseStudyState.WAITING, CaseStudyState.WITHDRAWN])
@pytest.mark.parametrize("who", [None, "visitor", "outsider", "broker", "administrator"])
def test_nobody_else_reads_what_is_not_published(client: Client, cast: Cast, state: str, who: str | None) -> None:
    story = make_story(cast.curator, cast.council, state=state, consent=ConsentState.ASKED)
    page(client, story, getattr(cast, who) if who else None, status=404)


def test_a_coordinator_who_is_asked_reads_it_while_it_waits(client: Client, cast: Cast) -> None:
    waiting = make_story(cast.curator, cast.council, state=CaseStudyState.WAITING, consent=ConsentState.ASKED)
    page(client, waiting, cast.home_coordinator)
    not_asked = make_story(cast.curator, cast.council, state=CaseStudyState.WAITING, consent=ConsentState.NOT_ASKED)
    page(client, not_asked, cast.home_coordinator, status=404)


def test_the_curator_sees_whose_yes_is_missing(client: Client, cast: Cast) -> None:
    story = make_story(
        cast.curator, cast.council, cast.advice, state=CaseStudyState.WAITING, consent=ConsentState.ASKED
    )
    story.consents.filter(organisation=cast.council).update(state=ConsentState.GIVEN)
    words = page(client, story, cast.curator)
    assert "Test Advice has not answered yet." in words
    assert "Test Council has not answered" not in words
    assert "Publish the story" not in words


def test_the_one_button_is_there_once_everybody_said_yes(client: Client, cast: Cast) -> None:
    story = make_story(cast.curator, cast.council, cast.advice, state=CaseStudyState.WAITING)
    assert "Publish the story" in page(client, story, cast.curator)


def test_an_organisation_that_nobody_coordinates_is_named(client: Client, cast: Cast) -> None:
    lonely = make_organisation("Lonely Shed")
    story = make_story(cast.curator, lonely, state=CaseStudyState.DRAFT, consent=ConsentState.NOT_ASKED)
    assert "Nobody can say yes for Lonely Shed here yet" in page(client, story, cast.curator)


def test_what_was_typed_is_escaped(client: Client, cast: Cast) -> None:
    story = make_story(cast.curator, cast.council, title="<script>alert(1)</script>", what_went_well="<i>x</i>")
    words = page(client, story)
    assert "<script>alert" not in words
    assert "<i>x" not in words
