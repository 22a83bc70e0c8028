"""Half-days in words, and the weeks and quarters that they are in."""

from __future__ import annotations

from datetime import date

import pytest

from secondments.models.days import (
    HalfDay,
    count_words,
    day_lines,
    hours_words,
    pattern_words,
    quarter_of,
    range_words,
    week_of,
    weekly,
    when_words,
)
from secondments.models.money import payment_words, pounds

TUESDAY = date(2027, 1, 12)
BOTH = ("am", "pm")


@pytest.mark.parametrize(
    ("half_days", "title", "when"),
    [
        (
            weekly(TUESDAY, BOTH, 5),
            "Five Tuesdays",
            "Tuesdays, all day, 12 January to 9 February 2027",
        ),
        (weekly(TUESDAY, ["am"]), "A morning", "Tuesday 12 January 2027, in the morning"),
        (weekly(TUESDAY, ["pm"]), "An afternoon", "Tuesday 12 January 2027, in the afternoon"),
        (weekly(TUESDAY, BOTH), "A Tuesday", "Tuesday 12 January 2027, all day"),
        (
            [*weekly(TUESDAY, BOTH), *weekly(date(2027, 1, 14), ["pm"])],
            "Two days",
            "Tuesday and Thursday, some mornings, some afternoons, 12 to 14 January 2027",
        ),
        (
            [*weekly(TUESDAY, BOTH), *weekly(date(2027, 1, 13), BOTH)],
            "Two days",
            "Tuesday and Wednesday, all day, 12 to 13 January 2027",
        ),
        (
            [*weekly(TUESDAY, BOTH, 2), *weekly(date(2027, 1, 14), BOTH, 2)],
            "Four days",
            "Tuesdays and Thursdays, all day, 12 to 21 January 2027",
        ),
        (weekly(TUESDAY, ["am"], 12), "12 Tuesdays", "Tuesdays, in the morning, 12 January to 30 March 2027"),
        ([], "A visit", ", "),
    ],
)
def test_days_are_said_as_a_person_would(half_days: list[HalfDay], title: str, when: str) -> None:
    assert count_words(half_days) == title
    assert when_words(half_days) == when


def test_each_day_is_on_a_line_of_its_own() -> None:
    lines = day_lines([*weekly(TUESDAY, BOTH), HalfDay(date(2027, 1, 13), "pm")])
    assert lines == ["Tuesday 12 January, all day", "Wednesday 13 January, in the afternoon"]


def test_a_range_over_new_year_names_both_years() -> None:
    assert range_words([date(2026, 12, 29), date(2027, 1, 5)]) == "29 December 2026 to 5 January 2027"
    assert (range_words([]), pattern_words([])) == ("", "")


@pytest.mark.parametrize(
    ("day", "first", "following"),
    [
        (date(2027, 1, 1), date(2027, 1, 1), date(2027, 4, 1)),
        (date(2027, 6, 30), date(2027, 4, 1), date(2027, 7, 1)),
        (date(2027, 12, 31), date(2027, 10, 1), date(2028, 1, 1)),
    ],
)
def test_the_quarter_of_a_day(day: date, first: date, following: date) -> None:
    assert quarter_of(day) == (first, following)


def test_weeks_begin_on_mondays() -> None:
    assert week_of(TUESDAY) == date(2027, 1, 11)


def test_an_afternoon_is_too_late_to_change_once_it_has_begun() -> None:
    assert HalfDay(TUESDAY, "pm").starts_at.isoformat() == "2027-01-12T12:00:00+00:00"
    assert HalfDay(date(2027, 7, 6), "am").starts_at.isoformat() == "2027-07-06T08:00:00+01:00"


@pytest.mark.parametrize(
    ("minutes", "words"), [(45, "45 minutes"), (60, "1 hour"), (150, "2.5 hours"), (600, "10 hours")]
)
def test_time_that_was_given(minutes: int, words: str) -> None:
    assert hours_words(minutes) == words


def test_payment_says_who_pays() -> None:
    assert pounds(12250) == "£122.50"
    assert payment_words(12000, "Test Council") == "£120 a day to the host, paid by Test Council"
    assert payment_words(12000) == "£120 a day to the host, paid by the visitor’s organisation"
    assert payment_words(None) == payment_words(0) == "No payment is asked"
