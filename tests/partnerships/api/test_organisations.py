"""/api/v1/organisations/."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import Identifier, Organisation, RegisterEntry
from partnerships.states import Field, OrganisationState, PlaceKind, Register
from tests.api import names, read
from tests.factories import make_organisation, make_place

URL = "/api/v1/organisations/"


def found(client: Client, **parameters: str) -> list[str]:
    return names(read(client, URL, **parameters), "name")


@pytest.mark.parametrize(
    "state", [OrganisationState.TO_BE_CONFIRMED, OrganisationState.SUSPENDED, OrganisationState.CLOSED]
)
def test_only_public_ones_are_told(client: Client, db: None, state: str) -> None:
    hidden = make_organisation("Hidden", state=state)
    assert found(client) == []
    read(client, reverse("api-organisation", args=[hidden.slug]), 404)


def test_they_come_by_name(client: Client, db: None) -> None:
    for name in ("Willow", "Harbour", "Kite"):
        make_organisation(name)
    assert found(client) == ["Harbour", "Kite", "Willow"]


def test_filters(client: Client, db: None) -> None:
    make_organisation("Harbour", what_it_does="Debt advice at a front desk.")
    make_organisation("Council", field=Field.LOCAL_GOVERNMENT, state=OrganisationState.LISTED)
    assert found(client, q="debts") == ["Harbour"]
    assert found(client, sector="public") == ["Council"]
    assert found(client, field="voluntary") == ["Harbour"]
    assert found(client, state="listed") == ["Council"]
    assert found(client, sector="private") == []
    assert found(client, q="") == ["Council", "Harbour"]


def test_a_place_is_found_with_its_parts_and_by_its_old_code(client: Client, db: None) -> None:
    nation = make_place("England", kind=PlaceKind.NATION, code="E92")
    region = make_place("North West", kind=PlaceKind.REGION, code="E12", parent=nation)
    authority = make_place("Greater Manchester", kind=PlaceKind.COMBINED_AUTHORITY, code="E47", parent=region)
    salford = make_place("Salford", code="E08", former_codes=["00BR"], parent=authority)
    make_organisation("Harbour", place=salford)
    make_organisation("Elsewhere")
    for code in ("E92", "E12", "E47", "E08", "00BR"):
        assert found(client, place=code) == ["Harbour"]


def test_one_is_found_by_its_number_in_a_register(client: Client, db: None) -> None:
    harbour = make_organisation("Harbour")
    make_organisation("Elsewhere")
    Identifier.objects.create(organisation=harbour, scheme="GB-CHC", value="1164331-1")
    assert found(client, identifier="GB-CHC-1164331-1") == ["Harbour"]
    assert found(client, identifier="GB-CHC-1") == []
    assert found(client, identifier="nothing") == []
    assert found(client, identifier="") == ["Elsewhere", "Harbour"]


def test_facts_of_a_register_name_their_source_and_licence(client: Client, db: None) -> None:
    harbour = make_organisation("Harbour")
    RegisterEntry.objects.create(
        organisation=harbour,
        register=Register.UKCAT,
        reference="GB-CHC-1",
        facts={"income": 75186},
        fingerprint="x",
        as_of=date(2026, 8, 1),
    )
    (entry,) = read(client, reverse("api-organisation", args=[harbour.slug]))["register_entries"]
    assert entry == {
        "register": "ukcat",
        "reference": "GB-CHC-1",
        "as_of": "2026-08-01",
        "closed_on": None,
        "facts": {"income": 75186},
        "attribution": "Charity classification: UK-CAT, CC BY 4.0",
    }


def test_one_without_a_place_is_told_too(client: Client, db: None) -> None:
    make_organisation("Nowhere yet", place=None)
    assert read(client, URL)["results"][0]["place"] is None


def test_its_page_is_named(client: Client, db: None) -> None:
    harbour = make_organisation("Harbour")
    row = read(client, URL)["results"][0]
    assert row["page"] == f"http://testserver{Organisation.objects.get(pk=harbour.pk).get_absolute_url()}"
