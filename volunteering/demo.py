"""The demonstration's skill needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from partnerships.demo import at_work
from partnerships.ground import clock
from partnerships.models import User
from volunteering.actions import mark_met, publish_need, write_need
from volunteering.models import SkillNeed
from volunteering.states import TimeWanted


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody of the cast asks for, so many days before the demonstration; `within` days of it at the latest."""

    author: str
    title: str
    what_would_help: str
    minutes: int
    days_ago: int
    within: int = 0
    online: bool = True
    met: bool = False


WISHES = (
    Wish(
        "jo@harbour.demo.example",
        "Make sense of our figures",
        "We count everybody who comes through the door, in four spreadsheets that do not agree. Somebody who does"
        " this for a living could show us in an afternoon what to count and what to stop counting.",
        TimeWanted.HALF_DAY,
        days_ago=20,
    ),
    Wish(
        "grace@lantern.demo.example",
        "A conduct policy that volunteers will read",
        "We are eleven volunteers and have never needed one; now a funder asks for it. Somebody from a personnel team"
        " who has written one before, on two pages, in words that we would use.",
        TimeWanted.FEW_DAYS,
        days_ago=12,
        within=60,
    ),
    Wish(
        "tariq@kite.demo.example",
        "How does the council decide where street lights go?",
        "The young people want to ask for two lights on the way home. An hour with somebody who knows how such a"
        " decision is made, in our club, with tea.",
        TimeWanted.HOUR_OR_TWO,
        days_ago=8,
        within=30,
        online=False,
    ),
    Wish(
        "mo@willow.demo.example",
        "Look over our lease before we sign",
        "Five pages from a landlord. Somebody who reads leases could tell us which questions to ask.",
        TimeWanted.HOUR_OR_TWO,
        days_ago=5,
        within=21,
    ),
    Wish(
        "dev@council.demo.example",
        "Somebody who can teach us to run a meeting that carers come to",
        "Ours are at ten in the morning, in a room with a microphone. We would pay for half a day with somebody whose"
        " meetings are full.",
        TimeWanted.HALF_DAY,
        days_ago=3,
    ),
    Wish(
        "jo@harbour.demo.example",
        "A second pair of eyes on a funding bid",
        "Twelve pages, and we have read them too often.",
        TimeWanted.HOUR_OR_TWO,
        days_ago=50,
        met=True,
    ),
)


def load(at: datetime | None = None) -> str:
    """Ask for skills in the weeks before `at`; does nothing where they are there already."""
    first = User.objects.get(email=WISHES[0].author)
    if SkillNeed.objects.filter(author=first).exists():
        return ""
    at = at_work(at or clock.now())
    for wish in WISHES:
        _ask(wish, at)
    return f"{len(WISHES)} skill needs, one of them met."


def _ask(wish: Wish, at: datetime) -> None:
    author = User.objects.get(email=wish.author)
    asked_at = at - timedelta(days=wish.days_ago)
    need = write_need(
        title=wish.title,
        what_would_help=wish.what_would_help,
        minutes=wish.minutes,
        needed_by=clock.today(at) + timedelta(days=wish.within) if wish.within else None,
        online=wish.online,
        by=author,
        at=asked_at,
    )
    publish_need(need=need, by=author, at=asked_at + timedelta(minutes=3))
    if wish.met:
        mark_met(need=need, by=author, at=asked_at + timedelta(days=9))
