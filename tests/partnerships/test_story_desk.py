"""/stories/<slug>/change|ask|publish|withdraw/: what a curator does with a story."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.ground.models import Event, OutboxMail
from partnerships.models import CaseStudy
from partnerships.states import CaseStudyState, ConsentState
from tests.cast import Cast
from tests.factories import make_organisation, make_story
from tests.partnerships.test_story_new import TYPED


def send(client: Client, story: CaseStudy, verb: str, status: int = 302, /, **typed: str) -> str:
    response = client.post(reverse(f"story-{verb}", args=[story.slug]), typed)
    assert response.status_code == status
    story.refresh_from_db()
    return response.content.decode()


def states(story: CaseStudy) -> dict[str, str]:
    return dict(story.consents.values_list("organisation__name", "state"))


@pytest.fixture
def draft(cast: Cast, client: Client) -> CaseStudy:
    client.force_login(cast.curator)
    return make_story(
        cast.curator, cast.council, cast.advice, state=CaseStudyState.DRAFT, consent=ConsentState.NOT_ASKED
    )


def test_asking_mails_every_coordinator_once(client: Client, cast: Cast, draft: CaseStudy) -> None:
    send(client, draft, "ask")
    assert draft.state == CaseStudyState.WAITING
    assert set(states(draft).values()) == {ConsentState.ASKED}
    mails = OutboxMail.objects.filter(template="stories/consent_asked")
    assert {mail.to for mail in mails} == {"cora@council.example.org", "hal@advice.example.org"}
    for mail in mails:
        assert "/stories/consent/" in mail.text
        assert draft.title in mail.text
    send(client, draft, "ask")
    assert mails.count() == 2


def test_who_has_no_coordinator_is_left_for_later(client: Client, cast: Cast) -> None:
    client.force_login(cast.curator)
    lonely = make_organisation("Lonely Shed")
    story = make_story(cast.curator, cast.council, lonely, state=CaseStudyState.DRAFT, consent=ConsentState.NOT_ASKED)
    send(client, story, "ask")
    assert states(story) == {"Test Council": ConsentState.ASKED, "Lonely Shed": ConsentState.NOT_ASKED}
    story.consents.filter(organisation=cast.council).update(state=ConsentState.GIVEN)
    assert "Nobody can say yes for Lonely Shed here yet" in send(client, story, "publish", 409)


def test_nobody_to_ask_is_refused_with_what_to_do(client: Client, cast: Cast) -> None:
    client.force_login(cast.curator)
    story = make_story(
        cast.curator, make_organisation("Lonely Shed"), state=CaseStudyState.DRAFT, consent=ConsentState.NOT_ASKED
    )
    assert "or take it out of the story" in send(client, story, "ask", 409)
    assert story.state == CaseStudyState.DRAFT


def test_it_is_published_with_every_yes_and_everybody_hears(client: Client, cast: Cast, draft: CaseStudy) -> None:
    send(client, draft, "ask")
    draft.consents.update(state=ConsentState.GIVEN)
    send(client, draft, "publish")
    assert draft.state == CaseStudyState.PUBLISHED
    assert draft.published_at
    assert Client().get(draft.get_absolute_url()).status_code == 200
    mails = OutboxMail.objects.filter(template="stories/case_study_published")
    assert mails.count() == 2
    assert all("/stories/consent/" in mail.text for mail in mails)
    send(client, draft, "publish")
    assert mails.count() == 2
    assert Event.objects.about(draft).filter(verb="publish_case_study").count() == 1


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ConsentState.NOT_ASKED, "Test Advice has not been asked yet"),
        (ConsentState.ASKED, "Test Advice has not answered yet"),
        (ConsentState.REFUSED, "Test Advice said no"),
        (ConsentState.TAKEN_BACK, "Test Advice said no"),
    ],
)
def test_one_missing_yes_keeps_it_back(client: Client, cast: Cast, state: str, said: str) -> None:
    client.force_login(cast.curator)
    story = make_story(cast.curator, cast.council, cast.advice, state=CaseStudyState.WAITING)
    story.consents.filter(organisation=cast.advice).update(state=state)
    assert said in send(client, story, "publish", 409)
    assert story.state == CaseStudyState.WAITING


def test_a_draft_is_not_published_past_its_organisations(client: Client, draft: CaseStudy) -> None:
    draft.consents.update(state=ConsentState.GIVEN)
    send(client, draft, "publish", 409)
    assert draft.state == CaseStudyState.DRAFT


def test_new_words_need_a_new_yes_from_everybody(client: Client, cast: Cast) -> None:
    client.force_login(cast.curator)
    story = make_story(cast.curator, cast.council, cast.advice)
    send(client, story, "change", **TYPED)
    assert story.state == CaseStudyState.DRAFT
    assert story.title == "The desk that moved"
    assert set(states(story).values()) == {ConsentState.NOT_ASKED}
    assert Client().get(story.get_absolute_url()).status_code == 404


def test_the_same_words_ask_nobody_again(client: Client, cast: Cast) -> None:
    client.force_login(cast.curator)
    story = make_story(cast.curator, cast.council, cast.advice)
    same = {name: getattr(story, name) for name in CaseStudy.WORDS}
    send(client, story, "change", **same, named="Test Council\nTest Advice")
    assert story.state == CaseStudyState.PUBLISHED
    assert set(states(story).values()) == {ConsentState.GIVEN}


def test_another_organisation_is_asked_and_those_that_stay_are_not(client: Client, cast: Cast) -> None:
    client.force_login(cast.curator)
    story = make_story(cast.curator, cast.council, cast.advice)
    same = {name: getattr(story, name) for name in CaseStudy.WORDS}
    send(client, story, "change", **same, named="Test Council\nElsewhere Trust")
    assert story.state == CaseStudyState.DRAFT
    assert states(story) == {"Test Council": ConsentState.GIVEN, "Elsewhere Trust": ConsentState.NOT_ASKED}
    send(client, story, "ask")
    assert [mail.to for mail in OutboxMail.objects.filter(template="stories/consent_asked")] == [
        "otto@elsewhere.example.org"
    ]


def test_without_the_one_that_said_no_it_can_be_published(client: Client, cast: Cast) -> None:
    client.force_login(cast.curator)
    story = make_story(cast.curator, cast.council, cast.advice, state=CaseStudyState.WAITING)
    story.consents.filter(organisation=cast.advice).update(state=ConsentState.REFUSED)
    same = {name: getattr(story, name) for name in CaseStudy.WORDS}
    send(client, story, "change", **same, named="Test Council")
    send(client, story, "publish")
    assert story.state == CaseStudyState.PUBLISHED


def test_the_form_shows_what_is_there(client: Client, draft: CaseStudy) -> None:
    page = client.get(reverse("story-change", args=[draft.slug])).content.decode()
    assert draft.title in page
    assert "Test Advice" in page


def test_withdrawn_is_gone_and_may_come_back(client: Client, cast: Cast) -> None:
    client.force_login(cast.curator)
    story = make_story(cast.curator, cast.council, cast.advice)
    send(client, story, "withdraw")
    send(client, story, "withdraw")
    assert story.state == CaseStudyState.WITHDRAWN
    assert Client().get(story.get_absolute_url()).status_code == 404
    send(client, story, "publish")
    assert story.state == CaseStudyState.PUBLISHED


@pytest.mark.parametrize("verb", ["change", "ask", "publish", "withdraw"])
@pytest.mark.parametrize("who", ["host", "home_coordinator", "broker", "administrator"])
def test_nobody_else_may(client: Client, cast: Cast, verb: str, who: str) -> None:
    story = make_story(cast.curator, cast.council, cast.advice, state=CaseStudyState.WAITING)
    client.force_login(getattr(cast, who))
    send(client, story, verb, 403, **TYPED)
    assert story.state == CaseStudyState.WAITING
    assert story.title != TYPED["title"]


@pytest.mark.parametrize("verb", ["ask", "publish", "withdraw"])
def test_opening_the_address_changes_nothing(client: Client, draft: CaseStudy, verb: str) -> None:
    assert client.get(reverse(f"story-{verb}", args=[draft.slug])).status_code == 405
