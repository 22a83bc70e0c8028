"""Writing areas: found by any of their codes, so that a place keeps what stands in it when its code changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from partnerships.importers.records import Area
from partnerships.models import Place


@dataclass(frozen=True, slots=True)
class PlacesKept:
    created: int = 0
    updated: int = 0
    unchanged: int = 0


def keep_areas(areas: Iterable[Area], *, only_new: bool = False) -> PlacesKept:
    """Make or bring up to date the places of `areas`, parents first; call it inside a transaction.

    `only_new` leaves places that are there as they are: what a register said is worth more than a name from a package.
    """
    places = places_by_code()
    created = updated = unchanged = 0
    for area in areas:
        place = places.get(area.code) or next((places[code] for code in area.former_codes if code in places), None)
        if place is None:
            place = Place(kind=area.kind, code=area.code, former_codes=sorted(area.former_codes))
            _describe(place, area, places)
            place.save()
            created += 1
        elif not only_new and _bring_up_to_date(place, area, places):
            updated += 1
        else:
            unchanged += 1
        for code in (place.code, *place.former_codes):
            places[code] = place
    return PlacesKept(created, updated, unchanged)


def places_by_code() -> dict[str, Place]:
    """Every place by its present and former codes; a present code wins."""
    places = list(Place.objects.order_by("id"))
    former = {code: place for place in places for code in place.former_codes}
    return former | {place.code: place for place in places}


def _bring_up_to_date(place: Place, area: Area, places: dict[str, Place]) -> bool:
    before = _values(place)
    codes = {*place.former_codes, *area.former_codes, place.code} - {area.code}
    place.kind, place.code, place.former_codes = area.kind, area.code, sorted(codes)
    _describe(place, area, places)
    if _values(place) == before:
        return False
    place.save()
    return True


def _describe(place: Place, area: Area, places: dict[str, Place]) -> None:
    place.name = area.name
    place.parent = places.get(area.parent_code)
    if area.point:
        place.latitude, place.longitude = area.point
    elif place.latitude is None:
        # A police force's area has no point of its own; that of the county with its name is good enough to be found by.
        namesake = next((other for other in places.values() if other.name == area.name and other.latitude), None)
        if namesake:
            place.latitude, place.longitude = namesake.latitude, namesake.longitude


def _values(place: Place) -> tuple[object, ...]:
    return (place.kind, place.code, place.former_codes, place.name, place.parent_id, place.latitude, place.longitude)
