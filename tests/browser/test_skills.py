"""A worker of a voluntary organisation asks for a skill, before there is an account, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from partnerships.actions import invitations
from partnerships.models import ApprovedDomain
from partnerships.states import OrganisationState
from tests.browser.conftest import SignIn
from tests.browser.ways import mail_to, mailed_link, sign_up
from tests.cast import Cast
from tests.factories import make_place
from volunteering.models import SkillNeed
from volunteering.states import NeedState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Write a conduct policy"


def write_need(page: Page) -> None:
    """As a stranger: what is needed, then on to an account."""
    page.goto("/skills/")
    page.get_by_role("button", name="Ask for a skill").click()
    page.get_by_label("What do you need help with?").fill(TITLE)
    page.get_by_label("What would help most?").fill("Somebody who has written one before.")
    page.get_by_label("A day", exact=True).check()
    page.get_by_label("It can be done online").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_role("button", name="Create an account").click()


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publish your skill need").click()
    expect(page.get_by_text("Your skill need is published.")).to_be_visible()


def anybody_finds_it(page: Page, organisation: str) -> None:
    page.goto("/skills/")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("main").get_by_role("link", name=organisation)).to_be_visible()
    expect(page.get_by_role("button", name="I can help")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_need_written_by_a_stranger_is_published_by_a_member(cast: Cast, sign_in: SignIn, script: bool) -> None:
    ApprovedDomain.objects.create(organisation=cast.advice, domain="advice.example.org")
    page = sign_in(None, phone=True, script=script)
    write_need(page)
    sign_up(page, "Nora New", "nora@advice.example.org")
    page.get_by_role("button", name="Say where").click()
    page.get_by_role("link", name=cast.advice.name).click()
    page.get_by_label("Your job title or role").fill("Adviser")
    page.get_by_role("button", name="Ask to join").click()
    expect(page.get_by_text(f"You belong to {cast.advice.name} now.")).to_be_visible()
    page.get_by_role("button", name="Look at it").click()
    publish(page)
    anybody_finds_it(sign_in(None, script=script), cast.advice.name)


def test_somebody_who_was_invited_publishes_for_who_invited_them(cast: Cast, sign_in: SignIn, site: str) -> None:
    invitations.invite(organisation=cast.advice, email="nora@home.example.org", by=cast.host)
    invitation = mailed_link("nora@home.example.org", site)
    page = sign_in(None, phone=True)
    write_need(page)
    sign_up(page, "Nora New", "nora@home.example.org")
    page.goto(invitation)
    page.get_by_role("button", name=f"Join {cast.advice.name}").click()
    page.get_by_role("button", name="Look at it").click()
    publish(page)
    anybody_finds_it(sign_in(None), cast.advice.name)


def test_an_organisation_on_no_list_keeps_its_draft_until_a_broker_knows_it(
    cast: Cast, sign_in: SignIn, site: str
) -> None:
    cast.cvs.areas_served.add(make_place("Bolton"))
    page = sign_in(None, phone=True)
    write_need(page)
    sign_up(page, "Nora New", "nora@home.example.org")
    page.get_by_role("button", name="Say where").click()
    page.get_by_role("button", name="My organisation is not here").click()
    page.get_by_label("Name of your organisation or group").fill("Lantern Food Bank")
    page.get_by_label("Where it is").fill("Bolton")
    page.get_by_label("Community group").check()
    page.get_by_label("What it does").fill("Parcels on Thursdays.")
    page.get_by_role("button", name="Enter it").click()
    expect(page.get_by_text("Lantern Food Bank is entered.")).to_be_visible()

    page.get_by_role("button", name="Look at it").or_(page.get_by_role("link", name="Publish your skill need")).click()
    expect(page.get_by_text("Lantern Food Bank is not confirmed yet")).to_be_visible()
    expect(page.get_by_role("button", name="Publish your skill need")).to_have_count(0)
    assert SkillNeed.objects.get().state == NeedState.DRAFT

    broker = sign_in(cast.broker)
    broker.goto("/next-steps/")
    broker.get_by_role("button", name="See who waits").click()
    broker.get_by_role("button", name="I know them").click()
    expect(broker.get_by_text("Lantern Food Bank can offer, ask and publish now.")).to_be_visible()

    assert "Lantern Food Bank" in mail_to("nora@home.example.org").subject
    page.goto(mailed_link("nora@home.example.org", site))
    page.goto("/next-steps/")
    page.get_by_role("button", name="Look at it").click()
    publish(page)
    need = SkillNeed.objects.select_related("organisation").get()
    assert need.organisation is not None
    assert need.organisation.state == OrganisationState.VOUCHED
    anybody_finds_it(sign_in(None), "Lantern Food Bank")
