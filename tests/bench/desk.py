"""`make bench-desk`: how long a broker waits for each page of a round of 20, 200 and 2,000 people.

Printed with the same page's time for the smallest round: what grows with the round shows as a ratio well over one.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs
from partnerships.models import Membership, Organisation, Place, User
from partnerships.states import SECTOR_OF_FIELD, Field, MembershipState, OrganisationState, PlaceKind
from secondments.actions.rounds import ask_for_match, put_proposal_aside
from secondments.matches.days import mondays
from secondments.models import HostOffer, MatchRun, Participation, Round
from secondments.states import Dating, OfferState, ParticipationState, RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_round

pytestmark = pytest.mark.django_db

SIZES = (20, 200, 2000)
TIMES = 7
PEOPLE_A_HOME = 10
FIELDS = (Field.LOCAL_GOVERNMENT, Field.VOLUNTARY)


def big_round(cast: Cast, people: int) -> Round:
    """A round that waits to be matched: half of its people in councils, half in charities, places for most of them."""
    draw = random.Random(people)  # noqa: S311  # nothing secret is drawn
    places = Place.objects.bulk_create(
        Place(
            name=f"Town {people} {number}",
            kind=PlaceKind.COUNCIL,
            code=f"B{people:05}{number:03}",
            latitude=53.3 + draw.random() / 3,
            longitude=-2.6 + draw.random() / 2,
        )
        for number in range(30)
    )
    homes = Organisation.objects.bulk_create(
        Organisation(
            name=f"Home {people} {number}",
            slug=f"home-{people}-{number}",
            field=FIELDS[number % 2],
            sector=SECTOR_OF_FIELD[FIELDS[number % 2]],
            state=OrganisationState.VERIFIED,
            what_it_does="Advice at a front desk.",
            place=draw.choice(places),
            created_at=AT,
        )
        for number in range(people // PEOPLE_A_HOME + 2)
    )
    users = User.objects.bulk_create(
        User(email=f"of{people}p{number}@example.org", name=f"Person {number}", created_at=AT)
        for number in range(people)
    )
    memberships = Membership.objects.bulk_create(
        Membership(
            user=user,
            organisation=homes[number % len(homes)],
            state=MembershipState.ACTIVE,
            job_title="Officer",
            created_at=AT,
        )
        for number, user in enumerate(users)
    )
    HostOffer.objects.bulk_create(
        HostOffer(
            organisation=home,
            slug=f"offer-of-{home.slug}",
            title=f"A day at {home.name}",
            what_you_will_see="The queue at the door.",
            dating=Dating.ASK_US,
            usual_weekdays=[0, 2],
            state=OfferState.PUBLISHED,
            created_by=cast.host,
            created_at=AT,
            published_at=AT,
        )
        for home in homes
    )
    a_round = make_round(cast.cvs, state=RoundState.CLOSED)
    weeks = list(mondays(a_round.starts_on, a_round.ends_on))
    Participation.objects.bulk_create(
        Participation(
            round=a_round,
            membership=membership,
            state=ParticipationState.JOINED,
            learn="How a front desk copes",
            weeks=sorted(draw.sample(weeks, 3)),
            most_km=draw.choice([5, 15, 30]),
            joined_at=AT,
            said_at=AT,
        )
        for membership in memberships
    )
    return a_round


def proposed(cast: Cast, people: int) -> tuple[Round, MatchRun]:
    """The same, matched; every table is known to the planner, as on a machine that has run for a day."""
    a_round = big_round(cast, people)
    for seed in (7, 8):
        run = ask_for_match(a_round=a_round, by=cast.broker, at=AT, seed=seed)
        jobs.run_due()
        a_round.refresh_from_db()
        if seed == 7:
            put_proposal_aside(a_round=a_round, by=cast.broker, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return a_round, run


def pages_of(a_round: Round, run: MatchRun) -> dict[str, str]:
    """What a broker opens while they read a proposal."""
    match = run.matches.select_related("participation", "offer").order_by("id")[0]
    waiting = run.not_placed.select_related("participation").order_by("id").first()
    person = waiting.participation if waiting else match.participation
    desk = reverse("round-desk", args=[a_round.slug])
    return {
        "the desk": desk,
        "its second page": f"{desk}?page=2",
        "those without a place": f"{desk}?show=without",
        "one person": reverse("round-person", args=[a_round.slug, person.uuid]),
        "it beside another matching": reverse("round-compare", args=[a_round.slug, 1, run.number]),
        "before telling everyone": reverse("round-publish", args=[a_round.slug]),
    }


def measured(browser: Client, address: str) -> tuple[float, int, int]:
    """Milliseconds in the server (the median of some), statements, and the answer's status."""
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
    # The next page empties the log.
    statements = len(asked)
    took = []
    for _time in range(TIMES):
        began = time.perf_counter()
        browser.get(address)
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000, statements, answer.status_code


def test_the_desk(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    """One table; nothing here fails for being slow."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    browser = enter(cast.broker)
    rows: dict[str, list[Any]] = {}
    for people in SIZES:
        a_round, run = proposed(cast, people)
        for name, address in pages_of(a_round, run).items():
            ms, statements, status = measured(browser, address)
            assert status == 200, (name, status)
            rows.setdefault(name, []).append((ms, statements))
    with capsys.disabled():
        sizes = " | ".join(f"{people:,} people" for people in SIZES)
        sys.stdout.write(f"\n| page | {sizes} | most to fewest | statements |\n|---|{'---:|' * (len(SIZES) + 2)}\n")
        for name, found in rows.items():
            times = " | ".join(f"{ms:.0f} ms" for ms, _statements in found)
            counts = ", ".join(str(statements) for _ms, statements in found)
            sys.stdout.write(f"| {name} | {times} | {found[-1][0] / found[0][0]:.1f} | {counts} |\n")
