"""A round from closing to its proposal: a broker or its date asks the engine, and a job answers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from partnerships.ground import clock, events, jobs, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Refused, refuse
from partnerships.matching.types import Allocation, CriterionResult, Problem
from partnerships.models import User
from secondments.emails import failures
from secondments.emails import rounds as mails
from secondments.matches.figures import Figures
from secondments.models import MatchRun, Round
from secondments.permissions import may_run_round
from secondments.problems import (
    not_allowed,
    problems_for_changing_dates,
    problems_for_matching,
    problems_for_stopping,
    problems_of_dates,
)
from secondments.states import RoundState, RunKind, RunState

from .answers import stored, write_left_out, write_visits
from .programmes import Dates

KEEP_PROBLEM_FOR = timedelta(days=365)

JOBS = {RunKind.ROUND: "match_round", RunKind.REPAIR: "work_out_repair"}
"""The kind of job that works out a run of each kind."""


def close_round(*, a_round: Round, by: User | None, at: datetime | None = None) -> None:
    """Nobody joins any more. The broker may match now."""
    with acting():
        workflow.move(a_round, to=RoundState.CLOSED, verb="close_round", by=by, at=at or clock.now())


def reopen_round(*, a_round: Round, by: User, at: datetime | None = None) -> None:
    """Let people join again, before anything was published."""
    with acting():
        workflow.move(a_round, to=RoundState.OPEN, verb="reopen_round", by=by, at=at or clock.now())


def change_dates(
    *,
    a_round: Round,
    opens_on: date | None,
    join_by: date,
    match_on: date | None,
    starts_on: date,
    ends_on: date,
    by: User,
    at: datetime | None = None,
) -> None:
    """Change when a round opens, closes and is matched by itself; a draft also says when visits take place."""
    at = at or clock.now()
    said = Dates(opens_on=opens_on, join_by=join_by, match_on=match_on, starts_on=starts_on, ends_on=ends_on)
    with acting():
        lock(a_round)
        if not may_run_round(by, a_round):
            raise Refused([not_allowed()])
        refuse(problems_for_changing_dates(a_round, starts_on=starts_on, ends_on=ends_on))
        # The last day to join of a round that is closed may be over, as long as it stays what it was.
        closed = a_round.state == RoundState.CLOSED and join_by == a_round.join_by
        refuse(problems_of_dates(**said, closed=closed, at=at))
        for name, day in said.items():
            setattr(a_round, name, day)
        a_round.save(update_fields=list(said))
        events.record(actor=by, verb="change_dates", thing=a_round, at=at)


def archive_round(*, a_round: Round, by: User, at: datetime | None = None) -> None:
    """Put a round away once its visits are over. Who was in it still finds it."""
    with acting():
        workflow.move(a_round, to=RoundState.ARCHIVED, verb="archive_round", by=by, at=at or clock.now())


def ask_for_match(*, a_round: Round, by: User | None, at: datetime | None = None, seed: int | None = None) -> MatchRun:
    """Ask the engine for a proposal: one run, however often the button is pressed. A job does the work.

    Where there is a proposal that was changed by hand, it is matched again around these changes, and stands until then.

    By nobody in particular where the round's own date asks. `seed` breaks ties and is stored with the run; a fresh one
    is drawn where none is given.
    """
    at = at or clock.now()
    with acting():
        lock(a_round)
        refuse(problems_for_matching(a_round))
        workflow.move(a_round, to=RoundState.MATCHING, verb="ask_for_match", by=by, at=at)
        return ask_for_run(a_round, RunKind.ROUND, seed=secrets.randbits(31) if seed is None else seed, by=by, at=at)


def ask_for_run(a_round: Round, kind: RunKind, *, seed: int, by: User | None, at: datetime) -> MatchRun:
    """The next run of a locked round, and the job that works it out."""
    latest = a_round.runs.light().first()
    run = MatchRun.objects.create(
        round=a_round,
        number=latest.number + 1 if latest else 1,
        kind=kind,
        state=RunState.WAITING,
        asked_by=by,
        asked_at=at,
        seed=seed,
        criteria=[],
        keep_until=clock.today(at) + KEEP_PROBLEM_FOR,
    )
    workflow.created(run, by=by, at=at)
    jobs.enqueue(JOBS[kind], str(run.uuid), {"run": run.pk})
    return run


def save_run(
    *,
    run: MatchRun,
    problem: Problem,
    answer: Allocation,
    figures: Figures,
    criteria: Iterable[CriterionResult] | None = None,
    days: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Save a verified answer whole: who meets whom, who could not be placed and why, how it treats people (`figures_of`
    takes a while, so whoever calls has them), and what replays it.

    `criteria`: as they are known of what was asked first; else those of the answer. `days`: those by which a change can
    be tried on it.
    """
    at = at or clock.now()
    with acting():
        lock(run.round, run)
        if run.round.state == RoundState.CALLED_OFF:
            drop_stopped_run(run=run, at=at)
            return
        workflow.move(
            run,
            to=RunState.SOLVED,
            verb="save_run",
            by=None,
            at=at,
            finished_at=at,
            figures=figures,
            days=days or {},
            **stored(problem, answer, criteria),
        )
        workflow.move_all(
            run.round.runs.light().filter(state=RunState.SOLVED).exclude(pk=run.pk),
            to=RunState.DISCARDED,
            verb="save_run",
            by=None,
            at=at,
        )
        write_visits(run, problem, answer, at=at)
        write_left_out(run)
        workflow.move(run.round, to=RoundState.PROPOSED, verb="save_run", by=None, at=at)
        mails.proposed(run)


def fail_run(*, run: MatchRun, at: datetime | None = None) -> None:
    """The job was given up: the round goes back to where it was, and its brokers hear that they can press again.

    A repair is begun again by itself, and they need not hear so each time.
    """
    with acting():
        lock(run.round, run)
        failed_before = run.round.runs.failed_since_an_answer().exists()
        _end_without_answer(run, to=RunState.FAILED, verb="fail_run", by=None, at=at or clock.now())
        heard = run.kind == RunKind.REPAIR and run.asked_by_id is None and failed_before
        if run.round.state != RoundState.CALLED_OFF and not heard:
            failures.not_worked_out(run)


def stop_matching(*, a_round: Round, by: User, at: datetime | None = None) -> None:
    """End a matching, or a repair, that takes too long: what was reached by then is kept, and says that it was stopped.

    Whoever works on it reads the mark that this leaves. Where nobody does, there is nothing to keep, and the round goes
    back to where it was. Pressing again changes nothing.
    """
    at = at or clock.now()
    with acting():
        lock(a_round)
        if not may_run_round(by, a_round):
            raise Refused([not_allowed()])
        refuse(problems_for_stopping(a_round))
        run = a_round.runs.light().waiting().get()
        lock(run)
        if jobs.stop_unless_running(JOBS[RunKind(run.kind)], str(run.uuid)):
            _end_without_answer(run, to=RunState.STOPPED, verb="stop_matching", by=by, at=at)
        elif run.stop_asked_at is None:
            run.stop_asked_at = at
            run.save(update_fields=["stop_asked_at"])
            events.record(actor=by, verb="stop_matching", thing=run, at=at)


def drop_stopped_run(*, run: MatchRun, at: datetime | None = None) -> None:
    """It was stopped before anybody had a place: there is nothing to read, and the broker can press again.

    So does a repair end whose round is over by now, and a matching whose round was called off.
    """
    with acting():
        lock(run.round, run)
        _end_without_answer(run, to=RunState.STOPPED, verb="drop_stopped_run", by=None, at=at or clock.now())


def _end_without_answer(run: MatchRun, *, to: RunState, verb: str, by: User | None, at: datetime) -> None:
    """A proposal that stood before this run stands again; where there was none, the round is closed for joining.

    A round that everybody was told of goes on as it is, and one that was called off stays so.
    """
    workflow.move(run, to=to, verb=verb, by=by, at=at, finished_at=at)
    if run.kind == RunKind.REPAIR or run.round.state == RoundState.CALLED_OFF:
        return
    before = RoundState.PROPOSED if run.round.proposal() else RoundState.CLOSED
    workflow.move(run.round, to=before, verb=verb, by=by, at=at)


def put_proposal_aside(*, a_round: Round, by: User, at: datetime | None = None) -> None:
    """Take a proposal back before anybody was told, to let people change what they said and match again."""
    at = at or clock.now()
    with acting():
        lock(a_round)
        workflow.move(a_round, to=RoundState.CLOSED, verb="put_proposal_aside", by=by, at=at)
        workflow.move_all(
            a_round.runs.light().filter(state=RunState.SOLVED),
            to=RunState.DISCARDED,
            verb="put_proposal_aside",
            by=by,
            at=at,
        )
