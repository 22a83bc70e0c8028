"""Two people whom a broker lets change places: whom somebody could change with, and in which weeks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from partnerships.matching.compare import Pin, Together
from partnerships.matching.partners import Partner, partners
from partnerships.matching.types import Problem
from secondments.matches.by_hand import problem_asked, with_changes
from secondments.matches.days import monday_of, week_number
from secondments.matches.keys import offer_key, person_id
from secondments.models import Adjustment, MatchRun, Participation

EVERYBODY = 1_000_000


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks in which one of two can go to the other (`there`), and the other come back (`back`)."""

    there: Collection[date] = ()
    back: Collection[date] = ()


def partners_of(run: MatchRun, participation: Participation, *, most: int = EVERYBODY) -> tuple[Partner, ...]:
    """Everybody with whom this person could change places beside what holds by hand, the best two together first."""
    if not run.round.programme.largest_exchange > 1:
        return ()
    key = person_id(participation)
    problem = _of_those_who_show_something(run, key)
    return partners(problem, key, most=most) if any(person.id == key for person in problem.people) else ()


def _of_those_who_show_something(run: MatchRun, key: str) -> Problem:
    """Nobody else changes places, and most of a large problem is people."""
    standing = Adjustment.objects.standing_in(run.round).exclude(week=None)
    wanted = {key, *map(str, standing.values_list("participation__uuid", flat=True))}
    if run.problem is not None:
        wanted |= {slot["shown_by"] for slot in run.problem["slots"] if slot.get("shown_by")}
    return with_changes(problem_asked(run, wanted), run.round)


def weeks_together(run: MatchRun, one: Participation, other: Participation) -> Weeks:
    """When these two could change places; none where they cannot."""
    key = person_id(other)
    found = next((each for each in partners_of(run, one) if each.person_id == key), None)
    if found is None:
        return Weeks()
    return Weeks(*([monday_of(week) for week in each.weeks] for each in (found.there, found.back)))


def together(one: Participation, other: Participation, week: date, back: date) -> Together:
    """These two changing places, as the engine is asked what it costs."""
    return Together((_pin(one, other, week), _pin(other, one, back)))


def _pin(visitor: Participation, host: Participation, week: date) -> Pin:
    return Pin(person_id(visitor), offer_key(host.shown.pk), week_number(week))


def pairs_of(weeks: Weeks, *, apart: bool) -> Iterator[tuple[date, date]]:
    """Each week there with each week back in which both visits have days enough."""
    return ((there, back) for there in weeks.there for back in weeks.back if there != back or not apart)
