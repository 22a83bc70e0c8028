"""Brokering by phone: somebody finds hosts by themselves; a broker has hosts in mind, introduces, notes and writes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from partnerships.ground import clock, jobs
from partnerships.ground.models import OutboxMail
from secondments.models import Note, Placement
from secondments.states import HowBegan
from tests.browser.conftest import SignIn
from tests.browser.looking import faults
from tests.cast import Cast
from tests.factories import make_membership, make_offer, make_round, make_user
from tests.secondments.rounds import join

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def nothing_wrong(page: Page) -> None:
    assert faults(page, page.url) == []


def test_somebody_finds_a_host_and_asks(cast: Cast, sign_in: SignIn) -> None:
    make_offer(cast.elsewhere, cast.outsider, title="On the ward")
    page = sign_in(cast.visitor, phone=True)
    page.goto(reverse("next-steps"))
    page.get_by_role("link", name="See which hosts suit you best now").click()
    expect(page.get_by_role("heading", name="2 hosts suit")).to_be_visible()
    page.get_by_text("Change what suits you").click()
    page.get_by_label("Health").check()
    page.get_by_label("February 2027").check()
    page.get_by_role("button", name="Show what suits").click()
    expect(page.get_by_text("Health · February · up to 25 km · in person")).to_be_visible()
    expect(page.locator("h3").first).to_have_text("On the ward")
    nothing_wrong(page)
    page.get_by_role("button", name="Ask for this visit On the ward").click()
    expect(page.get_by_role("heading", name="Which days would suit you at Elsewhere Trust?")).to_be_visible()


def test_a_broker_introduces_somebody_and_writes_to_all(cast: Cast, sign_in: SignIn) -> None:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    make_offer(cast.advice, cast.host, title="The near desk")
    a_round = make_round(cast.cvs, **_ahead())
    join(a_round, cast.visitor_membership, at=clock.now())
    join(a_round, make_membership(make_user("Mona"), cast.council), at=clock.now())
    page = sign_in(cast.broker, phone=True)
    page.goto(reverse("round-desk", args=[a_round.slug]))
    page.get_by_role("link", name="Vera Visitor").click()
    page.get_by_label("Add a note").fill("Prefers mornings.")
    page.get_by_role("button", name="Keep this note").click()
    expect(page.get_by_role("paragraph").filter(has_text="Prefers mornings.")).to_be_visible()
    nothing_wrong(page)
    page.get_by_role("button", name="Remove Prefers mornings.").click()
    assert not Note.objects.exists()

    page.get_by_role("button", name="Best hosts for them now").click()
    expect(page.get_by_role("heading", name="1 host suits now")).to_be_visible()
    page.get_by_role("button", name="Put on the list The near desk").click()
    page.get_by_role("button", name="I have spoken to them The near desk").click()
    expect(page.get_by_text("Spoken to")).to_be_visible()
    nothing_wrong(page)
    page.get_by_role("button", name="Introduce them The near desk").click()
    expect(page.get_by_role("heading", name="Introduce Vera Visitor to Test Advice")).to_be_visible()
    nothing_wrong(page)
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("Everybody whose yes is needed has a mail.")).to_be_visible()
    assert Placement.objects.get().how_began == HowBegan.INTRODUCED

    page.goto(reverse("round-desk", args=[a_round.slug]))
    page.get_by_role("link", name="Write to these 2 people").click()
    page.get_by_label("Subject").fill("A word before we match")
    page.get_by_label("What you write").fill("Which weeks are best?\n\nRing me.")
    page.get_by_role("button", name="See how it reads").click()
    expect(page.get_by_role("heading", name="Send this to 2 people?")).to_be_visible()
    nothing_wrong(page)
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("Subject")).to_have_value("A word before we match")
    page.get_by_role("button", name="See how it reads").click()
    page.get_by_role("button", name="Send to 2 people").click()
    expect(page.get_by_text("2 people get your letter.")).to_be_visible()
    jobs.run_due()
    assert OutboxMail.objects.filter(subject="A word before we match").count() == 2


def _ahead() -> dict[str, object]:
    """The days of a round that lies ahead of today."""
    today = clock.today()
    return {
        "join_by": today + timedelta(days=14),
        "starts_on": today + timedelta(days=28),
        "ends_on": today + timedelta(days=84),
    }
