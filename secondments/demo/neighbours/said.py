"""What is told of an organisation and of a person in the programme for neighbours."""

from __future__ import annotations

from typing import NamedTuple

from partnerships.states import Field, SizeBand
from secondments.states import AccessNeed, Mode, Tie

VCSE = (Field.VOLUNTARY, Field.COMMUNITY, Field.SOCIAL_ENTERPRISE)
COUNCILS = (Field.LOCAL_GOVERNMENT,)
HEALTH = (Field.HEALTH,)
JUSTICE = (Field.POLICING,)
HOMES = (Field.HOUSING,)
PUBLIC = (Field.LOCAL_GOVERNMENT, Field.HEALTH, Field.HOUSING, Field.OTHER_PUBLIC)


class Offer(NamedTuple):
    """What a visitor would see, on two weekdays (Monday is 0) of some weeks of the round (the first is 0).

    `letter`: they must bring one of assurance from their employer.
    """

    title: str
    see: str
    weekdays: tuple[int, int]
    weeks: tuple[int, ...]
    places: int = 1
    pounds: int = 0
    ties: bool = False
    meets: tuple[AccessNeed, ...] = ()
    access: str = ""
    mode: Mode = Mode.IN_PERSON
    letter: bool = False


class Group(NamedTuple):
    """An organisation. `key` stands in its addresses, and its people name it by that; its first one coordinates.

    Without a `name` it is one of the cast's, and without an offer its own offer is enough.
    """

    key: str
    name: str = ""
    field: Field = Field.VOLUNTARY
    place: str = ""
    size: SizeBand = SizeBand.UNKNOWN
    does: str = ""
    offer: Offer | None = None


class Person(NamedTuple):
    """Somebody who joins. `shows` is what a visitor would see with them; empty where nobody can come.

    `weeks` and `wishes` are drawn where they are not told. `avoids` names an organisation by its key.
    """

    name: str
    job: str
    wants: tuple[Field, ...]
    learn: str
    shows: str = ""
    commissions: bool = False
    km: int = 30
    weeks: tuple[int, ...] = ()
    in_person: bool = True
    online: bool = False
    needs: str = ""
    needs_of_a_place: tuple[AccessNeed, ...] = ()
    shows_access: tuple[AccessNeed, ...] = ()
    tie: Tie = Tie.NONE
    avoids: str = ""
    why: str = ""
    cover_pounds: int = 0
