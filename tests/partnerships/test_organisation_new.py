"""/join/not-listed/: my organisation is not here."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import Organisation
from partnerships.states import Field, OrganisationState, PlaceKind
from tests.cast import Cast
from tests.factories import make_place

pytestmark = pytest.mark.django_db
URL = "/join/not-listed/"
FILLED = {"name": "Tidewater Shed", "where": "Wigan", "field": Field.COMMUNITY, "what_it_does": "Mends things."}


@pytest.fixture(autouse=True)
def _wigan() -> None:
    make_place("Wigan", code="E08000010")


def test_its_founder_coordinates_at_once(client: Client, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    answer = client.post(URL, FILLED)
    assert answer.headers["Location"] == reverse("next-steps")
    organisation = Organisation.objects.get(name="Tidewater Shed")
    assert organisation.state == OrganisationState.TO_BE_CONFIRMED
    assert organisation.place is not None
    assert organisation.place.name == "Wigan"
    assert client.get(reverse("people", args=[organisation.slug])).status_code == 200


def test_a_postcode_finds_the_council_area_and_is_not_kept(client: Client, cast: Cast) -> None:
    make_place("Salford", code="E08000006")
    client.force_login(cast.newcomer)
    client.post(URL, FILLED | {"where": "M5 4WT"})
    organisation = Organisation.objects.get(name="Tidewater Shed")
    assert organisation.place is not None
    assert organisation.place.code == "E08000006"


def test_a_place_that_could_be_several_is_asked_about(client: Client, cast: Cast) -> None:
    make_place("Wigan and Leigh", kind=PlaceKind.REGION)
    client.force_login(cast.newcomer)
    page = client.post(URL, FILLED | {"where": "wig"}).content.decode()
    assert "Which of these is it?" in page
    assert not Organisation.objects.filter(name="Tidewater Shed").exists()


def test_an_unknown_place_is_told_what_to_type(client: Client, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    page = client.post(URL, FILLED | {"where": "Atlantis"}).content.decode()
    assert "We do not know this place." in page
    assert 'value="Tidewater Shed"' in page


def test_a_second_click_finds_it_there(client: Client, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    client.post(URL, FILLED)
    assert "is here already" in client.post(URL, FILLED).content.decode()
    assert Organisation.objects.filter(name="Tidewater Shed").count() == 1


def test_a_stranger_signs_in_first(client: Client) -> None:
    assert client.post(URL, FILLED).status_code == 302
    assert not Organisation.objects.filter(name="Tidewater Shed").exists()
