"""/organisations/…/join/: say that one works there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import Membership, Organisation
from partnerships.states import MembershipState, OrganisationState
from tests.cast import Cast
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


def url(organisation: Organisation) -> str:
    return reverse("ask-to-join", args=[organisation.slug])


def test_looking_asks_nobody(client: Client, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    assert client.get(url(cast.council)).status_code == 200
    assert not cast.newcomer.memberships.exists()


def test_it_asks_the_coordinators(client: Client, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    answer = client.post(url(cast.council), {"job_title": "Analyst"}, follow=True)
    membership = cast.newcomer.memberships.get()
    assert (membership.state, membership.job_title) == (MembershipState.ASKED, "Analyst")
    assert "We have asked the coordinators of Test Council." in answer.content.decode()


def test_an_address_of_its_own_belongs_at_once(client: Client, cast: Cast) -> None:
    client.force_login(make_user("Nina", "nina@council.example.org"))
    answer = client.post(url(cast.council), {"job_title": ""}, follow=True)
    assert "You belong to Test Council now." in answer.content.decode()


@pytest.mark.parametrize(
    ("came_for", "goes_on"),
    [
        ("/visits/for-me/", "/visits/for-me/"),
        ("https://elsewhere.example/visits/", "/next-steps/"),
        ("//elsewhere.example/", "/next-steps/"),
        ("", "/next-steps/"),
    ],
)
def test_whoever_was_about_to_do_something_here_goes_on_with_it(
    client: Client, cast: Cast, came_for: str, goes_on: str
) -> None:
    client.force_login(make_user("Nina", "nina@council.example.org"))
    client.get(reverse("join-organisation"), {"next": came_for})
    assert client.post(url(cast.council), {"job_title": ""})["Location"] == goes_on


def test_whoever_waits_for_a_yes_is_not_sent_round_in_a_circle(client: Client, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    client.get(reverse("join-organisation"), {"next": "/visits/for-me/"})
    assert client.post(url(cast.council), {"job_title": ""})["Location"] == "/next-steps/"


def test_a_second_click_changes_nothing_and_says_so(client: Client, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    client.post(url(cast.council), {"job_title": ""})
    page = client.post(url(cast.council), {"job_title": ""}).content.decode()
    assert "You have asked already." in page
    assert Membership.objects.filter(user=cast.newcomer).count() == 1


def test_a_listed_one_leads_to_the_claim(client: Client, cast: Cast) -> None:
    listed = make_organisation(state=OrganisationState.LISTED)
    client.force_login(cast.newcomer)
    assert reverse("claim-organisation", args=[listed.slug]) in client.get(url(listed)).content.decode()


@pytest.mark.parametrize("state", [OrganisationState.TO_BE_CONFIRMED, OrganisationState.SUSPENDED])
def test_what_is_not_public_is_not_there(client: Client, cast: Cast, state: str) -> None:
    client.force_login(cast.newcomer)
    assert client.post(url(make_organisation(state=state))).status_code == 404
