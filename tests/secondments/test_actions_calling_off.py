"""A round that does not take place: nobody is matched, its work ends, and everybody who has joined hears it once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from partnerships.ground import clock, jobs
from partnerships.ground.models import Event, Job
from partnerships.ground.states import JobState
from partnerships.matching import engine
from partnerships.matching.types import InvalidProblem
from partnerships.models import User
from secondments.actions.brokering import introduce, put_on_shortlist
from secondments.actions.calling_off import call_off_round
from secondments.actions.entering import decline_entry
from secondments.actions.joining import leave_round
from secondments.actions.programmes import open_round
from secondments.actions.publishing import publish_round
from secondments.actions.rounds import ask_for_match, change_dates, close_round
from secondments.actions.trials import try_out
from secondments.actions.unfinished import letters_given_up, write_the_rest
from secondments.matches.trials import weights_as_asked
from secondments.models import MatchRun, Round
from secondments.models.weights import usual_weights
from secondments.next_steps.rounds import steps
from secondments.permissions import coordinator_addresses
from secondments.states import RoundState, RunState
from secondments.tasks import matching, rounds
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_round, make_user
from tests.secondments.entered import EMAIL, write_down
from tests.secondments.helpers import mails_to
from tests.secondments.proposals import Proposal, refusal
from tests.secondments.rounds import first_week, join
from tests.secondments.test_given_up import broken, try_until_it_is_given_up

pytestmark = pytest.mark.django_db

WHY = "Too few hosts could take part this winter."
SUBJECT = "Walk in their shoes, Winter round does not take place"


@pytest.fixture
def a_round(cast: Cast) -> Round:
    return make_round(cast.cvs, opened_at=AT)


def call_off(cast: Cast, a_round: Round, because: str = WHY) -> None:
    """Press, and let whatever follows happen."""
    call_off_round(a_round=Round.objects.get(pk=a_round.pk), because=because, by=cast.broker, at=AT)
    jobs.run_due()
    a_round.refresh_from_db()


def test_everybody_who_has_joined_hears_once_why_and_what_is_open(cast: Cast, a_round: Round) -> None:
    make_offer(cast.advice, cast.host, title="The near desk")
    join(a_round, cast.visitor_membership)
    gone = join(a_round, cast.colleague.memberships.get())
    leave_round(participation=gone, by=cast.colleague, at=AT)
    jobs.run_due()
    mail.outbox.clear()
    call_off(cast, a_round)
    with refusal("already_called_off"):
        call_off(cast, a_round)
    jobs.run_due()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([cast.visitor.email], SUBJECT)
    for words in (WHY, cast.cvs.name, "The near desk", "/programmes/", "/visits/"):
        assert words in letter.body
    assert (a_round.state, a_round.called_off_because) == (RoundState.CALLED_OFF, WHY)
    event = Event.objects.about(a_round).get(verb="call_off_round")
    assert (event.actor, event.from_state, event.reason) == (cast.broker, RoundState.OPEN, "")


def test_why_is_read_in_the_paragraphs_in_which_it_was_typed(cast: Cast, a_round: Round) -> None:
    join(a_round, cast.visitor_membership)
    jobs.run_due()
    mail.outbox.clear()
    call_off(cast, a_round, "Too few have joined.\r\n\r\nWe try again in May.")
    (letter,) = mail.outbox
    assert "\n\nToo few have joined.\n\nWe try again in May.\n\n" in letter.body
    assert ">Too few have joined.</p>" in letter.message().as_string().replace("=\n", "")


def test_for_somebody_without_email_a_coordinator_hears(cast: Cast, a_round: Round) -> None:
    join(a_round, make_membership(make_user("Phil Phone"), cast.council))
    User.objects.filter(name="Phil Phone").update(email=None)
    call_off(cast, a_round)
    assert f"For Phil Phone: {SUBJECT}" in mails_to(str(cast.home_coordinator.email))


def test_whoever_was_asked_and_has_not_answered_hears_once_that_no_answer_is_needed(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.broker)
    for name in ("Ann Absent", "Abe Absent"):
        write_down(a_round, cast.council, cast.broker, name=name, email="")
    write_down(a_round, cast.council, cast.broker, name="Cole", email=str(cast.colleague.email))
    both = make_membership(make_user("Bea Both"), cast.council, is_coordinator=True)
    for membership in (cast.colleague.memberships.get(), both):
        join(a_round, membership)
    said_no = write_down(a_round, cast.advice, cast.broker, email="no@advice.example.org")
    decline_entry(entry=said_no, address="no@advice.example.org", at=AT)
    jobs.run_due()
    mail.outbox.clear()
    call_off(cast, a_round)
    told = {letter.to[0]: letter.body for letter in mail.outbox}
    assert len(told) == len(mail.outbox)
    answers = {address for address, body in told.items() if "No answer is needed any more" in body}
    assert answers == {EMAIL, *coordinator_addresses(cast.council)} - {both.user.email}
    assert told.keys() - answers == {cast.colleague.email, both.user.email}
    assert all(WHY in body for body in told.values())


def test_whoever_was_introduced_to_a_host_reads_that_their_visit_stands(cast: Cast, a_round: Round) -> None:
    person = join(a_round, cast.visitor_membership)
    join(a_round, cast.colleague.memberships.get())
    listed = put_on_shortlist(participation=person, offer=make_offer(cast.advice, cast.host), by=cast.broker, at=AT)
    placement = introduce(shortlisted=listed, week=first_week(a_round), by=cast.broker, at=AT)
    before = placement.state
    call_off(cast, a_round)
    placement.refresh_from_db()
    assert placement.state == before
    said = {letter.to[0]: "introduced you" in letter.body for letter in mail.outbox if letter.subject == SUBJECT}
    assert said == {cast.visitor.email: True, cast.colleague.email: False}


def test_a_draft_ends_in_silence_and_its_programme_is_not_published(cast: Cast) -> None:
    draft = make_round(cast.cvs, state=RoundState.DRAFT, opens_on=AT.date())
    call_off(cast, draft, because="")
    assert (draft.state, draft.called_off_because) == (RoundState.CALLED_OFF, "")
    assert not mail.outbox
    assert not Job.objects.of_kind("tell_called_off").exists()
    assert not draft.programme.is_published


def test_what_people_could_know_of_needs_a_reason(cast: Cast, a_round: Round) -> None:
    with refusal("because"):
        call_off(cast, a_round, because="  ")
    assert a_round.state == RoundState.OPEN
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.update(state=RoundState.CALLED_OFF)


def test_only_its_brokers_call_it_off(cast: Cast, a_round: Round) -> None:
    for person in (cast.visitor, cast.host, cast.home_coordinator, cast.administrator, cast.outsider):
        with refusal("not_allowed"):
            call_off_round(a_round=a_round, because=WHY, by=person, at=AT)
    assert Round.objects.get().state == RoundState.OPEN


@pytest.mark.parametrize("state", [RoundState.PUBLISHING, RoundState.PUBLISHED, RoundState.ARCHIVED])
def test_what_people_were_told_stands(cast: Cast, a_round: Round, state: str) -> None:
    Round.objects.update(state=state)
    with refusal("already_told"):
        call_off(cast, a_round)


def test_its_dates_stand_still_and_nothing_waits_to_be_done(cast: Cast, a_round: Round) -> None:
    join(a_round, cast.visitor_membership)
    Round.objects.update(opens_on=AT.date(), match_on=a_round.join_by + timedelta(days=2))
    call_off(cast, a_round)
    assert a_round.dates_ahead() == []
    last_day = AT + (a_round.join_by - clock.today(AT))
    assert steps(cast.visitor, AT) == steps(cast.broker, last_day) == []
    for day in (a_round.join_by, a_round.join_by + timedelta(days=3)):
        assert not Round.objects.to_move(day).exists()
        assert not Round.objects.with_a_date_until(day, after=AT.date() - timedelta(days=1)).exists()


def test_nothing_more_is_done_with_it(cast: Cast, a_round: Round) -> None:
    participation = join(a_round, cast.visitor_membership)
    call_off(cast, a_round)
    participation.refresh_from_db()
    with refusal("round_called_off"):
        join(a_round, cast.colleague.memberships.get())
    with refusal("round_called_off"):
        leave_round(participation=participation, by=cast.visitor, at=AT)
    with refusal("round_called_off"):
        ask_for_match(a_round=a_round, by=cast.broker, at=AT)
    dates = {name: getattr(a_round, name) for name in ("opens_on", "join_by", "match_on", "starts_on", "ends_on")}
    with refusal("round_called_off"):
        change_dates(a_round=a_round, by=cast.broker, at=AT, **dates)
    for verb in (open_round, close_round, publish_round):
        with refusal("out_of_turn"):
            verb(a_round=a_round, by=cast.broker, at=AT)


def test_a_proposal_is_put_aside_and_nobody_hears_of_it(cast: Cast) -> None:
    proposal = Proposal(cast)
    mail.outbox.clear()
    call_off(cast, proposal.a_round)
    proposal.run.refresh_from_db()
    assert proposal.run.state == RunState.DISCARDED
    assert proposal.a_round.proposal() is None
    heard = {letter.to[0]: letter.body for letter in mail.outbox}
    assert heard.keys() == {cast.visitor.email, cast.colleague.email}
    with refusal("round_called_off"):
        try_weights(cast, proposal)


def try_weights(cast: Cast, proposal: Proposal) -> str:
    asked = weights_as_asked(usual_weights() | {"learn": 0})
    return str(try_out(a_round=proposal.a_round, run=proposal.run, asked=asked, by=cast.broker, at=AT).uuid)


def test_what_is_being_tried_is_stopped(cast: Cast) -> None:
    proposal = Proposal(cast)
    key = try_weights(cast, proposal)
    call_off(cast, proposal.a_round)
    assert Job.objects.get(kind="try_out", key=key).state == JobState.STOPPED
    assert proposal.a_round.trials.get().answer is None


@pytest.fixture
def asked(cast: Cast, a_round: Round) -> MatchRun:
    """A matching that waits for its turn."""
    make_offer(cast.advice, cast.host)
    join(a_round, cast.visitor_membership)
    close_round(a_round=a_round, by=cast.broker, at=AT)
    jobs.run_due()
    run = ask_for_match(a_round=a_round, by=cast.broker, at=AT, seed=7)
    mail.outbox.clear()
    return run


def test_a_matching_that_waits_is_stopped(cast: Cast, a_round: Round, asked: MatchRun) -> None:
    call_off(cast, a_round)
    asked.refresh_from_db()
    assert (asked.state, a_round.state) == (RunState.STOPPED, RoundState.CALLED_OFF)
    assert [letter.subject for letter in mail.outbox] == [SUBJECT]


@pytest.mark.parametrize("stage", ["candidates", "verify"])
def test_of_a_matching_that_is_under_way_nothing_is_kept(
    cast: Cast, a_round: Round, asked: MatchRun, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setattr(matching, "LOOK_SECONDS", 0)

    def heard(watch: matching.Watch, name: str) -> None:
        if name == stage:
            call_off_round(a_round=Round.objects.get(), because=WHY, by=cast.broker, at=AT)

    monkeypatch.setattr(matching.Watch, "stage", heard)
    jobs.run_due()
    asked.refresh_from_db()
    a_round.refresh_from_db()
    assert (asked.state, a_round.state) == (RunState.STOPPED, RoundState.CALLED_OFF)
    assert not asked.matches.exists()
    assert [letter.subject for letter in mail.outbox] == [SUBJECT]


def test_a_matching_that_fails_afterwards_troubles_nobody(
    cast: Cast, a_round: Round, asked: MatchRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def calls_off(*args: Any, **options: Any) -> Any:
        call_off_round(a_round=Round.objects.get(), because=WHY, by=cast.broker, at=AT)
        raise InvalidProblem(())

    monkeypatch.setattr(engine, "solve", calls_off)
    jobs.run_due()
    asked.refresh_from_db()
    a_round.refresh_from_db()
    assert (asked.state, a_round.state) == (RunState.FAILED, RoundState.CALLED_OFF)
    assert [letter.subject for letter in mail.outbox] == [SUBJECT]


def test_letters_that_could_not_be_written_are_pressed_again(
    cast: Cast, a_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(a_round, cast.visitor_membership)
    with monkeypatch.context() as patched:
        patched.setattr(rounds, "letters_of_calling_off", broken)
        call_off(cast, a_round)
        try_until_it_is_given_up("tell_called_off")
    assert mails_to(str(cast.broker.email))[-1].startswith("Some letters of")
    assert "All visits are asked for" not in mail.outbox[-1].body
    assert letters_given_up(a_round).exists()
    write_the_rest(a_round=a_round, by=cast.broker, at=AT)
    jobs.run_due()
    assert mails_to(str(cast.visitor.email)).count(SUBJECT) == 1
