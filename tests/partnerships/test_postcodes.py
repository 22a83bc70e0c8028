"""Postcodes to places, offline, against points that are known."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from partnerships import postcodes
from partnerships.grid import BRITISH, IRISH, Grid, to_degrees
from partnerships.postcodes import Parts, Postcodes, council_points, parts_of, place_of, whole_list

# Known points -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("easting", "northing", "grid", "latitude", "longitude"),
    [
        # The worked example of the Ordnance Survey's guide, whose OSGB36 answer is 52° 39′ 27.25″ N, 1° 43′ 4.52″ E.
        (651409.903, 313177.270, BRITISH, 52.65798, 1.71605),
        (530034, 180381, BRITISH, 51.50741, -0.12772),  # Charing Cross
        (383819, 398052, BRITISH, 53.47894, -2.24528),  # Manchester Town Hall
        (216677, 771282, BRITISH, 56.79684, -5.00342),  # Ben Nevis
        (333832, 374014, IRISH, 54.59664, -5.93008),  # Belfast City Hall
    ],
)
def test_map_references_become_degrees(
    easting: float, northing: float, grid: Grid, latitude: float, longitude: float
) -> None:
    assert to_degrees(easting, northing, grid) == pytest.approx((latitude, longitude), abs=0.0002)


# What people type -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("M5 4WT", Parts("M5", "4WT")),
        ("m54wt", Parts("M5", "4WT")),
        ("  sw1a   1aa ", Parts("SW1A", "1AA")),
        ("EC1V2NX", Parts("EC1V", "2NX")),
        ("M5", Parts("M5")),
        ("sw1a", Parts("SW1A")),
        ("M5 4", Parts("M5", "4")),
        ("TR13 0W", Parts("TR13", "0W")),
        ("Salford", None),
        ("", None),
        ("M", None),
        ("12345", None),
        ("M5 4WT extra", None),
    ],
)
def test_a_postcode_is_read_in_any_shape_and_nothing_else_is(typed: str, parts: Parts | None) -> None:
    assert parts_of(typed) == parts


def test_a_whole_postcode_is_in_its_own_council() -> None:
    found = place_of("m5 4wt")
    assert found is not None
    assert (found.council_code, found.precision) == ("E08000006", "postcode")
    assert (found.latitude, found.longitude) == pytest.approx((53.4835, -2.2707), abs=0.001)


def test_the_first_half_is_its_middle_and_the_council_that_has_most_of_it() -> None:
    found = place_of("M5")
    assert found is not None
    assert (found.council_code, found.precision) == ("E08000006", "outcode")
    assert (found.latitude, found.longitude) == pytest.approx((53.480, -2.285), abs=0.01)


def test_districts_of_london_are_known_without_their_last_letter() -> None:
    found = place_of("wc1")
    assert found is not None
    assert found.council_code == "E09000007"


def test_a_part_of_the_second_half_is_nearer_than_the_first_alone() -> None:
    found = place_of("m5 4")
    assert found is not None
    assert found.precision == "sector"


def test_a_postcode_newer_than_the_list_falls_back_to_its_first_half() -> None:
    found = place_of("M5 9ZZ")
    assert found == place_of("M5")


def test_northern_ireland_is_on_the_irish_grid() -> None:
    found = place_of("BT1 5GS")
    assert found is not None
    assert found.council_code == "N09000003"
    assert (found.latitude, found.longitude) == pytest.approx((54.5966, -5.9301), abs=0.001)


@pytest.mark.parametrize("typed", ["JE1 0BD", "IM1 1AA", "XX1 1AA", "QQ1", "Bolton", ""])
def test_what_has_no_place_here_is_none(typed: str) -> None:
    assert place_of(typed) is None


def test_new_codes_of_barnsley_and_sheffield_lead_to_the_councils_that_the_register_knows() -> None:
    found = place_of("S1 2HH")
    assert found is not None
    assert found.council_code == "E08000019"
    assert "E08000016" in council_points()
    assert not set(postcodes.SAME_AREA) & set(council_points())


def test_a_council_stands_where_its_people_are() -> None:
    """The middle of Bristol's boundary, which runs down the channel, lies in the sea at 2.77 degrees west."""
    assert council_points()["E06000023"] == pytest.approx((51.46, -2.587), abs=0.01)


def test_pages_keep_only_a_few_letters_in_memory() -> None:
    few = Postcodes(letters=2)
    for typed in ("AB10 1AA", "ZE1 0AA", "JE1 0BD", "HS1 2AA"):
        few.place_of(typed)
    assert few.letter.cache_info().currsize == 2


def test_without_the_package_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    postcodes._folder.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="make install"):
        postcodes._folder()


@pytest.mark.shared_data
def test_first_halves_are_in_the_councils_that_the_statistics_office_says(shared_data: Path) -> None:
    """Of 3,000 first halves, all but the newest and those split almost evenly agree."""
    shares: dict[str, dict[str, float]] = {}
    with (shared_data / "postcodes" / "outcode_to_la.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            code = postcodes.SAME_AREA.get(row["lad25cd"], row["lad25cd"])
            shares.setdefault(row["outcode"], {})[code] = float(row["share"])
    compared, same = 0, 0
    for outcode, councils in shares.items():
        best = max(councils, key=lambda code: councils[code])
        found = whole_list().place_of(outcode)
        if found is None or best.startswith(("L9", "M9")):
            continue
        compared += 1
        same += found.council_code == best
    assert compared > 2_900
    assert same / compared > 0.99
