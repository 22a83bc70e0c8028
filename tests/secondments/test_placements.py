"""/visits/booked/: all the visits that concern somebody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import clock
from partnerships.models import User
from secondments import actions
from secondments.states import CheckKind, DecisionKind
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_organisation, make_user
from tests.secondments.helpers import ask, confirm, free_half_days, say

pytestmark = pytest.mark.django_db


def page(user: User) -> str:
    return enter(user).get(reverse("placements")).content.decode()


def test_each_sees_their_own_side(cast: Cast) -> None:
    ask(cast)
    assert "You go" in page(cast.visitor)
    assert "Waiting for Test Advice and your manager until 11 January" in page(cast.visitor)
    assert "Vera Visitor of Test Council comes" in page(cast.host)
    assert "Vera Visitor goes" in page(cast.home_coordinator)
    for person in (cast.colleague, cast.outsider, cast.administrator, cast.newcomer):
        assert "No visits yet" in page(person)


def test_the_title_and_each_row_say_where_it_stands(cast: Cast) -> None:
    assert "<title>Your visits: nothing waits" in page(cast.visitor)
    placement = ask(cast, promises_confidentiality=False)
    assert "<title>Your visits: 1 waits for others" in page(cast.visitor)
    assert "<title>Your visits: 1 waits for you" in page(cast.host)
    assert "Waiting for your answer until 11 January" in page(cast.host)
    say(placement, DecisionKind.HOST, cast)
    assert "Waiting for your manager until 11 January" in page(cast.visitor)
    assert "Waiting for Vera Visitor’s manager until 11 January" in page(cast.home_coordinator)
    say(placement, DecisionKind.HOME_APPROVER, cast)
    assert "<title>Your visits: 1 is agreed" in page(cast.visitor)
    assert "Next: your promise of confidentiality" in page(cast.visitor)
    assert "Everyone said yes. Still needed: promise of confidentiality" in page(cast.host)
    actions.check(placement=placement, kind=CheckKind.CONFIDENTIALITY, by=cast.visitor, at=AT)
    assert "Settled: it begins on Monday 18 January" in page(cast.visitor)


def test_rows_of_what_is_under_way_over_and_done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    placement = confirm(cast)
    actions.start(placement=placement, at=AT + timedelta(days=14))
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=14))
    assert "Under way until Monday 18 January" in page(cast.visitor)
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=15))
    assert "The last day is over. Test Advice says whether it happened" in page(cast.visitor)
    assert "Next: say that it happened" in page(cast.host)
    actions.complete(placement=placement, minutes=60, by=cast.host, at=AT + timedelta(days=15))
    assert ">It happened</strong>" in page(cast.visitor)


def test_it_costs_the_same_for_one_and_for_ten(cast: Cast) -> None:
    ask(cast)
    browser = enter(cast.visitor)
    browser.get(reverse("placements"))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("placements"))
        counts.append(len(queries))
        for half_day in free_half_days(cast.offer, 10)[2:]:
            host = make_organisation()
            make_membership(make_user(), host, is_coordinator=True)
            if not cast.visitor.placements.filter(sessions__date=half_day.date, sessions__half=half_day.half).exists():
                ask(cast, offer=make_offer(host, cast.host), half_days=[half_day])
    assert counts[0] == counts[1] <= 15
