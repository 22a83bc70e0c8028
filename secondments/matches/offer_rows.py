"""An offer and its organisation as the columns that rules and scores read: of thousands, no models are made."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """The columns of an offer and its organisation that rules and scores read."""

    pk: int
    organisation: int
    field: str
    sector: str
    size: str
    latitude: float | None
    longitude: float | None
    place_latitude: float | None
    place_longitude: float | None
    place_code: str | None
    mode: str
    meets: list[str]
    asks_for: list[str]
    created_by: int
    checks: list[str]
    payment_pence: int | None
    accepts_ties: bool
    dating: str
    places: int
    usual_weekdays: list[int]
    months_to_avoid: list[int]
    host_months_to_avoid: list[int]
    notice_days: int
    most_visits_per_week: int | None
    most_visits_per_quarter: int | None


COLUMNS = (
    "pk",
    "organisation_id",
    "organisation__field",
    "organisation__sector",
    "organisation__size",
    "organisation__latitude",
    "organisation__longitude",
    "organisation__place__latitude",
    "organisation__place__longitude",
    "organisation__place__code",
    "mode",
    "meets",
    "asks_for",
    "created_by_id",
    "checks",
    "payment_pence",
    "accepts_ties",
    "dating",
    "places",
    "usual_weekdays",
    "months_to_avoid",
    "organisation__months_to_avoid",
    "notice_days",
    "organisation__most_visits_per_week",
    "organisation__most_visits_per_quarter",
)
"""Where each of them stands, in their order."""
