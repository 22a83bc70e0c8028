"""/visits/booked/: all the visits that concern somebody."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import User
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_membership, make_offer, make_organisation, make_user
from tests.secondments.helpers import ask, free_half_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


def page(user: User) -> str:
    return enter(user).get(reverse("placements")).content.decode()


def test_each_sees_their_own_side(cast: Cast) -> None:
    ask(cast)
    assert "You go" in page(cast.visitor)
    assert "Vera Visitor of Test Council comes" in page(cast.host)
    assert "Vera Visitor goes" in page(cast.home_coordinator)
    for person in (cast.colleague, cast.outsider, cast.administrator, cast.newcomer):
        assert "No visits yet" in page(person)


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
