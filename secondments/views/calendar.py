"""The days of an offer as rows of a table: which halves are free, taken, or spoken for by the person who looks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from partnerships.ground import clock
from secondments.models import HostOffer, OfferSession, PlacementSession
from secondments.models.days import HalfDay
from secondments.problems import first_day_to_ask
from secondments.problems.facts import visited_at_home
from secondments.states import Half

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from partnerships.models import User

MOST_DAYS = 60

State = Literal["free", "full", "mine", "elsewhere", "visited"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A morning or an afternoon of the table."""

    value: str
    words: str
    state: State
    left: int
    chosen: bool = False
    pk: int = 0
    booked: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    day: date
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The halves that the offer has at all are its columns; `more` days follow that are not shown."""

    rows: tuple[Row, ...]
    halves: tuple[str, ...]
    free: int
    more: int

    @property
    def first_free(self) -> str:
        return next(iter(self.values()), "")

    def values(self) -> list[str]:
        return [cell.value for row in self.rows for cell in row.cells if cell and cell.state == "free"]


def calendar_of(
    offer: HostOffer,
    user: User | AnonymousUser,
    at: datetime,
    *,
    chosen: Collection[HalfDay] = (),
    every_day: bool = False,
    most: int = MOST_DAYS,
) -> Calendar:
    """The days that can still be asked for; with `every_day` also the near ones, for who manages them."""
    first = first_day_to_ask(offer, at) if not every_day else clock.today(at)
    sessions = list(offer.sessions.from_day(first).offered())
    held, visited = _held_by(user, sessions), _visited(user, sessions)
    days: dict[date, dict[str, Cell]] = {}
    for session in sessions:
        half_day = HalfDay(session.date, session.half)
        state: State = "free" if session.booked < session.places else "full"
        if half_day in held:
            state = "mine" if held[half_day] == offer.pk else "elsewhere"
        elif half_day in visited:
            state = "visited"
        days.setdefault(session.date, {})[session.half] = Cell(
            value=value_of(half_day),
            words=half_day.words(),
            state=state,
            left=session.places - session.booked,
            chosen=half_day in chosen,
            pk=session.pk,
            booked=session.booked,
        )
    halves = tuple(half for half in Half.values if any(half in cells for cells in days.values()))
    rows = tuple(Row(day, tuple(cells.get(half) for half in halves)) for day, cells in sorted(days.items()))
    free = sum(cell.state == "free" for cells in days.values() for cell in cells.values())
    return Calendar(rows=rows[:most], halves=halves, free=free, more=max(0, len(rows) - most))


def value_of(half_day: HalfDay) -> str:
    """2027-01-12.am"""
    return f"{half_day.date.isoformat()}.{half_day.half}"


def _held_by(user: User | AnonymousUser, sessions: Sequence[OfferSession]) -> dict[HalfDay, int]:
    """The half-days on which this person is or has asked to be somewhere, with the offer."""
    if not user.is_authenticated:
        return {}
    mine = PlacementSession.objects.filter(visitor=user, holding=True, date__in={session.date for session in sessions})
    rows = mine.values_list("date", "half", "placement__offer")
    return {HalfDay(day, half): offer for day, half, offer in rows}


def _visited(user: User | AnonymousUser, sessions: Sequence[OfferSession]) -> Collection[HalfDay]:
    """The half-days on which somebody comes to what this person shows."""
    if not user.is_authenticated or not sessions:
        return ()
    days = [session.date for session in sessions]
    return visited_at_home([user.pk], min(days), max(days))[user.pk]
