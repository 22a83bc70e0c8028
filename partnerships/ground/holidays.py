"""Days on which a host that has named none is taken to be closed: the bank holidays of where it is, and Christmas week.

Bank holidays follow from the rules of the Banking and Financial Dealings Act 1971, and from what is proclaimed every
year. What is proclaimed for a single one, such as a coronation, is not among them.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import cache

MONDAY, SATURDAY = 0, 5
ONE_DAY = timedelta(days=1)


class Division(StrEnum):
    """A part of the United Kingdom with bank holidays of its own."""

    ENGLAND_AND_WALES = "england_and_wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern_ireland"


BY_FIRST_LETTER = {"S": Division.SCOTLAND, "N": Division.NORTHERN_IRELAND}
"""Official codes of areas (GSS) begin with the country: E, N, S, W."""

NAMED = {
    Division.ENGLAND_AND_WALES: ((1, 1), (12, 25), (12, 26)),
    Division.SCOTLAND: ((1, 1), (1, 2), (11, 30), (12, 25), (12, 26)),
    Division.NORTHERN_IRELAND: ((1, 1), (3, 17), (7, 12), (12, 25), (12, 26)),
}
"""Month and day of those that have a date of their own."""


def division_of(place_code: str) -> Division:
    """Where the place with this code is; England and Wales where that cannot be told."""
    return BY_FIRST_LETTER.get(place_code[:1], Division.ENGLAND_AND_WALES)


def is_closed(day: date, division: Division) -> bool:
    """Whether most are closed: on bank holidays, and from Christmas to New Year."""
    return is_bank_holiday(day, division) or (day.month == 12 and day.day >= 25)


def is_bank_holiday(day: date, division: Division = Division.ENGLAND_AND_WALES) -> bool:
    return day in bank_holidays(day.year, division)


@cache
def bank_holidays(year: int, division: Division = Division.ENGLAND_AND_WALES) -> frozenset[date]:
    """Those of one year; what falls on a weekend is held on the next day that is none yet."""
    easter = _easter(year)
    held = {easter - timedelta(days=2), _monday_from(date(year, 5, 1)), _monday_from(date(year, 5, 25))}
    if division == Division.SCOTLAND:
        held.add(_monday_from(date(year, 8, 1)))
    else:
        held |= {easter + ONE_DAY, _monday_from(date(year, 8, 25))}
    named = [date(year, *month_and_day) for month_and_day in NAMED[division]]
    held.update(day for day in named if day.weekday() < SATURDAY)
    for day in named:
        if day.weekday() >= SATURDAY:
            while day.weekday() >= SATURDAY or day in held:
                day += ONE_DAY
            held.add(day)
    return frozenset(held)


def _monday_from(day: date) -> date:
    return day + timedelta(days=(MONDAY - day.weekday()) % 7)


def _easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    leap_centuries, left = divmod(century, 4)
    moved = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moved + 15) % 30
    leaps, after = divmod(in_century, 4)
    to_sunday = (32 + 2 * left + 2 * leaps - epact - after) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
