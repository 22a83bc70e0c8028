"""Inviting the people of a list: what becomes of each row, and the job that writes to them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs
from partnerships.ground.models import Event, Job, OutboxMail
from partnerships.states import WhoAgrees
from secondments.emails.links import entry_link
from secondments.importers.staff import read
from secondments.models import Entry, Participation, Round, StaffList
from secondments.states import ListState, RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_organisation, make_round
from tests.secondments.entered import link_to, stranger, told, write_down
from tests.secondments.rounds import join
from tests.secondments.staff_lists import many, page, press, send_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.advice.who_agrees = WhoAgrees.SELF
    cast.advice.save()
    return make_round(cast.cvs)


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
