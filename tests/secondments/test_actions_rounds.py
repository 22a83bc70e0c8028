"""A round: people join, a broker asks, a job answers once, a broker publishes, and everyone hears."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from partnerships.ground import jobs
from partnerships.ground.models import Event, Job, OutboxMail
from partnerships.ground.problems import Refused
from partnerships.matching import engine
from partnerships.states import WhoAgrees
from secondments.actions.joining import join_round, leave_round
from secondments.actions.programmes import create_programme, open_round
from secondments.actions.publishing import publish_round
from secondments.actions.rounds import (
    ask_for_match,
    close_round,
    fail_run,
    put_proposal_aside,
    reopen_round,
)
from secondments.matches import problem_of
from secondments.models import MatchRun, Participation, Placement, Programme, Round
from secondments.states import HowBegan, ParticipationState, PlacementState, RoundState, RunState, Tie
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_round, make_user
from tests.secondments.rounds import first_week, join, matched, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    return make_round(cast.cvs)


@pytest.fixture
def offer(cast: Cast, a_round: Round) -> Any:
    return make_offer(cast.advice, cast.host, places=1)


def a_programme(cast: Cast) -> dict[str, Any]:
    """What `create_programme` takes."""
    return {
        "by": cast.broker,
        "organisation": cast.cvs,
        "name": "Walk",
        "about": "",
        "crossings": [("local_government", "voluntary")],
        "criteria": ["placed", "hosts", "fit"],
        "most_km": 40,
        "days": 1,
        "pays_pence": 0,
        "round_name": "Winter",
        "join_by": AT.date() + timedelta(days=10),
        "starts_on": AT.date() + timedelta(days=20),
        "ends_on": AT.date() + timedelta(days=60),
        "at": AT,
    }


def test_a_broker_makes_a_programme_and_opens_its_round(cast: Cast) -> None:
    day = AT.date()
    made = create_programme(
        by=cast.broker,
        organisation=cast.cvs,
        name="Walk in their shoes",
        about="A day in the other sector.",
        crossings=[("local_government", "voluntary")],
        criteria=["placed", "hosts", "fit"],
        most_km=40,
        days=1,
        pays_pence=0,
        round_name="Winter",
        join_by=day + timedelta(days=10),
        starts_on=day + timedelta(days=20),
        ends_on=day + timedelta(days=60),
        at=AT,
    )
    assert (made.state, made.slug) == (RoundState.DRAFT, "walk-in-their-shoes-winter")
    open_round(a_round=made, by=cast.broker, at=AT)
    assert made.state == RoundState.OPEN
    assert [event.verb for event in Event.objects.about(made)] == ["create", "open_round"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"crossings": []}, "crossings"),
        ({"crossings": [("health", "health")]}, "crossings"),
        ({"criteria": ["fit", "placed", "compulsory"]}, "criteria"),
        ({"criteria": ["hosts"]}, "criteria"),
        ({"join_by": AT.date() - timedelta(days=1)}, "join_by"),
        ({"starts_on": AT.date()}, "starts_on"),
        ({"ends_on": AT.date() + timedelta(days=22)}, "ends_on"),
    ],
)
def test_a_programme_that_cannot_work_is_refused_with_what_to_change(
    cast: Cast, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        create_programme(**(a_programme(cast) | change))
    assert refused.value.codes == {code}
    with pytest.raises(Refused):
        create_programme(**(a_programme(cast) | {"by": cast.host}))
    assert not Event.objects.exists()


def test_pressed_twice_one_programme_is_made(cast: Cast) -> None:
    create_programme(**a_programme(cast))
    with pytest.raises(Refused) as refused:
        create_programme(**a_programme(cast))
    assert refused.value.codes == {"same_name"}
    assert Programme.objects.count() == 1


def test_somebody_joins_changes_what_they_said_and_leaves(cast: Cast, a_round: Round) -> None:
    first = join(a_round, cast.visitor_membership)
    again = join(a_round, cast.visitor_membership, learn="Something else", most_km=10)
    assert first.pk == again.pk
    assert Participation.objects.get().learn == "Something else"
    assert first.compulsory
    join(a_round, cast.visitor_membership, learn="Something else", most_km=10)
    assert [event.verb for event in Event.objects.about(again)] == ["join_round", "change_joining"]
    leave_round(participation=again, by=cast.visitor, at=AT)
    assert again.state == ParticipationState.WITHDRAWN
    assert OutboxMail.objects.filter(to=cast.visitor.email).count() == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"weeks": []}, "weeks"),
        ({"agrees_email": ""}, "approver_missing"),
        ({"agrees_email": "vera@council.example.org"}, "approver_is_oneself"),
    ],
)
def test_joining_needs_weeks_and_somebody_else_who_agrees(
    cast: Cast, a_round: Round, said: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        join(a_round, cast.visitor_membership, **said)
    assert refused.value.codes == {code}


def test_nobody_joins_a_closed_round_or_from_a_field_that_does_not_count(cast: Cast, a_round: Round) -> None:
    with pytest.raises(Refused) as refused:
        join(a_round, cast.outsider.memberships.get(), agrees_email="x@elsewhere.example.org")
    assert "crossing" in refused.value.codes
    close_round(a_round=a_round, by=cast.broker, at=AT)
    with pytest.raises(Refused) as refused:
        join(a_round, cast.visitor_membership)
    assert refused.value.codes == {"round_not_open"}


def test_nobody_else_joins_or_leaves_for_one(cast: Cast, a_round: Round) -> None:
    with pytest.raises(Refused):
        join_round(
            a_round=a_round,
            membership=cast.visitor_membership,
            by=cast.outsider,
            learn="x",
            wants=[],
            weeks=[first_week(a_round)],
            most_km=1,
            online=False,
            needs="",
            at=AT,
        )
    joined = join(a_round, cast.visitor_membership)
    with pytest.raises(Refused):
        leave_round(participation=joined, by=cast.outsider, at=AT)


def test_the_engine_hears_no_name_and_nothing_that_somebody_wrote(cast: Cast, a_round: Round, offer: Any) -> None:
    join(a_round, cast.visitor_membership)
    told = engine.problem_to_json(problem_of(a_round, seed=1, at=AT)).decode()
    for secret in (cast.visitor.name, "vera@", "front desk", "ground floor", cast.council.name, "manu@"):
        assert secret not in told


def test_the_job_places_people_exactly_and_only_the_broker_hears(cast: Cast, a_round: Round, offer: Any) -> None:
    join(a_round, cast.visitor_membership)
    before = OutboxMail.objects.count()
    run = matched(cast, a_round)
    assert (run.state, a_round.state) == (RunState.SOLVED, RoundState.PROPOSED)
    match = run.matches.get()
    assert (match.participation.membership.user, match.offer) == (cast.visitor, offer)
    assert match.fit == sum(part["points"] for part in match.parts)
    assert all(one["proven"] and one["value"] == one["bound"] for one in run.criteria)
    assert [mail.to for mail in OutboxMail.objects.order_by("id")[before:]] == [cast.broker.email]
    assert not Placement.objects.exists()


def test_a_stored_run_gives_the_same_answer_again(cast: Cast, a_round: Round, offer: Any) -> None:
    join(a_round, cast.visitor_membership)
    run = matched(cast, a_round)
    stored = json.dumps(run.problem)
    again = engine.solve(engine.problem_from_json(stored))
    assert json.loads(engine.allocation_to_json(again)) == run.result


def test_pressing_twice_makes_one_run(cast: Cast, a_round: Round, offer: Any) -> None:
    join(a_round, cast.visitor_membership)
    close_round(a_round=a_round, by=cast.broker, at=AT)
    ask_for_match(a_round=a_round, by=cast.broker, at=AT)
    with pytest.raises(Refused) as refused:
        ask_for_match(a_round=a_round, by=cast.broker, at=AT)
    assert refused.value.codes == {"already_matching"}
    assert MatchRun.objects.count() == 1
    assert Job.objects.filter(kind="match_round").count() == 1


def test_a_round_without_people_is_not_matched(cast: Cast, a_round: Round) -> None:
    close_round(a_round=a_round, by=cast.broker, at=AT)
    with pytest.raises(Refused) as refused:
        ask_for_match(a_round=a_round, by=cast.broker, at=AT)
    assert refused.value.codes == {"nobody_joined"}


def test_only_its_broker_runs_a_round(cast: Cast, a_round: Round) -> None:
    for person in (cast.host, cast.administrator, cast.visitor):
        with pytest.raises(Refused):
            close_round(a_round=a_round, by=person, at=AT)
    assert Round.objects.get().state == RoundState.OPEN


def two_for_one_place(cast: Cast, a_round: Round) -> MatchRun:
    """Two people who can go in one same week only, to a host with one place."""
    only = [first_week(a_round)]
    join(a_round, cast.visitor_membership, weeks=only)
    join(a_round, cast.colleague.memberships.get(), weeks=only)
    return matched(cast, a_round)


def test_publishing_asks_for_every_match_and_tells_the_others_why(cast: Cast, a_round: Round, offer: Any) -> None:
    run = two_for_one_place(cast, a_round)
    assert (run.matches.count(), run.not_placed.count()) == (1, 1)
    still_open = make_offer(cast.elsewhere, cast.outsider, title="On the ward")
    mail.outbox.clear()
    assert published(a_round, cast.broker) == (1, 0)
    match = run.matches.get()
    assert match.placement is not None
    assert (match.placement.state, match.placement.how_began) == (PlacementState.REQUESTED, HowBegan.MATCHED)
    assert match.placement.needs == "A ground floor, please"
    assert {session.date for session in match.placement.sessions.all()} <= {
        match.week + timedelta(days=day) for day in range(7)
    }
    unplaced = run.not_placed.get().participation.membership.user
    mails = {letter.to[0]: letter for letter in mail.outbox}
    assert mails[str(unplaced.email)].subject == "We could not place you this time"
    why = mails[str(unplaced.email)].body
    assert "2 people could only go to hosts that had 1 place for them." in why
    assert still_open.get_absolute_url() in why.partition("Still open")[2]
    assert str(match.participation.membership.user.email) in mails
    assert str(cast.host.email) in mails


def test_publishing_twice_tells_nobody_twice(cast: Cast, a_round: Round, offer: Any) -> None:
    two_for_one_place(cast, a_round)
    published(a_round, cast.broker)
    told = OutboxMail.objects.count()
    with pytest.raises(Refused):
        publish_round(a_round=a_round, by=cast.broker, at=AT)
    assert OutboxMail.objects.count() == told
    assert Placement.objects.count() == 1


def test_a_match_whose_days_were_taken_since_is_told_plainly(cast: Cast, a_round: Round, offer: Any) -> None:
    run = two_for_one_place(cast, a_round)
    make_offer(cast.elsewhere, cast.outsider, title="A night on the ward")
    offer.places = 1
    offer.notice_days = 90
    offer.save()
    assert published(a_round, cast.broker) == (0, 1)
    assert run.matches.get().placement is None
    told = [letter for letter in mail.outbox if letter.subject == "We could not place you this time"]
    assert len(told) == 2
    assert all("A night on the ward, Elsewhere Trust" in letter.body for letter in told)


def test_a_proposal_can_be_put_aside_and_matched_again(cast: Cast, a_round: Round, offer: Any) -> None:
    join(a_round, cast.visitor_membership)
    first = matched(cast, a_round)
    put_proposal_aside(a_round=a_round, by=cast.broker, at=AT)
    first.refresh_from_db()
    assert (first.state, a_round.state) == (RunState.DISCARDED, RoundState.CLOSED)
    reopen_round(a_round=a_round, by=cast.broker, at=AT)
    second = matched(cast, a_round)
    assert second.number == 2
    assert a_round.latest_run() == second


def test_nobody_leaves_once_a_proposal_is_there(cast: Cast, a_round: Round, offer: Any) -> None:
    joined = join(a_round, cast.visitor_membership)
    matched(cast, a_round)
    with pytest.raises(Refused) as refused:
        leave_round(participation=joined, by=cast.visitor, at=AT)
    assert refused.value.codes == {"round_matched"}


def test_a_job_that_was_given_up_lets_the_broker_press_again(cast: Cast, a_round: Round, offer: Any) -> None:
    join(a_round, cast.visitor_membership)
    close_round(a_round=a_round, by=cast.broker, at=AT)
    run = ask_for_match(a_round=a_round, by=cast.broker, at=AT)
    fail_run(run=run, at=AT)
    a_round.refresh_from_db()
    assert (run.state, a_round.state) == (RunState.FAILED, RoundState.CLOSED)
    assert ask_for_match(a_round=a_round, by=cast.broker, at=AT).number == 2


def test_who_has_a_tie_goes_only_where_such_visitors_are_welcome(cast: Cast, a_round: Round, offer: Any) -> None:
    join(a_round, cast.visitor_membership, tie=Tie.VISITOR_FUNDS)
    run = matched(cast, a_round)
    assert run.not_placed.get().causes["code"] == "no_host"
    put_proposal_aside(a_round=a_round, by=cast.broker, at=AT)
    offer.accepts_ties = True
    offer.save()
    run = ask_for_match(a_round=a_round, by=cast.broker, at=AT)
    jobs.run_due()
    assert run.matches.count() == 1
    a_round.refresh_from_db()
    published(a_round, cast.broker)
    assert Placement.objects.get().tie == Tie.VISITOR_FUNDS


@pytest.mark.parametrize(
    ("of", "limit"),
    [
        ("advice", "most_visits_per_week"),
        ("advice", "most_visits_per_quarter"),
        ("council", "most_away_per_week"),
    ],
)
def test_no_limit_of_an_organisation_is_passed(cast: Cast, a_round: Round, of: str, limit: str) -> None:
    make_offer(cast.advice, cast.host, places=5)
    limited = getattr(cast, of)
    setattr(limited, limit, 2)
    limited.save()
    cast.council.who_agrees = WhoAgrees.SELF
    cast.council.save()
    only = [first_week(a_round)]
    for number in range(4):
        person = make_user(f"Pip {number}")
        join(a_round, make_membership(person, cast.council), weeks=only)
    run = matched(cast, a_round)
    assert (run.matches.count(), run.not_placed.count()) == (2, 2)
