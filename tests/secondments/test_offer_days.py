"""/visits/<slug>/days/: the days that a host names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from secondments.views.calendar import calendar_of
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_offer, make_session
from tests.secondments.helpers import ask

pytestmark = pytest.mark.django_db

FIVE_TUESDAYS = {
    "first_day-day": "12",
    "first_day-month": "1",
    "first_day-year": "2027",
    "halves": ["am", "pm"],
    "weeks": "5",
}


def test_five_tuesdays_in_one_go_and_twice_is_once(cast: Cast) -> None:
    offer = make_offer(cast.advice, cast.host, dating="dated", state="draft")
    browser, address = enter(cast.host), reverse("offer-days", args=[offer.slug])
    assert "1 visitor at a time" in browser.get(address).content.decode()
    for _ in range(2):
        assert browser.post(address, FIVE_TUESDAYS)["Location"] == address
    assert offer.sessions.count() == 10
    page = browser.get(address).content.decode()
    assert "February 2027" in page
    assert "Read and publish" in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"first_day-year": "2020"}, "Choose days from tomorrow on."),
        ({"first_day-day": ""}, "The date must include a day"),
        ({"weeks": "0"}, "greater than or equal to 1"),
        ({"halves": []}, "Choose the morning, the afternoon or both"),
    ],
)
def test_what_is_wrong_with_a_day(cast: Cast, changed: dict[str, object], sentence: str) -> None:
    page = enter(cast.host).post(reverse("offer-days", args=[cast.offer.slug]), FIVE_TUESDAYS | changed)
    assert sentence in page.content.decode()


def test_a_free_day_is_taken_back_and_a_held_one_is_not(cast: Cast) -> None:
    ask(cast)
    browser = enter(cast.host)
    held, _also_held, free = cast.offer.sessions.all()[:3]
    page = browser.get(reverse("offer-days", args=[cast.offer.slug])).content.decode()
    assert reverse("offer-day-remove", args=[cast.offer.slug, free.pk]) in page
    assert reverse("offer-day-remove", args=[cast.offer.slug, held.pk]) not in page
    browser.post(reverse("offer-day-remove", args=[cast.offer.slug, free.pk]))
    refused = browser.post(reverse("offer-day-remove", args=[cast.offer.slug, held.pk]), follow=True)
    assert "Answer or cancel their visit first" in refused.content.decode()
    assert set(cast.offer.sessions.values_list("pk", flat=True)) >= {held.pk}
    assert not cast.offer.sessions.filter(pk=free.pk).exists()


def test_a_day_of_another_offer_is_not_there(cast: Cast) -> None:
    other = make_offer(cast.elsewhere, cast.outsider, sessions=1)
    address = reverse("offer-day-remove", args=[cast.offer.slug, other.sessions.get().pk])
    assert enter(cast.host).post(address).status_code == 404


def test_today_is_that_of_the_united_kingdom(cast: Cast) -> None:
    """Half an hour after midnight in summer it is still yesterday elsewhere."""
    day = date(2027, 6, 15)
    make_session(cast.offer, day - timedelta(days=1))
    make_session(cast.offer, day)
    rows = calendar_of(cast.offer, cast.host, datetime(2027, 6, 14, 23, 30, tzinfo=UTC), every_day=True).rows
    assert [row.day for row in rows] == [day]
