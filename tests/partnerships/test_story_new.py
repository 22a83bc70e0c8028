"""/stories/new/: a curator begins a story."""

from __future__ import annotations

import pytest
from django.test import Client

from partnerships.forms.case_studies import MOST_ORGANISATIONS
from partnerships.ground.models import Event
from partnerships.models import CaseStudy
from partnerships.states import CaseStudyState, ConsentState, OrganisationState
from tests.cast import Cast
from tests.factories import make_organisation

URL = "/stories/new/"
TYPED = {
    "title": "The desk that moved",
    "summary": "Two desks, one winter.",
    "what_went_well": "People were seen.",
    "what_made_it_work": "The same hours.",
    "what_others_can_copy": "Begin small.",
    "named": "Test Council\n  test  advice ",
}


def test_a_curator_writes_a_draft(client: Client, cast: Cast) -> None:
    client.force_login(cast.curator)
    assert "Write a story" in client.get(URL).content.decode()
    response = client.post(URL, TYPED)
    story = CaseStudy.objects.get()
    assert response["Location"] == "/stories/the-desk-that-moved/"
    assert (story.state, story.written_by) == (CaseStudyState.DRAFT, cast.curator)
    assert {consent.organisation for consent in story.consents.all()} == {cast.council, cast.advice}
    assert set(story.consents.values_list("state", flat=True)) == {ConsentState.NOT_ASKED}
    assert Event.objects.about(story).get().actor == cast.curator


def test_a_second_story_of_that_name_gets_an_address_of_its_own(client: Client, cast: Cast) -> None:
    client.force_login(cast.curator)
    for title in ("New", "Consent", "The same", "The same", "¿?"):
        client.post(URL, TYPED | {"title": title})
    assert set(CaseStudy.objects.values_list("slug", flat=True)) == {
        "new-2", "consent-2", "the-same", "the-same-2", "story",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("Nobody Knows Them", "There is no organisation called “Nobody Knows Them” here."),
        ("Twins", "There are several organisations called “Twins”."),
        ("Not Public", "There is no organisation called “Not Public” here."),
        ("", "Enter organisations in the story"),
        ("\n \n", "Enter organisations in the story"),
        ("/organisations/nothing/", "There is no organisation called"),
    ],
)
def test_names_that_say_nothing_clear_are_sent_back(client: Client, cast: Cast, named: str, said: str) -> None:
    make_organisation("Twins")
    make_organisation("Twins")
    make_organisation("Not Public", state=OrganisationState.TO_BE_CONFIRMED)
    client.force_login(cast.curator)
    page = client.post(URL, TYPED | {"named": named}).content.decode()
    assert said in page
    assert "People were seen." in page
    assert not CaseStudy.objects.exists()


@pytest.mark.parametrize("many", [MOST_ORGANISATIONS, MOST_ORGANISATIONS + 1])
def test_a_story_names_so_many_that_a_page_can_hold_them(client: Client, cast: Cast, many: int) -> None:
    client.force_login(cast.curator)
    named = "\n".join(make_organisation().name for _ in range(many))
    page = client.post(URL, TYPED | {"named": named}).content.decode()
    assert ("Name at most 20 organisations" in page) == (many > MOST_ORGANISATIONS)
    assert CaseStudy.objects.exists() == (many <= MOST_ORGANISATIONS)


def test_one_of_several_is_named_by_its_address(client: Client, cast: Cast) -> None:
    make_organisation("Twins")
    twin = make_organisation("Twins")
    client.force_login(cast.curator)
    client.post(URL, TYPED | {"named": f"https://shoes.example/organisations/{twin.slug}/"})
    assert CaseStudy.objects.get().consents.get().organisation == twin


@pytest.mark.parametrize("who", ["host", "broker", "administrator", "newcomer"])
def test_nobody_else_may(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(URL).status_code == 403
    assert client.post(URL, TYPED).status_code == 403
    assert not CaseStudy.objects.exists()


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.post(URL, TYPED).status_code == 302
    assert not CaseStudy.objects.exists()
