"""The jobs that go on once a round is published: what came free is made the best of, until nothing more can come."""

from __future__ import annotations

from partnerships.ground import clock
from partnerships.ground.jobs import GiveUp, RunningJob, Save, every, handler
from partnerships.matching import engine
from partnerships.matching.repair import alone
from partnerships.matching.types import InvalidProblem
from secondments.actions.repairs import save_repair, settle_round
from secondments.actions.telling import letters_of_the_end
from secondments.matches.repairs import repair_of
from secondments.models import Match, Round
from secondments.states import RoundState

from .rounds import write_all
from .visits import each_of


@handler("repair_round", how="transactional")
def repair_round(job: RunningJob) -> Save | None:
    """Solve outside any transaction. Where another job has made up for all that came free, there is nothing to do."""
    a_round = _round(job)
    came_free = Match.objects.to_repair().filter(run__round=a_round)
    if a_round.state != RoundState.PUBLISHED or not came_free.exists():
        return None
    repair = repair_of(a_round, seed=a_round.latest_run().seed, at=clock.now())
    try:
        before, answer = engine.solve(alone(repair.problem)), engine.solve(repair.problem)
    except (InvalidProblem, engine.WrongAnswer) as error:
        # Another attempt would find the same; the sentence names codes and pseudonyms only.
        raise GiveUp(type(error).__name__) from error

    def save() -> None:
        save_repair(a_round=a_round, repair=repair, answer=answer, before=before)

    return save


@every("settle_rounds", minutes=60, how="resumable")
def settle_rounds(job: RunningJob) -> None:
    """Each in a transaction of its own, so that one that is busy keeps no other waiting."""
    at = clock.now()
    each_of(Round.objects.to_settle(clock.today(at)), lambda row: settle_round(a_round=row, at=at))


@handler("tell_waiting", how="resumable")
def tell_waiting(job: RunningJob) -> None:
    """One letter for each who still has no place."""
    write_all(job, letters_of_the_end(_round(job), at=clock.now()))


def _round(job: RunningJob) -> Round:
    return Round.objects.select_related("programme").get(pk=job.payload["round"])
