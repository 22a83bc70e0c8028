"""/decide/<token>/ and the same page signed in: reading changes nothing, a press decides, nothing private is shown."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from pytest_django.fixtures import Settings

from partnerships.ground.models import Event, OutboxMail
from secondments import actions
from secondments.actions.requests import answer_by
from secondments.emails import ask_for_answer, links
from secondments.emails.links import DECISION, LASTS, decision_link, fingerprint
from secondments.models import Decision
from secondments.models.days import HalfDay
from secondments.models.programmes import MOST_DAYS_TO_ANSWER
from secondments.states import DecisionHow, DecisionKind, DecisionState, Half, PlacementState, Tie
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership
from tests.secondments.helpers import ask, decision_of, link_in, say

pytestmark = pytest.mark.django_db


def mailed(address: str | None) -> str:
    return link_in(OutboxMail.objects.filter(to=address).earliest("id"))


def link_to(decision: Decision, address: str | None) -> str:
    return decision_link(decision, address or "").split("8000", 1)[1]


def test_opening_the_link_shows_the_one_decision_and_changes_nothing(cast: Cast, client: Client) -> None:
    placement = ask(cast)
    before = (Event.objects.count(), OutboxMail.objects.count())
    for _ in range(2):
        answer = client.get(mailed(cast.host.email))
        words = answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"], "The next person at this computer may press Back."
        assert "May Vera Visitor of Test Council visit you?" in words
        assert "Yes, on these ground rules" in words
        assert "What happens at the front desk." in words
        assert words.index("Please answer by Monday 11 January") < words.index("Who</dt>")
    assert client.head(mailed(cast.host.email)).status_code == 200
    placement.refresh_from_db()
    assert placement.state == PlacementState.REQUESTED
    assert (Event.objects.count(), OutboxMail.objects.count()) == before


def test_nothing_private_is_on_it(cast: Cast, client: Client) -> None:
    ask(cast)
    for person in (cast.host, cast.manager):
        words = client.get(mailed(person.email)).content.decode()
        assert "A chair with arms." not in words
        assert not re.search(r"[\w.]+@[\w.]+\.org", words)


def test_no_address_can_be_read_from_a_link(cast: Cast) -> None:
    link = link_to(decision_of(ask(cast), DecisionKind.HOST), cast.host.email)
    values = DECISION.unsign_object(link.split("/")[2])
    assert "hal" not in str(values)


def test_the_manager_says_yes_without_an_account(cast: Cast, client: Client) -> None:
    cast.manager.memberships.all().delete()
    cast.manager.delete()
    placement = ask(cast)
    link = mailed("manu@council.example.org")
    assert "May Vera Visitor go to Test Advice?" in client.get(link).content.decode()
    assert client.post(link, {"answer": "yes"})["Location"] == link
    decision = decision_of(placement, DecisionKind.HOME_APPROVER)
    assert (decision.state, decision.how) == (DecisionState.YES, DecisionHow.BY_LINK)
    words = client.get(link).content.decode()
    assert "Answered: yes to A Monday at Test Advice" in words
    assert "Others are still to answer" in words


def test_a_second_press_and_a_changed_mind_do_no_harm(cast: Cast, client: Client) -> None:
    placement = ask(cast)
    link = mailed(cast.host.email)
    for _ in range(2):
        assert client.post(link, {"answer": "no"}).status_code == 302
    assert "changed since you opened the page" in client.post(link, {"answer": "yes"}).content.decode()
    placement.refresh_from_db()
    assert placement.state == PlacementState.DECLINED
    assert "one neutral sentence" in client.get(link).content.decode()
    assert "No answer is needed any more" in client.get(mailed(cast.manager.email)).content.decode()


def test_every_yes_settles_it(cast: Cast, client: Client) -> None:
    placement = ask(cast)
    for person in (cast.host, cast.manager):
        client.post(mailed(person.email), {"answer": "yes"})
    placement.refresh_from_db()
    assert placement.state == PlacementState.CONFIRMED
    assert "the visit is settled" in client.get(mailed(cast.host.email)).content.decode()
    actions.withdraw(placement=placement, by=cast.visitor, at=AT)
    assert "Withdrawn" in client.get(mailed(cast.host.email)).content.decode()


def test_neither_yes_nor_no_is_said(cast: Cast, client: Client) -> None:
    ask(cast)
    assert "Press yes or no" in client.post(mailed(cast.host.email), {}).content.decode()


def test_too_late_is_said_instead_of_the_buttons(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(cast)
    monkeypatch.setattr("partnerships.ground.clock.now", lambda: AT + timedelta(days=14))
    words = client.get(mailed(cast.host.email)).content.decode()
    assert "The first day has come already" in words
    assert 'name="answer"' not in words


# Links that are no good -----------------------------------------------------------------------------------------------


def test_an_old_link_says_what_to_do(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(cast)
    link = mailed(cast.host.email)
    monkeypatch.setattr("secondments.emails.links.LASTS_WHILE_ASKED", -LASTS)
    answer = client.get(link)
    assert (answer.status_code, "This link is too old" in answer.content.decode()) == (410, True)


def test_a_link_lasts_as_long_as_its_question_may_wait(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A programme may give people four weeks to answer, and a manager has nothing but the mail."""
    placement = ask(cast)
    link = mailed(cast.host.email)
    monkeypatch.setattr("secondments.emails.links.LASTS", -LASTS)
    assert "May Vera Visitor of Test Council visit you?" in client.get(link).content.decode()
    actions.withdraw(placement=placement, by=cast.visitor, at=AT)
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("days", [3, MOST_DAYS_TO_ANSWER])
def test_a_mail_names_the_last_day_of_its_link_and_it_opens_to_the_end_of_it(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    monkeypatch.setattr(time, "time", AT.timestamp)
    placement = ask(cast)
    much_later = HalfDay(AT.date() + timedelta(days=60), Half.MORNING)
    placement.answer_by = answer_by([much_later], at=AT, until=AT.date() + timedelta(days=days))
    placement.save()
    ask_for_answer(decision_of(placement, DecisionKind.HOST))
    last = date_format(localtime(placement.answer_by), "l j F")
    letter = OutboxMail.objects.filter(to=cast.host.email).latest("id")
    assert f"without signing in, until {last}." in " ".join(letter.text.split())
    monkeypatch.setattr(time, "time", placement.answer_by.timestamp)
    assert client.get(link_in(letter)).status_code == 200


def test_a_forged_or_broken_link_says_what_to_do(cast: Cast, client: Client) -> None:
    placement = ask(cast)
    link = mailed(cast.host.email)
    forged = TimestampSigner(key="guessed", salt="secondments.decision").sign_object([placement.uuid.hex, "x", 1])
    wrong_shape = DECISION.sign_object({"decision": 1})
    outcome = TimestampSigner(salt="secondments.outcome").sign_object([placement.uuid.hex, "x"])
    for bad in (
        link[:-2] + "/",
        "/decide/nonsense/",
        *(f"/decide/{token}/" for token in (forged, wrong_shape, outcome)),
    ):
        for answer in (client.get(bad), client.post(bad, {"answer": "yes"})):
            assert answer.status_code == 404
            assert "This link is not whole" in answer.content.decode()
    assert decision_of(placement, DecisionKind.HOST).state == DecisionState.WAITING


def test_a_link_of_somebody_who_is_no_longer_asked_is_outdated(cast: Cast, client: Client) -> None:
    placement = ask(cast)
    of_host, of_manager = mailed(cast.host.email), mailed(cast.manager.email)
    cast.host.memberships.update(is_coordinator=False)
    approver = decision_of(placement, DecisionKind.HOME_APPROVER)
    actions.ask_someone_else(decision=approver, agrees_email="cole@council.example.org", by=cast.visitor, at=AT)
    gone = DECISION.sign_object(["0" * 32, fingerprint("hal@advice.example.org"), 1])
    for link in (of_host, of_manager, f"/decide/{gone}/"):
        answer = client.post(link, {"answer": "yes"})
        assert answer.status_code == 410
        assert "This link no longer works" in answer.content.decode()
    placement.refresh_from_db()
    assert placement.decisions.filter(state=DecisionState.YES).count() == 1


def test_a_visitor_cannot_make_use_of_a_link_about_themselves(cast: Cast, client: Client) -> None:
    decision = decision_of(ask(cast), DecisionKind.HOST)
    make_membership(cast.visitor, cast.advice, is_coordinator=True)
    assert client.get(link_to(decision, cast.visitor.email)).status_code == 410


# Signed in ------------------------------------------------------------------------------------------------------------


def address(decision: Decision) -> str:
    return reverse("placement-decide", args=[decision.placement.uuid, decision.kind])


def test_a_host_who_is_signed_in_reads_what_the_visitor_needs(cast: Cast) -> None:
    placement = ask(cast)
    browser = enter(cast.host)
    decision = decision_of(placement, DecisionKind.HOST)
    assert "A chair with arms." in browser.get(address(decision)).content.decode()
    assert browser.post(address(decision), {"answer": "yes"})["Location"] == placement.get_absolute_url()
    decision.refresh_from_db()
    assert (decision.state, decision.decided_by, decision.how) == (
        DecisionState.YES,
        cast.host,
        DecisionHow.SIGNED_IN,
    )


def test_a_manager_who_is_signed_in_stays_on_the_page(cast: Cast) -> None:
    decision = decision_of(ask(cast), DecisionKind.HOME_APPROVER)
    browser = enter(cast.manager)
    assert "A chair with arms." not in browser.get(address(decision)).content.decode()
    assert browser.post(address(decision), {"answer": "yes"})["Location"] == address(decision)


def test_a_coordinator_decides_where_there_is_a_tie(cast: Cast) -> None:
    cast.offer.accepts_ties = True
    cast.offer.save()
    decision = decision_of(ask(cast, tie=Tie.VISITOR_FUNDS), DecisionKind.COORDINATOR)
    words = enter(cast.home_coordinator).get(address(decision)).content.decode()
    assert "“My team funds or buys from them”" in words, "It is not the reader who says so."


def test_somebody_from_a_round_says_whether_they_would_like_to_go(cast: Cast) -> None:
    placement = ask(cast, by=cast.broker, how_began="matched", promises_confidentiality=False)
    browser, decision = enter(cast.visitor), decision_of(placement, DecisionKind.VISITOR)
    assert "Would you like to go?" in browser.get(address(decision)).content.decode()
    assert "Next: say whether you would like to go" in browser.get(placement.get_absolute_url()).content.decode()
    browser.post(address(decision), {"answer": "yes"})
    for kind in (DecisionKind.HOST, DecisionKind.HOME_APPROVER):
        say(placement, kind, cast)
    assert placement.state == PlacementState.AGREED, "the promise is still to come"


@pytest.mark.parametrize("kind", [DecisionKind.HOST, DecisionKind.HOME_APPROVER])
def test_it_is_not_there_for_anybody_else(cast: Cast, kind: str) -> None:
    decision = decision_of(ask(cast), kind)
    for person in (cast.visitor, cast.colleague, cast.adviser, cast.outsider, cast.administrator, cast.broker):
        assert enter(person).get(address(decision)).status_code == 404


@pytest.mark.parametrize("kept", [True, False])
def test_a_link_outlives_the_key_that_signed_it_while_that_is_kept(
    cast: Cast, client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    settings.SECRET_KEY, now = "the key so far", settings.SECRET_KEY
    monkeypatch.setattr(links, "DECISION", TimestampSigner(salt=DECISION.salt))
    link = link_to(decision_of(ask(cast), DecisionKind.HOST), cast.host.email)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = now, ["the key so far"] if kept else []
    monkeypatch.setattr(links, "DECISION", TimestampSigner(salt=DECISION.salt))
    assert client.get(link).status_code == (200 if kept else 404)
