"""The pseudonyms under which a problem speaks of people, organisations and offers, and where these are."""

from __future__ import annotations

from partnerships.matching.types import Point
from partnerships.models import Organisation
from secondments.models import Participation


def person_id(participation: Participation) -> str:
    return str(participation.uuid)


def user_key(user_id: int) -> str:
    """Whoever a visitor would meet, in the round or not."""
    return f"u{user_id}"


def organisation_key(organisation_id: int) -> str:
    return f"o{organisation_id}"


def offer_key(offer_id: int) -> str:
    return f"f{offer_id}"


def offer_pk(key: str) -> int:
    """The row that an offer's key in a problem stands for."""
    return int(key.removeprefix("f"))


def point_of(organisation: Organisation) -> Point | None:
    degrees = organisation.point()
    return Point.from_degrees(*degrees) if degrees else None
