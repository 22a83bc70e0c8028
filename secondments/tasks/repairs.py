"""The jobs that go on once a round is published: what came free is made the best of, until nothing more can come."""

from __future__ import annotations

from dataclasses import replace

from partnerships.ground import clock
from partnerships.ground.jobs import GiveUp, RunningJob, Save, every, handler
from partnerships.ground.models import Job
from partnerships.matching import engine
from partnerships.matching.repair import alone
from partnerships.matching.types import InvalidProblem
from secondments.actions.repairs import begin_repair, save_repair, settle_round
from secondments.actions.rounds import drop_stopped_run, fail_run
from secondments.actions.telling import letters_of_the_end
from secondments.emails import failures
from secondments.matches.repairs import repair_of
from secondments.models import MatchRun, Round
from secondments.states import RoundState

from .matching import Watch
from .rounds import write_all
from .visits import each_of


@handler("repair_round", how="transactional")
def look(job: RunningJob) -> Save:
    """Some time after a visit came to nothing. Where all is known that came free, there is nothing to do.

    A run that is at work may have read the round before this visit was given up: once saved, it looks for what is left.
    """
    a_round = _round(job)

    def save() -> None:
        begin_repair(a_round=a_round, by=None)

    return save


def _give_up(job: Job) -> None:
    fail_run(run=_run(job))


@handler("work_out_repair", how="transactional", on_failure=_give_up)
def work_out(job: RunningJob) -> Save:
    """Solve outside any transaction, with whoever has a visit where they are."""
    run = _run(job)
    if run.stop_asked_at is not None or run.round.state != RoundState.PUBLISHED:
        return lambda: drop_stopped_run(run=run)
    repair = repair_of(run.round, seed=run.seed, at=clock.now())
    watch = Watch(job, run, repair.problem.rules.criteria)
    try:
        before = engine.solve(alone(repair.problem), explained=False)
        problem, answer, criteria = repair.clashes.solved(repair.problem, watch.solve)
    except (InvalidProblem, engine.WrongAnswer) as error:
        # Another attempt would find the same; the sentence names codes and pseudonyms only.
        raise GiveUp(type(error).__name__) from error
    if answer.stopped and len(answer.legs()) <= len(problem.rules.fixed):
        return lambda: drop_stopped_run(run=run)
    asked = replace(repair, problem=problem)
    return lambda: save_repair(run=run, repair=asked, answer=answer, criteria=criteria, before=before)


@every("settle_rounds", minutes=60, how="resumable")
def settle_rounds(job: RunningJob) -> None:
    """Each in a transaction of its own, so that one that is busy keeps no other waiting."""
    at = clock.now()
    each_of(Round.objects.to_settle(clock.today(at)), lambda row: settle_round(a_round=row, at=at))


def _give_up_letters(job: Job) -> None:
    failures.not_all_written(_round(job))


@handler("tell_waiting", how="resumable", on_failure=_give_up_letters)
def tell_waiting(job: RunningJob) -> None:
    """One letter for each who still has no place."""
    write_all(job, letters_of_the_end(_round(job), at=clock.now()))


def _run(job: RunningJob | Job) -> MatchRun:
    return MatchRun.objects.select_related("round__programme").get(pk=job.payload["run"])


def _round(job: RunningJob | Job) -> Round:
    return Round.objects.select_related("programme").get(pk=job.payload["round"])
