"""The jobs that match a round, ask everyone in it and write to them, and the clock that moves one on."""

from __future__ import annotations

from typing import Any

from partnerships.ground import clock, outbox
from partnerships.ground.jobs import GiveUp, RunningJob, Save, every, handler
from partnerships.ground.models import Job
from partnerships.matching import engine
from partnerships.matching.types import InvalidProblem
from partnerships.models import User
from secondments.actions.publishing import ask_everyone, fail_publishing
from secondments.actions.rounds import close_round, fail_run, save_run
from secondments.actions.telling import letters_of
from secondments.matches import problem_of
from secondments.models import MatchRun, Round

STAGES_BESIDE_CRITERIA = 4
"""Candidates, score, explain, verify; each criterion is a stage too."""


LETTERS_AT_ONCE = 100


def _give_up(job: Job) -> None:
    fail_run(run=_run(job.payload))


@handler("match_round", how="transactional", on_failure=_give_up)
def match_round(job: RunningJob) -> Save:
    """Solve outside any transaction; what comes back is saved in the one that marks the job done."""
    run = _run(job.payload)
    problem = problem_of(run.round, seed=run.seed, at=clock.now())
    stages = STAGES_BESIDE_CRITERIA + len(run.round.criteria)
    begun = iter(range(stages))
    try:
        answer = engine.solve(problem, progress=lambda stage: job.progress(next(begun, stages), stages, stage))
    except (InvalidProblem, engine.WrongAnswer) as error:
        # Another attempt would find the same; the sentence names codes and pseudonyms only.
        raise GiveUp(type(error).__name__) from error
    return lambda: save_run(run=run, problem=problem, answer=answer)


def _give_up_publishing(job: Job) -> None:
    fail_publishing(run=_run(job.payload))


@handler("publish_round", how="transactional", on_failure=_give_up_publishing)
def publish(job: RunningJob) -> Save:
    """All of it is reading and writing what must not change meanwhile, and so one transaction: the one of "done"."""
    run, by = _run(job.payload), User.objects.get(pk=job.payload["by"])

    def save() -> None:
        ask_everyone(run=run, by=by)

    return save


@handler("tell_everyone", how="resumable")
def tell(job: RunningJob) -> None:
    """One letter for each reader, some hundred at a time; whoever takes this up again goes on after the last."""
    letters = letters_of(_run(job.payload), at=clock.now())
    left = [letter for letter in letters if letter.key > job.cursor.get("after", "")]
    for begun in range(0, len(left), LETTERS_AT_ONCE):
        some = left[begun : begun + LETTERS_AT_ONCE]
        job.progress(len(letters) - len(left) + begun, len(letters))
        with outbox.together():
            for letter in some:
                letter.write()
            job.save_cursor({"after": some[-1].key})


def _run(payload: dict[str, Any]) -> MatchRun:
    return MatchRun.objects.select_related("round__programme").get(pk=payload["run"])


@every("close_rounds", at_hour=0)
def close_rounds(job: RunningJob) -> Save:
    """A round closes by itself after its last day to join."""
    over = Round.objects.to_close(clock.today())

    def save() -> None:
        for a_round in over:
            close_round(a_round=a_round, by=None)

    return save
