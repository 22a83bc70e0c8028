"""The job that invites the people of a list: whom, how many a day, and what becomes of the list."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from partnerships.actions.accounts import close_account
from partnerships.ground import jobs
from partnerships.ground.models import Event, Job, OutboxMail
from partnerships.ground.states import JobState
from partnerships.models import User
from partnerships.states import WhoAgrees
from secondments.actions.lists import invite_some, read_list, send_list
from secondments.importers.staff import read
from secondments.models import Entry, Round, StaffList
from secondments.my_data import collect
from secondments.problems import lists as problems
from secondments.retention import rules
from secondments.states import EntryState, ListState, RoundState
from secondments.tasks import lists as tasks
from tests.at_once import first_and_meanwhile
from tests.cast import Cast
from tests.factories import AT, make_round
from tests.secondments.proposals import refusal
from tests.secondments.staff_lists import many, press, send_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.advice.who_agrees = WhoAgrees.SELF
    cast.advice.save()
    return make_round(cast.cvs)


def test_the_events_and_the_job_hold_nobody(cast: Cast, a_round: Round) -> None:
    send_file(cast.host, a_round)
    press(cast.host, "staff-list-send")
    jobs.run_due()
    kept = [
        *Event.objects.values_list("verb", "thing_type", "reason"),
        *Job.objects.values_list("key", "payload", "cursor"),
    ]
    assert "zoe" not in str(kept).lower()
    assert Event.objects.filter(verb="invite_some").count() == 1


def test_a_job_that_was_cut_off_goes_on_and_asks_nobody_twice(
    cast: Cast, a_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after `kill -9`: the batch at hand is lost whole, and those before it stay."""
    send_file(cast.host, a_round, many(25))
    monkeypatch.setattr(tasks, "ROWS_AT_ONCE", 10)
    press(cast.host, "staff-list-send")
    real: Any = invite_some
    calls: list[object] = []

    def dies_in_the_second(**arguments: Any) -> None:
        calls.append(arguments)
        real(**arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(tasks, "invite_some", dies_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_due()
    assert Entry.objects.count() == 10
    assert OutboxMail.objects.filter(to__startswith="p").count() == 10
    Job.objects.filter(kind="invite_from_list").update(state=JobState.WAITING, token=None, lease_until=None)
    monkeypatch.setattr(tasks, "invite_some", real)
    jobs.run_due()
    assert Entry.objects.count() == OutboxMail.objects.filter(to__startswith="p").count() == 25
    done = StaffList.objects.get()
    assert (done.state, done.invited, done.known, done.rows) == (ListState.DONE, 25, 0, [])


def test_a_job_that_is_given_up_leaves_the_others_to_be_invited(
    cast: Cast, a_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_file(cast.host, a_round, many(3))
    press(cast.host, "staff-list-send")

    def fails(**arguments: Any) -> None:
        raise jobs.GiveUp("nothing_works")

    monkeypatch.setattr(tasks, "invite_some", fails)
    jobs.run_due()
    assert StaffList.objects.get().state == ListState.READ
    monkeypatch.undo()


def test_a_list_whose_job_was_stopped_is_in_its_senders_hands_again_within_the_hour(cast: Cast, a_round: Round) -> None:
    """An administrator ended it, or what should have followed its failure failed too: else it could not even be thrown
    away."""
    send_file(cast.host, a_round)
    press(cast.host, "staff-list-send")
    look = partial(jobs.enqueue, "look_after_lists")
    look("first", {"scheduled_for": AT.isoformat()})
    job = Job.objects.get(kind="invite_from_list")
    Job.objects.filter(pk=job.pk).update(due_at=AT + timedelta(days=9000))
    jobs.run_due()
    assert StaffList.objects.get().state == ListState.SENDING, "Somebody is about to work on it."
    jobs.request_stop(job)
    look("second", {"scheduled_for": AT.isoformat()})
    jobs.run_due()
    assert StaffList.objects.get().state == ListState.READ
    send_list(staff_list=StaffList.objects.get(), by=cast.host, at=AT + timedelta(hours=1))
    jobs.run_due()
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    "ended",
    [{"state": RoundState.CLOSED}, {"state": RoundState.CALLED_OFF}, {"join_by": AT.date() - timedelta(days=1)}],
)
def test_nobody_is_invited_to_a_round_that_can_be_joined_no_more(
    cast: Cast, a_round: Round, ended: dict[str, object]
) -> None:
    """It ended between the press and the job: the list stands as it was, and another press says why."""
    send_file(cast.host, a_round)
    press(cast.host, "staff-list-send")
    Round.objects.update(**ended, **({"called_off_because": "Too few."} if "state" in ended else {}))
    jobs.run_due()
    assert not Entry.objects.exists()
    assert not OutboxMail.objects.filter(to="zoe@advice.example.org").exists()
    assert StaffList.objects.get().state == ListState.READ
    assert Job.objects.get(kind="invite_from_list").attempts == 1, "Another attempt would find the same."


def test_a_list_whose_sender_closes_their_account_is_worked_off_no_more(cast: Cast, a_round: Round) -> None:
    send_file(cast.host, a_round)
    press(cast.host, "staff-list-send")
    cast.adviser.memberships.update(is_coordinator=True)
    close_account(user=cast.host, by=cast.host, at=AT)
    jobs.run_due()
    assert not Entry.objects.exists()
    assert Job.objects.get(kind="invite_from_list").state == JobState.DONE


def two_lists(cast: Cast, a_round: Round) -> list[StaffList]:
    """Of three people each, where five may be invited in a day."""
    return [
        read_list(a_round=a_round, organisation=cast.advice, rows=read(many(3, domain).encode()), by=cast.host, at=AT)
        for domain in ("advice.example.org", "other.example.org")
    ]


def test_a_list_that_is_being_sent_counts_for_the_day_before_anybody_is_invited(
    cast: Cast, a_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pressed one after the other, before the job of the first has begun."""
    monkeypatch.setattr(problems, "MOST_A_DAY", 5)
    first, second = two_lists(cast, a_round)
    send_list(staff_list=first, by=cast.host, at=AT)
    for _time in range(2):
        with refusal("too_many_entries"):
            send_list(staff_list=second, by=cast.host, at=AT)
        jobs.run_due()
    assert Entry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_lists_that_are_sent_at_once_count_for_one_day(
    cast: Cast, a_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "MOST_A_DAY", 5)
    first, second = two_lists(cast, a_round)
    other = User.objects.get(pk=cast.host.pk)
    heard = first_and_meanwhile(
        lambda: send_list(staff_list=first, by=cast.host, at=AT),
        lambda: send_list(staff_list=second, by=other, at=AT),
    )
    assert heard == {"too_many_entries"}


@pytest.mark.django_db(transaction=True)
def test_two_lists_with_the_same_people_at_once_ask_each_of_them_once(cast: Cast, a_round: Round) -> None:
    rows = read(many(30).encode())
    made = [
        read_list(a_round=a_round, organisation=cast.advice, rows=rows, by=user, at=AT)
        for user in (cast.host, cast.broker)
    ]
    errors: list[BaseException] = []

    def invite(staff_list: StaffList) -> None:
        try:
            invite_some(staff_list=staff_list, rows=list(staff_list.rows))
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=invite, args=[each]) for each in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert Entry.objects.filter(state=EntryState.WAITING).count() == 30
    assert sorted(StaffList.objects.values_list("invited", "known")) == [(0, 30), (30, 0)]


def test_who_stands_in_a_list_reads_so_in_their_data_and_goes_with_their_account(cast: Cast, a_round: Round) -> None:
    """However the file writes their address; the others stay, and so does whoever has a like one."""
    rows = "Name,Email,Job title\nAda,ADA@Advice.example.org,Adviser\nEve,eve.ada@advice.example.org,\nBad,nobody,\n"
    send_file(cast.host, a_round, rows)
    [found] = collect(cast.adviser)["lists_of_people_to_invite_that_name_you"]
    assert (found["round__name"], found["name"], found["job_title"]) == ("Winter round", "Ada", "Adviser")
    assert collect(cast.outsider)["lists_of_people_to_invite_that_name_you"] == []
    close_account(user=cast.adviser, by=cast.adviser, at=AT)
    left = StaffList.objects.get()
    assert [row["name"] for row in left.rows] == ["Eve", "Bad"]
    assert "ada@advice" not in str(left.rows).lower().replace("eve.ada@advice", "")


def test_a_list_that_nobody_sent_goes_after_a_week(cast: Cast, a_round: Round) -> None:
    """One that is being sent at that moment stays until its last row is dealt with."""
    send_file(cast.host, a_round)
    (rule,) = (each for each in rules() if each.model == "secondments.StaffList")
    StaffList.objects.update(state=ListState.SENDING)
    assert rule.apply(AT + timedelta(days=8)) == 0  # type: ignore[union-attr,misc]  # a period, which is applied
    StaffList.objects.update(state=ListState.READ)
    assert rule.apply(AT + timedelta(days=6)) == 0  # type: ignore[union-attr,misc]  # a period, which is applied
    assert rule.apply(AT + timedelta(days=8)) == 1  # type: ignore[union-attr,misc]  # a period, which is applied
    assert not StaffList.objects.exists()
