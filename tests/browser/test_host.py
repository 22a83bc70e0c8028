"""A worker of a voluntary organisation hosts: writes an offer from a starting text, and answers from a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from partnerships.ground import clock
from secondments.actions import request_placement
from secondments.models import HostOffer, Placement
from secondments.models.days import HalfDay
from secondments.states import DecisionHow, DecisionKind, OfferState
from tests.browser.conftest import SignIn
from tests.browser.ways import mail_to, mailed_link
from tests.cast import Cast
from tests.factories import make_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_offer_is_written_from_a_starting_text_and_published(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.host)
    page.goto("/visits/ours/")
    page.get_by_role("button", name="Write another offer").click()
    page.get_by_label("A food bank").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Title")).to_have_value("A session at the food bank")
    page.get_by_label("Title").fill("A Thursday at the food bank")
    page.get_by_label("On days that we name").check()
    page.get_by_role("button", name="Keep as a draft").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("On which days can somebody come?")
    first = clock.today() + timedelta(days=21)
    for part, number in (("Day", first.day), ("Month", first.month), ("Year", first.year)):
        page.get_by_label(part, exact=True).fill(str(number))
    page.get_by_label("For how many weeks?").fill("3")
    page.get_by_role("button", name="Add these days").click()
    expect(page.get_by_text("6 half-days are new.")).to_be_visible()
    page.get_by_role("button", name="Read and publish").click()
    page.get_by_role("button", name="Publish it").click()
    expect(page.get_by_text("Your offer is open to visitors.").first).to_be_visible()
    assert HostOffer.objects.get(title="A Thursday at the food bank").state == OfferState.PUBLISHED

    stranger = sign_in(None)
    stranger.goto("/visits/")
    stranger.get_by_role("link", name="A Thursday at the food bank").click()
    expect(stranger.get_by_text("free").first).to_be_visible()


def test_a_host_answers_on_a_phone_from_a_mailed_link(cast: Cast, sign_in: SignIn, site: str) -> None:
    day = clock.today() + timedelta(days=21)
    cast.offer.sessions.all().delete()
    make_session(cast.offer, day)
    request_placement(
        offer=cast.offer,
        membership=cast.visitor_membership,
        half_days=[HalfDay(day, "am")],
        learn="How a front desk decides what comes first",
        agrees_email=cast.manager.email or "",
        by=cast.visitor,
        at=clock.now(),
    )
    page = sign_in(None, phone=True)
    page.goto(mailed_link(cast.host.email or "", site))
    expect(page.get_by_role("heading", level=1)).to_contain_text("May Vera Visitor of Test Council visit you?")
    expect(page.get_by_text("How a front desk decides what comes first")).to_be_visible()
    page.get_by_role("button", name="Yes, on these ground rules").click()
    expect(page.get_by_text("You said yes.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Answered: yes")

    decision = Placement.objects.get().decisions.get(kind=DecisionKind.HOST)
    assert decision.how == DecisionHow.BY_LINK
    assert "yes" in mail_to(cast.visitor.email or "").subject.lower()
