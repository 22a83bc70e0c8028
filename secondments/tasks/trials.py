"""The job that works out what a broker tries."""

from __future__ import annotations

from partnerships.ground.jobs import GiveUp, RunningJob, Save, handler
from partnerships.ground.problems import Refused
from partnerships.matching import engine
from partnerships.matching.compare import NoRoom
from partnerships.matching.types import InvalidProblem
from secondments.actions.trials import save_trial
from secondments.matches.trials import work_out
from secondments.models import Trial

STAGES = 9
"""Candidates, score, five criteria at most, explain, verify."""


@handler("try_out", how="transactional")
def try_out(job: RunningJob) -> Save | None:
    """Solve outside any transaction. What was tried and has been forgotten since is nobody's question any more."""
    trial = Trial.objects.select_related("run__round", "round").filter(pk=job.payload["trial"]).first()
    if trial is None:
        return None
    begun = iter(range(STAGES))
    try:
        answer = work_out(trial, progress=lambda stage: job.progress(next(begun, STAGES), STAGES, stage))
    except (InvalidProblem, NoRoom, Refused, engine.WrongAnswer) as error:
        # Another attempt would find the same.
        raise GiveUp(type(error).__name__) from error
    return lambda: save_trial(trial=trial, answer=answer)
