"""Councils, trusts, boards and police forces into the directory, and the areas that they look after."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import Identifier, Organisation, Place, RegisterEntry
from partnerships.states import PlaceKind, Register
from tests.partnerships.register_files import (
    Importing,
    council,
    numbers,
    trust,
)

pytestmark = pytest.mark.django_db


def test_a_trust_is_listed_in_readable_case_where_it_stands(trusts: Importing) -> None:
    assert numbers(trusts(trust() + trust("R0B", "BOLTON NHS TRUST", "20200331"))) == {"created": 1, "closed": 1}
    organisation = Organisation.objects.get()
    assert organisation.name == "Manchester University NHS Foundation Trust"
    assert str(organisation.identifiers.get()) == "GB-NHS-R0A"
    entry = organisation.register_entries.get()
    assert entry.facts == {"region": "North West", "opened": "2017-10-01"}
    for private in ("COBBETT", "OXFORD ROAD", "0300", "M13"):
        assert private not in f"{organisation.__dict__} {entry.__dict__}"


def test_a_known_trust_that_closes_is_closed(trusts: Importing) -> None:
    trusts(trust())
    assert trusts(trust(closed="20260331")).closed_now == 1
    assert RegisterEntry.objects.get().closed_on == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (trust("R 0?"), "the first column is not an NHS organisation code"),
        (trust(name=""), "no name"),
        (trust(closed="soon"), "the date on which it closed cannot be read, so that it may be open or not"),
    ],
)
def test_a_trust_that_cannot_be_read_is_rejected(trusts: Importing, row: str, reason: str) -> None:
    assert numbers(trusts(trust("RRR") + row)) == {"created": 1, "rejected": 1}
    assert trusts.notes[0].reason == reason


def test_boards_and_forces_make_their_areas(tmp_path: Path) -> None:
    Place.objects.create(
        kind=PlaceKind.COMBINED_AUTHORITY, code="E47000001", name="Greater Manchester", latitude=53.5, longitude=-2.3
    )
    Importing(tmp_path, Register.ICBS)(
        "ods_code,name,gss_code_apr2023\nQOP,NHS GREATER MANCHESTER INTEGRATED CARE BOARD,E54000057\n"
        "D7T5G,NHS ESSEX INTEGRATED CARE BOARD,\nQOP,AGAIN,\nno code,x,\nQZZ,,\n"
    )
    report = Importing(tmp_path, Register.POLICE)(
        "pfa_gss_code,name,pnc_force_code\nE23000005,Greater Manchester,06\nS23000009,Scotland,\n"
        "E23000001,Metropolitan Police,01\nE23000005,Again,06\nXX,Nowhere,\nE23000006,,07\n"
    )
    assert numbers(report) == {"created": 3, "rejected": 2, "skipped": 1}
    assert sorted(Organisation.objects.values_list("name", flat=True)) == [
        "Greater Manchester Police",
        "Metropolitan Police",
        "NHS Essex Integrated Care Board",
        "NHS Greater Manchester Integrated Care Board",
        "Police Scotland",
    ]
    assert Place.objects.get(code="D7T5G").kind == PlaceKind.ICB
    force = Place.objects.get(code="E23000005")
    assert (force.kind, force.latitude) == (PlaceKind.POLICE_FORCE, 53.5)


MANCHESTER = council(
    "GMCA", "E47000001", **{
        "official-name": "Greater Manchester Combined Authority", "nice-name": "Greater Manchester",
        "local-authority-type": "COMB", "local-authority-type-name": "Combined authority",
    },
)  # fmt: skip


def test_a_council_stands_in_its_area_below_combined_authority_region_and_nation(councils: Importing) -> None:
    assert numbers(councils([council(**{"combined-authority": "GMCA"}), MANCHESTER])) == {"created": 2}
    salford = Organisation.objects.get(name="Salford City Council").place
    assert salford is not None
    above = []
    place: Place | None = salford
    while place:
        above.append((place.kind, place.name))
        place = place.parent
    assert above == [
        ("council", "Salford"),
        ("combined_authority", "Greater Manchester"),
        ("region", "North West"),
        ("nation", "England"),
    ]
    assert {str(identifier) for identifier in Identifier.objects.filter(organisation__place=salford)} == {
        "GB-LAE-SLF",
        "GSS-E08000006",
    }
    # The combined authority has no point in the file: it gets the middle of its councils.
    assert Place.objects.get(code="E47000001").latitude == pytest.approx(salford.latitude)


def test_a_district_is_below_its_county(councils: Importing) -> None:
    county = council("KEN", "E10000016", **{"nice-name": "Kent", "local-authority-type": "CTY"})
    councils([council("ASF", "E07000105", **{"nice-name": "Ashford", "county-la": "KEN"}), county])
    ashford = Place.objects.get(code="E07000105")
    assert ashford.parent is not None
    assert ashford.parent.name == "Kent"


def test_an_abolished_council_is_a_former_code_of_the_last_that_replaced_it(councils: Importing) -> None:
    gone = {"current-authority": "False", "end-date": "2019-03-31"}
    report = councils(
        [
            council("TAU", "E07000190", **gone, **{"replaced-by": "SWT"}),
            council("SWT", "E07000246", **gone, **{"replaced-by": "SMT"}),
            council("SMT", "E06000066", **{"official-name": "Somerset Council", "nice-name": "Somerset"}),
            council("NNT", "E06000061"),
            council("WNT", "E06000062"),
            council("NTH", "E10000021", **gone, **{"replaced-by": "NNT,WNT"}),
        ]
    )
    assert numbers(report) == {"created": 3, "closed": 3}
    assert Place.objects.get(code="E06000066").former_codes == ["E07000190", "E07000246"]
    assert Place.objects.with_code("E07000190").get().name == "Somerset"
    # An area that was divided is no earlier form of any of its parts.
    assert not Place.objects.with_code("E10000021").exists()
    assert councils.notes[0].reason == "abolished, its area is now with Somerset Council"


def test_new_codes_of_barnsley_and_sheffield_find_the_councils_that_have_the_old(councils: Importing) -> None:
    councils([council("BNS", "E08000016")])
    assert Place.objects.with_code("E08000038").get().code == "E08000016"


def test_a_place_whose_code_changes_keeps_what_stands_in_it(councils: Importing) -> None:
    councils([council()])
    place = Place.objects.get(code="E08000006")
    councils([council(gss="E08000099", **{"former-gss-codes": "E08000006"})])
    place.refresh_from_db()
    assert (place.code, place.former_codes) == ("E08000099", ["E08000006"])
    assert Place.objects.councils().count() == 1


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"local-authority-code": ""}, "no local-authority-code"),
        ({"current-authority": ""}, "current-authority is neither True nor False"),
        ({"official-name": ""}, "no official-name"),
        ({"gss-code": ""}, "no gss-code, so that its area is not known"),
    ],
)
def test_a_council_that_cannot_be_placed_is_rejected(councils: Importing, cells: dict[str, str], reason: str) -> None:
    assert numbers(councils([{**council(), **cells}, council("BOL", "E08000001")])) == {"created": 1, "rejected": 1}
    assert councils.notes[0].reason == reason


def test_the_second_row_of_a_council_is_skipped(councils: Importing) -> None:
    assert numbers(councils([council(), council()])) == {"created": 1, "skipped": 1}


def test_places_are_loaded_from_packages_alone_and_once() -> None:
    out = StringIO()
    call_command("load_places", stdout=out)
    assert "places." in out.getvalue()
    salford = Place.objects.get(code="E08000006")
    assert salford.parent is not None
    assert (salford.name, salford.parent.name) == ("Salford", "Greater Manchester")
    assert Place.objects.councils().count() > 330
    assert not Place.objects.councils().filter(latitude__isnull=True).exists()
    assert Place.objects.with_code("E08000038").get().name == "Barnsley"
    with CaptureQueriesContext(connection) as captured:
        call_command("load_places", stdout=out)
    assert len(captured) == 1


def test_councils_that_are_imported_afterwards_take_over_the_same_places(councils: Importing) -> None:
    call_command("load_places", verbosity=0)
    before = Place.objects.get(code="E08000006")
    count = Place.objects.councils().count()
    councils([council(**{"combined-authority": "GMCA", "nice-name": "City of Salford"}), MANCHESTER])
    before.refresh_from_db()
    assert (before.name, Place.objects.councils().count()) == ("City of Salford", count)
    assert Place.objects.filter(name="Greater Manchester", kind=PlaceKind.COMBINED_AUTHORITY).count() == 1
