"""What people do from the page of a visit: withdraw, call it off, ask somebody else to agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from secondments import actions
from secondments.states import DecisionKind, PlacementState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT
from tests.secondments.helpers import ask, confirm, decision_of, mails_to, say

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "person", "state"),
    [
        ("placement-withdraw", "visitor", PlacementState.WITHDRAWN),
        ("placement-cancel", "host", PlacementState.CANCELLED),
        ("placement-cancel", "home_coordinator", PlacementState.CANCELLED),
    ],
)
def test_it_is_asked_once_more_and_then_done(cast: Cast, name: str, person: str, state: str) -> None:
    placement = ask(cast)
    browser, address = enter(getattr(cast, person)), reverse(name, args=[placement.uuid])
    assert "No reason is asked" in browser.get(address).content.decode()
    placement.refresh_from_db()
    assert placement.state == PlacementState.REQUESTED
    assert browser.post(address)["Location"] == placement.get_absolute_url()
    placement.refresh_from_db()
    assert placement.state == state
    assert "changed since you opened the page" in browser.post(address).content.decode()


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("placement-withdraw", "host"),
        ("placement-withdraw", "administrator"),
        ("placement-cancel", "visitor"),
        ("placement-cancel", "administrator"),
        ("placement-not-happened", "host"),
        ("placement-approver", "host"),
    ],
)
def test_what_is_not_theirs_is_not_there(cast: Cast, name: str, person: str) -> None:
    placement = ask(cast)
    assert enter(getattr(cast, person)).post(reverse(name, args=[placement.uuid])).status_code == 404


def test_the_visitor_says_that_it_did_not_happen(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    placement = confirm(cast)
    first_day = AT + timedelta(days=14)
    actions.start(placement=placement, at=first_day)
    browser, address = enter(cast.visitor), reverse("placement-not-happened", args=[placement.uuid])
    assert "begins on Monday 18 January" in browser.post(address).content.decode()
    monkeypatch.setattr("partnerships.ground.clock.now", lambda: first_day)
    assert (
        reverse("placement-not-happened", args=[placement.uuid])
        in browser.get(placement.get_absolute_url()).content.decode()
    )
    browser.post(address)
    placement.refresh_from_db()
    assert placement.state == PlacementState.DID_NOT_HAPPEN


def test_somebody_else_is_asked_to_agree(cast: Cast) -> None:
    placement = ask(cast)
    browser, address = enter(cast.visitor), reverse("placement-approver", args=[placement.uuid])
    assert "stops working" in browser.get(address).content.decode()
    page = browser.post(address, {"agrees_email": "vera@council.example.org"}).content.decode()
    assert "Somebody else has to agree" in page
    assert browser.post(address, {"agrees_email": "cole@council.example.org"}).status_code == 302
    assert mails_to("cole@council.example.org") == ["Vera Visitor asks for your yes to a visit"]
    decision = decision_of(placement, DecisionKind.HOME_APPROVER)
    assert (decision.asked_email, decision.version) == ("cole@council.example.org", 2)


def test_an_answered_question_is_put_to_nobody_else(cast: Cast) -> None:
    placement = ask(cast)
    say(placement, DecisionKind.HOME_APPROVER, cast)
    assert enter(cast.visitor).get(reverse("placement-approver", args=[placement.uuid])).status_code == 404
