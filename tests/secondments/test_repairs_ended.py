"""A repair that its broker stops, or that fails for good: it is seen on the round, and can be had once more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs
from partnerships.ground.jobs import GiveUp, claims
from partnerships.ground.models import Event, Job
from partnerships.ground.states import JobState
from partnerships.matching import engine
from secondments.actions.repairs import begin_repair, leave_what_came_free, offer_repair, settle_round
from secondments.actions.rounds import stop_matching
from secondments.matches.replaying import replay
from secondments.models import Match, MatchRun, Round
from secondments.next_steps.rounds import steps
from secondments.states import RoundState, RunState
from secondments.tasks import matching
from secondments.tasks import repairs as tasks
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT
from tests.secondments.helpers import mails_to
from tests.secondments.proposals import refusal
from tests.secondments.repairs import Published, places, repaired, runs, yes

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast: Cast) -> Published:
    """Somebody waits, and one of the two hosts has said no."""
    told = Published(cast)
    told.host_says_no()
    return told


@pytest.fixture
def at_desk(cast: Cast) -> Client:
    return enter(cast.broker)


def desk(a_round: Round) -> str:
    return reverse("round-desk", args=[a_round.slug])


def begun(told: Published) -> MatchRun:
    """The pause is over, and somebody has looked; the job that works it out waits for its turn."""
    run = begin_repair(a_round=told.a_round, by=None, at=AT)
    assert run is not None
    return run


def stop(told: Published) -> None:
    stop_matching(a_round=Round.objects.get(pk=told.a_round.pk), by=told.cast.broker, at=AT)


@pytest.fixture
def press_at(told: Published, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], MatchRun]:
    """Work it out, with somebody who presses "stop" in the moment in which a stage begins."""

    def run(stage: str) -> MatchRun:
        def heard(watch: matching.Watch, name: str) -> None:
            if name == stage:
                stop(told)

        monkeypatch.setattr(matching, "LOOK_SECONDS", 0)
        monkeypatch.setattr(matching.Watch, "stage", heard)
        repaired(told.a_round)
        monkeypatch.undo()
        return told.a_round.runs.latest("number")

    return run


@pytest.fixture
def failed(told: Published, monkeypatch: pytest.MonkeyPatch) -> Published:
    """The job was given up: another attempt would find the same."""

    def broken(*args: object, **options: object) -> None:
        raise GiveUp("broken")

    with monkeypatch.context() as broke:
        broke.setattr(tasks, "repair_of", broken)
        assert repaired(told.a_round) is None
    return told


# Stopped --------------------------------------------------------------------------------------------------------------


def test_what_was_found_by_then_is_kept_and_says_so(
    cast: Cast, told: Published, at_desk: Client, press_at: Callable[[str], MatchRun]
) -> None:
    waits = told.waiting.membership.user
    run = press_at("placed")
    assert (run.state, run.stopped_early, places(run)) == (RunState.SOLVED, True, {waits: told.advice})
    page = at_desk.get(reverse("round-repair", args=[told.a_round.slug, run.uuid])).content.decode()
    assert "This was stopped early" in page
    assert "Offer these visits" in page

    at_desk.post(reverse("round-came-free", args=[told.a_round.slug]), {"act": "again"})
    jobs.run_due()
    again = told.a_round.repair()
    assert again is not None
    assert (again.stopped_early, places(again), replay(again)) == (False, {waits: told.advice}, [])
    assert runs(told.a_round) == [(RunState.DISCARDED, 2), (RunState.SOLVED, 2)]
    assert offer_repair(run=again, by=cast.broker, at=AT).asked == 1


def test_before_anybody_has_a_place_nothing_is_kept_and_it_can_be_had_again(
    told: Published, at_desk: Client, press_at: Callable[[str], MatchRun]
) -> None:
    assert press_at("score").state == RunState.STOPPED
    assert told.a_round.repair() is None
    page = at_desk.get(desk(told.a_round)).content.decode()
    assert "You stopped before a use for what came free was found" in page
    answer = at_desk.post(reverse("round-came-free", args=[told.a_round.slug]), {"act": "again"}, follow=True)
    assert "It is being worked out" in answer.content.decode()
    jobs.run_due()
    assert told.a_round.repair() is not None
    assert "You stopped" not in at_desk.get(desk(told.a_round)).content.decode()


def test_one_that_nobody_has_begun_is_stopped_at_once(cast: Cast, told: Published) -> None:
    run = begun(told)
    stop(told)
    run.refresh_from_db()
    told.a_round.refresh_from_db()
    assert (run.state, told.a_round.state) == (RunState.STOPPED, RoundState.PUBLISHED)
    assert Job.objects.of_kind("work_out_repair").get().state == JobState.STOPPED
    assert [event.verb for event in Event.objects.about(run)] == ["create", "stop_matching"]
    with refusal("not_matching"):
        stop(told)
    jobs.run_due()
    assert not run.matches.exists()


def test_a_worker_that_was_killed_before_it_heard_is_not_begun_again(told: Published) -> None:
    """The mark outlives the worker, as with any matching."""
    run = begun(told)
    Job.objects.exclude(kind="work_out_repair").delete()
    job = claims.take()
    assert job is not None
    stop(told)
    run.refresh_from_db()
    assert (run.state, run.stop_asked_at) == (RunState.WAITING, AT)
    claims.release(claims.Claim(job.pk, job.token))  # type: ignore[arg-type]  # it was claimed
    jobs.run_due()
    run.refresh_from_db()
    assert run.state == RunState.STOPPED


def test_without_the_mark_the_next_worker_would_go_on(told: Published) -> None:
    """The negative control."""
    run = begun(told)
    Job.objects.exclude(kind="work_out_repair").delete()
    job = claims.take()
    assert job is not None
    stop(told)
    MatchRun.objects.update(stop_asked_at=None)
    claims.release(claims.Claim(job.pk, job.token))  # type: ignore[arg-type]  # it was claimed
    jobs.run_due()
    run.refresh_from_db()
    assert run.state == RunState.SOLVED


def test_only_its_brokers_stop_it_begin_it_again_or_leave_it(cast: Cast, told: Published) -> None:
    begun(told)
    for stranger in (cast.host, cast.visitor, cast.administrator):
        with refusal("not_allowed"):
            stop_matching(a_round=told.a_round, by=stranger, at=AT)
        with refusal("not_allowed"):
            begin_repair(a_round=told.a_round, by=stranger, at=AT)
        with refusal("not_allowed"):
            leave_what_came_free(a_round=told.a_round, by=stranger, at=AT)
    with refusal("already_working"):
        begin_repair(a_round=told.a_round, by=cast.broker, at=AT)


def test_the_desk_shows_how_far_it_is_and_stops_it(told: Published, at_desk: Client) -> None:
    begun(told)
    Job.objects.exclude(kind="work_out_repair").delete()
    assert claims.take() is not None
    Job.objects.update(progress_done=3, progress_total=7, progress_note="hosts")
    page = at_desk.get(desk(told.a_round)).content.decode()
    assert "The best use of what came free is being worked out" in page
    assert "Everyone has been told." in page
    assert "Spreading visitors over hosts" in page
    assert "Stop looking" in page
    assert "You stopped" not in page
    assert "Work it out again" not in page
    part = at_desk.get(reverse("round-progress", args=[told.a_round.slug])).content.decode()
    assert "if somebody who waits could have a place after all" in part
    answer = at_desk.post(reverse("round-stop", args=[told.a_round.slug]), follow=True).content.decode()
    assert "It stops after the step that is under way" in answer
    assert "Stop looking" not in answer


# Failed for good ------------------------------------------------------------------------------------------------------


def test_its_brokers_hear_of_it_and_read_it_on_the_round(cast: Cast, failed: Published, at_desk: Client) -> None:
    assert (
        mails_to(str(cast.broker.email))[-1]
        == "What came free in Walk in their shoes, Winter round could not be worked out"
    )
    assert (
        mails_to(str(cast.broker.email)).count(
            "What came free in Walk in their shoes, Winter round could not be worked out"
        )
        == 1
    )
    assert [step.title for step in steps(cast.broker, AT)] == [
        "What came free in Walk in their shoes, Winter round is not worked out"
    ]
    page = at_desk.get(desk(failed.a_round)).content.decode()
    assert "What came free could not be worked out" in page
    assert "Have it worked out again" in page
    # Whoever reads the run itself finds nothing, for nothing was kept.
    run = failed.a_round.runs.latest("number")
    assert (run.state, run.matches.count()) == (RunState.FAILED, 0)
    assert at_desk.get(reverse("round-repair", args=[failed.a_round.slug, run.uuid])).status_code == 404


def test_a_broker_has_it_worked_out_again(cast: Cast, failed: Published, at_desk: Client) -> None:
    waits = failed.waiting.membership.user
    at_desk.post(reverse("round-came-free", args=[failed.a_round.slug]), {"act": "again"})
    # While it is worked on there is nothing to press.
    assert steps(cast.broker, AT) == []
    jobs.run_due()
    run = failed.a_round.repair()
    assert run is not None
    assert (run.asked_by, places(run)) == (cast.broker, {waits: failed.advice})
    assert "could not be worked out" not in at_desk.get(desk(failed.a_round)).content.decode()
    with refusal("nothing_free"):
        begin_repair(a_round=failed.a_round, by=cast.broker, at=AT)
    with refusal("nothing_free"):
        leave_what_came_free(a_round=failed.a_round, by=cast.broker, at=AT)


def test_a_later_no_has_it_worked_out_by_itself(failed: Published) -> None:
    failed.host_says_no(failed.at_kite)
    run = repaired(failed.a_round)
    assert run is not None
    assert run.repaired.count() == 2


def test_a_broker_offers_nothing_of_it_and_the_round_can_be_over(
    cast: Cast, failed: Published, at_desk: Client
) -> None:
    yes(failed.at_kite)
    settle_round(a_round=failed.a_round, at=AT)
    assert failed.a_round.settled_at is None, "Those who wait may have a place after all."
    answer = at_desk.post(reverse("round-came-free", args=[failed.a_round.slug]), {"act": "leave"}, follow=True)
    assert "Nothing is offered. Nobody was told." in answer.content.decode()
    assert not Match.objects.to_repair().exists()
    assert steps(cast.broker, AT) == []
    assert "could not be worked out" not in at_desk.get(desk(failed.a_round)).content.decode()
    settle_round(a_round=failed.a_round, at=AT)
    assert failed.a_round.settled_at == AT


def test_a_round_that_is_over_meanwhile_gets_none(cast: Cast, told: Published) -> None:
    run = begun(told)
    Round.objects.update(state=RoundState.ARCHIVED)
    jobs.run_due()
    run.refresh_from_db()
    assert (run.state, run.matches.count()) == (RunState.STOPPED, 0)
    for verb in (begin_repair, leave_what_came_free):
        with refusal("round_over"):
            verb(a_round=told.a_round, by=cast.broker, at=AT)


def test_a_round_that_is_put_away_while_it_is_worked_out_gets_none(
    told: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = engine.solve

    def late(*args: object, **options: object) -> object:
        Round.objects.update(state=RoundState.ARCHIVED)
        return solve(*args, **options)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(engine, "solve", late)
    assert repaired(told.a_round) is None
    run = told.a_round.runs.latest("number")
    assert (run.state, run.matches.count()) == (RunState.STOPPED, 0)


def test_the_desk_costs_no_more_where_it_failed(failed: Published, at_desk: Client) -> None:
    at_desk.get(desk(failed.a_round))
    with CaptureQueriesContext(connection) as with_it:
        at_desk.get(desk(failed.a_round))
    Match.objects.update(repaired_in=failed.run)
    with CaptureQueriesContext(connection) as without:
        at_desk.get(desk(failed.a_round))
    assert len(with_it) == len(without)


def test_every_attempt_failing_is_failing_for_good(
    cast: Cast, told: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "save_repair", lambda **words: 1 / 0)
    run = begun(told)
    for _ in range(5):
        assert MatchRun.objects.get(pk=run.pk).state == RunState.WAITING
        Job.objects.of_kind("work_out_repair").update(due_at=Now())
        jobs.run_due()
    assert MatchRun.objects.get(pk=run.pk).state == RunState.FAILED
    assert "What came free in Walk in their shoes, Winter round could not be worked out" in mails_to(
        str(cast.broker.email)
    )
