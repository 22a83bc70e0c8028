"""Noes, repairs and brokers at the same moment. Each protection has a control without it, which goes wrong."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from partnerships.ground import jobs, workflow
from partnerships.ground.jobs import runner
from partnerships.ground.models import Job
from partnerships.ground.problems import Refused
from partnerships.matching import engine
from partnerships.matching.repair import alone
from secondments.actions import repairs
from secondments.actions.repairs import begin_repair, offer_repair, save_repair
from secondments.matches.repairs import repair_of
from secondments.models import Match, MatchRun, Placement, Round
from secondments.states import RunKind, RunState
from tests.at_once import Meeting
from tests.cast import Cast
from tests.factories import AT
from tests.secondments.proposals import refusal
from tests.secondments.repairs import Published, places, repaired, runs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(cast: Cast) -> Published:
    return Published(cast)


def solved(told: Published) -> Callable[[], None]:
    """What a job has worked out by now, to be saved later."""
    run = begin_repair(a_round=Round.objects.get(pk=told.a_round.pk), by=None, at=AT)
    assert run is not None
    Job.objects.of_kind("work_out_repair").filter(key=str(run.uuid)).delete()
    repair = repair_of(told.a_round, seed=7, at=AT)
    answer, before = engine.solve(repair.problem), engine.solve(alone(repair.problem))
    return lambda: save_repair(run=run, repair=repair, answer=answer, before=before, at=AT)


def try_again(a_round: Round) -> None:
    """As the job does by itself whose answer was refused: it reads everything afresh."""
    run = a_round.runs.get(kind=RunKind.REPAIR, state=RunState.WAITING)
    jobs.enqueue("work_out_repair", str(run.uuid), {"run": run.pk})


def both(*acts: Callable[[], object]) -> Counter[str]:
    """All at the same moment, each on a connection of its own: how many were done, refused, or fell over."""
    heard: list[str] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
            heard.append("done")
        except Refused as refused:
            heard.extend(refused.codes)
        except Exception as error:
            heard.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return Counter(heard)


def meet_in(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whoever comes to this step waits for the other, who comes too where nothing keeps them out."""
    step: Callable[..., Any] = getattr(repairs, name)
    meeting = Meeting()

    def together(*args: Any, **options: Any) -> Any:
        meeting.come()
        return step(*args, **options)

    monkeypatch.setattr(repairs, name, together)


def test_a_no_while_a_repair_is_worked_out_is_made_up_for_by_the_next(told: Published) -> None:
    told.host_says_no(told.at_advice)
    save = solved(told)
    told.host_says_no(told.at_kite)
    # The one who looks finds somebody at work, and leaves it to them.
    assert repaired(told.a_round) is None
    save()
    assert Match.objects.to_repair().count() == 1
    assert repaired(told.a_round) is not None
    assert runs(told.a_round) == [(RunState.DISCARDED, 2), (RunState.SOLVED, 2)]


def test_without_that_look_it_would_be_forgotten(told: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: whoever saves does not look at what is left."""
    told.host_says_no(told.at_advice)
    save = solved(told)
    told.host_says_no(told.at_kite)
    repaired(told.a_round)
    monkeypatch.setattr(jobs, "enqueue", lambda *args, **options: None)
    save()
    monkeypatch.undo()
    repaired(told.a_round)
    assert Match.objects.to_repair().count() == 1


@pytest.mark.parametrize("protected", [True, False])
def test_two_jobs_that_look_at_once_begin_one_repair(
    told: Published, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    """Without the lock it is the database that keeps out the second."""
    told.host_says_no(told.at_advice)
    told.host_says_no(told.at_kite)
    meeting = Meeting()
    is_worked_on = Round.is_worked_on

    def together(a_round: Round) -> bool:
        found = is_worked_on(a_round)
        meeting.come()
        return found

    monkeypatch.setattr(Round, "is_worked_on", together)
    if not protected:
        monkeypatch.setattr(repairs, "lock", lambda *rows: None)

    def begin() -> None:
        begin_repair(a_round=Round.objects.get(pk=told.a_round.pk), by=None, at=AT)

    assert both(begin, begin) == ({"done": 2} if protected else {"done": 1, "IntegrityError": 1})
    assert MatchRun.objects.filter(kind=RunKind.REPAIR).count() == 1


@pytest.mark.parametrize("protected", [True, False])
def test_nobody_who_was_offered_a_place_meanwhile_is_proposed_another(
    cast: Cast, told: Published, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    """What waits is offered while a better repair is worked out. In the control somebody would be placed twice."""
    waits = told.waiting.membership.user
    told.host_says_no(told.at_advice)
    run = repaired(told.a_round)
    assert run is not None
    told.host_says_no(told.at_kite)
    save = solved(told)
    offer_repair(run=run, by=cast.broker, at=AT)
    assert Placement.objects.filter(visitor=waits).exists()
    if protected:
        with refusal("placed_since"):
            save()
        # The job reads everything afresh.
        run = told.a_round.runs.waiting().get()
        jobs.enqueue("work_out_repair", str(run.uuid), {"run": run.pk})
        assert repaired(told.a_round) is not None
    else:
        monkeypatch.setattr(repairs, "_refuse_if_somebody_was_placed_since", lambda *args: None)
        save()
    again = told.a_round.repair()
    assert again is not None
    assert (waits in places(again)) is not protected


@pytest.mark.parametrize("protected", [True, False])
def test_two_brokers_press_and_everyone_is_asked_once(
    cast: Cast, told: Published, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    told.host_says_no()
    run = repaired(told.a_round)
    assert run is not None
    meet_in(monkeypatch, "ask_for_all")
    if not protected:
        for place in (repairs, workflow):
            monkeypatch.setattr(place, "lock", lambda *rows: None)
        monkeypatch.setattr(repairs, "lock_all_that_is_asked", lambda run: None)

    def press() -> None:
        offer_repair(run=MatchRun.objects.light().get(pk=run.pk), by=cast.broker, at=AT)

    heard = both(press, press)
    if protected:
        assert heard == {"done": 1, "already_offered": 1}
        assert Placement.objects.count() == 3
    else:
        assert "already_offered" not in heard


def test_offering_while_a_better_one_is_saved_is_the_one_or_the_other(cast: Cast, told: Published) -> None:
    told.host_says_no(told.at_advice)
    run = repaired(told.a_round)
    assert run is not None
    told.host_says_no(told.at_kite)
    save = solved(told)

    def press() -> None:
        offer_repair(run=MatchRun.objects.light().get(pk=run.pk), by=cast.broker, at=AT)

    heard = both(press, save)
    assert heard in ({"done": 1, "changed_since": 1}, {"done": 1, "placed_since": 1})
    if heard["placed_since"]:
        try_again(told.a_round)
    repaired(told.a_round)
    visitors = Match.objects.standing().values_list("participation", flat=True)
    waiting = told.a_round.repair()
    assert waiting is not None
    assert not set(visitors) & set(waiting.matches.values_list("participation", flat=True))


@pytest.mark.parametrize("protected", [True, False])
def test_a_repair_that_is_cut_off_in_the_middle_is_made_once_and_whole(
    told: Published, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    """The first attempt ends before the matches are written. In the control its half is kept, and nobody is placed."""
    told.host_says_no()
    with monkeypatch.context() as broken:
        if not protected:
            broken.setattr(runner, "transaction", SimpleNamespace(atomic=nullcontext))
            broken.setattr(repairs, "acting", nullcontext)
            broken.setattr(repairs, "lock", lambda *rows: None)
        broken.setattr(repairs, "write_visits", lambda *args, **options: 1 / 0)
        assert repaired(told.a_round) is None
    run = MatchRun.objects.get(kind=RunKind.REPAIR)
    assert run.state == (RunState.WAITING if protected else RunState.SOLVED)
    Job.objects.of_kind("work_out_repair").update(due_at=Now())
    jobs.run_due()
    assert (told.a_round.repair() is not None) is protected
    assert MatchRun.objects.filter(kind=RunKind.REPAIR).count() == 1
