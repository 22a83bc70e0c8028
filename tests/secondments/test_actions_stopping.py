"""A broker does not want to wait: what was reached is kept and says so, and nothing is left half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.ground import jobs
from partnerships.ground.jobs import RunningJob, claims
from partnerships.ground.models import Event, Job
from partnerships.ground.problems import Refused
from partnerships.ground.states import JobState
from partnerships.matching import engine
from partnerships.matching.types import CriterionResult
from partnerships.states import Field
from secondments.actions import rounds as verbs
from secondments.actions.rounds import ask_for_match, close_round, put_proposal_aside, stop_matching
from secondments.models import MatchRun, Round
from secondments.states import RoundState, RunState
from secondments.tasks import matching
from tests.at_once import until_it_waits
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_organisation, make_place, make_round, make_user
from tests.secondments.proposals import Proposal, refusal
from tests.secondments.rounds import first_week, join

pytestmark = pytest.mark.django_db

CLAIM = claims.Claim(0, uuid4())
"""Of nobody: whoever works on this has lost it."""


@pytest.fixture
def asked(cast: Cast) -> Round:
    """Two people who both fit the near one of two hosts better, in a round that its broker has asked to be matched."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    far_away = make_organisation("Far Advice", field=Field.VOLUNTARY, place=make_place("Rochdale", latitude=53.62))
    make_membership(make_user("Fara Host"), far_away, is_coordinator=True)
    for host in (cast.advice, far_away):
        make_offer(host, cast.host, places=1)
    a_round = make_round(cast.cvs)
    for membership in (cast.visitor_membership, cast.colleague.memberships.get()):
        join(a_round, membership, weeks=[first_week(a_round)])
    close_round(a_round=a_round, by=cast.broker, at=AT)
    jobs.run_due()
    ask_for_match(a_round=a_round, by=cast.broker, at=AT, seed=7)
    return a_round


@pytest.fixture
def press_at(cast: Cast, asked: Round, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], MatchRun]:
    """Run the job, with somebody who presses "stop" in the moment in which a stage begins."""
    monkeypatch.setattr(matching, "LOOK_SECONDS", 0)

    def run(stage: str) -> MatchRun:
        def heard(watch: matching.Watch, name: str) -> None:
            if name == stage:
                for _ in range(2):
                    stop_matching(a_round=Round.objects.get(pk=asked.pk), by=cast.broker, at=AT)

        monkeypatch.setattr(matching.Watch, "stage", heard)
        jobs.run_due()
        monkeypatch.undo()
        asked.refresh_from_db()
        return asked.runs.get()

    return run


def stop(cast: Cast, a_round: Round) -> None:
    stop_matching(a_round=Round.objects.get(pk=a_round.pk), by=cast.broker, at=AT)
    a_round.refresh_from_db()


def presses() -> int:
    return Event.objects.filter(verb="stop_matching", thing_type="secondments.matchrun").count()


def test_what_was_reached_is_a_proposal_that_says_what_is_not_proven(
    cast: Cast, asked: Round, press_at: Callable[[str], MatchRun]
) -> None:
    run = press_at("placed")
    assert (run.state, run.stopped_early, asked.state) == (RunState.SOLVED, True, RoundState.PROPOSED)
    reached = {one["name"]: one for one in run.criteria}
    assert (reached["placed"]["value"], reached["placed"]["proven"]) == (2, True)
    assert not reached["fit"]["proven"]
    assert reached["fit"]["bound"] > reached["fit"]["value"]
    assert run.matches.count() == 2
    assert presses() == 1
    [letter] = [each for each in mail.outbox if "have a place" in each.subject]
    assert "It was stopped early" in letter.body

    page = enter(cast.broker).get(reverse("round-desk", args=[asked.slug])).content.decode()
    assert "This matching was stopped early" in page
    # In points of a hundred for each of the two, as on every other page.
    assert f"On average {reached['fit']['value'] // 20} of 100 points" in page
    assert f"At most {reached['fit']['bound'] // 20} possible" in page


def test_a_proposal_that_was_stopped_is_matched_again_without_holding_on_to_it(
    cast: Cast, asked: Round, press_at: Callable[[str], MatchRun]
) -> None:
    press_at("placed")
    ask_for_match(a_round=asked, by=cast.broker, at=AT, seed=8)
    jobs.run_due()
    asked.refresh_from_db()
    run = asked.latest_run()
    assert (run.number, run.stopped_early, asked.state) == (2, False, RoundState.PROPOSED)
    assert [one["name"] for one in run.criteria] == asked.criteria
    assert all(one["proven"] for one in run.criteria)


def test_a_whole_proposal_is_matched_again_only_if_something_was_changed(cast: Cast, asked: Round) -> None:
    jobs.run_due()
    asked.refresh_from_db()
    with refusal("nothing_changed"):
        ask_for_match(a_round=asked, by=cast.broker, at=AT)


def test_before_anybody_has_a_place_there_is_nothing_to_keep(
    cast: Cast, asked: Round, press_at: Callable[[str], MatchRun]
) -> None:
    run = press_at("score")
    assert (run.state, asked.state) == (RunState.STOPPED, RoundState.CLOSED)
    assert not run.matches.exists()
    page = enter(cast.broker).get(reverse("round-desk", args=[asked.slug])).content.decode()
    assert "stopped before anybody had a place" in page


def test_one_that_nobody_has_begun_is_put_back_at_once(cast: Cast, asked: Round) -> None:
    stop(cast, asked)
    assert (asked.runs.get().state, asked.state) == (RunState.STOPPED, RoundState.CLOSED)
    assert Job.objects.of_kind("match_round").get().state == JobState.STOPPED
    jobs.run_due()
    assert not asked.runs.get().matches.exists()
    with refusal("not_matching"):
        stop(cast, asked)

    ask_for_match(a_round=asked, by=cast.broker, at=AT, seed=7)
    jobs.run_due()
    asked.refresh_from_db()
    assert asked.state == RoundState.PROPOSED


def test_a_proposal_that_stood_before_stands_again(cast: Cast) -> None:
    proposal = Proposal(cast)
    proposal.change()
    ask_for_match(a_round=proposal.a_round, by=cast.broker, at=AT, seed=7)
    stop(cast, proposal.a_round)
    assert proposal.a_round.state == RoundState.PROPOSED
    assert proposal.a_round.latest_run() == proposal.run


def test_a_worker_that_was_killed_before_it_heard_is_not_begun_again(cast: Cast, asked: Round) -> None:
    """The mark outlives the worker: whoever takes the job up next finds it, and nobody waits for more."""
    job = claims.take()
    assert job is not None
    stop(cast, asked)
    assert asked.state == RoundState.MATCHING
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.run_due()
    asked.refresh_from_db()
    assert (asked.runs.get().state, asked.state) == (RunState.STOPPED, RoundState.CLOSED)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def test_without_the_mark_the_next_worker_would_match_after_all(
    cast: Cast, asked: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the press is heard by the job that was killed, and by nobody else."""
    job = claims.take()
    assert job is not None
    stop(cast, asked)
    MatchRun.objects.update(stop_asked_at=None)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.run_due()
    asked.refresh_from_db()
    assert asked.state == RoundState.PROPOSED


def test_a_job_in_somebodys_hands_is_passed_over_and_not_waited_for(cast: Cast, asked: Round) -> None:
    job = claims.take()
    assert job is not None
    assert not jobs.stop_unless_running("match_round", job.key)
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING


def test_where_an_administrator_stopped_the_job_nobody_is_left_to_hear(cast: Cast, asked: Round) -> None:
    job = claims.take()
    assert job is not None
    assert job.token is not None
    claims.stop(claims.Claim(job.pk, job.token))
    stop(cast, asked)
    assert (asked.runs.get().state, asked.state) == (RunState.STOPPED, RoundState.CLOSED)


def test_only_its_broker_stops_a_matching(cast: Cast, asked: Round) -> None:
    for person in (cast.host, cast.visitor):
        with pytest.raises(Refused):
            stop_matching(a_round=asked, by=person, at=AT)
    stranger = make_user("Strange Broker")
    make_membership(stranger, cast.elsewhere, is_broker=True)
    assert enter(stranger).post(reverse("round-stop", args=[asked.slug])).status_code == 404
    assert Round.objects.get().state == RoundState.MATCHING


def test_the_page_shows_each_stage_and_what_it_came_to(cast: Cast, asked: Round) -> None:
    """While somebody works on it; the button stands outside of what is exchanged, or it would lose its focus."""
    job = claims.take()
    assert job is not None
    Job.objects.update(progress_done=3, progress_total=7, progress_note="hosts")
    placed = {"name": "placed", "value": 1, "proven": True, "bound": 1}
    MatchRun.objects.update(criteria=[placed, {"name": "hosts"}, {"name": "fit"}])
    client: Client = enter(cast.broker)
    part = client.get(reverse("round-progress", args=[asked.slug])).content.decode()
    assert (part.count("Under way"), part.count("To come")) == (1, 3)
    assert "Spreading visitors over hosts" in part
    assert "1 of 2 people, proven" in part
    assert "so far" in part
    assert "Stop the matching" not in part
    desk = client.get(reverse("round-desk", args=[asked.slug])).content.decode()
    assert "Stop the matching" in desk

    answer = client.post(reverse("round-stop", args=[asked.slug]), follow=True).content.decode()
    assert "It stops after the step that is under way" in answer
    assert ">Stop the matching" not in answer


def test_a_criterion_that_is_settled_with_a_later_one_is_not_called_to_come(cast: Cast, asked: Round) -> None:
    assert claims.take() is not None
    Job.objects.update(progress_done=4, progress_total=7, progress_note="fit")
    MatchRun.objects.update(criteria=[{"name": "placed"}, {"name": "hosts"}, {"name": "fit"}])
    part = enter(cast.broker).get(reverse("round-progress", args=[asked.slug])).content.decode()
    assert (part.count("Done"), part.count("Under way"), part.count("To come")) == (2, 3, 2)


def test_the_fit_is_told_as_it_is_published_while_it_is_reached(cast: Cast, asked: Round) -> None:
    """As on the page of figures: points of a hundred for each, and not thousandths of everybody together."""
    assert claims.take() is not None
    Job.objects.update(progress_done=5, progress_total=7, progress_note="explain")
    reached = {"placed": (104, 104), "hosts": (1084, 1084), "fit": (56727, 58000)}
    MatchRun.objects.update(
        criteria=[
            {"name": name, "value": value, "bound": bound, "proven": value == bound}
            for name, (value, bound) in reached.items()
        ]
    )
    part = enter(cast.broker).get(reverse("round-progress", args=[asked.slug])).content.decode()
    assert "1,084 points, proven" in part
    assert "On average 54 of 100 points, at most 55 possible" in part


def test_what_each_criterion_comes_to_is_there_before_the_end(
    cast: Cast, asked: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[dict[str, object]]] = []
    progress = matching.Watch.stage

    def look(watch: matching.Watch, name: str) -> None:
        progress(watch, name)
        seen.append(MatchRun.objects.get().criteria)

    monkeypatch.setattr(matching.Watch, "stage", look)
    jobs.run_due()
    assert seen[0] == [{"name": "placed"}, {"name": "hosts"}, {"name": "fit"}]
    assert seen[-1] == MatchRun.objects.get().criteria
    assert any("value" in some[0] and "value" not in some[-1] for some in seen)


def test_the_database_is_asked_no_more_than_once_a_second(
    cast: Cast, asked: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[bool] = []
    solve = engine.solve

    def often(*args: object, stop: Callable[[], bool], **words: object) -> object:
        looks.extend(stop() for _ in range(100))
        return solve(*args, stop=stop, **words)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(engine, "solve", often)
    asks = []

    def count(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        asks.append("stop_asked_at" in sql and "LIMIT 1" in sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        jobs.run_due()
    assert len(looks) == 100
    assert sum(asks) <= 2


def test_a_worker_that_lost_the_job_writes_nothing_over_what_another_saved(cast: Cast, asked: Round) -> None:
    job = RunningJob(Job.objects.of_kind("match_round").get(), CLAIM, "transactional", threading.Event())
    slow = matching.Watch(job, asked.runs.get(), asked.criteria)
    jobs.run_due()
    saved = asked.runs.get().criteria
    slow.reached(CriterionResult("placed", 0, True, 0))
    assert asked.runs.get().criteria == saved


@pytest.mark.django_db(transaction=True)
def test_two_brokers_who_stop_at_once_stop_once(cast: Cast, asked: Round) -> None:
    heard: list[str] = []

    def press() -> None:
        try:
            stop_matching(a_round=Round.objects.get(pk=asked.pk), by=cast.broker, at=AT)
            heard.append("stopped")
        except Refused as refused:
            heard.extend(refused.codes)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == ["not_matching"] * 3 + ["stopped"]
    asked.refresh_from_db()
    assert asked.state == RoundState.CLOSED
    assert presses() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "without the lock"])
def test_whoever_stops_while_it_is_saved_comes_too_late(
    cast: Cast, asked: Round, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Saving and stopping take the round first; without that the press would mark a run that is over."""
    heard: list[str] = []
    saved = verbs.save_run

    def press() -> None:
        try:
            stop_matching(a_round=Round.objects.get(pk=asked.pk), by=cast.broker, at=AT)
            heard.append("stopped")
        except Refused as refused:
            heard.extend(refused.codes)
        finally:
            connection.close()

    def slow(**words: object) -> None:
        saved(**words)  # type: ignore[arg-type]  # handed on as they came
        other = threading.Thread(target=press)
        other.start()
        until_it_waits(other)
        late.append(other)

    late: list[threading.Thread] = []
    monkeypatch.setattr(matching, "save_run", slow)
    if not locked:
        monkeypatch.setattr(verbs, "lock", lambda *rows: None)
    jobs.run_due()
    late[0].join()
    assert heard == (["not_matching"] if locked else ["stopped"])
    assert asked.runs.get().state == RunState.SOLVED


def test_putting_a_stopped_proposal_aside_is_as_with_any_other(
    cast: Cast, asked: Round, press_at: Callable[[str], MatchRun]
) -> None:
    press_at("placed")
    put_proposal_aside(a_round=asked, by=cast.broker, at=AT)
    assert asked.runs.get().state == RunState.DISCARDED
