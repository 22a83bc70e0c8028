"""What a job of a round gives up for good: its brokers hear of it, see it on the round, and press again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from partnerships.ground import jobs
from partnerships.ground.jobs.running import StopRequested
from partnerships.ground.models import Event, Job, OutboxMail
from partnerships.ground.states import JobState
from secondments.actions.letters import write_to_people
from secondments.actions.publishing import publish_round
from secondments.actions.repairs import settle_round
from secondments.actions.rounds import ask_for_match
from secondments.actions.trials import try_out
from secondments.actions.unfinished import letters_given_up, write_the_rest
from secondments.matches.trials import weights_as_asked
from secondments.models import Placement, Round, Trial
from secondments.models.weights import usual_weights
from secondments.states import RoundState, RunState
from secondments.tasks import letters, matching, rounds, trials
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT
from tests.secondments.helpers import mails_to
from tests.secondments.proposals import Proposal, refusal
from tests.secondments.repairs import Published, yes
from tests.secondments.rounds import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    return Proposal(cast)


@pytest.fixture
def at_desk(cast: Cast) -> Client:
    return enter(cast.broker)


def page_of(client: Client, a_round: Round) -> str:
    return client.get(reverse("round-desk", args=[a_round.slug])).content.decode()


def broken(*args: Any, **options: Any) -> Any:
    raise RuntimeError("broken")


def try_until_it_is_given_up(kind: str) -> None:
    for _ in range(5):
        Job.objects.of_kind(kind).update(due_at=Now())
        jobs.run_due()
    assert Job.objects.of_kind(kind).filter(state=JobState.FAILED).exists()


def test_a_matching_is_asked_for_again_and_what_was_proposed_stands(
    cast: Cast, proposal: Proposal, at_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal.change()
    run = ask_for_match(a_round=proposal.a_round, by=cast.broker, at=AT)
    with monkeypatch.context() as broke:
        broke.setattr(matching, "save_run", broken)
        Job.objects.exclude(key=str(run.uuid)).filter(kind="match_round").delete()
        try_until_it_is_given_up("match_round")
    assert (
        mails_to(str(cast.broker.email))[-1]
        == "The matching of Walk in their shoes, Winter round could not be finished"
    )
    page = page_of(at_desk, proposal.a_round)
    assert "Matching again could not be finished" in page
    at_desk.post(reverse("round-match", args=[proposal.a_round.slug]))
    jobs.run_due()
    proposal.a_round.refresh_from_db()
    assert proposal.a_round.latest_run().number == run.number + 1
    assert "could not be finished" not in page_of(at_desk, proposal.a_round)


def test_a_broker_who_closed_the_page_hears_that_nobody_was_told(
    cast: Cast, proposal: Proposal, at_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_round(a_round=proposal.a_round, by=cast.broker, at=AT)
    with monkeypatch.context() as broke:
        broke.setattr(rounds, "ask_everyone", broken)
        try_until_it_is_given_up("publish_round")
    assert mails_to(str(cast.broker.email))[-1] == "Nobody has been told of Walk in their shoes, Winter round yet"
    assert "Telling everyone could not be finished, and nobody was told" in page_of(at_desk, proposal.a_round)
    assert not Placement.objects.exists()
    proposal.a_round.refresh_from_db()
    assert proposal.a_round.state == RoundState.PROPOSED
    monkeypatch.setattr("partnerships.ground.clock.now", lambda: AT.replace(minute=AT.minute + 1))
    at_desk.post(reverse("round-publish", args=[proposal.a_round.slug]))
    jobs.run_due()
    assert Placement.objects.count() == 2


def test_letters_that_are_missing_are_written_by_one_press_and_none_twice(
    cast: Cast, proposal: Proposal, at_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broke:
        broke.setattr(rounds, "letters_of", broken)
        published(proposal.a_round, cast.broker)
        try_until_it_is_given_up("tell_everyone")
    assert (
        mails_to(str(cast.broker.email))[-1] == "Some letters of Walk in their shoes, Winter round are not written yet"
    )
    assert "Some letters are not written yet" in page_of(at_desk, proposal.a_round)
    questions = OutboxMail.objects.filter(template="visits/letter", thing_type="secondments.placement")
    answer = at_desk.post(reverse("round-write-rest", args=[proposal.a_round.slug]), follow=True).content.decode()
    assert "The rest of the letters are being written." in answer
    jobs.run_due()
    assert not letters_given_up(proposal.a_round).exists()
    heard = mails_to(str(cast.host.email))
    assert len(heard) >= 1
    assert len(heard) == len(set(heard))
    assert questions.count() == questions.values("to", "thing_id").distinct().count() > 0
    assert "not written yet" not in page_of(at_desk, proposal.a_round)
    assert [event.verb for event in Event.objects.about(proposal.a_round)][-1] == "write_the_rest"
    with refusal("nothing_unwritten"):
        write_the_rest(a_round=proposal.a_round, by=cast.broker, at=AT)


def test_letters_that_an_administrator_stopped_are_missing_too(
    cast: Cast, proposal: Proposal, at_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*args: Any, **options: Any) -> Any:
        raise StopRequested

    with monkeypatch.context() as broke:
        broke.setattr(rounds, "letters_of", stopped)
        published(proposal.a_round, cast.broker)
    questions = OutboxMail.objects.filter(template="visits/letter", thing_type="secondments.placement")
    assert Job.objects.of_kind("tell_everyone").get().state == JobState.STOPPED
    assert not questions.exists()
    assert "Some letters are not written yet" in page_of(at_desk, proposal.a_round)
    at_desk.post(reverse("round-write-rest", args=[proposal.a_round.slug]))
    jobs.run_due()
    assert questions.exists()


def test_only_its_brokers_have_the_rest_written(cast: Cast, proposal: Proposal) -> None:
    published(proposal.a_round, cast.broker)
    Job.objects.of_kind("tell_everyone").update(state=JobState.FAILED)
    for stranger in (cast.host, cast.administrator):
        with refusal("not_allowed"):
            write_the_rest(a_round=proposal.a_round, by=stranger, at=AT)
    write_the_rest(a_round=proposal.a_round, by=cast.broker, at=AT)
    assert Job.objects.of_kind("tell_everyone").get().state == JobState.WAITING


def test_letters_to_who_waited_to_the_end_and_of_a_broker_are_letters_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Published(cast)
    for placement in (told.at_advice, told.at_kite):
        yes(placement)
    settle_round(a_round=told.a_round, at=AT)
    with monkeypatch.context() as broke:
        broke.setattr("secondments.tasks.repairs.letters_of_the_end", broken)
        try_until_it_is_given_up("tell_waiting")
    people = list(told.a_round.participations.values_list("pk", flat=True))
    write_to_people(a_round=told.a_round, people=people, subject="Hello", text="All of you", by=cast.broker, at=AT)
    with monkeypatch.context() as broke:
        broke.setattr(letters, "group_letter", broken)
        try_until_it_is_given_up("write_to_people")
    assert (
        mails_to(str(cast.broker.email)).count("Some letters of Walk in their shoes, Winter round are not written yet")
        == 2
    )
    assert set(letters_given_up(told.a_round).values_list("kind", flat=True)) == {"tell_waiting", "write_to_people"}
    write_the_rest(a_round=told.a_round, by=cast.broker, at=AT)
    jobs.run_due()
    assert "No place has come free in Walk in their shoes" in mails_to(str(told.waiting.membership.user.email))
    assert "Hello" in mails_to(str(told.waiting.membership.user.email))


def test_what_was_tried_is_worked_out_again_from_its_own_page(
    cast: Cast, proposal: Proposal, at_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = weights_as_asked(usual_weights() | {"learn": 34, "new": 6})
    trial = try_out(a_round=proposal.a_round, run=proposal.run, asked=other, by=cast.broker, at=AT)
    with monkeypatch.context() as broke:
        broke.setattr(trials, "work_out", broken)
        try_until_it_is_given_up("try_out")
    where = reverse("round-trial", args=[proposal.a_round.slug, trial.uuid])
    assert "It could not be worked out" in at_desk.get(where).content.decode()
    assert "Waiting for its turn" in at_desk.post(where, follow=True).content.decode()
    jobs.run_due()
    assert "What would be reached" in at_desk.get(where).content.decode()
    assert Trial.objects.count() == 1


def test_a_trial_whose_question_was_erased_says_so_when_it_is_asked_again(
    cast: Cast, proposal: Proposal, at_desk: Client
) -> None:
    other = weights_as_asked(usual_weights() | {"learn": 34, "new": 6})
    trial = try_out(a_round=proposal.a_round, run=proposal.run, asked=other, by=cast.broker, at=AT)
    proposal.a_round.runs.update(problem=None)
    jobs.run_due()
    where = reverse("round-trial", args=[proposal.a_round.slug, trial.uuid])
    assert "has been erased" in at_desk.post(where, follow=True).content.decode()


def test_a_first_matching_that_fails_leaves_the_round_closed(
    cast: Cast, proposal: Proposal, at_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_desk.post(reverse("round-put-aside", args=[proposal.a_round.slug]))
    run = ask_for_match(a_round=Round.objects.get(), by=cast.broker, at=AT)
    Job.objects.of_kind("match_round").exclude(key=str(run.uuid)).delete()
    with monkeypatch.context() as broke:
        broke.setattr(matching, "save_run", broken)
        try_until_it_is_given_up("match_round")
    run.refresh_from_db()
    assert (run.state, Round.objects.get().state) == (RunState.FAILED, RoundState.CLOSED)
    assert "The last matching could not be finished" in page_of(at_desk, proposal.a_round)
    assert "The matching of Walk in their shoes, Winter round could not be finished" in mails_to(str(cast.broker.email))
