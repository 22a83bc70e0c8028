"""Weeks and the days in them: how many visitors an offer can take in a week, and which days each of them gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from partnerships.ground.holidays import is_bank_holiday
from secondments.models import HostOffer, OfferSession
from secondments.models.days import HalfDay
from secondments.problems import first_day_to_ask
from secondments.states import Dating, Half

DAYS_IN_WEEK = 7
WORKING_DAYS = (0, 1, 2, 3, 4)


def week_number(day: date) -> int:
    """The number of the week that `day` is in; it rises by one each week."""
    return (day.toordinal() - 1) // DAYS_IN_WEEK


def monday_of(week: int) -> date:
    """The first day of a week by its number."""
    return date.fromordinal(week * DAYS_IN_WEEK + 1)


def mondays(first: date, last: date) -> Iterator[date]:
    """The Mondays of every week that begins in the window."""
    monday = monday_of(week_number(first - timedelta(days=1)) + 1)
    while monday <= last:
        yield monday
        monday += timedelta(weeks=1)


@dataclass(slots=True)
class Calendar:
    """The free places of one offer by half-day, so far as it has said which days it takes visitors."""

    free: dict[HalfDay, int] = field(default_factory=dict)

    def days_of(self, week: int) -> dict[date, int]:
        """Day → how many visitors can spend the whole of what the offer gives that day."""
        first = monday_of(week)
        found: dict[date, int] = {}
        for each, places in self.free.items():
            if first <= each.date < first + timedelta(weeks=1):
                found[each.date] = min(places, found.get(each.date, places))
        return {day: places for day, places in sorted(found.items()) if places > 0}

    def visitors_in(self, week: int, days: int) -> int:
        """The most visitors who can each have `days` different days of the week.

        Exact: k visitors can if and only if the days, each counted at most k times, make k × `days` (Gale and Ryser).
        """
        places = self.days_of(week).values()
        most = 0
        for visitors in range(1, sum(places) // days + 1):
            if sum(min(each, visitors) for each in places) >= visitors * days:
                most = visitors
        return most

    def give(self, half_days: Iterable[HalfDay]) -> None:
        """One place less on each of these."""
        for each in half_days:
            self.free[each] -= 1

    def halves_on(self, day: date) -> list[HalfDay]:
        return sorted(each for each in self.free if each.date == day)


def calendar_of(
    offer: HostOffer, held: Mapping[HalfDay, OfferSession], *, first: date, last: date, at: datetime
) -> Calendar:
    """The free half-days of an offer from `first` to `last`; `held` are its rows between these days."""
    earliest = max(first, first_day_to_ask(offer, at))
    if offer.dating == Dating.DATED:
        return Calendar({each: one.places - one.booked for each, one in held.items() if earliest <= each.date <= last})
    usual = offer.usual_weekdays or WORKING_DAYS
    avoided = {*offer.months_to_avoid, *offer.organisation.months_to_avoid}
    calendar = Calendar()
    for ahead in range((last - earliest).days + 1):
        day = earliest + timedelta(days=ahead)
        if day.weekday() not in usual or day.month in avoided or is_bank_holiday(day):
            continue
        for half in Half.values:
            booked = held[HalfDay(day, half)].booked if HalfDay(day, half) in held else 0
            calendar.free[HalfDay(day, half)] = offer.places - booked
    return calendar


def places_by_week(offer: HostOffer, calendar: Calendar, weeks: Iterable[int], days: int) -> Mapping[int, int]:
    """Week → places, for the weeks in which there is any.

    A host that says "ask us" is never sent more visitors in a week than it takes at a time.
    """
    found = {}
    for week in weeks:
        visitors = calendar.visitors_in(week, days)
        if offer.dating == Dating.ASK_US:
            visitors = min(visitors, offer.places)
        if visitors:
            found[week] = visitors
    return found


def days_for(calendar: Calendar, week: int, days: int, *, taken: Iterable[HalfDay] = ()) -> list[HalfDay]:
    """The half-days one visitor gets in a week, those with most places left first; empty when there are too few.

    Taking the fullest days first is what leaves room for the others. `taken`: half-days the visitor holds elsewhere.
    """
    elsewhere = {each.date for each in taken}
    left = [(places, day) for day, places in calendar.days_of(week).items() if day not in elsewhere]
    chosen = sorted(day for _places, day in sorted(left, key=lambda pair: (-pair[0], pair[1]))[:days])
    if len(chosen) < days:
        return []
    return [half for day in chosen for half in calendar.halves_on(day)]
