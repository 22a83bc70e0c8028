"""Quarters of the year as the engine counts them, by weeks, where the limits of hosts hold for days.

A week in which a quarter begins belongs to the one in which most of its working days are. A host with a limit a quarter
takes nobody on its other days (`days.calendar_of`), so that a visit of a week counts in the quarter of its days.
"""

from __future__ import annotations

from datetime import date

from secondments.matches.days import mondays, week_number
from secondments.models.days import quarter_of_week


def quarters_between(first: date, last: date) -> list[date]:
    """The first days of the quarters to which the weeks that begin between two days belong."""
    return sorted({quarter_of_week(monday) for monday in mondays(first, last)})


def first_week_of(quarter: date) -> int:
    """The first week that belongs to the quarter that begins on this day."""
    week = week_number(quarter)
    return week if quarter_of_week(quarter) == quarter else week + 1
