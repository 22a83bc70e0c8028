"""What a broker reads of what came free, and the press that offers it; and what those hear who wait."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs
from partnerships.ground.models import OutboxMail
from secondments import actions
from secondments.actions.joining import leave_round
from secondments.actions.repairs import offer_repair
from secondments.models import HostOffer, MatchRun, Participation, Placement, Round
from secondments.states import DecisionKind, OfferState, ParticipationState, RunState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_round, make_user
from tests.secondments.repairs import Published, no, repaired, yes
from tests.secondments.rounds import first_week, join, matched, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast: Cast) -> Published:
    return Published(cast)


@pytest.fixture
def at_desk(cast: Cast) -> Client:
    return enter(cast.broker)


def desk(a_round: Round) -> str:
    return reverse("round-desk", args=[a_round.slug])


def page_of(run: MatchRun | None) -> str:
    assert run is not None
    return reverse("round-repair", args=[run.round.slug, run.uuid])


def test_the_desk_says_who_has_answered_and_until_when(told: Published, at_desk: Client) -> None:
    page = at_desk.get(desk(told.a_round)).content.decode()
    assert "2 of 3 people have a place" in page
    assert "wait for an answer, until 11 January" in page
    assert "You need do nothing at the moment" in page
    assert "1 person for whom there was no place, and why" in page
    yes(told.at_kite)
    told.host_says_no()
    page = at_desk.get(desk(told.a_round)).content.decode()
    assert "1 of 3 people have a place" in page
    assert "visit is agreed" in page
    assert "does not take place" in page
    assert "everyone has given theirs" in page


def test_a_broker_reads_what_came_free_and_offers_it(cast: Cast, told: Published, at_desk: Client) -> None:
    waits = told.waiting.membership.user
    refused = told.host_says_no().visitor
    run = repaired(told.a_round)
    page = at_desk.get(desk(told.a_round)).content.decode()
    assert "Next: 1 person could have a place after all" in page
    assert "You need do nothing" not in page
    assert page_of(run) in page

    page = at_desk.get(page_of(run)).content.decode()
    assert f"{refused.name} of Test Council does not visit Test Advice (The front desk)." in page
    assert waits.name in page
    assert "Shows what was asked for" in page
    assert "Hopes to learn: “How a front desk copes”" in page
    assert re.search(r"fit, on average</th><td[^>]*>\d+\.\d of 100 points<", page), "A sum of points says nothing."
    assert "Offer these visits" in page
    assert "Nobody has been told of this yet" in page
    assert not Placement.objects.filter(visitor=waits).exists()

    answer = at_desk.post(page_of(run), follow=True).content.decode()
    assert "Everyone concerned is asked" in answer
    assert "2 of 3 people have a place" in answer
    assert "Has been offered a place since" in answer
    assert "Offered from what came free" in answer
    again = at_desk.post(page_of(run), follow=True).content.decode()
    assert "has been offered already" in again
    page = at_desk.get(page_of(run)).content.decode()
    assert "1 visit was offered from what came free" in page
    assert "Offer these visits" not in page
    assert Placement.objects.filter(visitor=waits).count() == 1


def test_a_broker_offers_nothing_by_a_press_of_its_own(told: Published, at_desk: Client) -> None:
    told.host_says_no()
    run = repaired(told.a_round)
    assert run is not None
    aside = reverse("round-repair-aside", args=[told.a_round.slug, run.uuid])
    assert at_desk.get(aside).status_code == 405
    assert "Nothing is offered" in at_desk.post(aside, follow=True).content.decode()
    run.refresh_from_db()
    assert run.state == RunState.DISCARDED
    assert "Offer these visits" not in at_desk.get(page_of(run)).content.decode()


def test_some_of_it_may_be_gone_when_it_is_pressed(told: Published, at_desk: Client) -> None:
    told.host_says_no()
    run = repaired(told.a_round)
    told.advice.state = "paused"
    told.advice.save()
    assert "Some of it could no longer be asked for" in at_desk.post(page_of(run), follow=True).content.decode()


def test_why_others_still_wait_stands_there_by_its_own_name(cast: Cast, told: Published, at_desk: Client) -> None:
    """The one place that came free is for who waited; whoever had it waits now."""
    refused = told.host_says_no(told.at_advice).visitor
    run = repaired(told.a_round)
    assert run is not None
    (left,) = run.not_placed.with_people()
    assert left.participation.membership.user == refused
    page = at_desk.get(page_of(run)).content.decode()
    assert "Who still waits, and why" in page
    assert "not to meet this person" in page


def test_the_run_that_was_published_has_no_such_page(told: Published, at_desk: Client) -> None:
    assert at_desk.get(page_of(told.run)).status_code == 404


def test_both_pages_cost_the_same_for_two_and_for_twenty(cast: Cast, at_desk: Client) -> None:
    counts = []
    for people in (2, 20):
        HostOffer.objects.update(state=OfferState.CLOSED)
        a_round = make_round(cast.cvs)
        make_offer(cast.advice, cast.host, places=people, usual_weekdays=[0])
        week = [first_week(a_round)]
        for _ in range(2 * people):
            join(a_round, make_membership(make_user(), cast.council), weeks=week)
        matched(cast, a_round)
        assert published(a_round, cast.broker) == (people, 0)
        for placement in Placement.objects.filter(match__run__round=a_round):
            no(placement, DecisionKind.HOST, cast.host)
        run = repaired(a_round)
        assert run is not None
        assert run.matches.count() == people
        cost = []
        for address in (desk(a_round), page_of(run)):
            at_desk.get(address)
            with CaptureQueriesContext(connection) as queries:
                at_desk.get(address)
            cost.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            offer_repair(run=run, by=cast.broker, at=AT)
        # One statement takes all half-days that get as many visitors, so one more where they differ.
        counts.append((*cost, (len(queries) + 1) // 2))
    assert counts[0][:2] == counts[1][:2]
    assert max(counts[1][:2]) <= 15
    assert counts[1][2] <= counts[0][2] + 1 <= 33


def test_who_lost_a_visit_reads_that_another_may_come_and_may_want_none(cast: Cast, told: Published) -> None:
    placement = told.host_says_no()
    member = enter(placement.visitor)
    page = member.get(told.a_round.get_absolute_url()).content.decode()
    assert "That visit does not take place" in page
    assert "If a place that suits you comes free in this round, we write to you." in page
    # The host with whom it came to nothing is not held out to them; the other is.
    assert (told.advice.title in page, told.kite.title in page) == (False, True)
    assert (
        "If another place comes free in the round, we write to you"
        in member.get(placement.get_absolute_url()).content.decode()
    )
    answer = member.post(reverse("round-leave", args=[told.a_round.slug]), follow=True).content.decode()
    assert "You have left this round" in answer
    mine = Participation.objects.get(membership__user=placement.visitor)
    assert mine.state == ParticipationState.WITHDRAWN
    assert "comes free" not in member.get(told.a_round.get_absolute_url()).content.decode()


def test_who_waits_reads_until_when_and_the_place_that_came_free(cast: Cast, told: Published) -> None:
    waits = told.waiting.membership.user
    member = enter(waits)
    page = member.get(told.a_round.get_absolute_url()).content.decode()
    assert "We could not place you this time" in page
    assert "Do not look for another place for me" in page
    told.host_says_no()
    run = repaired(told.a_round)
    assert "You have a place" not in member.get(told.a_round.get_absolute_url()).content.decode()
    assert run is not None
    offer_repair(run=run, by=cast.broker, at=AT)
    jobs.run_due()
    page = member.get(told.a_round.get_absolute_url()).content.decode()
    assert "You have a place" in page
    assert "answers by Monday 11 January" in page


def test_saying_no_to_what_a_round_found_says_what_follows(cast: Cast, told: Published) -> None:
    placement = told.at_advice
    member = enter(placement.visitor)
    decide = reverse("placement-decide", args=[placement.uuid, DecisionKind.VISITOR])
    assert "we may ask you once more" in member.get(decide).content.decode()
    page = member.post(decide, {"answer": "no"}, follow=True).content.decode()
    assert "You said no" in page
    withdraw = reverse("placement-withdraw", args=[told.at_kite.uuid])
    assert "You leave the round with it" in enter(told.at_kite.visitor).get(withdraw).content.decode()


def test_the_page_of_a_person_follows_them_through_it(cast: Cast, told: Published, at_desk: Client) -> None:
    """Whoever withdrew stands on the desk still; whoever was found a place since has that one."""
    waits = told.waiting

    def page(person: Participation) -> str:
        return at_desk.get(reverse("round-person", args=[told.a_round.slug, person.uuid])).content.decode()

    assert "has no place yet" in page(waits)
    lost = told.at_advice
    actions.withdraw(placement=lost, by=lost.visitor, at=AT)
    assert "Withdrawn" in page(lost.match.participation)
    assert "has no place yet" in page(lost.match.participation)
    run = repaired(told.a_round)
    assert run is not None
    offer_repair(run=run, by=cast.broker, at=AT)
    assert "has a place" in page(waits)
    assert told.advice.title in page(waits)
    assert at_desk.get(page_of(run)).status_code == 200


def test_who_left_without_a_visit_is_nobodys_to_look_at(told: Published, at_desk: Client) -> None:
    leave_round(participation=told.waiting, by=told.waiting.membership.user, at=AT)
    address = reverse("round-person", args=[told.a_round.slug, told.waiting.uuid])
    assert at_desk.get(address).status_code == 404


def test_the_neutral_sentence_says_that_another_may_come(told: Published) -> None:
    lost = told.host_says_no()
    letter = OutboxMail.objects.filter(to=str(lost.visitor.email)).latest("pk")
    assert letter.subject.startswith("It does not work out this time")
    assert "If another place that suits you comes free in the round, we write to you." in letter.text
