"""What was begun for a round and is in nobody's hands: the clock looks every hour, as nobody else can do anything.

A job that is given up moves its round back (`fail_run`, `fail_publishing`), so that a broker can press again. Where
that failed too, or what should have looked at what came free was given up, the round would stand still for ever.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from partnerships.ground import clock
from partnerships.ground.locks import acting, lock
from partnerships.ground.models import Job
from secondments.models import Match, MatchRun, Round
from secondments.states import RoundState, RunKind, RunState

from .publishing import fail_publishing
from .repairs import begin_repair
from .rounds import JOBS, fail_run

MOST_FAILURES = 3
"""So often what came free is worked out by itself without an answer; then it waits for a broker, or for the next no."""


def rounds_to_look_after(*, at: datetime) -> QuerySet[Round]:
    """Those that a job works for, or should."""
    worked_on = Q(state=RoundState.PUBLISHING) | Exists(MatchRun.objects.waiting().filter(round=OuterRef("pk")))
    came_free = Exists(Match.objects.to_repair().filter(run__round=OuterRef("pk")))
    goes_on = Q(state=RoundState.PUBLISHED, ends_on__gte=clock.today(at))
    return Round.objects.filter(worked_on | goes_on & came_free)


def look_after_round(*, a_round: Round, at: datetime | None = None) -> None:
    """End what nobody works on, as if its job had been given up now; begin what nobody has begun, a few times."""
    at = at or clock.now()
    with acting():
        lock(a_round)
        run = a_round.runs.light().waiting().first()
        if a_round.state == RoundState.PUBLISHING:
            proposed = a_round.latest_run()
            if not _in_hand("publish_round", proposed):
                fail_publishing(run=proposed, at=at)
        elif run is not None:
            if not _in_hand(JOBS[RunKind(run.kind)], run):
                fail_run(run=run, at=at)
        elif _may_begin(a_round):
            begin_repair(a_round=a_round, by=None, at=at)


def _in_hand(kind: str, run: MatchRun) -> bool:
    return Job.objects.about(kind, run.uuid).to_end().exists()


def _may_begin(a_round: Round) -> bool:
    """Unless somebody is about to look, a broker has stopped it, or it has failed too often."""
    if Job.objects.of_kind("repair_round").to_end().filter(payload__round=a_round.pk).exists():
        return False
    stopped = a_round.runs.light().to_work_out_again().filter(state=RunState.STOPPED).exists()
    return not stopped and a_round.runs.failed_since_an_answer().count() < MOST_FAILURES
