"""A date as three short boxes, because people know a date and pickers are hard to use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Typed = tuple[str, str, str]


class DateInput(forms.Widget):
    """Day, month and year as they were typed, right or wrong."""

    template_name = "govuk/_date_parts.html"
    PARTS = ("day", "month", "year")

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed | None:
        day, month, year = (str(data.get(f"{name}-{part}") or "").strip() for part in self.PARTS)
        return (day, month, year) if day or month or year else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}-{part}" in data for part in self.PARTS)

    def format_value(self, value: Any) -> Any:
        if isinstance(value, date):
            return (str(value.day), str(value.month), str(value.year))
        return value or ("", "", "")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        prefix = context["widget"]["attrs"].get("id", name)
        context["widget"]["parts"] = [
            {
                "key": part,
                "id": f"{prefix}-{part}",
                "name": f"{name}-{part}",
                "label": labels[part],
                "value": typed,
                "width": 4 if part == "year" else 2,
            }
            for part, typed in zip(self.PARTS, self.format_value(value), strict=True)
        ]
        return context

    def id_for_label(self, id_: str, index: str | int | None = None) -> str:
        return f"{id_}-day" if id_ else id_


class DateField(forms.Field):
    """A real date from three boxes; a month may be written as a word."""

    widget = DateInput
    default_error_messages = {
        "incomplete": gettext_lazy("The date must include a %(missing)s"),
        "year": gettext_lazy("The year must have 4 digits, like 2027"),
        "invalid": gettext_lazy("Enter a real date, like 27 3 2027"),
    }

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        typed: Typed = value
        missing = [part for part, text in zip(DateInput.PARTS, typed, strict=True) if not text]
        if missing:
            raise self._wrong("incomplete", missing)
        day, month, year = typed
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise self._wrong("year", ["year"])
        try:
            return date(int(year), _month_number(month), int(day))
        except ValueError:
            raise self._wrong("invalid", DateInput.PARTS) from None

    def _wrong(self, message: str, parts: Any) -> ValidationError:
        names = {"day": _("day"), "month": _("month"), "year": _("year")}
        missing = _(" and ").join(names[part] for part in parts)
        # One code for all: it tells the bound field which boxes to mark.
        return ValidationError(
            self.error_messages[message], code="incomplete", params={"parts": list(parts), "missing": missing}
        )


def _month_number(typed: str) -> int:
    for number in range(1, 13):
        if typed.lower() in {str(MONTHS[number]).lower(), str(MONTHS_3[number]).lower()}:
            return number
    return int(typed)
