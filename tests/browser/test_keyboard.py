"""Everything by keyboard alone: to the end of asking for a visit, always seeing where one is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from partnerships.ground import clock
from secondments.models import Placement
from tests.browser.conftest import SignIn
from tests.cast import Cast
from tests.factories import make_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TABS = 120
SHOWS_FOCUS = """() => {
  const focused = document.activeElement;
  // GOV.UK hides the box itself and draws it before its label.
  const drawn = focused.matches("[type=checkbox], [type=radio]") ? [focused.labels[0], "::before"] : [focused, null];
  const style = getComputedStyle(...drawn);
  const place = focused.getBoundingClientRect();
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return (outlined || style.boxShadow !== "none") && place.bottom > 0 && place.top < innerHeight;
}"""


def has_focus(target: Locator) -> bool:
    return bool(target.evaluate("element => element === document.activeElement"))


def tab_to(page: Page, target: Locator) -> None:
    expect(target).to_be_attached()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        if has_focus(target):
            return
    raise AssertionError(f"The Tab key does not reach {target}")


def press_on(page: Page, target: Locator, key: str) -> None:
    tab_to(page, target)
    page.keyboard.press(key)


def test_a_visit_is_asked_for_with_the_keyboard_alone(cast: Cast, sign_in: SignIn) -> None:
    cast.offer.sessions.all().delete()
    make_session(cast.offer, clock.today() + timedelta(days=21))
    page = sign_in(cast.visitor)
    title = page.get_by_role("heading", level=1)
    summary = page.get_by_role("alert")

    page.goto("/visits/")
    press_on(page, page.get_by_role("link", name="Skip to main content"), "Enter")
    expect(page.get_by_role("main")).to_be_focused()
    press_on(page, page.get_by_role("link", name=cast.offer.title), "Enter")
    expect(title).to_have_text(cast.offer.title)
    press_on(page, page.get_by_role("button", name="Ask to visit"), "Space")

    expect(title).to_contain_text("Choose your days")
    press_on(page, page.get_by_role("button", name="Continue"), "Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(summary).to_be_visible()
    press_on(page, page.get_by_role("checkbox").first, "Space")
    press_on(page, page.get_by_role("button", name="Continue"), "Enter")

    expect(title).to_have_text("What you hope to learn")
    press_on(page, page.get_by_role("button", name="Continue"), "Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    press_on(page, summary.get_by_role("link").first, "Enter")
    neither = page.get_by_label("Neither funds, buys from or inspects the other")
    expect(neither).to_be_focused()
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("What do you hope to learn?"))
    page.keyboard.type("How a front desk decides what comes first")
    tab_to(page, page.get_by_label("Who agrees to your going?"))
    page.keyboard.press("Control+a")
    page.keyboard.type(cast.manager.email or "")
    press_on(page, page.get_by_role("button", name="Continue"), "Enter")

    expect(title).to_have_text("Check and send")
    press_on(page, page.get_by_label("What I see and hear about people there stays there"), "Space")
    press_on(page, page.get_by_role("button", name="Ask to visit"), "Enter")
    expect(title).to_have_text(f"A morning at {cast.advice.name}")
    assert Placement.objects.get().learn == "How a front desk decides what comes first"


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.visitor, phone=True)
    page.goto("/next-steps/")
    menu = page.locator("summary").filter(has_text="Menu")
    press_on(page, menu, "Enter")
    tab_to(page, page.get_by_role("link", name="Stories", exact=True))
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(page.get_by_role("link", name="Stories", exact=True)).to_have_count(0)
