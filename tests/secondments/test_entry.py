"""The page that asks somebody whether what was written down for them is right."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from partnerships.ground.models import Event, Job, OutboxMail
from partnerships.models import Membership, User
from partnerships.states import MembershipState, WhoAgrees
from secondments.actions.entering import confirm_entry, remind
from secondments.actions.joining import join_round
from secondments.emails.links import entry_link
from secondments.forms.entering import ConfirmForm, shown
from secondments.models import Entry, Participation, Round
from secondments.states import EntryState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_round
from tests.secondments.entered import EMAIL, link_to, stranger, told, write_down
from tests.secondments.proposals import refusal
from tests.secondments.rounds import first_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.advice.who_agrees = WhoAgrees.SELF
    cast.advice.save()
    return make_round(cast.cvs)


def test_a_yes_from_the_mail_makes_somebody_take_part(cast: Cast, a_round: Round) -> None:
    entry = write_down(a_round, cast.advice, cast.host)
    address = link_to(EMAIL)
    page = stranger().get(address).content.decode()
    assert "Is this right?" in page
    assert "How a front desk copes" in page
    assert "Hal Host has written down" in page
    assert not User.objects.filter(email=EMAIL).exists()

    answer = stranger().post(address, {"answer": "yes"}, follow=True).content.decode()
    assert "You take part in" in answer
    joined = Participation.objects.get()
    assert (joined.membership.user.email, joined.membership.user.name) == (EMAIL, "Pat Phoned")
    assert joined.membership.state == MembershipState.ACTIVE
    assert (joined.learn, joined.weeks) == ("How a front desk copes", [first_week(a_round)])
    entry.refresh_from_db()
    assert (entry.state, entry.said, entry.participation, entry.answered_by) == (
        EntryState.CONFIRMED,
        {},
        joined,
        joined.membership.user,
    )


def test_opening_the_link_changes_nothing(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.host)
    events = Event.objects.count()
    for method in ("get", "head"):
        assert getattr(stranger(), method)(link_to(EMAIL)).status_code == 200
    assert Entry.objects.get().state == EntryState.WAITING
    assert Event.objects.count() == events


@pytest.mark.parametrize(("days", "until"), [(5, "Saturday 9 January"), (40, "Sunday 17 January")])
def test_the_mail_asks_for_an_answer_while_its_link_opens(cast: Cast, a_round: Round, days: int, until: str) -> None:
    """Which it does for a fortnight; people may be able to join for much longer."""
    Round.objects.update(join_by=AT.date() + timedelta(days=days))
    a_round.refresh_from_db()
    write_down(a_round, cast.advice, cast.host)
    assert f"Please answer by {until}." in OutboxMail.objects.get(to=EMAIL).text


def test_a_second_press_changes_nothing_more(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.host)
    for _press in range(2):
        stranger().post(link_to(EMAIL), {"answer": "yes"})
    assert Participation.objects.count() == User.objects.filter(email=EMAIL).count() == 1


def test_a_no_forgets_what_was_told_and_nobody_asks_again(cast: Cast, a_round: Round) -> None:
    entry = write_down(a_round, cast.advice, cast.host)
    answer = stranger().post(link_to(EMAIL), {"answer": "no"}, follow=True).content.decode()
    assert "You said no" in answer
    entry.refresh_from_db()
    assert (entry.state, entry.said) == (EntryState.DECLINED, {})
    assert not User.objects.filter(email=EMAIL).exists()
    assert "front desk" not in answer


def test_something_is_changed_first_and_what_was_typed_stays(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.host)
    address = link_to(EMAIL)
    assert "How a front desk copes" in stranger().get(f"{address}?change=1").content.decode()
    wrong = stranger().post(address, told(a_round, answer="changed", learn="Their filing", weeks=[]))
    assert "There is a problem" in wrong.content.decode()
    assert "Their filing" in wrong.content.decode()
    assert not Participation.objects.exists()
    stranger().post(address, told(a_round, answer="changed", learn="Their filing"))
    assert Participation.objects.get().learn == "Their filing"


def test_who_is_only_invited_fills_in_the_page(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.host, said={})
    page = stranger().get(link_to(EMAIL)).content.decode()
    assert "Would you like to take part?" in page
    assert 'name="learn"' in page
    assert "There is a problem" in stranger().post(link_to(EMAIL), {"answer": "yes"}).content.decode()
    stranger().post(link_to(EMAIL), told(a_round, answer="changed"))
    assert Participation.objects.get().membership.user.email == EMAIL


def test_what_was_not_told_is_asked_and_not_said_for_them(cast: Cast, a_round: Round) -> None:
    said = {name: value for name, value in told(a_round).items() if name != "tie"}
    write_down(a_round, cast.advice, cast.host, said=said)
    page = stranger().get(link_to(EMAIL)).content.decode()
    assert "Add what is missing" in page
    assert "How a front desk copes" in page
    wrong = stranger().post(link_to(EMAIL), said | {"answer": "changed"}).content.decode()
    assert "Say whether your team has such a tie" in wrong
    assert not Participation.objects.exists()


def test_what_is_private_is_kept_and_never_on_the_page(cast: Cast, a_round: Round) -> None:
    private = {"needs": "A chair with arms", "avoids": "Elsewhere Trust", "avoid_reason": "A quarrel"}
    write_down(a_round, cast.advice, cast.host, said=told(a_round, **private, access_needs=["quiet"]))
    pages = [stranger().get(link_to(EMAIL)), stranger().get(f"{link_to(EMAIL)}?change=1")]
    pages.append(stranger().post(link_to(EMAIL), told(a_round, answer="changed", weeks=[])))
    for page in pages:
        assert page.status_code == 200
        for word in private.values():
            assert word not in page.content.decode()
    assert not OutboxMail.objects.filter(text__contains="chair").exists()
    stranger().post(link_to(EMAIL), told(a_round, answer="changed", learn="Their filing"))
    joined = Participation.objects.get()
    assert (joined.learn, joined.needs, joined.avoid_reason) == ("Their filing", "A chair with arms", "A quarrel")
    assert joined.access_needs == ["quiet"]
    assert list(joined.avoids.all()) == [cast.elsewhere]


def test_what_is_entered_anew_takes_the_place_of_what_was_kept(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.host, said=told(a_round, needs="A chair with arms"))
    stranger().post(link_to(EMAIL), told(a_round, answer="changed", needs="Nothing at all"))
    assert Participation.objects.get().needs == "Nothing at all"


def test_a_brokers_word_alone_makes_nobody_a_member(cast: Cast, a_round: Round) -> None:
    """Of an organisation that somebody looks after, its coordinator says who belongs to it."""
    write_down(a_round, cast.advice, cast.broker)
    page = stranger().post(link_to(EMAIL), {"answer": "yes"}, follow=True).content.decode()
    assert "Test Advice has a mail, to say that you work there" in page
    membership = Membership.objects.get(user__email=EMAIL)
    assert membership.state == MembershipState.ASKED
    assert OutboxMail.objects.filter(to=cast.host.email, template="people/membership_asked").exists()
    assert not list(a_round.participations.to_match())


def test_who_has_joined_meanwhile_is_not_asked_any_more_and_what_they_said_stands(cast: Cast, a_round: Round) -> None:
    entry = write_down(a_round, cast.advice, cast.host, email=cast.adviser.email)
    join_round(
        a_round=a_round,
        membership=cast.adviser.memberships.get(),
        by=cast.adviser,
        learn="By myself",
        wants=[],
        weeks=[first_week(a_round)],
        most_km=5,
        online=False,
        needs="",
        at=AT,
    )
    entry.refresh_from_db()
    assert (entry.state, entry.participation, entry.said) == (EntryState.CONFIRMED, Participation.objects.get(), {})
    assert Job.objects.of_kind("tell_answers").get().payload["writer"] == cast.host.pk
    with refusal("entry_answered"):
        remind(entry=entry, by=cast.host, at=AT + timedelta(days=3))
    page = stranger().post(link_to(cast.adviser.email or ""), {"answer": "yes"}, follow=True).content.decode()
    assert "You take part in" in page
    assert Participation.objects.get().learn == "By myself"


def test_for_somebody_without_email_the_coordinator_answers(cast: Cast, a_round: Round) -> None:
    entry = write_down(a_round, cast.advice, cast.broker, name="Nora Noemail", email="")
    address = link_to(cast.host.email or "")
    page = stranger().get(address).content.decode()
    assert "Is this right for Nora Noemail?" in page
    assert "What they hope to learn" in page
    stranger().post(address, {"answer": "yes"})
    joined = Participation.objects.get()
    assert (joined.membership.user.name, joined.membership.user.email) == ("Nora Noemail", None)
    assert joined.membership.state == MembershipState.ACTIVE
    entry.refresh_from_db()
    assert entry.answered_by == cast.host
    receipt = OutboxMail.objects.filter(to=cast.host.email).latest("id")
    assert "Nora Noemail" in receipt.subject


def test_the_coordinator_answers_signed_in_as_well_and_nobody_else_does(cast: Cast, a_round: Round) -> None:
    entry = write_down(a_round, cast.advice, cast.broker, name="Nora Noemail", email="")
    address = reverse("entry-yours", args=[entry.uuid])
    assert "Nora Noemail" in enter(cast.host).get(address).content.decode()
    for other in (cast.adviser, cast.broker, cast.outsider, cast.home_coordinator):
        assert enter(other).get(address).status_code == 404
        assert enter(other).post(address, {"answer": "yes"}).status_code == 404
    enter(cast.host).post(address, {"answer": "yes"})
    assert Participation.objects.get().membership.user.name == "Nora Noemail"


def test_a_forged_old_or_forgotten_link_opens_nothing(cast: Cast, a_round: Round) -> None:
    entry = write_down(a_round, cast.advice, cast.host)
    address = link_to(EMAIL)
    assert stranger().get(f"{address[:-3]}xx/").status_code == 404
    other = entry_link(entry, cast.outsider.email or "")
    assert stranger().get("/" + other.split("/", 3)[3]).status_code == 410
    Entry.objects.update(name="", email="", said={})
    assert stranger().get(address).status_code == 410


def test_once_the_round_is_closed_nobody_says_yes(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.host)
    Round.objects.update(join_by=AT.date() - timedelta(days=1))
    page = stranger().get(link_to(EMAIL)).content.decode()
    assert "closed for joining" in page
    assert "Yes, take part" not in page
    stranger().post(link_to(EMAIL), {"answer": "yes"})
    assert not Participation.objects.exists()


def test_pressing_nothing_asks_again(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.host)
    assert "Press yes or no" in stranger().post(link_to(EMAIL)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_press_yes_at_once_take_part_once(cast: Cast, a_round: Round) -> None:
    """From two mails, the second of them a reminder: one of them waits for the other, and finds it done."""
    write_down(a_round, cast.advice, cast.host)
    address = link_to(EMAIL)
    answers: list[int] = []

    def press() -> None:
        try:
            answers.append(stranger().post(address, {"answer": "yes"}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 4
    assert User.objects.filter(email=EMAIL).count() == Participation.objects.count() == 1


def test_without_the_lock_of_the_entry_two_would_take_part(
    cast: Cast, a_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the second press finds, had it not waited: the entry as it was before the first."""
    entry = write_down(a_round, cast.advice, cast.host, email="")
    form = ConfirmForm(shown(entry.said), entry=entry)
    assert form.is_valid()
    stale = Entry.objects.select_related("round__programme", "organisation").get()
    confirm_entry(entry=entry, joins=form.said(), by=cast.host)
    confirm_entry(entry=stale, joins=form.said(), by=cast.host)
    assert Participation.objects.count() == 1
    again = Entry.objects.get()
    again.state = EntryState.WAITING  # as the row was read by who did not wait
    monkeypatch.setattr("secondments.actions.entering.lock", lambda *rows: None)
    monkeypatch.setattr("secondments.actions.entering.workflow.move", lambda *thing, **said: None)
    confirm_entry(entry=again, joins=form.said(), by=cast.host)
    assert Participation.objects.count() == 2
