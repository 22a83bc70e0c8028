"""Inviting the people of a list: what becomes of each row, and the job that writes to them."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.actions.accounts import close_account
from partnerships.ground import jobs
from partnerships.ground.models import Event, Job, OutboxMail
from partnerships.ground.states import JobState
from partnerships.models import User
from partnerships.states import WhoAgrees
from secondments.actions.lists import invite_some, read_list, send_list
from secondments.emails.links import entry_link
from secondments.importers.staff import read
from secondments.models import Entry, Participation, Round, StaffList
from secondments.my_data import collect
from secondments.problems import lists as problems
from secondments.retention import rules
from secondments.states import EntryState, ListState, RoundState
from secondments.tasks import lists as tasks
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_organisation, make_round
from tests.secondments.entered import link_to, stranger, told, write_down
from tests.secondments.proposals import refusal
from tests.secondments.rounds import join
from tests.secondments.test_actions_at_once import first_and_meanwhile

pytestmark = pytest.mark.django_db

FILE = "Name;Email;Job title;Commissioner\r\nZoë Quill;zoe@advice.example.org;Adviser;\r\nNo Mail;;;\r\n"


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.advice.who_agrees = WhoAgrees.SELF
    cast.advice.save()
    return make_round(cast.cvs)


def send_file(user: Any, a_round: Round, text: str = FILE, **fields: str) -> Any:
    data = {"file": SimpleUploadedFile("staff.csv", text.encode("cp1252"), content_type="text/csv"), **fields}
    return enter(user).post(reverse("staff-list-new", args=[a_round.slug]), data, follow=True)


def page(user: Any, name: str = "staff-list") -> Any:
    return enter(user).get(reverse(name, args=[StaffList.objects.get().uuid]))


def press(user: Any, name: str) -> Any:
    return enter(user).post(reverse(name, args=[StaffList.objects.get().uuid]), follow=True)


def many(count: int, domain: str = "advice.example.org") -> str:
    return "Name,Email\n" + "".join(f"Person {number},p{number}@{domain}\n" for number in range(count))


def test_a_list_is_looked_over_then_its_good_rows_go_in(cast: Cast, a_round: Round) -> None:
    text = send_file(cast.host, a_round).content.decode()
    assert "1 person can be invited" in text
    assert "There is no email address" in text
    assert not Entry.objects.exists()

    assert "Waiting for its turn" in press(cast.host, "staff-list-send").content.decode()
    jobs.run_due()
    entry = Entry.objects.get()
    assert (entry.name, entry.email, entry.job_title) == ("Zoë Quill", "zoe@advice.example.org", "Adviser")
    assert entry.organisation == cast.advice
    text = page(cast.host).content.decode()
    assert "1 person is invited" in text
    assert "Download what is to be mended" in text

    # The mail is gone, and its words with it; the link is the same.
    address = "/" + entry_link(entry, entry.email).split("/", 3)[3]
    stranger().post(address, told(a_round, answer="changed"))
    assert Participation.objects.get().membership.organisation == cast.advice


def test_what_is_to_be_mended_comes_back_with_line_and_reason_and_can_be_sent_again(cast: Cast, a_round: Round) -> None:
    send_file(cast.host, a_round, 'Name,Email\n=cmd()|evil,no address\n"Ada ""A"" Lovelace",ada@example.org\n')
    answer = page(cast.host, "staff-list-to-mend")
    assert answer["Content-Disposition"] == 'attachment; filename="to-mend.csv"'
    text = answer.content.decode("utf-8-sig")
    assert "'=cmd()|evil,no address,,,,,2,“no address” is no email address." in text
    assert "Ada" not in text
    mended = text.replace("no address,,", "mended@advice.example.org,,")
    (row,) = read(mended.encode())
    assert row.cells["name"] == "=cmd()|evil"


def test_a_second_press_and_a_second_file_do_no_harm(cast: Cast, a_round: Round) -> None:
    send_file(cast.host, a_round)
    for _press in range(2):
        press(cast.host, "staff-list-send")
    jobs.run_due()
    assert Job.objects.filter(kind="invite_from_list").count() == 1
    StaffList.objects.all().delete()
    text = send_file(cast.host, a_round).content.decode()
    assert "They are written down already" in text
    press(cast.host, "staff-list-send")
    jobs.run_due()
    assert Entry.objects.count() == 1
    assert OutboxMail.objects.filter(to="zoe@advice.example.org").count() == 1
    assert StaffList.objects.get().known == 1


def test_who_has_joined_said_no_or_stands_twice_is_not_asked(cast: Cast, a_round: Round) -> None:
    join(a_round, cast.visitor_membership)
    declined = write_down(a_round, cast.advice, cast.host)
    stranger().post(link_to(declined.email), {"answer": "no"})
    rows = "Name,Email\nVera,VERA@council.example.org\nPat,pat@advice.example.org\nA,a@example.org\nB,A@example.org\n"
    text = send_file(cast.broker, a_round, rows, organisation=cast.advice.name).content.decode()
    assert "They have joined this round already" in text
    assert "They have said no" in text
    assert "The same address stands in line 4 already" in text
    press(cast.broker, "staff-list-send")
    jobs.run_due()
    assert list(Entry.objects.waiting().values_list("email", flat=True)) == ["a@example.org"]


def test_what_people_of_others_have_said_is_no_coordinators_business(cast: Cast, a_round: Round) -> None:
    """Whoever sends addresses would else be told who takes part, who has left and who said no."""
    join(a_round, cast.visitor_membership)
    no, asked = ("no@elsewhere.example.org", "asked@elsewhere.example.org")
    for address in (no, asked):
        write_down(a_round, cast.council, cast.broker, email=address, said={})
    stranger().post(link_to(no), {"answer": "no"})
    rows = f"Name,Email\nVera,{cast.visitor.email}\nNo,{no}\nAsked,{asked}\nNew,new@advice.example.org\n"
    text = send_file(cast.host, a_round, rows).content.decode()
    assert text.count("They cannot be written down from here.") == 3
    for said in ("joined this round", "said no", "written down already"):
        assert said not in text
    press(cast.host, "staff-list-send")
    jobs.run_due()
    assert list(Entry.objects.waiting().order_by("email").values_list("email", flat=True)) == [
        asked,
        "new@advice.example.org",
    ]


def test_a_broker_names_the_organisation_of_each_row(cast: Cast, a_round: Round) -> None:
    make_organisation("Twice Trust")
    make_organisation("Twice Trust")
    rows = (
        "Name,Email,Organisation\nA,a@example.org,test advice\nB,b@example.org,Nowhere\nC,c@example.org,\n"
        "D,d@example.org,Elsewhere Trust\nE,e@example.org,Twice Trust\n"
    )
    text = send_file(cast.broker, a_round, rows).content.decode()
    for reason in (
        "We know no organisation called “Nowhere”",
        "It does not say where they work",
        "This programme is for people from other fields",
        "There are several called “Twice Trust”",
    ):
        assert reason in text
    press(cast.broker, "staff-list-send")
    jobs.run_due()
    assert Entry.objects.get().organisation == cast.advice


def test_a_coordinator_lists_their_own_people_only(cast: Cast, a_round: Round) -> None:
    text = send_file(cast.host, a_round, "Name,Email,Organisation\nA,a@example.org,Test Council\n").content.decode()
    assert "This list is of people of Test Advice only" in text
    assert "Invite them" not in text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Name,Phone\nA,1\n", "must name the columns"),
        ("PK\x03\x04", "not a CSV file"),
        ("Name,Email\n", "nobody in it"),
    ],
)
def test_a_wrong_file_gets_a_sentence_and_what_was_typed_stays(cast: Cast, a_round: Round, text: str, why: str) -> None:
    answer = send_file(cast.broker, a_round, text, organisation="Test Advice").content.decode()
    assert "There is a problem" in answer
    assert why in answer
    assert 'value="Test Advice"' in answer
    assert not StaffList.objects.exists()


def test_a_file_that_is_too_large_is_refused(cast: Cast, a_round: Round) -> None:
    answer = send_file(cast.host, a_round, "Name,Email\n" + "x" * 1_000_001).content.decode()
    assert "larger than one megabyte" in answer


def test_nobody_else_sees_the_list(cast: Cast, a_round: Round) -> None:
    send_file(cast.host, a_round)
    names = ("staff-list", "staff-list-progress", "staff-list-to-mend")
    for other in (cast.broker, cast.outsider, cast.home_coordinator):
        assert [page(other, name).status_code for name in names] == [404] * 3
        for name in ("staff-list-send", "staff-list-throw-away"):
            assert press(other, name).status_code == 404
    assert page(cast.adviser).status_code == 403
    other_round = make_round(cast.elsewhere, state=RoundState.DRAFT)
    assert enter(cast.host).get(reverse("staff-list-new", args=[other_round.slug])).status_code == 404


def test_whoever_coordinates_no_more_sends_nothing(cast: Cast, a_round: Round) -> None:
    send_file(cast.host, a_round)
    cast.host.memberships.update(is_coordinator=False)
    cast.adviser.memberships.update(is_coordinator=True)
    assert press(cast.host, "staff-list-send").status_code == 403
    assert StaffList.objects.get().state == ListState.READ


def test_a_list_is_thrown_away(cast: Cast, a_round: Round) -> None:
    send_file(cast.host, a_round)
    key = StaffList.objects.get().pk
    press(cast.host, "staff-list-throw-away")
    assert not StaffList.objects.exists()
    events = Event.objects.filter(thing_type="secondments.stafflist", thing_id=key)
    assert list(events.order_by("id").values_list("verb", flat=True)) == ["read_list", "throw_away_list"]


def test_the_file_to_fill_in_has_the_columns_and_nobody(cast: Cast) -> None:
    text = enter(cast.host).get(reverse("staff-list-template")).content.decode("utf-8-sig")
    assert text == "Name,Email,Job title,Organisation,Commissioner,Manager email\r\n"


def test_the_page_costs_the_same_for_few_and_many(cast: Cast, a_round: Round) -> None:
    counts = []
    for people in (1, 100):
        StaffList.objects.all().delete()
        send_file(cast.host, a_round, many(people))
        browser = enter(cast.host)
        address = reverse("staff-list", args=[StaffList.objects.get().uuid])
        browser.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


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
