"""Nations, regions and combined authorities: names and codes that the registers take for granted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from partnerships.importers.records import Area, Point
from partnerships.states import PlaceKind

NATIONS = {
    "England": "E92000001",
    "Northern Ireland": "N92000002",
    "Scotland": "S92000003",
    "Wales": "W92000004",
}
NATION_OF_LETTER = {code[0]: code for code in NATIONS.values()}
REGIONS = {
    "North East": "E12000001",
    "North West": "E12000002",
    "Yorkshire and The Humber": "E12000003",
    "East Midlands": "E12000004",
    "West Midlands": "E12000005",
    "East of England": "E12000006",
    "London": "E12000007",
    "South East": "E12000008",
    "South West": "E12000009",
}


def _numbered(beginning: str, *numbers: int) -> frozenset[str]:
    return frozenset(f"{beginning}{number:06}" for number in numbers)


METROPOLITAN: dict[str, tuple[str, str, frozenset[str]]] = {
    "E47000001": ("Greater Manchester", "North West", _numbered("E08", *range(1, 11))),
    "E47000002": ("South Yorkshire", "Yorkshire and The Humber", _numbered("E08", *range(16, 20))),
    "E47000003": ("West Yorkshire", "Yorkshire and The Humber", _numbered("E08", *range(32, 37))),
    "E47000004": ("Liverpool City Region", "North West", _numbered("E08", *range(11, 16)) | {"E06000006"}),
    "E47000007": ("West Midlands", "West Midlands", _numbered("E08", *range(25, 32))),
    "E61000001": ("Greater London", "London", _numbered("E09", *range(1, 34))),
}
"""The combined authorities of the big cities by code: name, region and councils. The register of councils has them all;
a demonstration without it has these."""


def nations_and_regions() -> list[Area]:
    """The tops of the tree. A region of England has England above it."""
    return [Area(PlaceKind.NATION, code, name) for name, code in NATIONS.items()] + [
        Area(PlaceKind.REGION, code, name, parent_code=NATIONS["England"]) for name, code in REGIONS.items()
    ]


def with_points(areas: Iterable[Area]) -> list[Area]:
    """Areas in the order parents first, each without a point of its own given the middle of its parts."""
    by_code = {area.code: area for area in areas}
    parts: dict[str, list[Area]] = {}
    for area in by_code.values():
        parts.setdefault(area.parent_code, []).append(area)
    ordered: list[Area] = []

    def visit(area: Area) -> Point | None:
        place = len(ordered)
        ordered.append(area)
        points = [point for part in parts.get(area.code, []) if (point := visit(part))]
        point = area.point or _middle(points)
        ordered[place] = replace(area, point=point)
        return point

    for area in by_code.values():
        if area.parent_code not in by_code:
            visit(area)
    return ordered


def _middle(points: list[Point]) -> Point | None:
    if not points:
        return None
    latitudes, longitudes = zip(*points, strict=True)
    return round(sum(latitudes) / len(points), 5), round(sum(longitudes) / len(points), 5)
