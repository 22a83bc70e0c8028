"""/organisations/<slug>/: the page of one organisation."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from partnerships.models import FormerSlug, Identifier, Organisation, RegisterEntry
from partnerships.sections import Section
from partnerships.states import ATTRIBUTIONS, OrganisationState, Register, SizeBand
from tests.factories import make_membership, make_organisation, make_place, make_user

pytestmark = pytest.mark.django_db


def get(client: Client, organisation: Organisation, status: int = 200) -> str:
    response = client.get(f"/organisations/{organisation.slug}/")
    assert response.status_code == status
    return unescape(response.content.decode())


def listed(**fields: Any) -> Organisation:
    """One from the register of charities that nobody looks after."""
    organisation = make_organisation("Harbour", state=OrganisationState.LISTED, **{"what_it_does": "", **fields})
    RegisterEntry.objects.create(
        organisation=organisation,
        register=Register.UKCAT,
        reference="GB-CHC-1000001",
        facts={"registered": "1990-08-02", "activities": "Advice.", "income": 75186, "secret": "not shown"},
        fingerprint="x",
        as_of=date(2026, 4, 1),
    )
    return organisation


def test_it_shows_register_facts_with_their_day_and_source_apart_from_its_own_words(client: Client) -> None:
    organisation = listed(what_it_does="We sit with people.", how_it_works_with_others="Come and see.")
    page = get(client, organisation)
    own, register = page.index("In their own words"), page.index("What the public register says")
    assert own < page.index("We sit with people.") < page.index("Come and see.") < register
    assert register < page.index("Registered charities, as read on 1 April 2026") < page.index("2 August 1990")
    assert "£75,186" in page
    assert ATTRIBUTIONS[Register.UKCAT] in page
    assert "not shown" not in page
    assert "<title>Harbour – In Your Shoes</title>" in page


def test_every_register_has_a_line_for_its_source() -> None:
    assert set(ATTRIBUTIONS) == set(Register)


def test_it_shows_place_size_and_numbers(client: Client) -> None:
    region = make_place("North West")
    organisation = make_organisation(
        place=make_place("Salford", parent=region), size=SizeBand.SMALL, legal_form="Registered charity"
    )
    Identifier.objects.create(organisation=organisation, scheme="GB-CHC", value="1000001")
    Identifier.objects.create(organisation=organisation, scheme="XX-DEMO", value="7")
    page = get(client, organisation)
    for shown in (
        "Salford, North West",
        "£10,000 to £100,000 a year",
        "Registered charity",
        "Charity number",
        "Invented for the demonstration",
    ):
        assert shown in page


def test_an_organisation_with_nothing_but_a_name_has_a_page(client: Client) -> None:
    get(client, make_organisation(place=None, what_it_does=""))


@pytest.mark.parametrize(
    ("website", "shown"),
    [
        ("https://harbour.example", True),
        ("javascript:alert(1)", False),
        ("http://20 heron road", False),
        ("ftp://harbour.example", False),
        ("", False),
    ],
)
def test_only_a_proper_website_is_linked_and_not_recommended(client: Client, website: str, shown: bool) -> None:
    page = get(client, make_organisation(website=website))
    assert (f'href="{website}" rel="nofollow noopener"' in page) is shown


def test_what_it_says_is_shown_as_text(client: Client) -> None:
    response = client.get(make_organisation(what_it_does="<script>alert(1)</script>").get_absolute_url())
    assert b"<script>alert" not in response.content


# States -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (OrganisationState.LISTED, "Nobody from there has joined yet"),
        (OrganisationState.CLAIMED, "Looked after here by its own people"),
        (OrganisationState.VOUCHED, "known to a broker in its area"),
        (OrganisationState.VERIFIED, "We have checked who they are"),
    ],
)
def test_its_state_is_said_in_plain_words(client: Client, state: str, words: str) -> None:
    assert words in get(client, make_organisation(state=state))


@pytest.mark.parametrize("state", [OrganisationState.TO_BE_CONFIRMED, OrganisationState.SUSPENDED])
def test_what_is_not_public_is_for_its_own_people(client: Client, state: str) -> None:
    organisation = make_organisation(state=state)
    get(client, organisation, 404)
    client.force_login(make_user())
    get(client, organisation, 404)
    person = make_user()
    make_membership(person, organisation)
    client.force_login(person)
    get(client, organisation)


def test_a_closed_one_says_so_and_since_when(client: Client) -> None:
    organisation = listed()
    RegisterEntry.objects.update(closed_on=date(2026, 3, 31))
    Organisation.objects.update(state=OrganisationState.CLOSED)
    page = get(client, organisation)
    assert "This organisation is closed. Its register says so since 31 March 2026." in page
    assert "<title>Harbour (closed) – In Your Shoes</title>" in page
    assert "Look after this page" not in page


def test_a_closed_one_that_no_register_speaks_of_says_so_too(client: Client) -> None:
    assert "This organisation is closed." in get(client, make_organisation(state=OrganisationState.CLOSED))


def test_a_merged_one_leads_to_its_successor(client: Client) -> None:
    successor = make_organisation()
    merged = make_organisation(state=OrganisationState.MERGED, merged_into=successor)
    response = client.get(merged.get_absolute_url())
    assert (response.status_code, response["Location"]) == (301, successor.get_absolute_url())


def test_a_former_address_leads_to_the_present(client: Client) -> None:
    organisation = make_organisation()
    FormerSlug.objects.create(slug="old-name", organisation=organisation)
    response = client.get("/organisations/old-name/")
    assert (response.status_code, response["Location"]) == (301, organisation.get_absolute_url())


def test_a_former_address_of_what_one_may_not_see_does_not_exist(client: Client) -> None:
    FormerSlug.objects.create(slug="old-name", organisation=make_organisation(state=OrganisationState.SUSPENDED))
    assert client.get("/organisations/old-name/").status_code == 404


def test_an_address_that_never_was_does_not_exist(client: Client) -> None:
    assert client.get("/organisations/nobody/").status_code == 404
    assert client.post("/organisations/nobody/").status_code == 405


# What one can do --------------------------------------------------------------------------------------------------


def test_anybody_may_say_that_a_listed_one_is_theirs(client: Client) -> None:
    organisation = listed()
    page = get(client, organisation)
    assert "Is this yours?" in page
    assert f"/organisations/{organisation.slug}/claim/" in page


def test_one_that_is_looked_after_is_joined_instead_by_who_is_not_there_yet(client: Client) -> None:
    organisation = make_organisation()
    page = get(client, organisation)
    assert "Is this yours?" not in page
    assert f"/organisations/{organisation.slug}/join/" in page
    person = make_user()
    make_membership(person, organisation)
    client.force_login(person)
    assert f"/organisations/{organisation.slug}/join/" not in get(client, organisation)


def test_its_coordinator_may_change_it_and_nobody_else(client: Client) -> None:
    organisation = make_organisation()
    settings_url = f"/organisations/{organisation.slug}/settings/"
    assert settings_url not in get(client, organisation)
    coordinator, colleague = make_user(), make_user()
    make_membership(coordinator, organisation, is_coordinator=True)
    make_membership(colleague, organisation)
    client.force_login(colleague)
    assert settings_url not in get(client, organisation)
    client.force_login(coordinator)
    assert settings_url in get(client, organisation)


# What other apps add ----------------------------------------------------------------------------------------------


def add_offers(organisation: Organisation, user: object) -> list[Section]:
    return [Section(f"Visits to {organisation}", "parts/details.html", {"who": user})]


def add_nothing(organisation: Organisation, user: object) -> list[Section]:
    return []


def test_other_apps_add_their_sections_by_name(client: Client, settings: Settings) -> None:
    settings.ORGANISATION_SECTIONS = [f"{__name__}.add_nothing", f"{__name__}.add_offers"]
    assert "Visits to Harbour</h2>" in get(client, listed())


def test_many_facts_and_numbers_cost_no_more_queries(client: Client, settings: Settings) -> None:
    settings.ORGANISATION_SECTIONS = []
    organisation = listed()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(client, organisation)
        return len(captured)

    one = queries()
    for number in range(10):
        Identifier.objects.create(organisation=organisation, scheme="GB-COH", value=str(number))
        RegisterEntry.objects.create(
            organisation=organisation, register=Register.POLICE, reference=str(number), facts={}, as_of=date(2026, 4, 1)
        )
    assert queries() == one <= 15
