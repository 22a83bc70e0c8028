"""A letter is asked for once everybody has answered, and an employer writes it in two weeks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from secondments.matches import monday_of, week_number
from secondments.matches.needed_first import weeks_needed
from secondments.states import CheckKind

MONDAY = date(2027, 2, 1)


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("answer_days", [3, 7, 28])
def test_the_first_week_is_the_first_that_begins_when_the_letter_is_there(weekday: int, answer_days: int) -> None:
    today = MONDAY + timedelta(days=weekday)
    weeks = weeks_needed([CheckKind.LETTER_OF_ASSURANCE], answer_days=answer_days, today=today)
    first = monday_of(week_number(today) + weeks[CheckKind.LETTER_OF_ASSURANCE])
    there = today + timedelta(days=answer_days + 14)
    assert first >= there > first - timedelta(weeks=1)


def test_what_is_promised_or_given_on_the_day_takes_no_week() -> None:
    checks = [CheckKind.CONFIDENTIALITY, CheckKind.INDUCTION]
    assert weeks_needed(checks, answer_days=7, today=MONDAY) == {}
