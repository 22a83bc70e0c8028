"""The job that invites the people of a list."""

from __future__ import annotations

from django.db import transaction

from partnerships.ground.jobs import RunningJob, Save, handler
from partnerships.ground.models import Job
from secondments.actions.lists import fail_list, finish_list, invite_some
from secondments.models import StaffList

ROWS_AT_ONCE = 100


def _give_up(job: Job) -> None:
    fail_list(staff_list=_list(job.payload["list"]))


@handler("invite_from_list", how="resumable", on_failure=_give_up)
def invite(job: RunningJob) -> Save:
    """Some rows at a time; whoever takes this up again goes on after the last line that was dealt with."""
    staff_list = _list(job.payload["list"])
    after = job.cursor.get("after", 0)
    left = [row for row in staff_list.rows if row["line"] > after]
    everybody = job.cursor.get("everybody", len(left))
    for begun in range(0, len(left), ROWS_AT_ONCE):
        some = left[begun : begun + ROWS_AT_ONCE]
        job.progress(everybody - len(left) + begun, everybody)
        with transaction.atomic():
            invite_some(staff_list=staff_list, rows=some)
            job.save_cursor({"after": some[-1]["line"], "everybody": everybody})
    return lambda: finish_list(staff_list=staff_list)


def _list(key: int) -> StaffList:
    return StaffList.objects.select_related("round__programme__organisation", "organisation", "sent_by").get(pk=key)
