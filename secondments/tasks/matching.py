"""The job that matches a round: its broker sees how far it is, and may stop it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from partnerships.ground import clock
from partnerships.ground.jobs import GiveUp, RunningJob, Save, handler
from partnerships.ground.models import Job
from partnerships.matching import engine
from partnerships.matching.types import Allocation, CriterionResult, InvalidProblem, Problem
from secondments.actions.rounds import drop_stopped_run, fail_run, save_run
from secondments.matches.by_hand import with_changes
from secondments.matches.figures import as_stored, figures_of
from secondments.matches.problem import asked_of
from secondments.matches.stages import noted, stages_of
from secondments.models import MatchRun
from secondments.states import RunState

LOOK_SECONDS = 1.0
"""So often the job looks whether its broker wants it to stop."""


class Watch:
    """Between the engine and the broker who waits: says what is done and reached, and hears "stop"."""

    def __init__(self, job: RunningJob, run: MatchRun, criteria: Sequence[str]) -> None:
        self._job = job
        self._stages = stages_of(criteria)
        # Whoever lost the job to another worker must not touch what that one has saved.
        self._run = MatchRun.objects.filter(pk=run.pk, state=RunState.WAITING)
        # What an attempt that was cut off had reached has to be reached again.
        self._criteria: dict[str, dict[str, object]] = {name: {"name": name} for name in criteria}
        self._looked = 0.0
        self._stop = False
        self._done = 0
        self._times = 0
        self._write()

    def stage(self, name: str) -> None:
        # Limits of organisations can take the engine back to a stage that it had left: what is done stays done.
        self._done = max(self._done, self._stages.index(name))
        self._job.progress(self._done, len(self._stages), noted(name, again=self._times > 1))

    def reached(self, result: CriterionResult) -> None:
        told = as_stored(result)
        if self._criteria[result.name] != told:
            self._criteria[result.name] = told
            self._write()

    def stop_asked(self) -> bool:
        if not self._stop and time.monotonic() - self._looked >= LOOK_SECONDS:
            self._stop = self._run.filter(stop_asked_at__isnull=False).exists()
            self._looked = time.monotonic()
        return self._stop

    def solve(self, problem: Problem) -> Allocation:
        """Have the engine say here what it does, and hear from here when to stop.

        Asked once more, it begins anew, and what it had reached is no longer so.
        """
        self._times += 1
        if self._times > 1:
            self._done, self._criteria = 0, {name: {"name": name} for name in self._criteria}
            self._write()
        return engine.solve(problem, progress=self.stage, reached=self.reached, stop=self.stop_asked)

    def _write(self) -> None:
        self._run.update(criteria=list(self._criteria.values()))


def _give_up(job: Job) -> None:
    fail_run(run=_run(job.payload["run"]))


@handler("match_round", how="transactional", on_failure=_give_up)
def match_round(job: RunningJob) -> Save:
    """Solve outside any transaction; what comes back is saved in the one that marks the job done."""
    run = _run(job.payload["run"])
    if run.stop_asked_at is not None:
        # The attempt that was to hear of it was cut off, and what it had is lost.
        return lambda: drop_stopped_run(run=run)
    asked = asked_of(run.round, seed=run.seed, at=clock.now())
    first = with_changes(asked, run.round)
    watch = Watch(job, run, first.rules.criteria)
    try:
        problem, answer, criteria = asked.clashes.solved(first, watch.solve)
    except (InvalidProblem, engine.WrongAnswer) as error:
        # Another attempt would find the same; the sentence names codes and pseudonyms only.
        raise GiveUp(type(error).__name__) from error
    if answer.stopped and len(answer.legs()) <= len(problem.rules.fixed):
        return lambda: drop_stopped_run(run=run)
    figures, days = figures_of(problem, answer), asked.clashes.as_stored(first, problem)
    return lambda: save_run(run=run, problem=problem, answer=answer, criteria=criteria, figures=figures, days=days)


def _run(key: int) -> MatchRun:
    return MatchRun.objects.select_related("round__programme").get(pk=key)
