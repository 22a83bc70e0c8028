"""A list of people to invite: read from a file, looked over by whoever sent it, and worked off by a job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from partnerships.ground import clock, events, jobs, outbox, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Refused, refuse
from partnerships.models import Organisation, User
from secondments.emails import entering as mails
from secondments.importers.staff import StaffRow
from secondments.models import Entry, Round, StaffList
from secondments.permissions import may_run_round
from secondments.problems import not_allowed, problems_for_entering_anybody, problems_for_saying_anything
from secondments.problems.lists import Judged, Verdict, judge, problems_for_reading_list, problems_for_sending_list
from secondments.states import EntryState, ListState


def read_list(
    *,
    a_round: Round,
    organisation: Organisation | None,
    rows: Sequence[StaffRow],
    by: User,
    at: datetime | None = None,
) -> StaffList:
    """Keep what was read of a file until whoever sent it has looked it over. Nobody is invited yet.

    Without an `organisation` each row names its own, which is for the broker of the round alone.
    """
    at = at or clock.now()
    with acting():
        # Whoever sends the same file twice at once waits here, so that both are counted.
        lock(by)
        if organisation is not None:
            refuse(problems_for_entering_anybody(a_round, organisation, by=by, at=at))
        elif not may_run_round(by, a_round):
            raise Refused([not_allowed()])
        refuse(problems_for_reading_list(by=by, at=at))
        staff_list = StaffList.objects.create(
            round=a_round,
            organisation=organisation,
            state=ListState.READ,
            rows=[_kept(row) for row in rows],
            sent_by=by,
            sent_at=at,
        )
        workflow.created(staff_list, by=by, at=at, verb="read_list")
    return staff_list


def _kept(row: StaffRow) -> dict[str, Any]:
    return {"line": row.line, **({"broken": row.broken} if row.broken else {}), **row.cells}


def throw_away_list(*, staff_list: StaffList, by: User, at: datetime | None = None) -> None:
    """Forget a list whose people are not being invited at the moment."""
    with acting():
        lock(staff_list)
        if staff_list.sent_by_id != by.pk or staff_list.state == ListState.SENDING:
            raise Refused([not_allowed()])
        events.record(actor=by, verb="throw_away_list", thing=staff_list, at=at or clock.now())
        staff_list.delete()


def send_list(*, staff_list: StaffList, by: User, at: datetime | None = None) -> None:
    """Invite those whose rows can be used: asked of a job, once, however often the button is pressed."""
    at = at or clock.now()
    with acting():
        # Whoever sends two lists at once waits here, so that both are counted.
        lock(by, staff_list)
        refuse(problems_for_sending_list(staff_list, by=by, at=at))
        workflow.move(staff_list, to=ListState.SENDING, verb="send_list", by=by, at=at)
        # A press after a job was given up is a new promise, and so a new key.
        jobs.enqueue("invite_from_list", f"{staff_list.uuid} {at.isoformat()}", {"list": staff_list.pk})


def invite_some(*, staff_list: StaffList, rows: Sequence[dict[str, Any]], at: datetime | None = None) -> None:
    """Invite the people of some rows, each as known at this moment. What needs no mending is taken out of the list.

    Refused once nobody can join any more: a mail would ask them for nothing.
    """
    at = at or clock.now()
    by, a_round = staff_list.sent_by, staff_list.round
    with acting():
        lock(a_round, staff_list)
        refuse(problems_for_saying_anything(a_round, at=at))
        judged = judge(staff_list, rows)
        entries = Entry.objects.bulk_create(
            _entry(each, staff_list, at) for each in judged if each.verdict == Verdict.INVITE
        )
        workflow.created_all(entries, by=by, at=at, verb="invite_some")
        with outbox.together():
            mails.ask(*entries)
        done = {each.row["line"] for each in judged if each.verdict != Verdict.WRONG}
        staff_list.rows = [row for row in staff_list.rows if row["line"] not in done]
        staff_list.invited += len(entries)
        staff_list.known += len(done) - len(entries)
        staff_list.save(update_fields=["rows", "invited", "known"])


def _entry(each: Judged, staff_list: StaffList, at: datetime) -> Entry:
    manager = str(each.row.get("agrees_email", "")).lower()
    return Entry(
        round=staff_list.round,
        organisation=each.organisation,
        state=EntryState.WAITING,
        name=each.row["name"],
        email=each.email,
        job_title=each.row.get("job_title", ""),
        is_commissioner=each.is_commissioner,
        said={"agrees_email": manager} if manager else {},
        entered_by=staff_list.sent_by,
        entered_at=at,
        asked_at=at,
    )


def finish_list(*, staff_list: StaffList, at: datetime | None = None) -> None:
    """Everybody is invited who can be; what is left in the list is to be mended."""
    with acting():
        workflow.move(staff_list, to=ListState.DONE, verb="finish_list", by=None, at=at or clock.now())


def fail_list(*, staff_list: StaffList, at: datetime | None = None) -> None:
    """The job was given up. Whoever was invited is out of the list; the others can be invited by another press."""
    with acting():
        workflow.move(staff_list, to=ListState.READ, verb="fail_list", by=None, at=at or clock.now())
