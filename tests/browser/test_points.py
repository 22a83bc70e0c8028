"""A broker shares out points and sees what they would have done, sets two matchings side by side, and lets two people
change places."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from partnerships.ground import jobs
from secondments.models import Round, Trial
from secondments.states import RoundState
from tests.browser.conftest import SignIn
from tests.browser.looking import faults
from tests.cast import Cast
from tests.factories import make_round
from tests.secondments.places import Places
from tests.secondments.proposals import Proposal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def nothing_wrong(page: Page) -> None:
    assert faults(page, page.url) == []


@pytest.mark.parametrize("phone", [True, False])
def test_points_are_tried_on_the_last_round_and_then_set(cast: Cast, sign_in: SignIn, phone: bool) -> None:
    proposal = Proposal(cast)
    spring = make_round(cast.cvs, state=RoundState.DRAFT, name="Spring round")
    Round.objects.filter(pk=spring.pk).update(programme=proposal.a_round.programme)
    page = sign_in(cast.broker, phone=phone)
    page.goto(reverse("round-desk", args=[spring.slug]))
    page.get_by_role("link", name="How much each part of a fit counts").click()
    nothing_wrong(page)
    page.get_by_label("Shows what was asked for").fill("15")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Add 20, so that they are 100.")
    nothing_wrong(page)
    page.get_by_label("A small organisation, seldom visited").fill("30")
    page.get_by_role("button", name="Show the effect on the last round").click()
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    nothing_wrong(page)

    jobs.run_due()
    # The page looks by itself, and shows what was found.
    expect(page.get_by_role("heading", name="What would be reached")).to_be_visible()
    nothing_wrong(page)
    page.get_by_role("button", name="Use these points for Spring round").click()
    expect(page.get_by_text("People read these points before they join")).to_be_visible()
    spring.refresh_from_db()
    assert (spring.weights["learn"], spring.weights["size"]) == (15, 30)


def test_two_matchings_are_set_side_by_side(cast: Cast, sign_in: SignIn) -> None:
    proposal = Proposal(cast)
    who = proposal.at_near.membership.user.name
    proposal.change("forbid", who=proposal.at_near, offer=proposal.near)
    proposal.again()
    page = sign_in(cast.broker)
    page.goto(reverse("round-desk", args=[proposal.a_round.slug]))
    page.get_by_role("link", name="Compare with an earlier matching").click()
    expect(page.get_by_role("heading", name="Matching 1 beside matching 2")).to_be_visible()
    expect(page.get_by_role("rowheader", name=who)).to_be_visible()
    nothing_wrong(page)


@pytest.mark.parametrize("large", [True, False])
def test_two_people_are_let_change_places(
    cast: Cast, sign_in: SignIn, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secondments.views.desk.trying.SMALL", 1 if large else 300)
    places = Places(cast)
    page = sign_in(cast.broker)
    page.goto(reverse("round-person", args=[places.a_round.slug, places.waiting.uuid]))
    nothing_wrong(page)
    page.get_by_role("table", name="People to change places with").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Let these two change places?")).to_be_visible()
    if large:
        page.get_by_role("button", name="Work out what it would change").click()
        expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
        nothing_wrong(page)
        jobs.run_due()
        assert Trial.objects.get().answer
    expect(page.get_by_text(f"{places.chosen.membership.user.name} would have no place.")).to_be_visible()
    nothing_wrong(page)
    page.get_by_label("It is fairer between organisations").check()
    page.get_by_role("button", name="Let them change places").click()
    expect(page.get_by_text("Both visits are taken back together").first).to_be_visible()
    nothing_wrong(page)
