"""Joining a round: by keyboard and without script; and with it, nothing that was typed is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from secondments.models import JoiningDraft, Participation, Round
from tests.browser.conftest import SignIn
from tests.browser.looking import faults
from tests.cast import Cast
from tests.factories import make_round
from tests.secondments.rounds import first_week

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def a_round(cast: Cast) -> Round:
    return make_round(cast.cvs)


def week(page: Page, a_round: Round) -> str:
    first = first_week(a_round)
    return f"Week of {first.day} {first:%B}"


@pytest.mark.parametrize("phone", [True, False])
def test_somebody_joins_without_script(cast: Cast, a_round: Round, sign_in: SignIn, phone: bool) -> None:
    page = sign_in(cast.visitor, phone=phone, script=False)
    page.goto(reverse("round-join", args=[a_round.slug]))
    page.get_by_label("What you hope to learn").fill("How a front desk copes")
    page.get_by_role("button", name="Save and come back later").click()
    expect(page.get_by_text("Kept. Come back")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("What you hope to learn")).to_have_value("How a front desk copes")
    page.get_by_role("checkbox", name=week(page, a_round)).check()
    page.get_by_text("More, if you like").click()
    page.get_by_label("First choice").select_option(cast.offer.slug)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="You have joined")).to_be_visible()
    assert Participation.objects.get().wishes.get().offer == cast.offer


def test_what_is_typed_is_kept_by_itself(cast: Cast, a_round: Round, sign_in: SignIn) -> None:
    page = sign_in(cast.visitor)
    address = reverse("round-join", args=[a_round.slug])
    page.goto(address)
    with page.expect_response(lambda answer: answer.url.endswith("/keep/")):
        page.get_by_label("What you hope to learn").fill("How a front desk copes")
    # The session ends: another browser, another day.
    page.context.clear_cookies()
    again = sign_in(cast.visitor, phone=True)
    again.goto(address)
    expect(again.get_by_text("You began this on")).to_be_visible()
    expect(again.get_by_label("What you hope to learn")).to_have_value("How a front desk copes")
    assert JoiningDraft.objects.count() == 1


@pytest.mark.parametrize("phone", [True, False])
def test_axe_has_nothing_against_it_folded_or_open(cast: Cast, a_round: Round, sign_in: SignIn, phone: bool) -> None:
    page = sign_in(cast.visitor, phone=phone)
    address = reverse("round-join", args=[a_round.slug])
    page.goto(address)
    assert faults(page, address) == []
    page.get_by_text("More, if you like").click()
    page.get_by_label("Whom you must not meet").fill("Test")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("could be more than one organisation").first).to_be_visible()
    assert faults(page, address) == []


def test_all_weeks_are_chosen_at_one_press_of_a_key(cast: Cast, a_round: Round, sign_in: SignIn) -> None:
    page = sign_in(cast.visitor)
    page.goto(reverse("round-join", args=[a_round.slug]))
    every = page.locator("input[name=weeks]").count()
    with page.expect_response(lambda answer: answer.url.endswith("/keep/")):
        page.get_by_role("button", name="Choose all of these").press("Enter")
    assert page.locator("input[name=weeks]:checked").count() == every > 1
    assert len(JoiningDraft.objects.get().typed["weeks"]) == every
