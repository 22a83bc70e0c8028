"""The jobs that ask everyone in a matched round and write to them, and the clock that moves a round on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from partnerships.ground import clock, jobs, outbox
from partnerships.ground.jobs import RunningJob, Save, every, handler
from partnerships.ground.models import Job
from partnerships.ground.problems import Refused
from partnerships.models import User
from secondments.actions.programmes import open_round
from secondments.actions.publishing import ask_everyone, fail_publishing
from secondments.actions.rounds import ask_for_match, close_round
from secondments.actions.telling import Unwritten, letters_of, letters_of_calling_off
from secondments.emails import failures
from secondments.emails import rounds as mails
from secondments.models import MatchRun, Round
from secondments.states import RoundState

LETTERS_AT_ONCE = 100
WARN_BEFORE = timedelta(days=3)


def _give_up_publishing(job: Job) -> None:
    fail_publishing(run=_run(job.payload))


@handler("publish_round", how="transactional", on_failure=_give_up_publishing)
def publish(job: RunningJob) -> Save:
    """All of it is reading and writing what must not change meanwhile, and so one transaction: the one of "done"."""
    run, by = _run(job.payload), User.objects.get(pk=job.payload["by"])

    def save() -> None:
        ask_everyone(run=run, by=by)

    return save


def _give_up_letters(job: Job) -> None:
    failures.not_all_written(_run(job.payload).round)


@handler("tell_everyone", how="resumable", on_failure=_give_up_letters)
def tell(job: RunningJob) -> None:
    """One letter for each reader."""
    write_all(job, letters_of(_run(job.payload), at=clock.now()))


def _give_up_calling_off(job: Job) -> None:
    failures.not_all_written(_round(job.payload))


@handler("tell_called_off", how="resumable", on_failure=_give_up_calling_off)
def tell_called_off(job: RunningJob) -> None:
    """One letter for everybody who has joined."""
    write_all(job, letters_of_calling_off(_round(job.payload), at=clock.now()))


def write_all(job: RunningJob, letters: Sequence[Unwritten]) -> None:
    """Some hundred letters at a time, in the order of their keys; taken up again, it goes on after the last."""
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


def _round(payload: dict[str, Any]) -> Round:
    return Round.objects.select_related("programme__organisation").get(pk=payload["round"])


@every("move_rounds", at_hour=0)
def move_rounds(job: RunningJob) -> Save:
    """Each round whose own dates move it on; one that cannot be moved is in nobody's way."""
    day = clock.today()
    due = list(Round.objects.to_move(day).values_list("pk", flat=True))

    def save() -> None:
        jobs.enqueue_many("move_round", [(f"{key} {day}", {"round": key}) for key in due])

    return save


@handler("move_round", how="transactional")
def move_round(job: RunningJob) -> Save:
    """It opens, closes and asks for its match; a proposal is then its broker's. Where nobody has joined it waits."""
    a_round = Round.objects.get(pk=job.payload["round"])
    day = clock.today()

    def save() -> None:
        if a_round.state == RoundState.DRAFT and a_round.opens_on and a_round.opens_on <= day:
            open_round(a_round=a_round, by=None)
        if a_round.state == RoundState.OPEN and a_round.join_by < day:
            close_round(a_round=a_round, by=None)
        if a_round.state == RoundState.CLOSED and a_round.match_on and a_round.match_on <= day:
            _match_unless_nobody_joined(a_round)

    return save


def _match_unless_nobody_joined(a_round: Round) -> None:
    try:
        ask_for_match(a_round=a_round, by=None)
    except Refused as refused:
        if refused.codes != {"nobody_joined"}:
            raise


@every("warn_of_rounds", at_hour=8)
def warn_of_rounds(job: RunningJob) -> Save:
    """The brokers of a round hear some days before it moves on by itself, of each date once."""
    day = clock.today()
    near = list(Round.objects.with_a_date_until(day + WARN_BEFORE, after=day))

    def save() -> None:
        jobs.enqueue_many(
            "warn_of_round",
            [
                (f"{each.pk} {what} {when}", {"round": each.pk, "what": what, "day": when.isoformat()})
                for each in near
                for what, when in each.dates_ahead()
                if when <= day + WARN_BEFORE
            ],
        )

    return save


@handler("warn_of_round", how="transactional")
def warn_of_round(job: RunningJob) -> Save | None:
    """Read afresh: a date that was changed since is warned of when it is near."""
    a_round = _round(job.payload)
    what, day = job.payload["what"], date.fromisoformat(job.payload["day"])
    if (what, day) not in a_round.dates_ahead():
        return None
    return lambda: mails.about_to_move(a_round, what, day)
