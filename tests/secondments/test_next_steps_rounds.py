"""What is next for somebody who has no place in a round that everybody was told of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import User
from secondments.actions.joining import leave_round
from secondments.actions.repairs import settle_round
from secondments.next_steps.rounds import steps
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer
from tests.secondments.helpers import ask
from tests.secondments.repairs import Published, yes

pytestmark = pytest.mark.django_db
NO_PLACE = "You have no place in Walk in their shoes, Winter round"


@pytest.fixture
def told(cast: Cast) -> Published:
    return Published(cast)


@pytest.fixture
def waits(told: Published) -> User:
    return told.waiting.membership.user


def titles(user: User) -> list[str]:
    return [step.title for step in steps(User.objects.get(pk=user.pk), AT)]


def test_who_has_no_place_is_led_to_the_hosts_that_suit_them_now(told: Published, waits: User) -> None:
    (step,) = steps(waits, AT)
    assert (step.title, step.url) == (NO_PLACE, reverse("offers-for-me"))
    assert "we write to you" in step.sentence
    page = enter(waits).get(reverse("next-steps")).content.decode()
    assert NO_PLACE in page
    assert "Nothing waits for you" not in page
    for placement in (told.at_advice, told.at_kite):
        assert titles(placement.visitor) == []


def test_once_it_is_settled_nothing_more_is_promised(told: Published, waits: User) -> None:
    for placement in (told.at_advice, told.at_kite):
        yes(placement)
    settle_round(a_round=told.a_round, at=AT)
    (step,) = steps(waits, AT)
    assert step.title == NO_PLACE
    assert "we write to you" not in step.sentence


def test_who_loses_their_place_has_none(told: Published) -> None:
    assert titles(told.host_says_no().visitor) == [NO_PLACE]


def test_it_goes_once_they_ask_leave_or_the_weeks_are_over(cast: Cast, told: Published, waits: User) -> None:
    assert steps(waits, AT + timedelta(days=200)) == []
    leave_round(participation=told.waiting, by=waits, at=AT)
    assert titles(waits) == []
    lost = told.host_says_no().visitor
    offer = make_offer(cast.elsewhere, cast.outsider, sessions=2)
    ask(cast, offer=offer, membership=lost.memberships.get(), by=lost)
    assert titles(lost) == []


def test_a_broker_who_takes_part_has_nothing_to_run_in_it(cast: Cast, waits: User) -> None:
    make_membership(waits, cast.cvs, is_broker=True)
    assert titles(waits) == [NO_PLACE]


def test_it_asks_the_database_once(told: Published, waits: User) -> None:
    fresh = User.objects.get(pk=waits.pk)
    fresh.brokered_ids()
    with CaptureQueriesContext(connection) as queries:
        assert steps(fresh, AT)
    assert len(queries) == 1
