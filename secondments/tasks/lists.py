"""The job that invites the people of a list."""

from __future__ import annotations

from django.db import transaction

from partnerships.ground import clock
from partnerships.ground.jobs import GiveUp, RunningJob, Save, every, handler
from partnerships.ground.models import Job
from partnerships.ground.problems import Refused
from secondments.actions.lists import fail_list, finish_list, invite_some
from secondments.models import StaffList

from .visits import each_of

ROWS_AT_ONCE = 100
CLOSED = {"round_not_open", "round_called_off"}
"""Why nobody of a list can be invited any more."""


def _give_up(job: Job) -> None:
    staff_list = _list(job.payload["list"])
    if staff_list is not None:
        fail_list(staff_list=staff_list)


@handler("invite_from_list", how="resumable", on_failure=_give_up)
def invite(job: RunningJob) -> Save | None:
    """Some rows at a time; whoever takes this up again goes on after the last line that was dealt with.

    A list goes with the account of whoever sent it, and nobody else is invited from it then.
    """
    staff_list = _list(job.payload["list"])
    if staff_list is None:
        return None
    after = job.cursor.get("after", 0)
    left = [row for row in staff_list.rows if row["line"] > after]
    everybody = job.cursor.get("everybody", len(left))
    for begun in range(0, len(left), ROWS_AT_ONCE):
        some = left[begun : begun + ROWS_AT_ONCE]
        job.progress(everybody - len(left) + begun, everybody)
        try:
            with transaction.atomic():
                invite_some(staff_list=staff_list, rows=some)
                job.save_cursor({"after": some[-1]["line"], "everybody": everybody})
        except Refused as refused:
            if refused.codes <= CLOSED:
                raise GiveUp(",".join(sorted(refused.codes))) from refused
            raise
    return lambda: finish_list(staff_list=staff_list)


@every("look_after_lists", minutes=60, how="resumable")
def look_after_lists(job: RunningJob) -> None:
    """Whoever sent one that nobody works on any more can send the rest of it, or throw it away."""
    at = clock.now()
    each_of(StaffList.objects.left_behind(), lambda row: fail_list(staff_list=row, at=at))


def _list(key: int) -> StaffList | None:
    lists = StaffList.objects.select_related("round__programme__organisation", "organisation", "sent_by")
    return lists.filter(pk=key).first()
