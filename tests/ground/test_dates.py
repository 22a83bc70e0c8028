"""A date in three boxes: what counts as one, and what is said when it does not."""

from datetime import date

import pytest
from django import forms

from partnerships.ground.dates import DateField
from partnerships.ground.forms import error_lines


class Day(forms.Form):
    day = DateField(label="First day")


def _typed(day: str, month: str, year: str) -> Day:
    return Day({"day-day": day, "day-month": month, "day-year": year})


@pytest.mark.parametrize("month", ["3", "03", "March", "mar"])
def test_a_month_is_a_number_or_a_word(month: str) -> None:
    form = _typed("27", month, "2027")
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2027, 3, 27)


@pytest.mark.parametrize(
    ("typed", "said", "leads_to"),
    [
        (("", "", ""), "Enter first day", "id_day-day"),
        (("27", "", "2027"), "The date must include a month", "id_day-month"),
        (("27", "", ""), "The date must include a month and year", "id_day-month"),
        (("27", "3", "27"), "The year must have 4 digits, like 2027", "id_day-year"),
        (("31", "2", "2027"), "Enter a real date, like 27 3 2027", "id_day-day"),
        (("27", "Smarch", "2027"), "Enter a real date, like 27 3 2027", "id_day-day"),
        (("²", "3", "2027"), "Enter a real date, like 27 3 2027", "id_day-day"),
    ],
)
def test_what_is_wrong_is_said_and_led_to(typed: tuple[str, str, str], said: str, leads_to: str) -> None:
    line = error_lines(_typed(*typed))[0]
    assert (line.text, line.target) == (said, leads_to)


def test_only_the_wrong_box_is_marked() -> None:
    html = str(_typed("27", "", "2027"))
    assert html.count("govuk-input--error") == 1
    assert 'govuk-input--error govuk-input--width-2" id="id_day-month"' in html


def test_a_day_that_is_known_is_shown_in_its_boxes() -> None:
    html = str(Day(initial={"day": date(2027, 3, 9)}))
    assert all(f'value="{part}"' in html for part in ("9", "3", "2027"))


def test_a_date_that_nobody_must_give_may_be_missing() -> None:
    class Maybe(forms.Form):
        day = DateField(required=False)

    form = Maybe({})
    assert form.is_valid()
    assert form.cleaned_data["day"] is None


def test_the_same_day_is_not_a_change() -> None:
    form = Day({"day-day": "9", "day-month": "3", "day-year": "2027"}, initial={"day": date(2027, 3, 9)})
    assert not form.has_changed()
