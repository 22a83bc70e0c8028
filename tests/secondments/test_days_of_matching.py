"""What is matched has days: a week is given only where the host's days are left beside the visitor's other visits."""

from __future__ import annotations

import random
from collections.abc import Collection
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from partnerships.matching import engine
from partnerships.models import Membership
from partnerships.states import Field, WhoAgrees
from secondments.actions.brokering import introduce, put_on_shortlist
from secondments.actions.placements import request_placement
from secondments.actions.repairs import offer_repair
from secondments.matches import monday_of, problem_of, week_number
from secondments.matches.for_one import Wanted, outlook_in_round, outlook_outside, weeks_for_two
from secondments.matches.keys import person_id
from secondments.matches.replaying import replay
from secondments.models import HostOffer, OfferSession, Participation, Placement, PlacementSession, Round
from secondments.models.days import HalfDay
from secondments.states import Dating, Half, HowBegan, Mode, PlacementState
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.helpers import miscounted
from tests.secondments.proposals import refusal
from tests.secondments.repairs import Published, no, places, repaired
from tests.secondments.rounds import first_week, join, matched, published

pytestmark = pytest.mark.django_db


def goes(membership: Membership, offer: HostOffer, *days: date, halves: Collection[str] = tuple(Half.values)) -> None:
    """A visit of somebody that stands, and no round knows of."""
    placement = Placement.objects.create(
        offer=offer,
        visitor=membership.user,
        membership=membership,
        home=membership.organisation,
        asked_by=membership.user,
        how_began=HowBegan.BOOKED,
        state=PlacementState.CONFIRMED,
        requested_at=AT,
        answer_by=AT,
    )
    for day, half in product(days, halves):
        row, _new = OfferSession.objects.get_or_create(
            offer=offer, date=day, half=half, defaults={"places": offer.places}
        )
        OfferSession.objects.filter(pk=row.pk).update(booked=row.booked + 1)
        PlacementSession.objects.create(
            placement=placement, offer_session=row, visitor=membership.user, date=day, half=half, holding=True
        )


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    return make_round(cast.cvs)


@pytest.fixture
def monday(a_round: Round) -> date:
    found: date = first_week(a_round)
    return found


@pytest.fixture
def other(cast: Cast) -> HostOffer:
    """Where people have visits that the round knows nothing of."""
    police = make_organisation("Police", field=Field.POLICING)
    return make_offer(police, cast.outsider, places=20)


def dated(cast: Cast, *days: date, visitors: int = 1, **fields: Any) -> HostOffer:
    offer = make_offer(cast.advice, cast.host, dating=Dating.DATED, usual_weekdays=[], places=visitors, **fields)
    for day, half in product(days, Half.values):
        OfferSession.objects.create(offer=offer, date=day, half=half, places=visitors)
    return offer


def given(a_round: Round) -> list[tuple[str, str]]:
    """Who goes on which day, of all the visits that a round made."""
    rows = PlacementSession.objects.filter(placement__match__run__round=a_round, half=Half.MORNING)
    found = rows.order_by("date", "visitor__name").values_list("visitor__name", "date")
    return [(name, day.strftime("%a")) for name, day in found]


def test_a_repair_offers_no_host_on_the_only_day_on_which_who_waits_is_elsewhere(cast: Cast, other: HostOffer) -> None:
    told = Published(cast)
    goes(told.waiting.membership, other, told.week)
    told.host_says_no()
    assert repaired(told.a_round) is None


def test_a_repair_finds_who_waits_a_host_on_a_day_that_they_have(cast: Cast, other: HostOffer) -> None:
    told = Published(cast)
    waits = told.waiting.membership
    HostOffer.objects.filter(pk=told.kite.pk).update(usual_weekdays=[0, 1])
    goes(waits, other, told.week)
    told.host_says_no()
    no(told.at_kite, "host", told.kite_host)
    run = repaired(told.a_round)
    assert run is not None
    assert places(run)[waits.user] == told.kite
    told_of = offer_repair(run=run, by=cast.broker, at=AT)
    assert (told_of.asked, told_of.fell_through) == (run.matches.count(), 0)


def show(a_round: Round, membership: Membership, **said: Any) -> HostOffer:
    """Somebody joins who shows something, and agrees to their own going."""
    membership.organisation.who_agrees = WhoAgrees.SELF
    membership.organisation.save()
    participation = join(a_round, membership, shows="A committee", welcomes=True, **said)
    return HostOffer.objects.get(shown_by=participation)


def test_who_has_a_visitor_is_sent_nowhere_on_that_day(cast: Cast, a_round: Round, monday: date) -> None:
    """They show something in another round, and somebody comes to it."""
    make_offer(cast.advice, cast.host, usual_weekdays=[0])
    shown = show(make_round(cast.cvs), cast.visitor_membership)
    goes(cast.colleague.memberships.get(), shown, monday)
    join(a_round, cast.visitor_membership, weeks=[monday])
    assert not matched(cast, a_round).matches.exists()


def introduced(cast: Cast, participation: Participation, offer: HostOffer, monday: date) -> set[date]:
    """A broker introduces the two in a week that the page offers: on which days."""
    assert weeks_for_two(participation, offer, at=AT) == [monday]
    listed = put_on_shortlist(participation=participation, offer=offer, by=cast.broker, at=AT)
    visit = introduce(shortlisted=listed, week=monday, by=cast.broker, at=AT)
    return set(visit.sessions.values_list("date", flat=True))


def test_who_has_a_visitor_is_introduced_to_a_host_on_another_day(cast: Cast, a_round: Round, monday: date) -> None:
    offer = dated(cast, monday, monday + timedelta(days=1))
    shown = show(make_round(cast.cvs), cast.visitor_membership)
    goes(cast.colleague.memberships.get(), shown, monday)
    participation = join(a_round, cast.visitor_membership, weeks=[monday])
    assert introduced(cast, participation, offer, monday) == {monday + timedelta(days=1)}


def test_who_has_a_visitor_asks_for_no_visit_on_that_half_day(cast: Cast, a_round: Round, monday: date) -> None:
    """By themselves, beside every round; the other half of the day is their own affair."""
    offer = dated(cast, monday)
    goes(cast.colleague.memberships.get(), show(a_round, cast.visitor_membership), monday, halves=[Half.MORNING])
    morning, afternoon = (HalfDay(monday, half) for half in Half.values)

    def ask(half_day: HalfDay) -> Placement:
        return request_placement(
            offer=offer,
            membership=cast.visitor_membership,
            half_days=[half_day],
            learn="Anything",
            by=cast.visitor,
            at=AT,
        )

    with refusal("visited"):
        ask(morning)
    assert ask(afternoon).state == PlacementState.REQUESTED


def test_nobody_is_introduced_on_a_day_after_the_round(cast: Cast, a_round: Round, monday: date) -> None:
    """Of its last week the Friday has more places, and is too late."""
    a_round.ends_on = monday + timedelta(days=2)
    a_round.save()
    offer = dated(cast, monday)
    for half in Half.values:
        OfferSession.objects.create(offer=offer, date=monday + timedelta(days=4), half=half, places=2)
    participation = join(a_round, cast.visitor_membership, weeks=[monday])
    assert introduced(cast, participation, offer, monday) == {monday}


def test_who_shows_something_receives_nobody_on_a_day_when_they_are_away(
    cast: Cast, a_round: Round, monday: date, other: HostOffer
) -> None:
    """Two change places for two days each, in weeks of their own: of this week she has one day left."""
    programme = a_round.programme
    programme.days, programme.largest_exchange, programme.one_way = 3, 2, False
    programme.save()
    weeks = [monday + timedelta(weeks=week) for week in range(2)]
    shown = show(a_round, cast.visitor_membership, weeks=weeks)
    goes(cast.visitor_membership, other, *(monday + timedelta(days=day) for day in range(3)))
    show(a_round, cast.adviser.memberships.get(), weeks=weeks, wants=["local_government"])
    run = matched(cast, a_round)
    assert published(a_round, cast.broker) == (run.matches.count(), 0)
    (slot,) = [slot for slot in problem_of(a_round, seed=1, at=AT).slots if slot.id == f"f{shown.pk}"]
    assert [monday_of(week) for week in slot.places] == weeks[1:]


def test_a_day_goes_to_who_has_no_other(cast: Cast, a_round: Round, monday: date, other: HostOffer) -> None:
    """Whoever is asked first could go on either day, and would take the first, which is the only one of the second."""
    dated(cast, monday, monday + timedelta(days=1))
    for membership in (cast.visitor_membership, cast.colleague.memberships.get()):
        join(a_round, membership, weeks=[monday])
    run = matched(cast, a_round)
    first, second = (match.participation.membership for match in run.matches.with_people().order_by("id"))
    goes(second, other, monday + timedelta(days=1))
    assert published(a_round, cast.broker) == (2, 0)
    assert given(a_round) == [(second.user.name, "Mon"), (first.user.name, "Tue")]
    assert miscounted() == []


def test_two_who_have_one_day_between_them_are_not_both_sent(
    cast: Cast, a_round: Round, monday: date, other: HostOffer
) -> None:
    """There are two days with a place each, and both of them are away on the second."""
    dated(cast, monday, monday + timedelta(days=1))
    for membership in (cast.visitor_membership, cast.colleague.memberships.get()):
        join(a_round, membership, weeks=[monday])
        goes(membership, other, monday + timedelta(days=1))
    assert matched(cast, a_round).matches.count() == 1
    assert published(a_round, cast.broker) == (1, 0)


def test_two_are_sent_on_one_day_where_it_has_two_places(
    cast: Cast, a_round: Round, monday: date, other: HostOffer
) -> None:
    dated(cast, monday, monday + timedelta(days=1), visitors=2)
    for membership in (cast.visitor_membership, cast.colleague.memberships.get()):
        join(a_round, membership, weeks=[monday])
        goes(membership, other, monday + timedelta(days=1))
    assert matched(cast, a_round).matches.count() == 2
    assert published(a_round, cast.broker) == (2, 0)
    assert {day for _name, day in given(a_round)} == {"Mon"}


@pytest.mark.parametrize("mode", [Mode.IN_PERSON, Mode.REMOTE])
@pytest.mark.parametrize("half", Half.values)
def test_a_morning_elsewhere_takes_the_day_online_too(
    cast: Cast, a_round: Round, monday: date, other: HostOffer, mode: str, half: str
) -> None:
    make_offer(cast.advice, cast.host, mode=mode, usual_weekdays=[0])
    join(a_round, cast.visitor_membership, weeks=[monday], online=True)
    goes(cast.visitor_membership, other, monday, halves=[half])
    assert not matched(cast, a_round).matches.exists()


def test_a_half_day_that_was_taken_back_is_none(cast: Cast, a_round: Round, monday: date) -> None:
    """Its row stays where somebody once held it, with no places; since then the host says "ask us"."""
    offer = make_offer(cast.advice, cast.host, usual_weekdays=[0])
    OfferSession.objects.create(offer=offer, date=monday, half=Half.MORNING, places=0)
    join(a_round, cast.visitor_membership, weeks=[monday])
    assert not matched(cast, a_round).matches.exists()
    assert not weeks_for_two(a_round.participations.get(), offer, at=AT)


def test_one_who_has_days_on_fewer_days_leaves_a_place_for_whoever_comes(
    cast: Cast, a_round: Round, monday: date, other: HostOffer
) -> None:
    """Two days each: whoever is away on Monday needs the two others, and then there is one left for the second."""
    a_round.programme.days = 2
    a_round.programme.save()
    days = [monday + timedelta(days=ahead) for ahead in range(3)]
    offer = dated(cast, *days)
    OfferSession.objects.filter(offer=offer, date=monday).update(places=2)
    for membership in (cast.visitor_membership, cast.colleague.memberships.get()):
        join(a_round, membership, weeks=[monday])
    (slot,) = problem_of(a_round, seed=1, at=AT).slots
    assert slot.places == {week_number(monday): 2}
    goes(cast.visitor_membership, other, monday)
    run = matched(cast, a_round)
    assert run.problem is not None
    assert run.problem["slots"][0]["places"] == [[week_number(monday), 1]]
    assert replay(run) == []
    assert published(a_round, cast.broker) == (1, 0)


def test_one_week_at_one_host_is_lost_and_neither_the_week_nor_the_host(
    cast: Cast, a_round: Round, monday: date, other: HostOffer
) -> None:
    """Of two hosts, one has only the day of one week on which somebody is away, and may have them a week later."""
    mondays_only = make_offer(cast.advice, cast.host, usual_weekdays=[0])
    make_offer(cast.advice, cast.host, title="Any day")
    join(a_round, cast.visitor_membership, weeks=[monday, monday + timedelta(weeks=1)])
    goes(cast.visitor_membership, other, monday)
    problem = problem_of(a_round, seed=1, at=AT)
    [person] = problem.people
    week = week_number(monday)
    assert person.weeks == {week, week + 1}
    assert person.elsewhere == {f"f{mondays_only.pk}": {week}}
    assert [best.weeks for best in engine.best_hosts(problem, person.id)] == [(week, week + 1), (week + 1,)]


def test_one_day_at_another_host_leaves_the_week_to_hosts_with_others(
    cast: Cast, a_round: Round, monday: date, other: HostOffer
) -> None:
    """The same without the later week: the host with that day alone has no week that suits both."""
    make_offer(cast.advice, cast.host, usual_weekdays=[0])
    make_offer(cast.advice, cast.host, title="Any day")
    participation = join(a_round, cast.visitor_membership, weeks=[monday])
    goes(cast.visitor_membership, other, monday)
    found = outlook_in_round(participation, most=9, at=AT)
    outlook = engine.outlook(problem_of(a_round, seed=1, at=AT), person_id(participation))
    assert outlook.suitable == found.suitable == 1
    assert ("no_common_week", 1) in {(one.code, one.alone) for one in outlook.removed}
    assert not [change for change in outlook.relaxations if change.amount == week_number(monday)]


def test_two_visits_in_one_week_fall_on_different_days(
    cast: Cast, a_round: Round, monday: date, other: HostOffer
) -> None:
    make_offer(cast.advice, cast.host)
    join(a_round, cast.visitor_membership, weeks=[monday])
    goes(cast.visitor_membership, other, monday, monday + timedelta(days=1))
    matched(cast, a_round)
    assert published(a_round, cast.broker) == (1, 0)
    assert given(a_round) == [(cast.visitor.name, "Wed")]


def test_an_exchange_is_given_no_week_in_which_it_would_not_find_days(cast: Cast, a_round: Round, monday: date) -> None:
    """Two days there and two back, and in the first of two weeks each of the two has three."""
    programme = a_round.programme
    programme.days, programme.largest_exchange, programme.one_way = 2, 2, False
    programme.save()
    weeks = [monday, monday + timedelta(weeks=1)]
    shown = [
        show(a_round, cast.visitor_membership, weeks=weeks),
        show(a_round, cast.adviser.memberships.get(), weeks=weeks, wants=["local_government"]),
    ]
    for offer, ahead, half in product(shown, range(2), Half.values):
        OfferSession.objects.create(offer=offer, date=monday + timedelta(days=ahead), half=half, places=0)
    slots = problem_of(a_round, seed=1, at=AT).slots
    assert [set(slot.places) for slot in slots] == [{week_number(weeks[1])}] * 2
    assert matched(cast, a_round).matches.count() == 2
    assert published(a_round, cast.broker) == (2, 0)


def test_for_one_person_only_weeks_are_shown_that_have_days_beside_their_other_visits(
    cast: Cast, a_round: Round, monday: date, other: HostOffer
) -> None:
    offer = make_offer(cast.advice, cast.host, usual_weekdays=[0])
    weeks = [monday, monday + timedelta(weeks=1)]
    participation = join(a_round, cast.visitor_membership, weeks=weeks)
    assert weeks_for_two(participation, offer, at=AT) == weeks
    goes(cast.visitor_membership, other, monday)
    assert weeks_for_two(participation, offer, at=AT) == weeks[1:]
    wanted = Wanted(wants=[], weeks=weeks, most_km=30)
    outlook = outlook_outside(cast.visitor_membership, wanted, said=None, most=9, at=AT)
    assert {one.offer_id: one.weeks for one in outlook.best}[f"f{offer.pk}"] == (week_number(weeks[1]),)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_drawn_everything_that_is_matched_is_asked_for(cast: Cast, a_round: Round, seed: int) -> None:
    """Hosts with few days and people with other visits: nothing falls through, in a round or when it is repaired."""
    draw = random.Random(seed)  # noqa: S311 - what is drawn has to come again
    a_round.programme.days = draw.randrange(1, 3)
    a_round.programme.save()
    police = make_organisation("Police", field=Field.POLICING)
    other = make_offer(police, cast.outsider, places=20)
    monday: date = first_week(a_round)
    weeks = [monday + timedelta(weeks=week) for week in range(2)]
    for _offer in range(4):
        host = make_organisation(field=Field.VOLUNTARY)
        make_membership(make_user(), host, is_coordinator=True)
        offer = make_offer(host, cast.host, places=draw.randrange(1, 3), usual_weekdays=draw.sample(range(5), 3))
        if draw.random() < 0.5:
            HostOffer.objects.filter(pk=offer.pk).update(dating=Dating.DATED)
            for week, ahead in product(weeks, draw.sample(range(5), 3)):
                for half in Half.values:
                    day = week + timedelta(days=ahead)
                    OfferSession.objects.create(offer=offer, date=day, half=half, places=draw.randrange(1, 3))
    for _person in range(9):
        membership = make_membership(make_user(), cast.council)
        join(a_round, membership, weeks=draw.sample(weeks, draw.randrange(1, 3)))
        if draw.random() < 0.7:
            goes(membership, other, *(draw.choice(weeks) + timedelta(days=ahead) for ahead in draw.sample(range(5), 2)))
    run = matched(cast, a_round)
    assert published(a_round, cast.broker) == (run.matches.count(), 0)
    for _no in range(3):
        asked = Placement.objects.filter(match__run__round=a_round, state=PlacementState.REQUESTED).order_by("id")
        refusing = draw.choice(list(asked))
        no(refusing, "host", refusing.offer.organisation.memberships.get(is_coordinator=True).user)
        repair = repaired(a_round)
        if repair is not None:
            assert offer_repair(run=repair, by=cast.broker, at=AT).fell_through == 0
    assert miscounted() == []
