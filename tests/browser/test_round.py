"""A broker closes a round, presses match, reads who meets whom and why, and tells everyone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from partnerships.ground import jobs
from partnerships.ground.models import OutboxMail
from secondments.models import Placement
from tests.browser.conftest import SignIn
from tests.cast import Cast
from tests.factories import AT, make_offer, make_round
from tests.secondments.rounds import join

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_round_is_matched_read_and_published(cast: Cast, sign_in: SignIn, script: bool) -> None:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    offer = make_offer(cast.advice, cast.host, places=2)
    a_round = make_round(cast.cvs, join_by=AT.date().replace(year=2030))
    join(a_round, cast.visitor_membership)

    visitor = sign_in(cast.colleague, phone=True, script=script)
    visitor.goto(reverse("rounds"))
    visitor.get_by_role("link", name=a_round.name).click()
    visitor.get_by_role("button", name="Join").click()
    visitor.get_by_label("What you hope to learn").fill("Who comes through the door")
    for box in visitor.get_by_label("Week of").all():
        box.check()
    visitor.get_by_label("Work email of who agrees to your going").fill("manu@council.example.org")
    visitor.get_by_role("button", name="Join").click()
    expect(visitor.get_by_text("You have joined").first).to_be_visible()

    desk = sign_in(cast.broker, script=script)
    desk.goto(reverse("round-desk", args=[a_round.slug]))
    expect(desk.get_by_role("heading", level=1)).to_have_text("2 people have joined")
    desk.get_by_role("button", name="Close the round now").click()
    desk.get_by_role("button", name="Match").click()
    expect(desk.get_by_text("Waiting for its turn")).to_be_visible()
    jobs.run_due()
    if script:
        expect(desk.get_by_role("heading", level=1)).to_have_text("2 of 2 people have a place")
    else:
        desk.get_by_role("link", name="Look again").click()
        expect(desk.get_by_role("heading", level=1)).to_have_text("2 of 2 people have a place")
    expect(desk.get_by_text("Shows what was asked for").first).to_be_visible()
    expect(desk.get_by_text(offer.title).first).to_be_visible()

    desk.get_by_role("button", name="Tell everyone").click()
    assert not Placement.objects.exists()
    desk.get_by_role("button", name="Tell everyone").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Telling 2 people")
    jobs.run_due()
    if not script:
        desk.get_by_role("link", name="Look again").click()
    expect(desk.get_by_text("Everyone has been told.")).to_be_visible()
    assert Placement.objects.count() == 2
    assert OutboxMail.objects.filter(to=cast.host.email).count() == 1

    visitor.goto(a_round.get_absolute_url())
    expect(visitor.get_by_role("heading", level=1)).to_have_text("You have a place")
