"""Letters of a round whose job was given up: its brokers hear of it, and have the rest written."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from partnerships.ground import clock, events, jobs
from partnerships.ground.locks import acting, lock
from partnerships.ground.models import Job
from partnerships.ground.problems import Problem, Refused, refuse
from partnerships.models import User
from secondments.models import Round
from secondments.permissions import may_run_round
from secondments.problems import not_allowed


def letters_given_up(a_round: Round) -> QuerySet[Job]:
    """The jobs that were to write to everyone, to those who waited to the end, or to whom a broker wrote."""
    runs = a_round.runs.annotate(key=Cast("uuid", TextField())).order_by().values("key")
    letters = a_round.letters.annotate(key=Cast("uuid", TextField())).order_by().values("key")
    return Job.objects.given_up().filter(
        Q(kind="tell_everyone", key__in=runs)
        | Q(kind="write_to_people", key__in=letters)
        | Q(kind__in=["tell_waiting", "tell_called_off"], key=str(a_round.pk))
    )


def write_the_rest(*, a_round: Round, by: User, at: datetime | None = None) -> None:
    """Go on after the last letter that was written: nobody gets one twice."""
    at = at or clock.now()
    with acting():
        lock(a_round)
        if not may_run_round(by, a_round):
            raise Refused([not_allowed()])
        given_up = list(letters_given_up(a_round))
        refuse([] if given_up else [_nothing_unwritten()])
        for job in given_up:
            jobs.try_again(job)
        events.record(actor=by, verb="write_the_rest", thing=a_round, at=at)


def _nothing_unwritten() -> Problem:
    return Problem("nothing_unwritten", _("Every letter of this round is written, or is being written now."))
