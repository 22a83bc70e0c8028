"""/organisations/…/settings/ and …/domains/: what a coordinator settles."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import ApprovedDomain
from partnerships.states import WhoAgrees
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def url(cast: Cast, name: str = "organisation-settings") -> str:
    return reverse(name, args=[cast.advice.slug])


@pytest.mark.parametrize(
    ("person", "status"), [("adviser", 403), ("newcomer", 403), ("outsider", 404), ("broker", 404)]
)
def test_only_its_coordinator_opens_them(client: Client, cast: Cast, person: str, status: int) -> None:
    client.force_login(getattr(cast, person))
    for name in ("organisation-settings", "domain-add"):
        assert client.get(url(cast, name)).status_code == status
        assert client.post(url(cast, name), {"domain": "advice.example.org"}).status_code == status
    assert not cast.advice.approved_domains.exists()


def test_the_organisation_says_whose_yes_it_asks_for(client: Client, cast: Cast) -> None:
    client.force_login(cast.host)
    client.post(url(cast), {"what_it_does": "Advice.", "who_agrees": WhoAgrees.SELF, "website": "advice.example"})
    cast.advice.refresh_from_db()
    assert (cast.advice.who_agrees, cast.advice.website) == (WhoAgrees.SELF, "https://advice.example")


def test_a_wrong_answer_leaves_everything_as_it_was(client: Client, cast: Cast) -> None:
    client.force_login(cast.host)
    page = client.post(url(cast), {"what_it_does": "Advice!", "who_agrees": "nobody"}).content.decode()
    assert "Advice!" in page
    cast.advice.refresh_from_db()
    assert cast.advice.who_agrees == WhoAgrees.MANAGER


def test_ones_own_domain_is_added_once_and_removed(client: Client, cast: Cast) -> None:
    client.force_login(cast.host)
    client.post(url(cast, "domain-add"), {"domain": "@Advice.Example.org"})
    assert (
        "on your list already"
        in client.post(url(cast, "domain-add"), {"domain": "advice.example.org"}).content.decode()
    )
    assert "advice.example.org" in client.get(url(cast)).content.decode()
    remove = reverse("domain-remove", args=[cast.advice.slug, "advice.example.org"])
    assert client.get(remove).status_code == 405
    client.post(remove)
    assert not cast.advice.approved_domains.exists()
    assert client.post(remove).status_code == 404


@pytest.mark.parametrize("typed", ["a@b.org", "localhost", "two words.org", "https://advice.org/"])
def test_what_is_no_domain_is_told_so(client: Client, cast: Cast, typed: str) -> None:
    client.force_login(cast.host)
    page = client.post(url(cast, "domain-add"), {"domain": typed}).content.decode()
    assert "Enter what stands behind the @" in page


def test_a_council_cannot_be_taken_over_by_naming_its_domain(client: Client, cast: Cast) -> None:
    client.force_login(cast.host)
    client.post(url(cast, "domain-add"), {"domain": "council.example.org"})
    assert ApprovedDomain.objects.get().organisation == cast.council


def test_a_domain_of_another_is_not_removed(client: Client, cast: Cast) -> None:
    client.force_login(cast.host)
    assert client.post(reverse("domain-remove", args=[cast.council.slug, "council.example.org"])).status_code == 404
    assert cast.council.approved_domains.exists()
