"""A host's limit a quarter holds for days, and the engine counts weeks: in a week between two quarters they agree."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import product

import pytest

from partnerships.states import Field
from secondments.actions.repairs import offer_repair
from secondments.matches import monday_of, problem_of
from secondments.matches.booked import Booked
from secondments.matches.days import week_number
from secondments.matches.for_one import outlook_in_round
from secondments.matches.keys import offer_key
from secondments.matches.quarters import first_week_of, quarters_between
from secondments.models import HostOffer, Placement, Round
from secondments.models.days import quarter_of, quarter_of_week
from secondments.problems.facts import READ, FactsOfMany
from secondments.states import Dating, Half, PlacementState
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.helpers import miscounted
from tests.secondments.repairs import no, repaired
from tests.secondments.rounds import join, matched, published
from tests.secondments.test_days_of_matching import goes

pytestmark = pytest.mark.django_db

WEEK_BETWEEN = date(2027, 3, 29)
"""Its Monday is Easter Monday; Tuesday and Wednesday are in the first quarter, Thursday and Friday in the second."""
IN_FIRST, IN_SECOND = date(2027, 3, 30), date(2027, 4, 1)
BEFORE, AFTER = date(2027, 3, 22), date(2027, 4, 5)


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    return make_round(cast.cvs, starts_on=date(2027, 3, 1), ends_on=date(2027, 4, 30))


@pytest.fixture
def offer(cast: Cast, a_round: Round) -> HostOffer:
    cast.advice.most_visits_per_quarter = 1
    cast.advice.save()
    return make_offer(cast.advice, cast.host, places=5)


def booked(offer: HostOffer, *days: date) -> None:
    """A visit beside the round."""
    goes(make_membership(make_user(), make_organisation(field=Field.POLICING)), offer, *days)


def sent_in(cast: Cast, a_round: Round, week: date) -> set[date]:
    """In which week somebody is sent who could go in this one, or none; and they are asked for on days of it."""
    join(a_round, cast.visitor_membership, weeks=[week])
    run = matched(cast, a_round)
    found = set(run.matches.values_list("week", flat=True))
    assert published(a_round, cast.broker) == (len(found), 0)
    return found


@pytest.mark.parametrize("first", [date(2027, month, 1) for month in (1, 4, 7, 10)] + [date(2028, 1, 1)])
def test_a_week_belongs_to_the_quarter_of_most_of_its_working_days(first: date) -> None:
    week = monday_of(first_week_of(first))
    assert sum(quarter_of(week + timedelta(days=ahead))[0] == first for ahead in range(5)) >= 3
    assert quarter_of_week(week) == first
    assert quarter_of_week(week - timedelta(days=1)) < first
    assert quarters_between(week - timedelta(weeks=1), week) == [quarter_of(first - timedelta(days=1))[0], first]


@pytest.mark.parametrize(
    ("day", "week", "sent"),
    [
        (IN_FIRST, WEEK_BETWEEN, False),
        (IN_FIRST, BEFORE, False),
        (IN_FIRST, AFTER, True),
        (IN_SECOND, WEEK_BETWEEN, True),
        (IN_SECOND, BEFORE, True),
        (IN_SECOND, AFTER, False),
    ],
)
def test_a_booking_counts_in_the_quarter_of_its_day(
    cast: Cast, a_round: Round, offer: HostOffer, day: date, week: date, sent: bool
) -> None:
    booked(offer, day)
    assert sent_in(cast, a_round, week) == ({week} if sent else set())


@pytest.mark.parametrize(
    ("day", "week", "sent"),
    [(IN_FIRST, WEEK_BETWEEN, False), (IN_FIRST, AFTER, True), (IN_SECOND, BEFORE, False), (IN_SECOND, AFTER, False)],
)
def test_where_a_host_limits_weeks_too_a_booking_between_two_quarters_can_count_in_both(
    cast: Cast, a_round: Round, offer: HostOffer, day: date, week: date, sent: bool
) -> None:
    """It has to count in its week, which the engine adds to the one, and in the quarter of its day: never in none."""
    cast.advice.most_visits_per_week = 5
    cast.advice.save()
    booked(offer, day)
    assert sent_in(cast, a_round, week) == ({week} if sent else set())


@pytest.mark.parametrize("dating", Dating)
def test_in_a_week_between_two_quarters_only_days_of_one_are_given(
    cast: Cast, a_round: Round, offer: HostOffer, dating: str
) -> None:
    """Of three days, which there are, one would count in the second quarter. Who has no limit gives them.

    Whoever looks for themselves reads the same.
    """
    a_round.programme.days = 3
    a_round.programme.save()
    free = make_offer(make_organisation(), cast.host)
    HostOffer.objects.update(dating=dating)
    for each, ahead, half in product((offer, free), range(1, 5), Half.values):
        each.sessions.create(date=WEEK_BETWEEN + timedelta(days=ahead), half=half, places=1)
    person = join(a_round, cast.visitor_membership, weeks=[WEEK_BETWEEN])
    places = {slot.id: slot.places for slot in problem_of(a_round, seed=1, at=AT).slots}
    assert [week_number(WEEK_BETWEEN) in places[offer_key(each.pk)] for each in (offer, free)] == [False, True]
    assert [one.offer_id for one in outlook_in_round(person, most=9, at=AT).best] == [offer_key(free.pk)]


def test_a_booking_after_the_round_counts_in_the_quarter_too(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    booked(offer, a_round.ends_on + timedelta(weeks=3))
    assert sent_in(cast, a_round, AFTER) == set()


def test_a_visit_that_comes_back_counts_once_in_a_quarter(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    cast.advice.most_visits_per_quarter = 2
    cast.advice.save()
    booked(offer, *(AFTER + timedelta(weeks=ahead) for ahead in range(3)))
    assert sent_in(cast, a_round, AFTER) == {AFTER}


def test_where_a_host_limits_both_no_more_is_told_than_weeks_can_say(cast: Cast, offer: HostOffer) -> None:
    """What comes back before the round counts once, and in a week beside it; within it, once in each of its weeks."""
    booked(offer, *(date(2027, 4, 6) + timedelta(weeks=ahead) for ahead in range(3)))

    def told(first: date) -> list[int]:
        found = Booked([cast.advice.pk], first, date(2027, 5, 14)).visits(cast.advice.pk, a_week=True, a_quarter=True)
        return list(found.values())

    assert (told(date(2027, 5, 3)), told(date(2027, 4, 19)), told(date(2027, 4, 5))) == ([1], [1], [1, 1, 1])


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_booked_everything_that_is_matched_is_asked_for(cast: Cast, a_round: Round, seed: int) -> None:
    """Round the turn of a quarter, with hosts that limit it: nothing falls through, now or when it is repaired."""
    draw = random.Random(seed)  # noqa: S311 - what is drawn has to come again
    a_round.starts_on, a_round.ends_on = BEFORE, AFTER + timedelta(days=draw.randrange(5, 12))
    a_round.save()
    a_round.programme.days = draw.randrange(1, 3)
    a_round.programme.save()
    weeks = [BEFORE, WEEK_BETWEEN, AFTER]
    for _host in range(4):
        host = make_organisation(
            most_visits_per_quarter=draw.randrange(1, 4), most_visits_per_week=draw.choice([None, 1, 2])
        )
        make_membership(make_user(), host, is_coordinator=True)
        offer = make_offer(host, cast.host, places=3)
        for _visit in range(draw.randrange(3)):
            week = draw.choice([*weeks, AFTER + timedelta(weeks=5)])
            days = [week + timedelta(days=ahead) for ahead in draw.sample(range(5), 2)]
            booked(offer, *days, *[days[0] + timedelta(weeks=1)] * draw.randrange(2))
    for _person in range(10):
        join(a_round, make_membership(make_user(), cast.council), weeks=draw.sample(weeks, draw.randrange(1, 3)))
    run = matched(cast, a_round)
    assert published(a_round, cast.broker) == (run.matches.count(), 0)
    asked = Placement.objects.filter(match__run__round=a_round, state=PlacementState.REQUESTED).order_by("id")
    refusing = draw.choice(list(asked))
    no(refusing, "host", refusing.offer.organisation.memberships.get(is_coordinator=True).user)
    repair = repaired(a_round)
    if repair is not None:
        assert offer_repair(run=repair, by=cast.broker, at=AT).fell_through == 0
    assert miscounted() == []


@pytest.mark.parametrize(("first", "last"), [(WEEK_BETWEEN, IN_FIRST), (IN_SECOND, AFTER)])
def test_what_many_ask_for_counts_whole_weeks(cast: Cast, offer: HostOffer, first: date, last: date) -> None:
    """Where a round begins or ends in a week between two quarters, its other days count in the limits of that week."""
    for day in (IN_FIRST, IN_SECOND):
        booked(offer, day)
    facts = FactsOfMany(offers=[offer], memberships=[cast.visitor_membership], first=first, last=last)
    week = WEEK_BETWEEN, AFTER
    assert facts.visits(cast.advice, *week) == READ.visits(cast.advice, *week) == 2
