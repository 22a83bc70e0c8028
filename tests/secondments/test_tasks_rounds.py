"""What the clock does for rounds: its dates move one on as far as a proposal, and its brokers hear before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from partnerships.ground import clock, jobs
from partnerships.ground.jobs.runner import plan_schedules
from partnerships.ground.models import Event, Job
from partnerships.ground.problems import Refused
from secondments.actions.rounds import archive_round, change_dates, close_round, put_proposal_aside, reopen_round
from secondments.models import MatchRun, Placement, Round
from secondments.next_steps.rounds import steps
from secondments.states import RoundState
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_round, make_user
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> Any:
    """So many days after the tests' moment, the clock has struck and everything that it asks for is run."""

    def pass_to(days: int) -> None:
        moment = AT + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda: moment)
        monkeypatch.setattr(clock, "today", lambda at=None: (at or moment).date())
        plan_schedules()
        # What the clock asks for is due at a moment of its own; the database's clock is an earlier one.
        Job.objects.filter(kind__in=["move_rounds", "warn_of_rounds"]).update(
            due_at=datetime(2026, 1, 1, tzinfo=AT.tzinfo)
        )
        jobs.run_due()

    return pass_to


@pytest.fixture
def a_round(cast: Cast) -> Round:
    """It opens in two days, closes after nine, and is matched in eleven."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    make_offer(cast.advice, cast.host)
    today = AT.date()
    return make_round(
        cast.cvs, state=RoundState.DRAFT, opens_on=today + 2 * DAY, join_by=today + 9 * DAY, match_on=today + 11 * DAY
    )


def verbs(a_round: Round) -> list[tuple[str, bool]]:
    return [(event.verb, event.actor is None) for event in Event.objects.about(a_round)]


def state(a_round: Round) -> str:
    a_round.refresh_from_db()
    return a_round.state


def test_dates_move_a_round_on_as_far_as_a_proposal(cast: Cast, a_round: Round, night: Any) -> None:
    night(1)
    assert state(a_round) == RoundState.DRAFT
    night(2)
    assert state(a_round) == RoundState.OPEN
    join(a_round, cast.visitor_membership)
    night(9)
    assert state(a_round) == RoundState.OPEN
    night(10)
    assert state(a_round) == RoundState.CLOSED
    night(11)
    assert state(a_round) == RoundState.PROPOSED
    night(40)
    assert state(a_round) == RoundState.PROPOSED
    assert not Placement.objects.exists()
    assert verbs(a_round) == [("open_round", True), ("close_round", True), ("ask_for_match", True), ("save_run", True)]
    assert MatchRun.objects.get().asked_by is None


def test_a_night_that_was_missed_is_made_up_for(cast: Cast, a_round: Round, night: Any) -> None:
    night(2)
    join(a_round, cast.visitor_membership)
    night(12)
    assert state(a_round) == RoundState.PROPOSED


def test_its_date_has_a_round_matched_once(cast: Cast, a_round: Round, night: Any) -> None:
    """A proposal that was put aside is matched again when its broker says so."""
    night(2)
    join(a_round, cast.visitor_membership)
    night(12)
    put_proposal_aside(a_round=Round.objects.get(), by=cast.broker, at=AT + 12 * DAY)
    night(13)
    assert state(a_round) == RoundState.CLOSED
    assert MatchRun.objects.count() == 1


def test_where_nobody_has_joined_the_match_waits(cast: Cast, a_round: Round, night: Any) -> None:
    other = make_round(cast.cvs, join_by=a_round.join_by, match_on=a_round.match_on)
    join(other, cast.visitor_membership)
    night(12)
    assert state(a_round) == RoundState.CLOSED
    assert state(other) == RoundState.PROPOSED
    assert not Job.objects.failed().exists()


def test_without_dates_of_its_own_only_joining_ends_by_itself(cast: Cast, night: Any) -> None:
    draft, opened = make_round(cast.cvs, state=RoundState.DRAFT), make_round(cast.cvs)
    join(opened, cast.visitor_membership)
    night(30)
    assert (state(draft), state(opened)) == (RoundState.DRAFT, RoundState.CLOSED)


def test_every_broker_hears_of_each_date_once_and_before(cast: Cast, a_round: Round, night: Any) -> None:
    second = make_user("Second Broker")
    make_membership(second, cast.cvs, is_broker=True)
    heard = []
    for day in range(1, 13):
        mail.outbox.clear()
        night(day)
        heard += [(day, letter.subject, letter.to[0]) for letter in mail.outbox if a_round.name in letter.subject]
    told = {(day, subject) for day, subject, _to in heard}
    assert told == {
        (1, "Walk in their shoes, Winter round opens on Wednesday 6 January"),
        (6, "People can join Walk in their shoes, Winter round until Wednesday 13 January"),
        (8, "Walk in their shoes, Winter round is matched on Friday 15 January"),
    }
    assert {to for _day, _subject, to in heard} == {cast.broker.email, second.email}
    assert len(heard) == 6


def test_a_date_that_was_changed_is_not_warned_of(cast: Cast, a_round: Round, night: Any) -> None:
    night(2)
    change_dates(
        a_round=Round.objects.get(),
        opens_on=None,
        join_by=AT.date() + 20 * DAY,
        match_on=None,
        starts_on=a_round.starts_on,
        ends_on=a_round.ends_on,
        by=cast.broker,
        at=AT + 2 * DAY,
    )
    mail.outbox.clear()
    night(8)
    assert not [letter for letter in mail.outbox if "Winter round" in letter.subject]
    assert verbs(a_round)[-1] == ("change_dates", False)


def test_what_is_about_to_move_is_a_next_step(cast: Cast, a_round: Round, night: Any) -> None:
    def titles(days: int) -> list[str]:
        return [step.title for step in steps(cast.broker, AT + timedelta(days=days))]

    assert titles(-5) == []
    assert titles(0) == ["Walk in their shoes, Winter round opens by itself"]
    night(2)
    assert titles(2) == []
    assert titles(7) == ["Walk in their shoes, Winter round closes for joining by itself"]
    make_membership(cast.broker, cast.council)
    join(Round.objects.get(), cast.broker.memberships.get(organisation=cast.council))
    assert titles(2) == ["You have joined Walk in their shoes"]


def test_a_round_is_archived_once_its_visits_are_over(cast: Cast, a_round: Round) -> None:
    Round.objects.update(state=RoundState.PUBLISHED)
    a_round.refresh_from_db()
    with pytest.raises(Refused) as refused:
        archive_round(a_round=a_round, by=cast.broker, at=AT)
    assert refused.value.codes == {"visits_to_come"}
    Round.objects.update(starts_on=AT.date() - 30 * DAY, ends_on=AT.date() - DAY, settled_at=AT)
    for person in (cast.host, cast.visitor):
        with pytest.raises(Refused):
            archive_round(a_round=a_round, by=person, at=AT)
    archive_round(a_round=a_round, by=cast.broker, at=AT)
    assert state(a_round) == RoundState.ARCHIVED


def test_it_is_opened_again_only_while_somebody_could_join(cast: Cast, a_round: Round) -> None:
    Round.objects.update(state=RoundState.CLOSED, join_by=AT.date() - DAY)
    a_round.refresh_from_db()
    with pytest.raises(Refused) as refused:
        reopen_round(a_round=a_round, by=cast.broker, at=AT)
    assert refused.value.codes == {"join_by_over"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"join_by": AT.date() - DAY}, "join_by"),
        ({"opens_on": AT.date() + 15 * DAY}, "opens_on"),
        ({"match_on": AT.date() + 14 * DAY}, "match_on"),
        ({"match_on": AT.date() + 28 * DAY}, "match_on"),
        ({"starts_on": AT.date() + 29 * DAY}, "weeks_chosen"),
    ],
)
def test_dates_follow_each_other(cast: Cast, change: dict[str, Any], code: str) -> None:
    a_round = make_round(cast.cvs)
    join(a_round, cast.visitor_membership)
    names = ("opens_on", "join_by", "match_on", "starts_on", "ends_on")
    dates = {name: getattr(a_round, name) for name in names} | change
    with pytest.raises(Refused) as refused:
        change_dates(a_round=a_round, by=cast.broker, at=AT, **dates)
    assert refused.value.codes == {code}


def test_dates_are_its_brokers_and_stand_once_it_is_matched(cast: Cast, a_round: Round) -> None:
    names = ("opens_on", "join_by", "match_on", "starts_on", "ends_on")
    dates = {name: getattr(a_round, name) for name in names}
    with pytest.raises(Refused):
        change_dates(a_round=a_round, by=cast.host, at=AT, **dates)
    Round.objects.update(state=RoundState.PROPOSED)
    with pytest.raises(Refused) as refused:
        change_dates(a_round=a_round, by=cast.broker, at=AT, **dates)
    assert refused.value.codes == {"round_matched"}


def test_closing_and_opening_by_hand_stays_possible(cast: Cast, night: Any) -> None:
    a_round = make_round(cast.cvs)
    close_round(a_round=a_round, by=cast.broker, at=AT)
    night(1)
    assert state(a_round) == RoundState.CLOSED
    reopen_round(a_round=a_round, by=cast.broker, at=AT)
    night(2)
    assert state(a_round) == RoundState.OPEN
