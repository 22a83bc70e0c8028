"""Who gets which days of a week, how many can have any, and what happens where the engine sends more."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import combinations, product

import pytest

from partnerships.matching.types import Allocation, Hosting, Leg, Problem, Rules, Slot
from secondments.matches import days_for, week_number
from secondments.matches.clashes import Clashes, Opening
from secondments.matches.days import Calendar, days_together
from secondments.models.days import HalfDay
from secondments.states import Half

TUESDAY = date(2027, 1, 12)
WEEK = week_number(TUESDAY)


def calendar(*places: int) -> Calendar:
    """So many places on Monday, Tuesday …"""
    days = [TUESDAY - timedelta(days=1) + timedelta(days=ahead) for ahead in range(len(places))]
    return Calendar({HalfDay(day, half): many for day, many in zip(days, places, strict=True) for half in Half.values})


def all_have_days(drawn: Calendar, days: int, elsewhere: Sequence[Collection[date]]) -> bool:
    """Tried in every way."""
    places = drawn.days_of(WEEK)
    ways = [list(combinations([day for day in places if day not in away], days)) for away in elsewhere]
    for way in product(*ways):
        if all(sum(day in chosen for chosen in way) <= many for day, many in places.items()):
            return True
    return False


@pytest.mark.parametrize("seed", range(60))
def test_there_are_places_for_as_many_as_have_days_whoever_comes(seed: int) -> None:
    """Tried with every choice of people, of whom some are elsewhere and any number are not."""
    draw = random.Random(seed)  # noqa: S311 - what is drawn has to come again
    drawn = calendar(*(draw.randrange(3) for _day in range(draw.randrange(2, 5))))
    days, free = draw.randrange(1, 3), frozenset[date]()
    week = [TUESDAY + timedelta(days=ahead) for ahead in range(-1, 3)]
    busy = [frozenset(draw.sample(week, draw.randrange(1, 3))) for _person in range(draw.randrange(4))]
    most = drawn.visitors_in(WEEK, days, busy)

    def every_choice(size: int) -> bool:
        choices = (
            [*chosen, *[free] * (size - len(chosen))]
            for many in range(min(size, len(busy)) + 1)
            for chosen in combinations(busy, many)
        )
        return all(all_have_days(drawn, days, chosen) for chosen in choices)

    assert every_choice(most)
    assert most >= 5 or not every_choice(most + 1)


@pytest.mark.parametrize("seed", range(60))
def test_days_are_found_for_all_wherever_all_can_have_them(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - what is drawn has to come again
    drawn = calendar(*(draw.randrange(4) for _day in range(draw.randrange(2, 6))))
    days = draw.randrange(1, 4)
    week = [TUESDAY + timedelta(days=ahead) for ahead in range(-1, 4)]
    elsewhere = [frozenset(draw.sample(week, draw.randrange(3))) for _person in range(draw.randrange(1, 5))]
    found = [{half.date for half in half_days} for half_days in days_together(drawn, WEEK, days, elsewhere)]
    assert all(len(some) in (0, days) and not some & away for some, away in zip(found, elsewhere, strict=True))
    assert all(sum(day in some for some in found) <= many for day, many in drawn.days_of(WEEK).items())
    assert all(found) or not all_have_days(drawn, days, elsewhere)


def test_a_day_of_which_one_half_is_full_is_none_and_one_with_one_half_is_a_day() -> None:
    monday, tuesday = TUESDAY - timedelta(days=1), TUESDAY
    drawn = Calendar({HalfDay(monday, "am"): 1, HalfDay(monday, "pm"): 0, HalfDay(tuesday, "pm"): 1})
    assert drawn.days_of(WEEK) == {tuesday: 1}
    assert days_for(drawn, WEEK, 1) == [HalfDay(tuesday, "pm")]
    assert days_for(drawn, WEEK, 2) == []


class Answering:
    """An engine that sends Ann and Ben to a host in one week as long as it has two places; both are away on Monday."""

    def __init__(self, *fixed: str, stopped_at: int = 0) -> None:
        self.fixed, self.stopped_at, self.asked = fixed, stopped_at, 0
        elsewhere = {name: [TUESDAY - timedelta(days=1)] for name in ("ann", "ben")}
        self.clashes = Clashes({"desk": Opening(calendar(1, 1), 1)}, elsewhere)
        slot = Slot("desk", "host", "voluntary", "vcse", places={WEEK: 2})
        self.problem = Problem((), (slot,), (), Rules(crossings=frozenset()))

    def __call__(self, problem: Problem) -> Allocation:
        self.asked += 1
        stopped = self.asked == self.stopped_at
        sent = () if stopped and self.asked > 1 else ("ann", "ben")[: problem.slots[0].places[WEEK]]
        hostings = (Hosting(Leg(who, "desk", "host", WEEK, (WEEK,), 0, ()), self._why(who)) for who in sent)
        return Allocation("1", "", 1, tuple(hostings), (), (), stopped=stopped)

    def _why(self, who: str) -> str:
        return "by_hand" if who in self.fixed else ""

    def solved(self) -> tuple[int, int]:
        """How many have a place, and how often the engine was asked."""
        return len(self.clashes.solved(self.problem, self).answer.hostings), self.asked


def test_where_it_sends_more_than_find_days_the_engine_is_asked_again() -> None:
    assert Answering().solved() == (1, 2)


def test_what_a_broker_stopped_is_left_as_it_is() -> None:
    """It would be stopped again at once, and nothing would be left of it."""
    assert Answering(stopped_at=1).solved() == (2, 1)


def test_what_is_stopped_when_it_is_asked_again_is_left_as_it_was_before() -> None:
    """All of it was answered, and of what was asked last there is nothing yet."""
    answering = Answering(stopped_at=2)
    problem, answer, _criteria = answering.clashes.solved(answering.problem, answering)
    assert (len(answer.hostings), answer.stopped, answering.asked) == (2, True, 2)
    assert problem == answering.problem


def test_what_is_set_by_hand_keeps_its_place_and_is_asked_about_no_further() -> None:
    assert Answering("ann").solved() == (1, 2)
    assert Answering("ann", "ben").solved() == (2, 1)
