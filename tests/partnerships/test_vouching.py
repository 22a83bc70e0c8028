"""/vouching/ and /organisations/…/vouch/: a broker knows who is real in their area."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.actions import organisations
from partnerships.models import Organisation
from partnerships.states import Field, OrganisationState
from tests.cast import Cast
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


def waiting(cast: Cast, name: str = "Tidewater Shed") -> Organisation:
    assert cast.advice.place
    return organisations.found_organisation(
        name=name, place=cast.advice.place, field=Field.COMMUNITY, what_it_does="Mends.", by=make_user("Pat Lomax")
    )


@pytest.mark.parametrize("person", ["newcomer", "host", "home_coordinator", "curator"])
def test_it_is_closed_to_others(client: Client, cast: Cast, person: str) -> None:
    organisation = waiting(cast)
    client.force_login(getattr(cast, person))
    assert client.get(reverse("vouching")).status_code == 403
    assert client.post(reverse("vouch", args=[organisation.slug])).status_code == 403
    organisation.refresh_from_db()
    assert organisation.state == OrganisationState.TO_BE_CONFIRMED


def test_a_broker_sees_those_of_their_area_only(client: Client, cast: Cast) -> None:
    waiting(cast)
    make_organisation("Far Away", state=OrganisationState.TO_BE_CONFIRMED)
    client.force_login(cast.broker)
    page = client.get(reverse("vouching")).content.decode()
    assert "Tidewater Shed" in page
    assert "Pat Lomax" in page
    assert "Far Away" not in page


def test_it_costs_the_same_for_one_and_for_many(client: Client, cast: Cast) -> None:
    waiting(cast)
    client.force_login(cast.broker)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("vouching"))
    for number in range(9):
        waiting(cast, f"Group {number}")
    with CaptureQueriesContext(connection) as many:
        assert "10 organisations wait" in client.get(reverse("vouching")).content.decode()
    assert len(many) == len(few)


def test_one_press_vouches(client: Client, cast: Cast) -> None:
    organisation = waiting(cast)
    client.force_login(cast.broker)
    assert client.get(reverse("vouch", args=[organisation.slug])).status_code == 405
    client.post(reverse("vouch", args=[organisation.slug]))
    organisation.refresh_from_db()
    assert organisation.state == OrganisationState.VOUCHED
    page = client.post(reverse("vouch", args=[organisation.slug]), follow=True)
    assert "This has changed since you opened the page." in page.content.decode()


def test_a_broker_of_elsewhere_does_not_find_it(client: Client, cast: Cast) -> None:
    far = make_organisation("Far Away", state=OrganisationState.TO_BE_CONFIRMED)
    client.force_login(cast.broker)
    assert client.post(reverse("vouch", args=[far.slug])).status_code == 404


def test_an_administrator_checks_any(client: Client, cast: Cast) -> None:
    organisation = waiting(cast)
    client.force_login(cast.administrator)
    assert "Tidewater Shed" in client.get(reverse("vouching")).content.decode()
    client.post(reverse("vouch", args=[organisation.slug]))
    organisation.refresh_from_db()
    assert organisation.state == OrganisationState.VERIFIED
