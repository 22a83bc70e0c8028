"""Charities into the directory: what is kept of a row, what is not, and what cannot be read."""

from __future__ import annotations

from datetime import date

import pytest

from partnerships.actions.registers import Note
from partnerships.ground.models import Event
from partnerships.models import FormerSlug, Identifier, Organisation, Place
from partnerships.states import PlaceKind, SizeBand
from tests.factories import make_organisation
from tests.partnerships.register_files import (
    Importing,
    charity,
    numbers,
)

pytestmark = pytest.mark.django_db


def test_a_charity_is_listed_with_what_the_register_says(charities: Importing) -> None:
    salford = Place.objects.create(kind=PlaceKind.COUNCIL, code="E08000006", name="Salford")
    report = charities(
        [charity(name="THE SALFORD DROP-IN (UK)", web="www.dropin.org.uk", company_number="2534145", UKCAT="ED101")]
    )
    assert numbers(report) == {"created": 1}
    organisation = Organisation.objects.get()
    assert organisation.name == "The Salford Drop-in (UK)"
    assert organisation.slug == "the-salford-drop-in-uk"
    assert (organisation.state, organisation.sector, organisation.field) == ("listed", "vcse", "voluntary")
    assert (organisation.place, organisation.size, organisation.legal_form) == (
        salford, SizeBand.SMALL, "Charitable company",
    )  # fmt: skip
    assert organisation.website == "http://www.dropin.org.uk"
    assert organisation.what_it_does == ""
    assert {str(identifier) for identifier in organisation.identifiers.all()} == {"GB-CHC-1000001", "GB-COH-02534145"}
    entry = organisation.register_entries.get()
    assert (entry.reference, entry.as_of, entry.closed_on) == ("GB-CHC-1000001", date(2026, 4, 1), None)
    assert entry.facts["income"] == 75186
    assert Organisation.objects.about("front desk advice").get() == organisation


def test_it_stands_in_the_middle_of_its_outcode_and_its_postcode_is_stored_nowhere(charities: Importing) -> None:
    charities([charity(activities="We meet at M5 4WT. Ring 0161 496 0000 or mail jo@example.org.")])
    organisation = Organisation.objects.get()
    assert (organisation.latitude, organisation.longitude) == pytest.approx((53.480, -2.285), abs=0.005)
    entry = organisation.register_entries.get()
    stored = f"{organisation.__dict__} {entry.__dict__}"
    for private in ("4WT", "0161", "jo@example.org"):
        assert private not in stored


def test_every_new_organisation_has_an_event(charities: Importing) -> None:
    charities([charity(1000001), charity(1000002)])
    events = Event.objects.filter(verb="import_register")
    assert {event.thing_id for event in events} == set(Organisation.objects.values_list("pk", flat=True))
    assert {(event.actor_id, event.from_state, event.to_state) for event in events} == {(None, "", "listed")}


@pytest.mark.parametrize(
    ("cells", "scheme"),
    [
        ({"source": "ccew"}, "GB-CHC-1000001"),
        ({"source": "CCEW"}, "GB-CHC-1000001"),
        ({"source": "OSCR", "org_id": "GB-SC-SC012345"}, "GB-SC-SC012345"),
        ({"source": "CCNI", "org_id": "GB-NIC-100012"}, "GB-NIC-100012"),
        ({"org_id": "", "reg_number": "1000001"}, "GB-CHC-1000001"),
    ],
)
def test_each_regulator_has_its_scheme(charities: Importing, cells: dict[str, str], scheme: str) -> None:
    assert numbers(charities([charity(**cells)])) == {"created": 1}
    assert str(Identifier.objects.get()) == scheme


@pytest.mark.parametrize(
    ("income", "size"),
    [
        ("", SizeBand.UNKNOWN),
        ("0", SizeBand.MICRO),
        ("9999", SizeBand.MICRO),
        ("10000", SizeBand.SMALL),
        ("999999", SizeBand.MEDIUM),
        ("1000000", SizeBand.LARGE),
        ("50000000", SizeBand.MAJOR),
    ],
)
def test_its_size_follows_from_its_income(charities: Importing, income: str, size: str) -> None:
    charities([charity(income=income)])
    assert Organisation.objects.get().size == size


@pytest.mark.parametrize(
    ("cells", "remark"),
    [
        ({"postcode": "Bolton"}, "listed without a place: the postcode column holds no known postcode"),
        ({"postcode": ""}, "listed without a place: no postcode"),
        ({"fye": "31/13/2019"}, "the date in fye cannot be read"),
        ({"web": "http://20 heron road belfast"}, "listed without a website: the web column holds no proper address"),
    ],
)
def test_what_cannot_be_read_of_a_good_row_is_left_out_and_said(
    charities: Importing, cells: dict[str, str], remark: str
) -> None:
    assert numbers(charities([charity(**cells)])) == {"created": 1}
    assert charities.notes == [Note(2, "GB-CHC-1000001", "taken", remark)]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"source": "HMRC"}, "source is none of CCEW, OSCR and CCNI"),
        ({"org_id": "GB-CHC-12"}, "org_id is not a number of the Charity Commission for England and Wales"),
        ({"name": ""}, "no name"),
        ({"active": "perhaps"}, "active says neither yes nor no"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason_and_the_good_ones_are_kept(
    charities: Importing, cells: dict[str, str], reason: str
) -> None:
    report = charities([charity(1000001, **cells), charity(1000002)])
    assert numbers(report) == {"created": 1, "rejected": 1}
    assert (charities.notes[0].line, charities.notes[0].outcome, charities.notes[0].reason) == (2, "rejected", reason)


def test_the_first_of_two_rows_about_one_charity_stands(charities: Importing) -> None:
    report = charities([charity(name="First"), charity(name="Second")])
    assert numbers(report) == {"created": 1, "skipped": 1}
    assert Organisation.objects.get().name == "First"
    assert charities.notes[0].reason == "the same number as line 2, which stands"


def test_two_of_one_name_have_addresses_that_stay(charities: Importing) -> None:
    rows = [charity(number, name="ALL SAINTS") for number in (1000001, 1000002)]
    charities(rows)
    slugs = sorted(Organisation.objects.values_list("slug", flat=True))
    assert slugs == ["all-saints", "all-saints-gb-chc-1000002"]
    charities([{**row, "name": "ALL SOULS"} for row in rows])
    assert sorted(Organisation.objects.values_list("slug", flat=True)) == slugs


def test_an_address_that_somebody_had_before_is_not_given_away(charities: Importing) -> None:
    FormerSlug.objects.create(slug="all-saints", organisation=make_organisation())
    charities([charity(name="ALL SAINTS")])
    assert Organisation.objects.filter(slug="all-saints-gb-chc-1000001").exists()


def test_names_without_a_letter_of_ours_have_an_address_too(charities: Importing) -> None:
    charities([charity(1000001, name="慈善"), charity(1000002, name="!!!"), charity(1000003, name="X" * 190)])
    assert {len(slug) <= 80 for slug in Organisation.objects.values_list("slug", flat=True)} == {True}
    assert Organisation.objects.filter(slug="organisation").count() == 1


def test_two_charities_of_one_company_are_both_listed(charities: Importing) -> None:
    charities([charity(1000001, company_number="02534145"), charity(1000002, company_number="2534145")])
    assert Organisation.objects.count() == 2
    assert Identifier.objects.filter(scheme="GB-COH").count() == 1
