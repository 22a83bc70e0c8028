"""Bank holidays, as the government publishes them for each part of the United Kingdom; and when most are closed."""

from __future__ import annotations

from datetime import date

import pytest

from partnerships.ground.holidays import Division, bank_holidays, division_of, is_bank_holiday, is_closed

PUBLISHED: dict[Division, dict[int, tuple[tuple[int, int], ...]]] = {
    Division.ENGLAND_AND_WALES: {
        2021: ((1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)),
        2026: ((1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)),
        2027: ((1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)),
        2028: ((1, 3), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)),
    },
    Division.SCOTLAND: {
        2021: ((1, 1), (1, 4), (4, 2), (5, 3), (5, 31), (8, 2), (11, 30), (12, 27), (12, 28)),
        2024: ((1, 1), (1, 2), (3, 29), (5, 6), (5, 27), (8, 5), (12, 2), (12, 25), (12, 26)),
        2027: ((1, 1), (1, 4), (3, 26), (5, 3), (5, 31), (8, 2), (11, 30), (12, 27), (12, 28)),
    },
    Division.NORTHERN_IRELAND: {
        2024: ((1, 1), (3, 18), (3, 29), (4, 1), (5, 6), (5, 27), (7, 12), (8, 26), (12, 25), (12, 26)),
        2026: ((1, 1), (3, 17), (4, 3), (4, 6), (5, 4), (5, 25), (7, 13), (8, 31), (12, 25), (12, 28)),
    },
}
"""Year → month and day of each; dates of every kind that fall on a weekend are among them."""


@pytest.mark.parametrize(
    ("division", "year"), [(division, year) for division in Division for year in PUBLISHED[division]]
)
def test_they_are_those_that_are_published(division: Division, year: int) -> None:
    days = [date(year, month, day) for month, day in PUBLISHED[division][year]]
    assert sorted(bank_holidays(year, division)) == days


def test_a_christmas_on_a_sunday_is_held_after_the_day_that_follows_it() -> None:
    assert {date(2022, 12, 26), date(2022, 12, 27)} < bank_holidays(2022)
    assert not is_bank_holiday(date(2022, 12, 25))


def test_in_scotland_both_first_days_of_a_year_are_held() -> None:
    """In 2022 they were a Saturday and a Sunday, in 2023 a Sunday and a Monday."""
    assert {date(2022, 1, 3), date(2022, 1, 4)} < bank_holidays(2022, Division.SCOTLAND)
    assert {date(2023, 1, 2), date(2023, 1, 3)} < bank_holidays(2023, Division.SCOTLAND)


@pytest.mark.parametrize(
    ("code", "division"),
    [
        ("E08000006", Division.ENGLAND_AND_WALES),
        ("W06000015", Division.ENGLAND_AND_WALES),
        ("S12000036", Division.SCOTLAND),
        ("N09000003", Division.NORTHERN_IRELAND),
        ("", Division.ENGLAND_AND_WALES),
    ],
)
def test_a_place_is_told_by_its_code(code: str, division: Division) -> None:
    assert division_of(code) == division


@pytest.mark.parametrize("division", Division)
def test_most_are_closed_from_christmas_to_new_year(division: Division) -> None:
    closed = [date(2026, 12, day) for day in range(25, 32)] + [date(2027, 1, 1)]
    assert all(is_closed(day, division) for day in closed)
    assert not is_closed(date(2026, 12, 24), division)
    assert not is_closed(date(2027, 1, 5), division)
