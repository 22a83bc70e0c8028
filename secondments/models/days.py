"""Half-days in words: "Five Tuesdays", "Tuesdays, all day", "12 January to 9 February 2027"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from secondments.states import Half


class HalfDay(NamedTuple):
    """A morning or an afternoon; sorts by time."""

    date: date
    half: str

    @property
    def starts_at(self) -> datetime:
        """When it is too late to change it: the beginning of its morning or afternoon."""
        return timezone.make_aware(datetime.combine(self.date, time(8 if self.half == Half.MORNING else 12)))

    def words(self) -> str:
        """Tuesday 12 January, morning."""
        return _("%(day)s, %(half)s") % {"day": day_words(self.date), "half": Half(self.half).label}


DAYS_IN_A_WEEK = 7
TO_WEDNESDAY = timedelta(days=2)

NUMBERS: tuple[str | Promise, ...] = (
    "",
    gettext_lazy("One"),
    gettext_lazy("Two"),
    gettext_lazy("Three"),
    gettext_lazy("Four"),
    gettext_lazy("Five"),
    gettext_lazy("Six"),
    gettext_lazy("Seven"),
    gettext_lazy("Eight"),
    gettext_lazy("Nine"),
    gettext_lazy("Ten"),
)

ONE_WEEKDAY = (
    gettext_lazy("A Monday"),
    gettext_lazy("A Tuesday"),
    gettext_lazy("A Wednesday"),
    gettext_lazy("A Thursday"),
    gettext_lazy("A Friday"),
    gettext_lazy("A Saturday"),
    gettext_lazy("A Sunday"),
)

WEEKDAYS = (
    gettext_lazy("Mondays"),
    gettext_lazy("Tuesdays"),
    gettext_lazy("Wednesdays"),
    gettext_lazy("Thursdays"),
    gettext_lazy("Fridays"),
    gettext_lazy("Saturdays"),
    gettext_lazy("Sundays"),
)


def weekly(first: date, halves: Iterable[str], weeks: int = 1) -> list[HalfDay]:
    """The same halves of the same weekday, `weeks` times."""
    chosen = sorted(set(halves))
    return [HalfDay(first + timedelta(weeks=week), half) for week in range(weeks) for half in chosen]


def number_words(many: int) -> str:
    """Five; 12. Up to ten a number is a word."""
    return str(NUMBERS[many]) if 0 < many < len(NUMBERS) else str(many)


def day_words(day: date) -> str:
    """Tuesday 12 January."""
    return formats.date_format(day, "l j F")


def range_words(days: Sequence[date]) -> str:
    """12 January to 9 February 2027, or 12 to 14 January 2027; one day by itself."""
    if not days:
        return ""
    first, last = min(days), max(days)
    if first == last:
        return formats.date_format(first, "l j F Y")
    if first.year != last.year:
        begins = formats.date_format(first, "j F Y")
    else:
        begins = formats.date_format(first, "j F" if first.month != last.month else "j")
    return _("%(first)s to %(last)s") % {"first": begins, "last": formats.date_format(last, "j F Y")}


def count_words(half_days: Iterable[tuple[date, str]]) -> str:
    """How much it is: "Five Tuesdays", "A morning", "Three days"."""
    held = sorted({HalfDay(*each) for each in half_days})
    days = sorted({each.date for each in held})
    if not days:
        return _("A visit")
    if len(held) == 1:
        return _("A morning") if held[0].half == Half.MORNING else _("An afternoon")
    number = number_words(len(days))
    weekdays = {day.weekday() for day in days}
    if len(days) == 1:
        return str(ONE_WEEKDAY[days[0].weekday()])
    if len(weekdays) == 1:
        return _("%(number)s %(weekdays)s") % {"number": number, "weekdays": WEEKDAYS[weekdays.pop()]}
    return ngettext("%(number)s day", "%(number)s days", len(days)) % {"number": number}


def when_words(half_days: Iterable[tuple[date, str]]) -> str:
    """Tuesdays, all day, 12 January to 9 February 2027; days of one week and a single day are named once."""
    held = sorted({HalfDay(*each) for each in half_days})
    days = [each.date for each in held]
    if len(set(days)) == 1:
        return _("%(day)s, %(parts)s") % {"day": range_words(days), "parts": _parts_words(held)}
    return _("%(pattern)s, %(range)s") % {"pattern": pattern_words(held), "range": range_words(days)}


def pattern_words(half_days: Iterable[tuple[date, str]]) -> str:
    """Which parts of which days: "Tuesdays, all day"; within a week "Monday and Tuesday, all day"."""
    held = sorted({HalfDay(*each) for each in half_days})
    days = sorted({each.date for each in held})
    if not days:
        return ""
    if len(days) == 1:
        named = day_words(days[0])
    elif (days[-1] - days[0]).days < DAYS_IN_A_WEEK:
        named = get_text_list([formats.date_format(day, "l") for day in days], _("and"))
    else:
        named = get_text_list([str(WEEKDAYS[number]) for number in sorted({day.weekday() for day in days})], _("and"))
    return _("%(days)s, %(parts)s") % {"days": named, "parts": _parts_words(held)}


def _parts_words(held: Sequence[HalfDay]) -> str:
    shapes = {frozenset(each.half for each in held if each.date == day) for day in {each.date for each in held}}
    if shapes == {frozenset(Half.values)}:
        return _("all day")
    if shapes == {frozenset([Half.MORNING])}:
        return _("in the morning")
    if shapes == {frozenset([Half.AFTERNOON])}:
        return _("in the afternoon")
    return _("some mornings, some afternoons")


def day_lines(half_days: Iterable[tuple[date, str]]) -> list[str]:
    """Each day on a line of its own: "Tuesday 12 January, all day"."""
    held = sorted({HalfDay(*each) for each in half_days})
    lines = []
    for day in sorted({each.date for each in held}):
        halves = [each for each in held if each.date == day]
        lines.append(_("%(day)s, %(parts)s") % {"day": day_words(day), "parts": _parts_words(halves)})
    return lines


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def quarter_of(day: date) -> tuple[date, date]:
    """The first day of its calendar quarter and of the next one."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    following = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return first, following


def quarter_of_week(day: date) -> date:
    """The first day of the quarter in which most working days of its week are."""
    return quarter_of(week_of(day) + TO_WEDNESDAY)[0]


def hours_words(minutes: int) -> str:
    """3 hours; 1 hour; 45 minutes; 2.5 hours."""
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = formats.number_format(round(minutes / 60, 1)).removesuffix(".0")
    return ngettext("%(count)s hour", "%(count)s hours", 1 if minutes == 60 else 2) % {"count": hours}
