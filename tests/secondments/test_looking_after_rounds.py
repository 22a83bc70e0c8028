"""Every hour the clock looks for rounds that stand still: their job was given up, and what should have followed too."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models.functions import Now

from partnerships.ground import jobs
from partnerships.ground.jobs import GiveUp
from partnerships.ground.models import Event, Job
from partnerships.ground.states import JobState
from secondments.actions.coming_free import GATHER
from secondments.actions.looking_after import MOST_FAILURES, look_after_round, rounds_to_look_after
from secondments.actions.publishing import publish_round
from secondments.actions.repairs import begin_repair
from secondments.actions.rounds import ask_for_match, stop_matching
from secondments.models import MatchRun, Placement, Round
from secondments.states import RoundState, RunState
from secondments.tasks import looking_after, rounds
from secondments.tasks import repairs as tasks
from tests.cast import Cast
from tests.factories import AT
from tests.secondments.helpers import mails_to
from tests.secondments.proposals import Proposal
from tests.secondments.repairs import Published, places, runs, yes

pytestmark = pytest.mark.django_db

NOT_WORKED_OUT = "What came free in Walk in their shoes, Winter round could not be worked out"


def broken(*args: Any, **options: Any) -> Any:
    raise GiveUp("broken")


def hours_pass(many: int = 1) -> None:
    """The clock comes by so many times, and the jobs run."""
    job: Any = None
    for _hour in range(many):
        Job.objects.of_kind("look_after_round").delete()
        save: Any = looking_after.look_after_rounds(job)
        save()
        jobs.run_due()


def now(a_round: Round) -> Round:
    return Round.objects.get(pk=a_round.pk)


@pytest.fixture
def told(cast: Cast) -> Published:
    """One of the two hosts has said no, the other yes, and somebody waits."""
    told = Published(cast)
    yes(told.at_kite)
    told.host_says_no()
    return told


# What came free -------------------------------------------------------------------------------------------------------


def test_what_came_free_is_looked_at_though_the_job_that_should_was_given_up(told: Published) -> None:
    Job.objects.of_kind("repair_round").update(state=JobState.FAILED)
    hours_pass()
    run = told.a_round.repair()
    assert run is not None
    assert places(run) == {told.waiting.membership.user: told.advice}


def test_while_noes_are_gathered_nothing_is_begun_sooner(told: Published) -> None:
    Job.objects.of_kind("repair_round").update(due_at=Now() + GATHER)
    hours_pass()
    assert runs(told.a_round) == []


def test_what_failed_is_begun_again_a_few_times(told: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    Job.objects.of_kind("repair_round").update(due_at=Now())
    with monkeypatch.context() as broke:
        broke.setattr(tasks, "repair_of", broken)
        hours_pass(MOST_FAILURES + 2)
    failed = told.a_round.runs.filter(state=RunState.FAILED)
    assert failed.count() == MOST_FAILURES
    assert mails_to(str(told.cast.broker.email)).count(NOT_WORKED_OUT) == 1
    hours_pass()
    assert told.a_round.repair() is None, "From here on it is its broker who has it worked out again."
    with monkeypatch.context() as broke:
        broke.setattr(tasks, "repair_of", broken)
        begin_repair(a_round=told.a_round, by=told.cast.broker, at=AT)
        jobs.run_due()
    assert mails_to(str(told.cast.broker.email)).count(NOT_WORKED_OUT) == 2, "Whoever pressed hears what came of it."
    begin_repair(a_round=told.a_round, by=told.cast.broker, at=AT)
    jobs.run_due()
    assert told.a_round.repair() is not None


def test_what_failed_once_has_its_answer_an_hour_later(told: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    Job.objects.of_kind("repair_round").update(due_at=Now())
    with monkeypatch.context() as broke:
        broke.setattr(tasks, "repair_of", broken)
        jobs.run_due()
    hours_pass()
    assert [state for state, _placed in told.a_round.runs.order_by("number").values_list("state", "seed")][1:] == [
        RunState.FAILED,
        RunState.SOLVED,
    ]


def test_what_a_broker_has_stopped_is_left_to_them(told: Published) -> None:
    Job.objects.of_kind("repair_round").delete()
    begin_repair(a_round=told.a_round, by=None, at=AT)
    stop_matching(a_round=told.a_round, by=told.cast.broker, at=AT)
    hours_pass(2)
    assert told.a_round.runs.latest("number").state == RunState.STOPPED


def test_a_repair_that_nobody_works_on_counts_as_failed_and_is_begun_again(told: Published) -> None:
    Job.objects.of_kind("repair_round").delete()
    begin_repair(a_round=told.a_round, by=None, at=AT)
    Job.objects.of_kind("work_out_repair").update(state=JobState.FAILED)
    hours_pass()
    assert told.a_round.runs.latest("number").state == RunState.FAILED
    hours_pass()
    assert told.a_round.repair() is not None


# Before everyone was told ---------------------------------------------------------------------------------------------


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    return Proposal(cast)


def test_telling_everyone_that_was_given_up_unnoticed_can_be_pressed_again(
    cast: Cast, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_round(a_round=proposal.a_round, by=cast.broker, at=AT)
    with monkeypatch.context() as broke:
        broke.setattr(rounds, "ask_everyone", broken)
        broke.setattr(rounds, "fail_publishing", broken)
        jobs.run_due()
    assert now(proposal.a_round).state == RoundState.PUBLISHING
    hours_pass()
    assert now(proposal.a_round).state == RoundState.PROPOSED
    assert mails_to(str(cast.broker.email))[-1] == "Nobody has been told of Walk in their shoes, Winter round yet"
    assert Event.objects.about(proposal.a_round).latest("id").verb == "fail_publishing"
    publish_round(a_round=now(proposal.a_round), by=cast.broker, at=AT.replace(minute=1))
    jobs.run_due()
    assert Placement.objects.count() == 2


def test_a_matching_that_nobody_works_on_leaves_what_was_proposed(cast: Cast, proposal: Proposal) -> None:
    proposal.change()
    run = ask_for_match(a_round=proposal.a_round, by=cast.broker, at=AT)
    Job.objects.filter(key=str(run.uuid)).update(state=JobState.FAILED)
    hours_pass()
    run.refresh_from_db()
    assert (run.state, now(proposal.a_round).state) == (RunState.FAILED, RoundState.PROPOSED)


@pytest.mark.parametrize("state", [JobState.WAITING, JobState.DONE])
def test_what_somebody_works_on_or_will_is_left_alone(cast: Cast, proposal: Proposal, state: str) -> None:
    """With the negative control: a job that has ended without moving its round on."""
    publish_round(a_round=proposal.a_round, by=cast.broker, at=AT)
    Job.objects.of_kind("publish_round").update(state=state)
    look_after_round(a_round=proposal.a_round, at=AT)
    in_hand = state == JobState.WAITING
    assert now(proposal.a_round).state == (RoundState.PUBLISHING if in_hand else RoundState.PROPOSED)


def test_rounds_in_which_nothing_is_under_way_cost_nothing(cast: Cast, proposal: Proposal) -> None:
    assert not rounds_to_look_after(at=AT).exists()
    assert MatchRun.objects.count() == 1
