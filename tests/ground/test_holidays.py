"""Bank holidays, as the government publishes them for England and Wales."""

from __future__ import annotations

from datetime import date

import pytest

from partnerships.ground.holidays import bank_holidays, is_bank_holiday

PUBLISHED = {
    2021: ((1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)),
    2026: ((1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)),
    2027: ((1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)),
    2028: ((1, 3), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)),
}
"""Year → month and day of each; a Christmas on a Saturday, on a Friday, and a New Year's Day on one are among them."""


@pytest.mark.parametrize("year", PUBLISHED)
def test_they_are_those_that_are_published(year: int) -> None:
    assert sorted(bank_holidays(year)) == [date(year, month, day) for month, day in PUBLISHED[year]]


def test_a_christmas_on_a_sunday_is_held_after_the_day_that_follows_it() -> None:
    assert {date(2022, 12, 26), date(2022, 12, 27)} < bank_holidays(2022)
    assert not is_bank_holiday(date(2022, 12, 25))
