"""A broker reads a proposal, sees what a change by hand would cost, makes it, and matches again around it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from partnerships.ground import jobs
from secondments.models import Adjustment
from tests.browser.conftest import SignIn
from tests.browser.looking import faults
from tests.cast import Cast
from tests.secondments.proposals import Proposal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def nothing_wrong(page: Page) -> None:
    assert faults(page, page.url) == []


@pytest.mark.parametrize("phone", [True, False])
def test_a_match_is_set_by_hand_and_the_rest_is_matched_around_it(cast: Cast, sign_in: SignIn, phone: bool) -> None:
    proposal = Proposal(cast)
    who = proposal.at_near.membership.user.name
    page = sign_in(cast.broker, phone=phone)
    desk = reverse("round-desk", args=[proposal.a_round.slug])
    page.goto(desk)
    page.get_by_role("link", name=who).click()
    expect(page.get_by_role("heading", name=who)).to_be_visible()
    nothing_wrong(page)

    page.get_by_role("link", name=re.compile("What it would change.*The far desk")).click()
    expect(page.get_by_text("would go to The near desk, Test Advice instead of The far desk")).to_be_visible()
    nothing_wrong(page)
    page.get_by_role("button", name="Set this match").click()
    expect(page.get_by_role("link", name="Say why you change this")).to_be_visible()
    page.get_by_label("They told me so").check()
    page.get_by_label("Note for brokers").fill("Rang me on Tuesday.")
    page.get_by_role("button", name="Set this match").click()
    expect(page.get_by_text("Not in this proposal yet")).to_be_visible()
    expect(page.get_by_role("button", name="Tell everyone")).to_have_count(0)
    nothing_wrong(page)

    page.get_by_role("button", name="Match again", exact=True).click()
    jobs.run_due()
    page.goto(desk)
    expect(page.get_by_text("Chosen by the broker")).to_be_visible()
    expect(page.get_by_role("button", name="Show")).to_have_count(0)
    page.goto(f"{desk}?show=placed")
    page.get_by_label("Who", exact=True).select_option("Matches set by hand")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("cell", name=who).or_(page.get_by_role("rowheader", name=who))).to_be_visible()
    nothing_wrong(page)

    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Next: match again around your change")).to_be_visible()
    assert not Adjustment.objects.standing_in(proposal.a_round).exists()
