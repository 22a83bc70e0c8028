"""After publishing: what comes free is made the best of, and nobody who has a visit loses it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.ground import jobs
from partnerships.ground.models import Event, Job
from partnerships.ground.problems import Refused
from partnerships.matching import engine
from partnerships.matching.repair import alone
from partnerships.models import Membership, Organisation
from partnerships.states import MembershipState, OrganisationState
from secondments import actions
from secondments.actions.joining import leave_round
from secondments.actions.repairs import offer_repair, put_repair_aside
from secondments.matches.repairs import repair_of, waiting_in
from secondments.matches.replaying import replay
from secondments.models import Adjustment, HostOffer, Participation, Placement, Round
from secondments.problems import TIME_FOR_CHECKS
from secondments.states import (
    AdjustmentKind,
    AdjustmentReason,
    AdjustmentState,
    DecisionKind,
    DecisionState,
    OfferState,
    ParticipationState,
    PlacementState,
    RoundState,
    RunState,
)
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_round, make_user
from tests.secondments.helpers import ask, mails_to, miscounted, say
from tests.secondments.proposals import refusal
from tests.secondments.repairs import Published, no, places, repaired, runs, yes
from tests.secondments.rounds import first_week, join, matched, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast: Cast) -> Published:
    return Published(cast)


def test_a_place_that_came_free_goes_to_who_waits_and_nobody_else_moves(cast: Cast, told: Published) -> None:
    stands, waits = told.at_kite, told.waiting.membership.user
    refused = told.host_says_no().visitor
    run = repaired(told.a_round)
    assert run is not None
    assert places(run) == {waits: told.advice}
    assert all(one["proven"] for one in run.criteria)
    first = run.criteria[0]
    assert (first["name"], first["before"], first["value"]) == ("placed", 1, 2)
    stands.refresh_from_db()
    assert stands.state == PlacementState.REQUESTED
    # What was published stays what was published, and nobody but the broker knows of more.
    told.a_round.refresh_from_db()
    assert told.a_round.latest_run() == told.run
    assert Placement.objects.count() == 2
    assert refused not in places(run)
    assert (
        mails_to(str(cast.broker.email))[-1]
        == "1 person of Walk in their shoes, Winter round could have a place after all"
    )
    assert replay(run) == []


def test_what_is_offered_is_asked_like_any_visit(cast: Cast, told: Published) -> None:
    waits = told.waiting.membership.user
    told.host_says_no()
    run = repaired(told.a_round)
    assert run is not None
    mail.outbox.clear()
    assert offer_repair(run=run, by=cast.broker, at=AT).asked == 1
    jobs.run_due()
    placement = Placement.objects.get(visitor=waits)
    assert placement.state == PlacementState.REQUESTED
    assert {each.state for each in placement.decisions.all()} == {DecisionState.WAITING}
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {waits.email, cast.host.email, cast.manager.email}
    assert "A place has come free since we last wrote" in str(letters[str(waits.email)].body)
    assert "come free" not in str(letters[str(cast.host.email)].body)
    run.refresh_from_db()
    assert run.state == RunState.OFFERED
    assert told.a_round.repair() is None
    assert [event.verb for event in Event.objects.about(run)] == ["create", "save_repair", "offer_repair"]
    assert miscounted() == []


def test_who_said_no_to_each_other_are_not_proposed_again_under_another_title(cast: Cast, told: Published) -> None:
    """Nobody else waits, and the host has another offer: it is not for who was given a no, but for others."""
    make_offer(cast.advice, cast.host, title="The back office")
    leave_round(participation=told.waiting, by=cast.broker, at=AT)
    told.host_says_no()
    assert repaired(told.a_round) is None
    assert runs(told.a_round) == [(RunState.SOLVED, 1)]
    refused = told.at_advice.match.participation
    assert set(waiting_in(told.a_round)) == {refused}


def test_a_visitor_who_says_no_may_be_found_another_and_one_who_withdraws_is_not(cast: Cast, told: Published) -> None:
    leave_round(participation=told.waiting, by=cast.broker, at=AT)
    one, other = told.at_advice, told.at_kite
    no(one, DecisionKind.VISITOR, one.visitor)
    actions.withdraw(placement=other, by=other.visitor, at=AT)
    assert Participation.objects.get(membership__user=other.visitor).state == ParticipationState.WITHDRAWN
    run = repaired(told.a_round)
    assert run is not None
    assert places(run) == {one.visitor: told.kite}


@pytest.mark.parametrize("wishes", ["who said no", "who waited"])
def test_a_no_counts_against_nobody(cast: Cast, told: Published, wishes: str) -> None:
    """One place comes free for somebody who said no to another and somebody who never had one: the criteria decide."""
    said_no, waited = told.at_advice.match.participation, told.waiting
    wishing = said_no if wishes == "who said no" else waited
    wishing.wishes.create(offer=told.kite, rank=1)
    no(told.at_advice, DecisionKind.VISITOR, told.at_advice.visitor)
    told.host_says_no(told.at_kite)
    HostOffer.objects.filter(pk=told.advice.pk).update(state=OfferState.PAUSED)
    run = repaired(told.a_round)
    assert run is not None
    assert places(run) == {wishing.membership.user: told.kite}


@pytest.mark.parametrize("how", ["declined", "called off", "not answered", "never ready"])
def test_every_visit_that_comes_to_nothing_is_made_up_for(cast: Cast, told: Published, how: str) -> None:
    placement = told.at_advice
    if how == "declined":
        no(placement, DecisionKind.HOME_APPROVER, cast.manager)
    elif how == "called off":
        actions.cancel(placement=placement, by=cast.host, at=AT)
    elif how == "not answered":
        actions.expire(placement=placement, at=placement.answer_by + timedelta(hours=1))
    else:
        Placement.objects.filter(pk=placement.pk).update(state=PlacementState.AGREED)
        placement.refresh_from_db()
        over = TIME_FOR_CHECKS + timedelta(days=1)
        actions.expire(placement=placement, at=AT + (placement.days()[-1] - AT.date()) + over)
    assert Job.objects.of_kind("repair_round").filter(key=str(placement.uuid)).exists()


def test_a_visit_of_no_round_is_nobodys_to_make_up_for(cast: Cast) -> None:
    say(ask(cast), DecisionKind.HOST, cast, yes=False)
    assert not Job.objects.of_kind("repair_round").exists()


def test_noes_that_come_together_are_one_repair(told: Published) -> None:
    told.host_says_no(told.at_advice)
    told.host_says_no(told.at_kite)
    assert Job.objects.of_kind("repair_round").count() == 2
    run = repaired(told.a_round)
    assert run is not None
    assert runs(told.a_round) == [(RunState.SOLVED, 2)]
    assert run.repaired.count() == 2
    assert not Job.objects.failed().exists()


def test_a_later_no_makes_a_better_repair_and_no_second_mail(cast: Cast, told: Published) -> None:
    told.host_says_no(told.at_advice)
    first = repaired(told.a_round)
    told.host_says_no(told.at_kite)
    second = repaired(told.a_round)
    assert first is not None
    assert second is not None
    assert runs(told.a_round) == [(RunState.DISCARDED, 2), (RunState.SOLVED, 2)]
    assert second.repaired.count() == 2
    subjects = [subject for subject in mails_to(str(cast.broker.email)) if "after all" in subject]
    assert len(subjects) == 1
    with refusal("changed_since"):
        offer_repair(run=first, by=cast.broker, at=AT)


def test_it_is_offered_once_and_by_its_brokers_alone(cast: Cast, told: Published) -> None:
    told.host_says_no()
    run = repaired(told.a_round)
    assert run is not None
    for stranger in (cast.host, cast.home_coordinator, cast.administrator):
        with refusal("not_allowed"):
            offer_repair(run=run, by=stranger, at=AT)
    offer_repair(run=run, by=cast.broker, at=AT)
    with refusal("already_offered"):
        offer_repair(run=run, by=cast.broker, at=AT)
    with refusal("already_offered"):
        put_repair_aside(run=run, by=cast.broker, at=AT)
    assert Placement.objects.count() == 3


def test_a_broker_may_offer_nothing(cast: Cast, told: Published) -> None:
    told.host_says_no()
    run = repaired(told.a_round)
    assert run is not None
    put_repair_aside(run=run, by=cast.broker, at=AT)
    assert told.a_round.repair() is None
    with refusal("changed_since"):
        offer_repair(run=run, by=cast.broker, at=AT)
    # It is known, and so it is not worked out again until something else comes free.
    assert repaired(told.a_round) is None


def test_who_left_since_is_not_asked_and_what_is_left_is_looked_at_again(cast: Cast, told: Published) -> None:
    waits = told.waiting
    told.host_says_no()
    run = repaired(told.a_round)
    assert run is not None
    leave_round(participation=waits, by=waits.membership.user, at=AT)
    assert offer_repair(run=run, by=cast.broker, at=AT).fell_through == 1
    assert Event.objects.about(run.matches.get()).last().reason == "left_round"  # type: ignore[union-attr]  # there is one
    assert Job.objects.of_kind("repair_round").filter(key=str(run.uuid)).exists()
    assert repaired(told.a_round) is None
    assert len(runs(told.a_round)) == 2


def test_a_visit_that_stands_takes_its_place_once(cast: Cast) -> None:
    """Five people and a host for three: one of them comes to nothing, and so one more has a place, and not two."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    a_round = make_round(cast.cvs)
    offer = make_offer(cast.advice, cast.host, places=3, usual_weekdays=[0])
    cast.advice.most_visits_per_week = 3
    cast.advice.save()
    week = [first_week(a_round)]
    people = [join(a_round, make_membership(make_user(), cast.council), weeks=week) for _ in range(5)]
    matched(cast, a_round)
    assert published(a_round, cast.broker) == (3, 0)
    first = Placement.objects.filter(offer=offer).order_by("id")[0]
    no(first, DecisionKind.HOST, cast.host)
    run = repaired(a_round)
    assert run is not None
    assert run.matches.count() == 1
    assert offer_repair(run=run, by=cast.broker, at=AT).asked == 1
    problem = repair_of(a_round, seed=1, at=AT).problem
    (slot,) = problem.slots
    assert (len(problem.rules.fixed), set(slot.places.values())) == (3, {3})
    (host,) = [each for each in problem.organisations if each.visits_per_week]
    assert (host.visitors_had, dict(host.booked_visits)) == (0, {})
    assert len(problem.people) == len(people)


def test_a_host_who_closed_since_keeps_its_visit_and_gets_no_other(cast: Cast, told: Published) -> None:
    HostOffer.objects.filter(pk=told.kite.pk).update(state=OfferState.CLOSED)
    refused = told.host_says_no().match.participation
    repair = repair_of(told.a_round, seed=1, at=AT)
    assert [one.offer_id for one in repair.problem.rules.fixed] == [f"f{told.kite.pk}"]
    (kite,) = [slot for slot in repair.problem.slots if slot.id == f"f{told.kite.pk}"]
    assert list(kite.places.values()) == [1]
    run = repaired(told.a_round)
    assert run is not None
    assert refused.membership.user not in places(run)


def test_a_round_that_has_begun_is_repaired_in_the_weeks_that_are_left(cast: Cast) -> None:
    """The first visit is over and stands; what came free in a later week goes to who waits."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    a_round = make_round(cast.cvs)
    offer = make_offer(cast.advice, cast.host, usual_weekdays=[0])
    first = first_week(a_round)
    weeks = [first, first + timedelta(weeks=5)]
    people = [make_membership(make_user(), cast.council) for _ in range(3)]
    for who, week in zip(people, [*weeks, weeks[1]], strict=True):
        join(a_round, who, weeks=[week])
    matched(cast, a_round)
    assert published(a_round, cast.broker) == (2, 0)
    Placement.objects.filter(visitor=people[0].user).update(state=PlacementState.COMPLETED)
    no(Placement.objects.exclude(visitor=people[0].user).get(), DecisionKind.HOST, cast.host)
    repair = repair_of(a_round, seed=1, at=AT + timedelta(days=45))
    (fixed,) = repair.problem.rules.fixed
    assert fixed.week < repair.problem.rules.first_week
    answer = engine.solve(repair.problem)
    assert [leg.offer_id for leg in answer.legs()] == [f"f{offer.pk}"] * 2
    assert engine.solve(alone(repair.problem)).criteria[0].value == 1


def test_who_is_kept_apart_by_hand_stays_so(cast: Cast, told: Published) -> None:
    Adjustment.objects.create(
        run=told.run,
        kind=AdjustmentKind.FORBID,
        participation=told.waiting,
        offer=told.advice,
        reason=AdjustmentReason.OTHER,
        state=AdjustmentState.STANDING,
        made_by=cast.broker,
        made_at=AT,
    )
    told.host_says_no()
    assert repaired(told.a_round) is None


def test_who_fell_through_when_everyone_was_told_is_looked_for_too(cast: Cast) -> None:
    """A host has closed while the proposal was read, and another one is open."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    a_round = make_round(cast.cvs)
    offer = make_offer(cast.advice, cast.host, usual_weekdays=[0])
    join(a_round, cast.visitor_membership, weeks=[first_week(a_round)])
    matched(cast, a_round)
    HostOffer.objects.filter(pk=offer.pk).update(state=OfferState.PAUSED)
    make_offer(cast.advice, cast.host, usual_weekdays=[0])
    assert published(a_round, cast.broker) == (0, 1)
    run = repaired(a_round)
    assert run is not None
    assert list(places(run)) == [cast.visitor]


def test_a_round_that_is_over_is_not_repaired(told: Published) -> None:
    told.host_says_no()
    Round.objects.update(state=RoundState.ARCHIVED)
    assert repaired(told.a_round) is None
    assert runs(told.a_round) == []


def test_reading_it_costs_the_same_for_two_and_for_twenty(cast: Cast) -> None:
    counts = []
    for people in (2, 20):
        a_round = make_round(cast.cvs)
        make_offer(cast.advice, cast.host, places=people)
        for _ in range(people):
            join(a_round, make_membership(make_user(), cast.council), weeks=[first_week(a_round)])
        matched(cast, a_round)
        published(a_round, cast.broker)
        for placement in Placement.objects.filter(match__run__round=a_round)[: people // 2]:
            no(placement, DecisionKind.HOST, cast.host)
        with CaptureQueriesContext(connection) as queries:
            repair = repair_of(a_round, seed=1, at=AT)
        assert len(repair.came_free) == len(repair.stands) == people // 2
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_yes_from_everybody_leaves_nothing_to_repair(told: Published) -> None:
    for placement in (told.at_advice, told.at_kite):
        yes(placement)
    assert repaired(told.a_round) is None
    assert runs(told.a_round) == []
    with pytest.raises(Refused):
        told.host_says_no()


def test_who_left_their_organisation_or_its_programme_is_not_looked_for(cast: Cast, told: Published) -> None:
    told.host_says_no()
    assert len(waiting_in(told.a_round)) == 2
    told.a_round.programme.by_enrolment = True
    assert len(waiting_in(told.a_round)) == 0
    told.a_round.programme.by_enrolment = False
    Membership.objects.filter(pk=told.waiting.membership_id).update(state=MembershipState.ENDED)
    assert [each.membership.user for each in waiting_in(told.a_round)] == [told.at_advice.visitor]
    Organisation.objects.filter(pk=cast.council.pk).update(state=OrganisationState.SUSPENDED)
    assert len(waiting_in(told.a_round)) == 0
