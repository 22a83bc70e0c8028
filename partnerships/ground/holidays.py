"""The bank holidays of England and Wales, on which a host that has named no days is taken to be closed.

They follow from the rules of the Banking and Financial Dealings Act 1971. What is proclaimed for a single year, such as
a coronation, is not among them; nor are those that Scotland and Northern Ireland have besides.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

MONDAY, SATURDAY = 0, 5
ONE_DAY = timedelta(days=1)


def is_bank_holiday(day: date) -> bool:
    return day in bank_holidays(day.year)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Those of one year; what falls on a weekend is held on the next day that is none yet."""
    easter = _easter(year)
    held = {
        easter - timedelta(days=2),
        easter + ONE_DAY,
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
    }
    named = (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
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
