"""People whom a broker lets change places, or go round: who could with whom, and in which weeks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import product

from partnerships.matching import partners
from partnerships.matching.compare import Pin, Together
from partnerships.matching.partners import Around, Partner
from partnerships.matching.types import Problem
from secondments.matches.by_hand import ByHand, problem_beside
from secondments.matches.days import monday_of, week_number
from secondments.matches.keys import offer_key, person_id
from secondments.models import MatchRun, Participation


def partners_of(problem: Problem, participation: Participation, *, most: int) -> tuple[Partner, ...]:
    """Everybody with whom this person could change places, the best two together first."""
    key = person_id(participation)
    return partners.partners(problem, key, most=most) if _knows(problem, key) else ()


def who_could_go_round(run: MatchRun, participation: Participation, *, to: str, back: str, most: int) -> Around:
    """Whom this person could go round with beside what holds by hand, the best three together first."""
    key = person_id(participation)
    problem = problem_beside(run, ByHand.beside(run), [key], exchanging=True)
    return partners.around(problem, key, to=to, back=back, most=most) if _knows(problem, key) else Around()


def _knows(problem: Problem, key: str) -> bool:
    return any(person.id == key for person in problem.people)


def following(people: Sequence[Participation]) -> Sequence[Participation]:
    """Whom each of them visits: the next, and the last the first."""
    return (*people[1:], people[0])


def weeks_round(run: MatchRun, by_hand: ByHand, people: Sequence[Participation]) -> tuple[list[date], ...]:
    """When each of these could go to the next; nothing where they cannot."""
    if not len(people) <= run.round.programme.largest_exchange:
        return ()
    keys = [person_id(each) for each in people]
    ways = partners.ways_round(problem_beside(run, by_hand, keys, exchanging=True), keys)
    return tuple([monday_of(week) for week in way.weeks] for way in ways)


def together(people: Sequence[Participation], weeks: Sequence[date]) -> Together:
    """These visiting one another, as the engine is asked what it costs."""
    visits = zip(people, following(people), weeks, strict=True)
    return Together(tuple(_pin(visitor, host, week) for visitor, host, week in visits))


def _pin(visitor: Participation, host: Participation, week: date) -> Pin:
    return Pin(person_id(visitor), offer_key(host.shown.pk), week_number(week))


def choices_of(room: Sequence[Collection[date]], *, apart: bool) -> Iterator[tuple[date, ...]]:
    """A week for each, in every way in which all of their visits have days enough."""
    return (weeks for weeks in product(*room) if room and (not apart or len(set(weeks)) == len(weeks)))
