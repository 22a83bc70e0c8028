"""The weeks of many offers. Thousands may share one mapping of week to places, and it need be read only once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .types import Slot


def calendars(slots: Iterable[Slot]) -> dict[int, Mapping[int, int]]:
    """Each mapping of week to places, by its identity."""
    return {id(slot.places): slot.places for slot in slots}


def weeks_offered(slots: Iterable[Slot]) -> set[int]:
    """The weeks in which there is any place."""
    return {week for places in calendars(slots).values() for week, count in places.items() if count > 0}
