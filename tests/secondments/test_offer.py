"""/visits/<slug>/: one offer, and why it may not suit whoever looks."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.states import Field, OrganisationState
from secondments.models import HostOffer
from secondments.models.days import HalfDay
from secondments.states import CheckKind, OfferState
from secondments.views.calendar import value_of
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.helpers import ask
from tests.secondments.test_days_of_matching import goes, show

pytestmark = pytest.mark.django_db


def page(client: Client, offer: HostOffer, status: int = 200) -> str:
    response = client.get(offer.get_absolute_url())
    assert response.status_code == status
    return response.content.decode()


def test_payment_notice_and_what_is_needed_stand_before_the_ask(cast: Cast, client: Client) -> None:
    cast.offer.payment_pence = 12000
    cast.offer.checks = list(CheckKind.values)
    cast.offer.access = "Two steps at the door."
    cast.offer.save()
    words = page(client, cast.offer)
    for said in (
        "£120 a day",
        "7 days",
        "Your employer",
        "Two steps at the door",
        "January 2027",
        "You are asked to sign in first",
    ):
        assert said in words
    assert reverse("ask-days", args=[cast.offer.slug]) in words


def test_ask_us_says_its_usual_days(cast: Cast, client: Client) -> None:
    offer = make_offer(cast.advice, cast.host, usual_weekdays=[1, 3], months_to_avoid=[8])
    assert "Usually Tuesdays, Thursdays; not in August" in page(client, offer)
    assert "Usually any day" in page(client, make_offer(cast.advice, cast.host, usual_weekdays=[]))


def test_taken_days_and_days_elsewhere_are_marked(cast: Cast) -> None:
    ask(cast)
    other = make_offer(cast.elsewhere, cast.outsider, sessions=4)
    assert page(enter(cast.visitor), cast.offer).count("yours") == 2
    assert page(enter(cast.visitor), other).count("you are elsewhere") == 2
    assert page(enter(cast.colleague), cast.offer).count(">taken<") == 2


def test_a_half_day_on_which_somebody_visits_the_reader_is_not_free(cast: Cast) -> None:
    """They could not ask for it. Nobody else sees who has a visitor."""
    first = cast.offer.sessions.order_by("date").first()
    assert first is not None
    shown = show(make_round(cast.cvs), cast.visitor_membership)
    goes(cast.adviser.memberships.get(), shown, first.date, halves=[first.half])
    before = page(enter(cast.colleague), cast.offer)
    assert "somebody visits you" not in before
    seen = page(enter(cast.visitor), cast.offer)
    assert seen.count("somebody visits you") == 1
    assert seen.count(">free<") == before.count(">free<") - 1
    days = enter(cast.visitor).get(reverse("ask-days", args=[cast.offer.slug])).content.decode()
    assert f'value="{value_of(HalfDay(first.date, first.half))}"' not in days


@pytest.mark.parametrize(
    ("person", "sentence"),
    [("adviser", "This is your own organisation"), ("outsider", "All its days are taken")],
)
def test_why_it_may_not_suit_and_then_no_button(cast: Cast, person: str, sentence: str) -> None:
    cast.offer.sessions.update(booked=1)
    words = page(enter(getattr(cast, person)), cast.offer)
    assert "Why it may not suit you" in words
    assert sentence in words
    assert reverse("ask-days", args=[cast.offer.slug]) not in words


def test_who_may_fund_or_inspect_the_host_reads_beforehand_whether_they_are_welcome(cast: Cast) -> None:
    note = "Does your team fund, buy from, inspect or assess Test Advice? Then choose another host"
    elsewhere = make_user()
    make_membership(elsewhere, make_organisation(field=Field.COMMUNITY))
    for person, told in ((cast.visitor, True), (cast.colleague, True), (elsewhere, False)):
        words = page(enter(person), cast.offer)
        assert (note in words) == told
        assert reverse("ask-days", args=[cast.offer.slug]) in words, "a note, and no refusal"
    cast.offer.accepts_ties = True
    cast.offer.save()
    assert note not in page(enter(cast.visitor), cast.offer)


def test_an_organisation_that_may_not_act_is_told_before_it_asks(cast: Cast) -> None:
    cast.council.state = OrganisationState.TO_BE_CONFIRMED
    cast.council.save()
    assert "Test Council is still to be confirmed" in page(enter(cast.visitor), cast.offer)


@pytest.mark.parametrize("state", [OfferState.DRAFT, OfferState.PAUSED, OfferState.CLOSED])
def test_what_is_not_open_is_for_its_host_alone(cast: Cast, client: Client, state: str) -> None:
    cast.offer.state = state
    cast.offer.save()
    page(client, cast.offer, 404)
    for person in (cast.visitor, cast.adviser, cast.outsider, cast.administrator):
        page(enter(person), cast.offer, 404)
    words = page(enter(cast.host), cast.offer)
    assert reverse("offer-publish", args=[cast.offer.slug]) in words
    assert reverse("offer-edit", args=[cast.offer.slug]) in words


def test_a_draft_says_what_is_missing(cast: Cast) -> None:
    offer = make_offer(cast.advice, cast.host, state=OfferState.DRAFT, dating="dated")
    words = page(enter(cast.host), offer)
    assert "Add at least one day to come first" in words
    assert reverse("offer-days", args=[offer.slug]) in words
    assert reverse("offer-publish", args=[offer.slug]) not in words


def test_it_costs_the_same_for_few_and_many_days(cast: Cast) -> None:
    few, many = make_offer(cast.elsewhere, cast.outsider, sessions=1), cast.offer
    browser = enter(cast.visitor)
    page(browser, few)
    counts = []
    for offer in (few, many):
        with CaptureQueriesContext(connection) as queries:
            page(browser, offer)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
