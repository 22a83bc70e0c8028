"""In which weeks thousands of offers have room for one more visitor, worked out as columns.

The same as `days.calendar_of` and `days.places_by_week` say of one offer at a time; a test compares them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from partnerships.ground import clock
from partnerships.ground.holidays import Division, is_closed
from secondments.matches.days import DAYS_IN_WEEK, WORKING_DAYS, counts_with_its_week, mondays, week_number
from secondments.states import Dating

Bools = npt.NDArray[np.bool_]


class Dates(NamedTuple):
    """What an offer says of its days. `limited`: its host takes so many visits a quarter and no more."""

    offer: int
    dating: str
    places: int
    usual_weekdays: Collection[int]
    months_to_avoid: Collection[int]
    notice_days: int
    division: Division
    limited: bool


class Held(NamedTuple):
    """The days of one offer, counted from the first of the window, on which some half is free, and some is full."""

    offer: int
    free: list[int]
    full: list[int]


def free_weeks(
    offers: Sequence[Dates],
    held: Iterable[Held],
    *,
    first: date,
    last: date,
    days: int,
    elsewhere: Collection[date],
    at: datetime,
) -> Iterator[Mapping[int, int]]:
    """Of each offer the weeks in which one visitor can have so many different days, as the engine takes places.

    `elsewhere`: the days of their other visits.
    """
    window = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    weeks = [week_number(monday) for monday in mondays(first, last)]
    free = _usual(offers, window)
    row_of = {offer.offer: row for row, offer in enumerate(offers)}
    for each in held:
        row = row_of[each.offer]
        if offers[row].dating == Dating.DATED:
            free[row, each.free] = True
        free[row, each.full] = False
    today = clock.today(at)
    ahead = np.array([(day - today).days for day in window], dtype=np.int64)
    notice = np.array([max(1, offer.notice_days) for offer in offers], dtype=np.int64)
    free &= ahead[None, :] >= notice[:, None]
    free[:, [day in elsewhere for day in window]] = False
    limited = np.array([offer.limited for offer in offers], dtype=np.bool_)
    free &= ~limited[:, None] | np.array([counts_with_its_week(day) for day in window], dtype=np.bool_)
    return _weeks_with(free, window, weeks, days)


def _usual(offers: Sequence[Dates], window: Sequence[date]) -> Bools:
    """The days on which those that say "ask us" take visitors; of the others the days are read."""
    weekdays = np.zeros((len(offers), DAYS_IN_WEEK), dtype=np.bool_)
    months = np.ones((len(offers), 13), dtype=np.bool_)
    for row, offer in enumerate(offers):
        if offer.dating != Dating.DATED:
            weekdays[row, list(offer.usual_weekdays or WORKING_DAYS)] = True
            if offer.months_to_avoid:
                months[row, list(offer.months_to_avoid)] = False
    divisions = list(Division)
    opens = np.array([[not is_closed(day, each) for day in window] for each in divisions], dtype=np.bool_)
    where = [divisions.index(offer.division) for offer in offers]
    usual: Bools = weekdays[:, [day.weekday() for day in window]] & months[:, [day.month for day in window]]
    return usual & opens[where]


def _weeks_with(free: Bools, window: Sequence[date], weeks: Sequence[int], days: int) -> Iterator[Mapping[int, int]]:
    """Offers that are free in the same weeks share one mapping: most of thousands are."""
    within = np.array([[week_number(day) == week for week in weeks] for day in window], dtype=np.float32)
    # Small whole numbers are exact as floats, and only of those numpy has a quick product.
    enough = (free.astype(np.float32) @ within.reshape(len(window), len(weeks))) >= days
    made: dict[bytes, Mapping[int, int]] = {}
    for row in enough:
        key = row.tobytes()
        if key not in made:
            made[key] = {week: 1 for week, open_then in zip(weeks, row.tolist(), strict=True) if open_then}
        yield made[key]
