"""A commissioner books a visit in the browser; the host and the manager decide from their mails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from partnerships.ground import clock
from partnerships.ground.models import OutboxMail
from secondments.models import HostOffer, OfferSession, Placement
from secondments.states import PlacementState
from tests.browser.conftest import SignIn
from tests.browser.ways import mailed_link
from tests.cast import Cast
from tests.factories import make_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def offer(cast: Cast) -> HostOffer:
    """Five Tuesdays, morning and afternoon, from two weeks on."""
    cast.offer.sessions.all().delete()
    today = clock.today()
    first = today + timedelta(days=14 + (1 - today.weekday()) % 7)
    for week in range(5):
        for half in ("am", "pm"):
            make_session(cast.offer, first + timedelta(weeks=week), half)
    return cast.offer


def answer_by_mail(page: Page, link: str, answer: str) -> None:
    page.goto(link)
    page.get_by_role("button", name=answer).click()


def ask(page: Page, offer: HostOffer) -> None:
    """From the front page to "asked", as somebody does who has never been here."""
    page.goto("/")
    page.get_by_role("button", name="See which hosts suit you now").first.click()
    page.get_by_role("link", name=offer.title).click()
    page.get_by_role("button", name="Ask to visit").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Neither funds, buys from or inspects the other").check()
    page.get_by_label("What do you hope to learn?").fill("How a front desk decides what comes first")
    page.get_by_label("Who agrees to your going? Their work email address").fill("manu@council.example.org")
    page.get_by_label("Somebody from there is welcome to come to us in return").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What I see and hear about people there stays there").check()
    page.get_by_role("button", name="Ask to visit").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_visit_is_asked_for_agreed_and_confirmed(
    cast: Cast, offer: HostOffer, sign_in: SignIn, site: str, script: bool
) -> None:
    page = sign_in(cast.visitor, script=script)
    ask(page, offer)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Five Tuesdays")
    placement = Placement.objects.get()
    assert placement.sessions.filter(holding=True).count() == 10
    assert OfferSession.objects.filter(booked=1).count() == 10

    stranger = sign_in(None, phone=True, script=script)
    link = mailed_link("hal@advice.example.org", site)
    stranger.goto(link)
    assert Placement.objects.get().state == PlacementState.REQUESTED
    answer_by_mail(stranger, link, "Yes")
    answer_by_mail(stranger, mailed_link("manu@council.example.org", site), "Yes")
    placement.refresh_from_db()
    assert placement.state == PlacementState.CONFIRMED

    page.reload()
    expect(page.get_by_text("Confirmed").first).to_be_visible()
    stranger.goto(link)
    expect(stranger.get_by_role("button", name="Yes")).to_have_count(0)


def test_a_no_from_the_host_is_neutral_and_shows_what_is_open(
    cast: Cast, offer: HostOffer, sign_in: SignIn, site: str
) -> None:
    page = sign_in(cast.visitor)
    ask(page, offer)
    answer_by_mail(sign_in(None), mailed_link("hal@advice.example.org", site), "No")
    assert Placement.objects.get().state == PlacementState.DECLINED
    assert OfferSession.objects.filter(booked__gt=0).count() == 0
    mail = OutboxMail.objects.filter(to=cast.visitor.email).latest("id")
    assert "refus" not in mail.text.lower()
    assert "declin" not in mail.text.lower()
