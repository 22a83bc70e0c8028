"""On paper: the words and the tables, black on white, and nothing that one would press."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser.conftest import SignIn
from tests.cast import Cast
from tests.secondments.repairs import Published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAY_AROUND = (".app-menu", ".app-account--wide", ".app-fold", ".app-filters", ".app-back", ".app-footer__list")
TO_PRESS = (".govuk-button", ".govuk-skip-link", ".govuk-pagination", ".app-acts")
DARKEST_OF_A_CHANNEL, LIGHTEST = 0x60, 0xFA
WORDS = "main :is(h1, h2, p.govuk-body, p.govuk-body-l, dt, dd, th, td)"
INK_AND_PAPER = """words => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const paper = element => {
    const [red, green, blue, alpha = 1] = numbers(getComputedStyle(element).backgroundColor);
    if (alpha > 0) return [red, green, blue];
    return element.parentElement ? paper(element.parentElement) : [255, 255, 255];
  };
  const ink = element => numbers(getComputedStyle(element).color).slice(0, 3);
  const shown = [...document.querySelectorAll(words)].filter(element => element.getClientRects().length);
  return shown.map(element => [element.textContent.trim(), ink(element), paper(element)]);
}"""
AFTER_A_LINK = "link => getComputedStyle(link, '::after').content"


def printed(page: Page, address: str) -> Page:
    page.goto(address)
    page.emulate_media(media="print")
    return page


@pytest.mark.parametrize("what", ["front", "visits", "organisations", "offer", "organisation"])
def test_only_what_can_be_read_is_printed(cast: Cast, sign_in: SignIn, what: str) -> None:
    offer, organisation = cast.offer.get_absolute_url(), cast.advice.get_absolute_url()
    addresses = {"front": "/", "visits": "/visits/", "offer": offer, "organisation": organisation}
    page = printed(sign_in(cast.host), addresses.get(what, "/organisations/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for part in WAY_AROUND + TO_PRESS:
        assert page.locator(f"{part}:visible").count() == 0, part
    # The rule that everybody should have read stays at the foot of the page.
    expect(page.locator(".app-footer__rule")).to_be_visible()


@pytest.mark.parametrize("what", ["visits", "offer", "organisation", "privacy"])
def test_it_is_black_on_white(cast: Cast, sign_in: SignIn, what: str) -> None:
    offer, organisation = cast.offer.get_absolute_url(), cast.advice.get_absolute_url()
    page = printed(sign_in(None), {"offer": offer, "organisation": organisation}.get(what, f"/{what}/"))
    seen = page.evaluate(INK_AND_PAPER, WORDS)
    assert seen
    pale = [words for words, ink, paper in seen if max(ink) > DARKEST_OF_A_CHANNEL or min(paper) < LIGHTEST]
    assert not pale
    assert page.evaluate(INK_AND_PAPER, ".app-footer__rule")[0][1:] == page.evaluate(INK_AND_PAPER, "body")[0][1:]


@pytest.mark.parametrize("what", ["round-results", "round-figures", "round-desk"])
def test_what_came_of_a_round_is_printed_with_its_tables(cast: Cast, sign_in: SignIn, what: str) -> None:
    told = Published(cast)
    page = printed(sign_in(cast.broker), reverse(what, args=[told.a_round.slug]))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for part in WAY_AROUND + TO_PRESS:
        assert page.locator(f"{part}:visible").count() == 0, part
    for table in page.locator(".app-figure__table table").all():
        expect(table).to_be_visible()
    breaks = page.locator("main h2").evaluate_all("all => all.map(each => getComputedStyle(each).breakAfter)")
    assert set(breaks) <= {"avoid"}, "A heading stands on the page of what it heads."
    pale = [words for words, ink, paper in page.evaluate(INK_AND_PAPER, WORDS) if max(ink) > DARKEST_OF_A_CHANNEL]
    assert not pale


def test_an_address_is_printed_where_it_leads_out_of_this_site(cast: Cast, sign_in: SignIn) -> None:
    cast.advice.website = "https://advice.example.org/"
    cast.advice.save()
    page = printed(sign_in(None), cast.advice.get_absolute_url())
    outside = page.locator(f'main a[href="{cast.advice.website}"]')
    assert cast.advice.website in outside.evaluate(AFTER_A_LINK)
    for inside in page.locator('main a.govuk-link[href^="/"]').all():
        assert inside.evaluate(AFTER_A_LINK) in ("none", "normal")


def test_the_table_under_a_drawing_is_printed_though_nobody_opened_it(
    sign_in: SignIn, cast: Cast, settings: Settings
) -> None:
    settings.DEMO = True
    page = sign_in(None)
    page.goto("/design/")
    table = page.locator(".app-figure__table table").first
    expect(table).not_to_be_visible()
    page.emulate_media(media="print")
    expect(table).to_be_visible()
    expect(page.locator(".app-figure__table > summary").first).to_be_hidden()
