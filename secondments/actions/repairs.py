"""After a round was published: the best use of what came free, without a new round and with everybody else as they are.

A job works it out, a broker offers it, and once nothing more can come, whoever still waits hears that it is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from partnerships.ground import clock, events, jobs, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Problem, Refused, refuse
from partnerships.matching.types import Allocation, CriterionResult
from partnerships.models import User
from secondments.emails import repairs as mails
from secondments.matches.repairs import Repair
from secondments.matches.since import became
from secondments.models import Match, MatchRun, Round
from secondments.permissions import may_run_round
from secondments.problems import not_allowed, problems_for_leaving_free, problems_for_offering, problems_for_repairing
from secondments.states import RoundState, RunKind, RunState

from .answers import stored, write_visits
from .publishing import Published, ask_for_all, lock_all_that_is_asked
from .rounds import ask_for_run, drop_stopped_run


def begin_repair(*, a_round: Round, by: User | None, at: datetime | None = None) -> MatchRun | None:
    """Have a job work out the best use of what came free; None where there is nothing to do, or one is at it.

    By nobody in particular where a visit came to nothing. A broker asks once more where it failed or was stopped.
    """
    at = at or clock.now()
    with acting():
        lock(a_round)
        if by is not None:
            refuse([] if may_run_round(by, a_round) else [not_allowed()])
            refuse(problems_for_repairing(a_round))
        elif not a_round.came_free().exists() or a_round.state != RoundState.PUBLISHED or a_round.is_worked_on():
            return None
        return ask_for_run(a_round, RunKind.REPAIR, seed=a_round.latest_run().seed, by=by, at=at)


def save_repair(
    *,
    run: MatchRun,
    repair: Repair,
    answer: Allocation,
    before: Allocation,
    criteria: Iterable[CriterionResult] | None = None,
    at: datetime | None = None,
) -> None:
    """Save a verified answer whole, in place of an earlier one that nobody has offered.

    `before`: what there is while nothing of it is offered. `criteria`: as of `save_run`. What came free since the round
    was read is looked at next.
    """
    at = at or clock.now()
    with acting():
        lock(run.round, run)
        if run.round.state != RoundState.PUBLISHED:
            drop_stopped_run(run=run, at=at)
            return
        _refuse_if_somebody_was_placed_since(run.round, repair)
        heard = _put_earlier_aside(run, at)
        kept = stored(repair.problem, answer, criteria)
        for criterion, was in zip(kept["criteria"], before.criteria, strict=True):
            criterion["before"] = was.value
        workflow.move(run, to=RunState.SOLVED, verb="save_repair", by=None, at=at, finished_at=at, **kept)
        Match.objects.filter(pk__in=repair.came_free).update(repaired_in=run)
        if write_visits(run, repair.problem, answer, at=at) and not heard:
            mails.repair_waits(run)
        if run.round.came_free().exists():
            jobs.enqueue("repair_round", f"since {run.uuid}", {"round": run.round_id})


def _refuse_if_somebody_was_placed_since(a_round: Round, repair: Repair) -> None:
    """The job then reads everything afresh: an answer that does not know of them could place somebody twice."""
    since = Match.objects.standing().filter(run__round=a_round).exclude(pk__in=repair.stands)
    if since.exists():
        raise Refused([Problem("placed_since", _("Somebody was given a place meanwhile. Look at the round again."))])


def _put_earlier_aside(run: MatchRun, at: datetime) -> bool:
    """Whether its brokers have heard of one that waits: then this one stands in its place, and they need not again."""
    repairs = run.round.runs.repairs().filter(state=RunState.SOLVED)
    earlier = list(repairs.exclude(pk=run.pk))
    heard = Match.objects.filter(run__in=earlier).exists()
    workflow.move_all(earlier, to=RunState.DISCARDED, verb="save_repair", by=None, at=at)
    Match.objects.filter(repaired_in__in=earlier).update(repaired_in=run)
    return heard


def offer_repair(*, run: MatchRun, by: User, at: datetime | None = None) -> Published:
    """Ask for the visits of a repair as publishing does: once, however many brokers press."""
    at = at or clock.now()
    with acting():
        lock_all_that_is_asked(run)
        lock(run)
        refuse(problems_for_offering(run))
        workflow.move(run, to=RunState.OFFERED, verb="offer_repair", by=by, at=at)
        return ask_for_all(run, by=by, at=at)


def put_repair_aside(*, run: MatchRun, by: User, at: datetime | None = None) -> None:
    """Offer nothing of it. Those who wait go on waiting, until there is more or the round is over."""
    at = at or clock.now()
    with acting():
        lock(run.round, run)
        refuse(problems_for_offering(run))
        workflow.move(run, to=RunState.DISCARDED, verb="put_repair_aside", by=by, at=at)


def leave_what_came_free(*, a_round: Round, by: User, at: datetime | None = None) -> None:
    """Have no more of it worked out, after that has failed or was stopped: a broker may offer nothing."""
    at = at or clock.now()
    with acting():
        lock(a_round)
        refuse([] if may_run_round(by, a_round) else [not_allowed()])
        refuse(problems_for_leaving_free(a_round))
        ended = a_round.runs.light().to_work_out_again().get()
        Match.objects.filter(pk__in=a_round.came_free()).update(repaired_in=ended)
        events.record(actor=by, verb="leave_what_came_free", thing=a_round, at=at)


def settle_round(*, a_round: Round, at: datetime | None = None) -> None:
    """All have answered and nothing waits to be offered: whoever has no place hears once that it is over."""
    at = at or clock.now()
    with acting():
        lock(a_round)
        if not Round.objects.to_settle(clock.today(at)).filter(pk=a_round.pk).exists():
            return
        left = a_round.runs.repairs().filter(state=RunState.SOLVED)
        workflow.move_all(left, to=RunState.DISCARDED, verb="settle_round", by=None, at=at)
        a_round.settled_at = at
        found = became(a_round)
        if found and a_round.results:
            a_round.results["since"] = found.told(clock.today(at))
        a_round.save(update_fields=["settled_at", "results"])
        events.record(actor=None, verb="settle_round", thing=a_round, at=at)
        jobs.enqueue("tell_waiting", str(a_round.pk), {"round": a_round.pk})
