"""/memberships/…/ and /memberships/…/end/: one person's place in an organisation."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.states import MembershipState, WhoAgrees
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def url(cast: Cast, name: str = "membership") -> str:
    return reverse(name, args=[cast.visitor_membership.uuid])


@pytest.mark.parametrize("person", ["colleague", "manager", "host", "outsider", "broker", "newcomer", "curator"])
def test_it_is_not_there_for_others(client: Client, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    for name in ("membership", "membership-end"):
        assert client.get(url(cast, name)).status_code == 404
        assert client.post(url(cast, name), {"job_title": "x"}).status_code == 404


def test_a_person_says_their_title_and_who_agrees_and_no_more(client: Client, cast: Cast) -> None:
    client.force_login(cast.visitor)
    assert 'name="is_coordinator"' not in client.get(url(cast)).content.decode()
    client.post(url(cast), {"job_title": "Head", "agrees_email": "cole@council.example.org", "is_coordinator": "on"})
    membership = cast.visitor_membership
    assert (membership.job_title, membership.agrees_email) == ("Head", "cole@council.example.org")
    assert not membership.is_coordinator
    assert membership.is_commissioner


def test_one_cannot_name_oneself(client: Client, cast: Cast) -> None:
    client.force_login(cast.visitor)
    page = client.post(url(cast), {"job_title": "Head", "agrees_email": cast.visitor.email}).content.decode()
    assert "Somebody else has to agree." in page
    assert 'value="Head"' in page
    assert cast.visitor_membership.agrees_email == cast.manager.email


def test_where_each_decides_nobody_is_named(client: Client, cast: Cast) -> None:
    cast.council.who_agrees = WhoAgrees.SELF
    cast.council.save()
    client.force_login(cast.visitor)
    assert 'name="agrees_email"' not in client.get(url(cast)).content.decode()
    client.post(url(cast), {"job_title": "Head"})
    assert (cast.visitor_membership.job_title, cast.visitor_membership.agrees_email) == ("Head", cast.manager.email)


def test_a_coordinator_gives_the_roles(client: Client, cast: Cast) -> None:
    client.force_login(cast.home_coordinator)
    client.post(url(cast), {"job_title": "Head", "agrees_email": "", "is_coordinator": "on"})
    membership = cast.visitor_membership
    assert (membership.is_coordinator, membership.is_commissioner, membership.agrees_email) == (True, False, "")


def test_an_address_from_elsewhere_is_refused_at_its_field(client: Client, cast: Cast) -> None:
    client.force_login(cast.home_coordinator)
    page = client.post(url(cast), {"job_title": "", "agrees_email": "a@gmail.com"}).content.decode()
    assert 'href="#id_agrees_email"' in page
    assert cast.visitor_membership.agrees_email == cast.manager.email


def test_leaving_is_asked_once_more(client: Client, cast: Cast) -> None:
    client.force_login(cast.visitor)
    assert "Leave Test Council?" in client.get(url(cast, "membership-end")).content.decode()
    assert cast.visitor_membership.state == MembershipState.ACTIVE
    client.post(url(cast, "membership-end"))
    assert cast.visitor_membership.state == MembershipState.ENDED
    assert client.post(url(cast, "membership-end")).status_code == 404


def test_a_coordinator_ends_it_for_others_and_is_told_why_not_for_the_last(client: Client, cast: Cast) -> None:
    client.force_login(cast.home_coordinator)
    client.post(url(cast, "membership-end"))
    assert cast.visitor_membership.state == MembershipState.ENDED
    own = reverse("membership-end", args=[cast.home_coordinator.memberships.get().uuid])
    assert "Make somebody else coordinator first." in client.post(own, follow=True).content.decode()


def test_an_asked_membership_can_be_taken_back(client: Client, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    client.post(reverse("ask-to-join", args=[cast.council.slug]), {"job_title": ""})
    membership = cast.newcomer.memberships.get()
    client.post(reverse("membership-end", args=[membership.uuid]))
    membership.refresh_from_db()
    assert membership.state == MembershipState.ENDED


def test_your_organisation_leads_home(client: Client, cast: Cast) -> None:
    client.force_login(cast.home_coordinator)
    address = reverse("your-organisation")
    assert client.get(address).headers["Location"] == reverse("overview", args=[cast.council.slug])
    client.force_login(cast.visitor)
    assert client.get(address).headers["Location"] == reverse("organisation", args=[cast.council.slug])
    client.force_login(cast.newcomer)
    assert client.get(address).headers["Location"] == reverse("join-organisation")
