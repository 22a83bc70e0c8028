"""What a change by hand would do, and how far the job is that works it out in a large round."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from partnerships.ground.models import Job
from partnerships.ground.problems import Refused
from partnerships.ground.states import JobState
from partnerships.matching.compare import Change, Comparison
from partnerships.permissions import me
from secondments.actions.trials import try_out
from secondments.matches import stage_words
from secondments.matches.by_hand import ByHand
from secondments.matches.costs import touched
from secondments.matches.trials import change_as_asked, cost_while_waiting, found_by, key_of
from secondments.models import MatchRun, Round, Trial
from secondments.models.programmes import LARGEST_EXCHANGE
from secondments.views.desk.comparing import criteria_rows
from secondments.views.progress import Progress

MOST_TOUCHED = 20
SMALL, SMALL_WITH_RINGS = 300, 60
"""A round of so many people is worked out while its broker waits, and a larger one by a job; where three may go round
there is far more to choose from."""


def cost_of_change(run: MatchRun, change: Change, by_hand: ByHand) -> dict[str, Any]:
    """What a page says of it: what it would do, or that this is being worked out, or that nobody has asked for it."""
    trial = Trial.objects.asking(run, key_of(change_as_asked(change), by_hand)).first()
    try:
        found = found_by(trial) if trial else _at_once(run, change, by_hand)
    except Refused as refused:
        return {"possible": False, "problems": refused.problems}
    if found is not None:
        return {"possible": True, **_words(found)}
    return {"possible": True, "trial": trial, "progress": progress_of_trial(trial) if trial else None, "large": True}


def try_change(request: HttpRequest, a_round: Round, run: MatchRun, change: Change) -> HttpResponse:
    """Ask a job what a change would do, and show the same page, which says so."""
    try:
        try_out(a_round=a_round, run=run, asked=change_as_asked(change), by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(request.get_full_path())


def _at_once(run: MatchRun, change: Change, by_hand: ByHand) -> Comparison | None:
    small = SMALL if run.round.programme.largest_exchange < LARGEST_EXCHANGE else SMALL_WITH_RINGS
    return cost_while_waiting(run, change, by_hand) if run.figures.get("joined", 0) <= small else None


def _words(found: Comparison) -> dict[str, Any]:
    sentences, more = touched(found, most=MOST_TOUCHED)
    return {
        "criteria": criteria_rows(found.criteria),
        "touched": sentences,
        "more": more,
    }


def progress_of_trial(trial: Trial) -> Progress | None:
    """How far the job is; None once it has ended, well or not."""
    job = Job.objects.of_these({"try_out": str(trial.uuid)}).first()
    if job is None or job.ended:
        return None
    waits = job.state == JobState.WAITING or not job.progress_note
    return Progress(
        stage=_("Waiting for its turn") if waits else stage_words(job.progress_note),
        text=_("You can close this page and come back to it. Nothing is changed, and nobody is told."),
        done=job.progress_done,
        total=job.progress_total,
    )
