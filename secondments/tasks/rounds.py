"""The job that matches a round, and the clock that closes one."""

from __future__ import annotations

from partnerships.ground import clock
from partnerships.ground.jobs import GiveUp, RunningJob, Save, every, handler
from partnerships.ground.models import Job
from partnerships.matching import engine
from partnerships.matching.types import InvalidProblem
from secondments.actions.rounds import close_round, fail_run, save_run
from secondments.matches import problem_of
from secondments.models import MatchRun, Round

STAGES_BESIDE_CRITERIA = 4
"""Candidates, score, explain, verify; each criterion is a stage too."""


def _give_up(job: Job) -> None:
    fail_run(run=MatchRun.objects.get(pk=job.payload["run"]))


@handler("match_round", how="transactional", on_failure=_give_up)
def match_round(job: RunningJob) -> Save:
    """Solve outside any transaction; what comes back is saved in the one that marks the job done."""
    run = MatchRun.objects.select_related("round__programme").get(pk=job.payload["run"])
    problem = problem_of(run.round, seed=run.seed, at=clock.now())
    stages = STAGES_BESIDE_CRITERIA + len(run.round.criteria)
    begun = iter(range(stages))
    try:
        answer = engine.solve(problem, progress=lambda stage: job.progress(next(begun, stages), stages, stage))
    except (InvalidProblem, engine.WrongAnswer) as error:
        # Another attempt would find the same; the sentence names codes and pseudonyms only.
        raise GiveUp(type(error).__name__) from error
    return lambda: save_run(run=run, problem=problem, answer=answer)


@every("close_rounds", at_hour=0)
def close_rounds(job: RunningJob) -> Save:
    """A round closes by itself after its last day to join."""
    over = Round.objects.to_close(clock.today())

    def save() -> None:
        for a_round in over:
            close_round(a_round=a_round, by=None)

    return save
