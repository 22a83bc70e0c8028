"""What people and hosts say decides who can meet whom: each fact is a rule of the match, or a part of the fit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from partnerships.ground import clock
from partnerships.ground.problems import Refused
from partnerships.models import Membership, Organisation
from partnerships.states import Field, SizeBand
from secondments.actions.joining import forget_what_was_said
from secondments.matches import monday_of, problem_of, week_number
from secondments.matches.for_one import Wanted, outlook_in_round, outlook_outside, weeks_ahead, weeks_for_two
from secondments.matches.keys import organisation_key, person_id, user_key
from secondments.models import HostOffer, OfferSession, Participation, Placement, PlacementSession, Round
from secondments.my_data import anonymise, collect
from secondments.states import AccessNeed, Dating, Half, HowBegan, Mode, PlacementState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_offer, make_organisation, make_place, make_round
from tests.secondments.rounds import first_week, join, matched, published, typed

pytestmark = pytest.mark.django_db

STEP_FREE, QUIET = AccessNeed.STEP_FREE.value, AccessNeed.QUIET.value


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    return make_round(cast.cvs)


@pytest.fixture
def offer(cast: Cast, a_round: Round) -> HostOffer:
    return make_offer(cast.advice, cast.host, meets=[STEP_FREE])


def causes(cast: Cast, a_round: Round) -> Any:
    return matched(cast, a_round).not_placed.get().causes


def visited(membership: Membership, offer: HostOffer, **fields: Any) -> Placement:
    values: dict[str, Any] = {
        "offer": offer,
        "visitor": membership.user,
        "membership": membership,
        "home": membership.organisation,
        "asked_by": membership.user,
        "how_began": HowBegan.BOOKED,
        "state": PlacementState.COMPLETED,
        "requested_at": AT,
        "answer_by": AT,
    }
    return Placement.objects.create(**(values | fields))


@pytest.mark.parametrize(("needs", "placed"), [([STEP_FREE], 1), ([STEP_FREE, QUIET], 0), ([], 1)])
def test_who_needs_something_of_a_place_goes_only_where_it_is(
    cast: Cast, a_round: Round, offer: HostOffer, needs: list[str], placed: int
) -> None:
    join(a_round, cast.visitor_membership, access_needs=needs)
    run = matched(cast, a_round)
    assert run.matches.count() == placed
    if not placed:
        assert run.not_placed.get().causes["removed"] == [["access", 1]]


def test_the_host_is_told_what_a_place_must_have_and_what_was_said_besides(
    cast: Cast, a_round: Round, offer: HostOffer
) -> None:
    join(a_round, cast.visitor_membership, access_needs=[STEP_FREE], needs="A chair with arms")
    matched(cast, a_round)
    published(a_round, cast.broker)
    assert Placement.objects.get().needs == f"{AccessNeed.STEP_FREE.label}\nA chair with arms"


@pytest.mark.parametrize(("cover", "placed"), [(9000, 1), (9001, 0)])
def test_cover_that_costs_more_than_is_paid_cannot_be(
    cast: Cast, a_round: Round, offer: HostOffer, cover: int, placed: int
) -> None:
    a_round.programme.pays_cover_pence = 9000
    a_round.programme.save()
    join(a_round, cast.visitor_membership, cover_pence=cover)
    assert matched(cast, a_round).matches.count() == placed


@pytest.mark.parametrize(("mode", "placed"), [(Mode.REMOTE, 1), (Mode.IN_PERSON, 0)])
def test_who_can_meet_online_alone_goes_nowhere_in_person(cast: Cast, a_round: Round, mode: str, placed: int) -> None:
    make_offer(cast.advice, cast.host, mode=mode)
    join(a_round, cast.visitor_membership, in_person=False, online=True)
    assert matched(cast, a_round).matches.count() == placed


def test_one_has_to_meet_somehow(cast: Cast, a_round: Round) -> None:
    with pytest.raises(Refused) as refused:
        join(a_round, cast.visitor_membership, in_person=False, online=False)
    assert refused.value.codes == {"how"}


def test_a_person_to_avoid_is_never_met_at_a_host_and_nobody_learns_whether_we_know_them(
    cast: Cast, a_round: Round, offer: HostOffer
) -> None:
    page = enter(cast.visitor).post(
        reverse("round-join", args=[a_round.slug]),
        typed(a_round, avoids=f"{str(cast.host.email).upper()}\nstranger@nowhere.example"),
    )
    assert page.status_code == 302
    problem = problem_of(a_round, seed=1, at=AT)
    assert problem.people[0].avoids_people == {user_key(cast.host.pk)}
    assert causes(cast, a_round)["removed"] == [["avoid", 1]]


def test_who_avoids_somebody_is_not_visited_by_them(cast: Cast, a_round: Round) -> None:
    a_round.programme.largest_exchange = 2
    a_round.programme.save()
    adviser = cast.adviser.memberships.get()
    theirs = join(
        a_round,
        adviser,
        welcomes=True,
        shows="Calls",
        wants=[],
        agrees_email=cast.host.email,
        avoids_emails=[cast.visitor.email],
    )
    join(a_round, cast.visitor_membership, welcomes=True, shows="A panel")
    problem = problem_of(a_round, seed=1, at=AT)
    shown = next(slot for slot in problem.slots if slot.shown_by == person_id(theirs))
    visitor = next(each for each in problem.people if each.id != person_id(theirs))
    assert shown.avoids_people == {visitor.id}
    assert matched(cast, a_round).matches.count() == 0


def test_half_an_address_is_asked_again_and_what_was_typed_stays(cast: Cast, a_round: Round) -> None:
    page = enter(cast.visitor).post(reverse("round-join", args=[a_round.slug]), typed(a_round, avoids="ruth@council"))
    words = page.content.decode()
    assert "“ruth@council” is not a whole email address" in words
    assert ">\nruth@council</textarea>" in words


def test_a_host_may_ask_for_somebody_and_they_read_it_in_the_reasons(cast: Cast, a_round: Round) -> None:
    make_offer(cast.advice, cast.host, asks_for=[cast.colleague.email], places=1)
    first = first_week(a_round)
    for membership in (cast.visitor_membership, cast.colleague.memberships.get()):
        join(a_round, membership, weeks=[first])
    run = matched(cast, a_round)
    match = run.matches.get()
    assert match.participation.membership.user == cast.colleague
    assert next(part for part in match.parts if part["name"] == "asked")["points"] > 0


def test_what_a_host_asks_for_is_kept_in_small_letters_and_shown_to_nobody_else(cast: Cast, offer: HostOffer) -> None:
    email = str(cast.colleague.email)
    offer.asks_for = [email]
    offer.save()
    for user in (cast.outsider, cast.visitor, cast.broker):
        assert email not in enter(user).get(offer.get_absolute_url()).content.decode()
    assert email in enter(cast.host).get(reverse("offer-edit", args=[offer.slug])).content.decode()


def test_a_host_that_somebody_has_visited_is_not_new_to_them(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    visited(cast.visitor_membership, offer)
    visited(cast.colleague.memberships.get(), offer, state=PlacementState.WITHDRAWN)
    for membership in (cast.visitor_membership, cast.colleague.memberships.get()):
        join(a_round, membership)
    met = {each.id: each.met for each in problem_of(a_round, seed=1, at=AT).people}
    assert sorted(map(len, met.values())) == [0, 1]
    assert {organisation_key(cast.advice.pk)} in met.values()


def test_nobody_is_sent_to_a_host_on_a_bank_holiday(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    """Easter Monday of 2027 is the last Monday of the round. A host that names the day itself is taken at its word."""
    HostOffer.objects.update(usual_weekdays=[0])
    join(a_round, cast.visitor_membership)
    (slot,) = problem_of(a_round, seed=1, at=AT).slots
    weeks = {monday_of(week) for week in slot.places}
    assert date(2027, 3, 22) in weeks
    assert date(2027, 3, 29) not in weeks
    HostOffer.objects.update(dating=Dating.DATED)
    for half in Half.values:
        offer.sessions.create(date=date(2027, 3, 29), half=half, places=1)
    (slot,) = problem_of(a_round, seed=1, at=AT).slots
    assert [monday_of(week) for week in slot.places] == [date(2027, 3, 29)]


@pytest.mark.parametrize(
    ("country", "day", "opens"),
    [
        ("Scotland", date(2027, 3, 29), True),
        ("Scotland", date(2027, 3, 17), True),
        ("Northern Ireland", date(2027, 3, 29), False),
        ("Northern Ireland", date(2027, 3, 17), False),
    ],
)
def test_the_bank_holidays_are_those_of_where_the_host_is(
    cast: Cast, a_round: Round, offer: HostOffer, country: str, day: date, opens: bool
) -> None:
    """In Scotland Easter Monday is a day like any other; in Northern Ireland 17 March is not."""
    cast.advice.place = make_place(country, code=f"{country[0]}99")
    cast.advice.save()
    HostOffer.objects.update(usual_weekdays=[day.weekday()])
    week = monday_of(week_number(day))
    participation = join(a_round, cast.visitor_membership, weeks=[week])
    (slot,) = problem_of(a_round, seed=1, at=AT).slots
    assert (week_number(day) in slot.places) == opens
    assert weeks_for_two(participation, offer, at=AT) == [week] * opens


def test_nobody_is_sent_to_a_host_between_christmas_and_new_year(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    """In 2027 two days of that week are bank holidays, and on the other three most are closed as well."""
    a_round.starts_on, a_round.ends_on = date(2027, 12, 20), date(2028, 1, 9)
    a_round.save()
    weeks = [date(2027, 12, 20), date(2027, 12, 27), date(2028, 1, 3)]
    participation = join(a_round, cast.visitor_membership, weeks=weeks)
    (slot,) = problem_of(a_round, seed=1, at=AT).slots
    assert [monday_of(week) for week in slot.places] == [weeks[0], weeks[2]]
    assert weeks_for_two(participation, offer, at=AT) == [weeks[0], weeks[2]]


def test_a_week_in_which_somebody_is_away_already_is_not_given_again(
    cast: Cast, a_round: Round, offer: HostOffer
) -> None:
    a_round.programme.days = 5
    a_round.programme.save()
    participation = join(a_round, cast.visitor_membership)
    first = first_week(a_round)
    police = make_offer(make_organisation("Police", field=Field.POLICING), cast.outsider)
    placement = visited(cast.visitor_membership, police, state=PlacementState.CONFIRMED)
    session = OfferSession.objects.create(offer=police, date=first, half=Half.MORNING, places=1, booked=1)
    PlacementSession.objects.create(
        placement=placement, offer_session=session, visitor=cast.visitor, date=first, half=Half.MORNING, holding=True
    )
    person = problem_of(a_round, seed=1, at=AT).people[0]
    assert person.weeks == {week_number(monday) for monday in participation.weeks}
    assert set(person.elsewhere.values()) == {frozenset({week_number(first)})}, "five days, and one is taken"
    a_round.programme.days = 4
    assert week_number(first) in problem_of(a_round, seed=1, at=AT).people[0].weeks


@pytest.mark.parametrize(("avoided", "size"), [("host", SizeBand.LARGE), ("adviser", SizeBand.SMALL)])
def test_whoever_must_not_be_met_prepares_no_visit_either(
    cast: Cast, a_round: Round, offer: HostOffer, avoided: str, size: str
) -> None:
    """The offer was written by another: still a coordinator would read who comes, and in a small place all meet."""
    HostOffer.objects.update(created_by=cast.curator)
    Organisation.objects.update(size=size)
    mine = join(a_round, cast.visitor_membership)
    assert outlook_in_round(mine, most=5, at=AT).suitable
    mine = join(a_round, cast.visitor_membership, avoids_emails=[getattr(cast, avoided).email])
    assert not outlook_in_round(mine, most=5, at=AT).suitable
    wanted = Wanted(wants=[], weeks=weeks_ahead(AT), most_km=30)
    assert not outlook_outside(cast.visitor_membership, wanted, said=mine, most=5, at=AT).suitable
    assert not matched(cast, a_round).matches.exists()


def test_whoever_works_far_from_visitors_in_a_large_place_rules_out_nobody_else(
    cast: Cast, a_round: Round, offer: HostOffer
) -> None:
    HostOffer.objects.update(created_by=cast.curator)
    Organisation.objects.update(size=SizeBand.LARGE)
    join(a_round, cast.visitor_membership, avoids_emails=[cast.adviser.email])
    assert matched(cast, a_round).matches.exists()


def test_whoever_is_anonymised_is_named_by_nobody_any_more(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    HostOffer.objects.filter(pk=offer.pk).update(asks_for=[cast.colleague.email, "other@example.org"])
    mine = join(a_round, cast.visitor_membership, avoids_emails=[cast.colleague.email], avoid_reason="A quarrel")
    anonymise(cast.colleague, clock.now())
    mine.refresh_from_db()
    offer.refresh_from_db()
    assert (mine.avoids_emails, offer.asks_for) == ([], ["other@example.org"])


def test_what_one_said_of_access_and_of_people_is_in_ones_own_data_and_goes_with_it(cast: Cast, a_round: Round) -> None:
    mine = join(
        a_round, cast.visitor_membership, access_needs=[QUIET], avoids_emails=["x@example.org"], cover_pence=100
    )
    [kept] = collect(cast.visitor)["rounds_you_joined"]
    assert (kept["access_needs"], kept["avoids_emails"], kept["cover_pence"]) == ([QUIET], ["x@example.org"], 100)
    anonymise(cast.visitor, AT + timedelta(days=1))
    mine.refresh_from_db()
    assert (mine.access_needs, mine.avoids_emails) == ([], [])


def test_what_a_run_tells_of_ones_needs_goes_with_them(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    make_offer(make_organisation("Dear Advice"), cast.host, payment_pence=900_000)
    join(a_round, cast.visitor_membership, access_needs=[QUIET])
    unplaced = matched(cast, a_round).not_placed.get()
    assert {code for code, _hosts in unplaced.causes["removed"]} == {"access", "payment"}
    forget_what_was_said(Participation.objects.all())
    unplaced.refresh_from_db()
    assert {code for code, _hosts in unplaced.causes["removed"]} == {"payment"}


def test_the_round_says_what_is_paid_before_anybody_joins(cast: Cast, a_round: Round) -> None:
    a_round.programme.pays_cover_pence = 9000
    a_round.programme.save()
    page = enter(cast.visitor).get(a_round.get_absolute_url()).content.decode()
    assert "Cover for a visitor can be paid up to £90 a day" in page
    assert "A host can be paid" not in page
