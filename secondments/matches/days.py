"""Weeks and the days in them: how many visitors an offer can take in a week, and which days each of them gets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, combinations, repeat

from partnerships.ground.holidays import division_of, is_closed
from secondments.models import HostOffer, OfferSession
from secondments.models.days import HalfDay, quarter_of, quarter_of_week
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
        found: dict[date, int] = {}
        for ahead in range(DAYS_IN_WEEK):
            day = monday_of(week) + timedelta(days=ahead)
            places = [self.free[each] for each in self.halves_on(day)]
            if places and min(places) > 0:
                found[day] = min(places)
        return found

    def visitors_in(self, week: int, days: int, elsewhere: Sequence[Collection[date]] = ()) -> int:
        """The most visitors who can each have `days` different days of the week, whoever they are.

        `elsewhere`: the days on which each of those is away who could come and has other visits. Exact: visitors have
        their days if and only if, whichever days are left out, these have places for what the visitors lack without
        them (the smallest cut is the largest flow). Those lack most who can come on fewest of the others.
        """
        places = self.days_of(week)
        most = sum(places.values()) // days
        for left_out in _subsets(places, every=bool(elsewhere)):
            others = places.keys() - left_out
            lacking = sorted((days - len(others.difference(away)) for away in elsewhere), reverse=True)
            room = sum(places[day] for day in left_out)
            for visitors, lacks in enumerate(chain(lacking, repeat(days - len(others), most + 1))):
                if lacks <= 0:
                    break
                room -= lacks
                if room < 0:
                    most = min(most, visitors)
                    break
        return most

    def give(self, half_days: Iterable[HalfDay]) -> None:
        """One place less on each of these."""
        for each in half_days:
            self.free[each] -= 1

    def halves_on(self, day: date) -> list[HalfDay]:
        return [each for half in Half.values if (each := HalfDay(day, half)) in self.free]

    def without(self, days: Collection[date]) -> Calendar:
        """The same with nobody received on these days."""
        return Calendar({each: places for each, places in self.free.items() if each.date not in days})


def _subsets(places: Mapping[date, int], *, every: bool) -> Iterator[Collection[date]]:
    """Days to leave out. Unless `every` choice is wanted, of each size only that with fewest places."""
    fewest_first = sorted(places, key=lambda day: (places[day], day))
    sizes = range(len(fewest_first) + 1)
    if not every:
        yield from (fewest_first[:size] for size in sizes)
        return
    for size in sizes:
        yield from combinations(fewest_first, size)


def calendar_of(
    offer: HostOffer, held: Mapping[HalfDay, OfferSession], *, first: date, last: date, at: datetime
) -> Calendar:
    """The free half-days of an offer from `first` to `last`; `held` are its rows between these days."""
    earliest = max(first, first_day_to_ask(offer, at))
    limited = offer.organisation.most_visits_per_quarter is not None
    if offer.dating == Dating.DATED:
        free = {each: one.places - one.booked for each, one in held.items() if earliest <= each.date <= last}
        return Calendar({each: many for each, many in free.items() if not limited or counts_with_its_week(each.date)})
    usual = offer.usual_weekdays or WORKING_DAYS
    avoided = {*offer.months_to_avoid, *offer.organisation.months_to_avoid}
    place = offer.organisation.place
    division = division_of(place.code if place else "")
    calendar = Calendar()
    for ahead in range((last - earliest).days + 1):
        day = earliest + timedelta(days=ahead)
        if day.weekday() not in usual or day.month in avoided or is_closed(day, division):
            continue
        if limited and not counts_with_its_week(day):
            continue
        for half in Half.values:
            one = held.get(HalfDay(day, half))
            # A half-day that was taken back keeps its row, with no places.
            calendar.free[HalfDay(day, half)] = one.places - one.booked if one else offer.places
    return calendar


def counts_with_its_week(day: date) -> bool:
    """Whether a day is in the quarter that its week belongs to, by which the engine keeps a limit a quarter."""
    return quarter_of(day)[0] == quarter_of_week(day)


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


def days_for(calendar: Calendar, week: int, days: int, *, elsewhere: Collection[date] = ()) -> list[HalfDay]:
    """The half-days one visitor gets in a week, who is `elsewhere` on some days; empty when there are too few."""
    [found] = days_together(calendar, week, days, [elsewhere])
    return found


def days_together(
    calendar: Calendar, week: int, days: int, elsewhere: Sequence[Collection[date]]
) -> list[list[HalfDay]]:
    """The half-days that each of several visitors gets in a week, who are `elsewhere` on some; empty when too few.

    Each day goes to whoever comes first, those with most places left before others, which leaves room for the rest; and
    whoever has another day to go to makes way for somebody who has not (augmenting paths), so that all have theirs
    wherever that can be.
    """
    places = calendar.days_of(week)
    going: dict[date, list[int]] = {day: [] for day in places}

    def goes(who: int, tried: set[date]) -> bool:
        open_to = [day for day in places if day not in elsewhere[who] and who not in going[day]]
        for day in sorted(open_to, key=lambda day: (len(going[day]) - places[day], day)):
            if day in tried:
                continue
            tried.add(day)
            if len(going[day]) < places[day]:
                going[day].append(who)
                return True
            for other in going[day]:
                if goes(other, tried):
                    going[day][going[day].index(other)] = who
                    return True
        return False

    for who in range(len(elsewhere)):
        if not all(goes(who, set()) for _day in range(days)):
            for visitors in going.values():
                if who in visitors:
                    visitors.remove(who)
    return [
        [half for day, visitors in going.items() if who in visitors for half in calendar.halves_on(day)]
        for who in range(len(elsewhere))
    ]
