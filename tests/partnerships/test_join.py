"""/join/: where do you work?"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.actions import invitations, memberships
from partnerships.ground import clock
from partnerships.models import Membership
from partnerships.states import OrganisationState
from tests.cast import Cast
from tests.factories import make_user

pytestmark = pytest.mark.django_db
URL = "/join/"


def test_a_stranger_signs_in_first(client: Client) -> None:
    assert client.get(URL).headers["Location"] == f"{reverse('account_login')}?next={URL}"


def test_an_approved_domain_is_suggested_and_nothing_is_joined_by_looking(client: Client, cast: Cast) -> None:
    person = make_user("Nina", "nina@council.example.org")
    client.force_login(person)
    page = client.get(URL).content.decode()
    assert reverse("ask-to-join", args=[cast.council.slug]) in page
    assert not Membership.objects.filter(user=person).exists()


def test_another_address_gets_no_suggestion(client: Client, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    page = client.get(URL).content.decode()
    assert "Test Council" not in page
    assert reverse("organisation-new") in page


def test_a_suspended_organisation_is_not_suggested(client: Client, cast: Cast) -> None:
    cast.council.state = OrganisationState.SUSPENDED
    cast.council.save()
    client.force_login(make_user("Nina", "nina@council.example.org"))
    assert "Test Council" not in client.get(URL).content.decode()


def test_it_says_who_invited_and_what_was_asked(client: Client, cast: Cast) -> None:
    invitations.invite(organisation=cast.advice, email=cast.newcomer.email or "", by=cast.host, at=clock.now())
    memberships.ask_to_join(organisation=cast.council, by=cast.newcomer)
    client.force_login(cast.newcomer)
    page = client.get(URL).content.decode()
    assert "Test Advice has invited you" in page
    assert "To join Test Council" in page
