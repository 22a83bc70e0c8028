"""Calling off a round before anybody has heard who goes where: nobody is matched, and everybody hears why."""

from __future__ import annotations

from datetime import datetime

from partnerships.ground import clock, events, jobs, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import refuse
from partnerships.models import User
from secondments.models import Round
from secondments.problems import problems_for_calling_off
from secondments.states import RoundState, RunKind, RunState

from .rounds import JOBS


def call_off_round(*, a_round: Round, because: str, by: User, at: datetime | None = None) -> None:
    """End a round that does not take place: a draft in silence, any other with a letter to everybody who has joined.

    Its matching ends, a proposal is put aside, and its dates stand still. Whoever was introduced to a host has a visit.
    """
    at, because = at or clock.now(), because.strip()
    with acting():
        lock(a_round)
        refuse(problems_for_calling_off(a_round, because))
        was_seen = a_round.state != RoundState.DRAFT
        workflow.move(
            a_round, to=RoundState.CALLED_OFF, verb="call_off_round", by=by, at=at, called_off_because=because
        )
        _end_its_work(a_round, by=by, at=at)
        if was_seen:
            jobs.enqueue("tell_called_off", str(a_round.pk), {"round": a_round.pk})


def _end_its_work(a_round: Round, *, by: User, at: datetime) -> None:
    """Whoever works on a run reads the mark that this leaves, and then keeps nothing of it."""
    for run in a_round.runs.light().waiting():
        lock(run)
        if jobs.stop_unless_running(JOBS[RunKind(run.kind)], str(run.uuid)):
            workflow.move(run, to=RunState.STOPPED, verb="call_off_round", by=by, at=at, finished_at=at)
        elif run.stop_asked_at is None:
            run.stop_asked_at = at
            run.save(update_fields=["stop_asked_at"])
            events.record(actor=by, verb="call_off_round", thing=run, at=at)
    proposed = a_round.runs.light().filter(state=RunState.SOLVED)
    workflow.move_all(proposed, to=RunState.DISCARDED, verb="call_off_round", by=by, at=at)
    for key in a_round.trials.filter(answer__isnull=True).values_list("uuid", flat=True):
        jobs.stop_unless_running("try_out", str(key))
