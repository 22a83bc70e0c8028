"""Whoever doubts a round can solve it again: the same bytes, or a failure that says what is not as it was."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from secondments.models import Match, MatchRun
from tests.cast import Cast
from tests.factories import make_membership, make_offer, make_round, make_user
from tests.secondments.rounds import join, matched

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast: Cast) -> MatchRun:
    """Seven people who would go to two hosts with a place a week."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    for _ in range(2):
        make_offer(cast.advice, cast.host, places=1)
    a_round = make_round(cast.cvs)
    for _ in range(7):
        join(a_round, make_membership(make_user(), cast.council))
    return matched(cast, a_round)


def replayed(run: MatchRun | str) -> str:
    said = StringIO()
    call_command("replay_match", str(getattr(run, "uuid", run)), stdout=said)
    return said.getvalue()


def test_the_same_problem_gives_the_same_bytes(run: MatchRun) -> None:
    said = replayed(run)
    assert "The same answer, byte for byte." in said
    # As they stand on the page of results.
    assert f"question (SHA-256): {run.figures['problem']}" in said
    assert f"answer (SHA-256): {run.figures['answer']}" in said


def test_a_round_stands_for_its_latest_run(run: MatchRun) -> None:
    assert f"run {run.number} ({run.uuid}), seed 7" in replayed(run.round.slug)


def test_another_answer_is_seen(run: MatchRun) -> None:
    """The negative control: one person's week is another than was solved, in the answer and in what was shown."""
    assert run.result
    first = run.result["hostings"][0]["leg"]
    first["week"] += 1
    run.save()
    shown = Match.objects.get(run=run, participation__uuid=first["person_id"])
    Match.objects.filter(pk=shown.pk).update(week=F("week") + timedelta(weeks=1))
    with pytest.raises(CommandError, match="gives another answer") as said:
        replayed(run)
    assert said.value.returncode == 1
    assert "were shown" not in str(said.value)


def test_another_problem_is_seen(run: MatchRun) -> None:
    assert run.problem
    run.problem["rules"]["max_km"] = 39
    run.save()
    with pytest.raises(CommandError, match="that of another problem"):
        replayed(run)


def test_rows_that_are_not_those_of_the_answer_are_seen(run: MatchRun) -> None:
    run.matches.all()[0].delete()
    with pytest.raises(CommandError, match="were shown are not those"):
        replayed(run)


def test_an_answer_of_another_engine_is_not_compared(run: MatchRun) -> None:
    assert run.result
    run.result["engine_version"] = "0.1"
    run.save()
    with pytest.raises(CommandError, match=r"solved by the engine 0\.1") as said:
        replayed(run)
    assert "another answer" not in str(said.value)


def test_what_was_stopped_is_not_compared(run: MatchRun) -> None:
    assert run.result
    run.result["stopped"] = True
    run.save()
    with pytest.raises(CommandError, match="stopped before it was finished"):
        replayed(run)


def test_nothing_is_left_of_a_run_whose_time_is_over(run: MatchRun) -> None:
    MatchRun.objects.update(problem=None, result=None)
    with pytest.raises(CommandError, match="Nothing is stored"):
        replayed(run)


@pytest.mark.parametrize("name", ["no-such-round", "00000000-0000-4000-8000-000000000000"])
def test_what_is_not_there_is_said(name: str, db: None) -> None:
    with pytest.raises(CommandError, match="neither a run nor a round that was matched"):
        replayed(name)
