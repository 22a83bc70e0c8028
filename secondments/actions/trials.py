"""Trying other weights, or a change by hand, on a run: a job works it out, and nothing of the run changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from partnerships.ground import clock, events, jobs
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import refuse
from partnerships.models import User
from secondments.matches.by_hand import ByHand
from secondments.matches.trials import key_of
from secondments.models import MatchRun, Round, Trial
from secondments.problems import problems_for_trying

KEEP_TRIAL_FOR = timedelta(days=7)


def try_out(*, a_round: Round, run: MatchRun, asked: dict[str, Any], by: User, at: datetime | None = None) -> Trial:
    """Ask how a run would have come out: one job for one question, however often the button is pressed.

    One that failed is tried again.
    """
    at = at or clock.now()
    with acting():
        lock(a_round)
        refuse(problems_for_trying(a_round, run, by=by))
        trial, made = Trial.objects.get_or_create(
            round=a_round,
            run=run,
            key=key_of(asked, ByHand.in_round(a_round)),
            defaults={"asked": asked, "asked_at": at, "keep_until": clock.today(at) + KEEP_TRIAL_FOR},
        )
        if made:
            events.record(actor=by, verb="try_out", thing=trial, at=at)
        jobs.try_again(jobs.enqueue("try_out", str(trial.uuid), {"trial": trial.pk}))
    return trial


def save_trial(*, trial: Trial, answer: dict[str, Any]) -> None:
    """Keep what was worked out."""
    with acting():
        lock(trial)
        trial.answer = answer
        trial.save(update_fields=["answer"])
