"""Who belongs where: a coordinator confirms and invites; a newcomer claims a listed organisation."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from partnerships.actions import memberships
from partnerships.models import Membership
from partnerships.states import MembershipState, OrganisationState
from tests.browser.conftest import SignIn
from tests.browser.ways import mailed_link, sign_up
from tests.cast import Cast
from tests.factories import make_organisation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_coordinator_confirms_a_colleague(cast: Cast, sign_in: SignIn, site: str) -> None:
    memberships.ask_to_join(organisation=cast.advice, job_title="Volunteer", by=cast.newcomer)
    page = sign_in(cast.host)
    page.goto(mailed_link(cast.host.email or "", site))
    page.get_by_role("button", name="Yes, they do Newt Newcomer").click()
    expect(page.get_by_text("Newt Newcomer belongs to you now.")).to_be_visible()
    expect(page.get_by_role("row", name="Newt Newcomer")).to_be_visible()
    assert cast.newcomer.memberships.get().state == MembershipState.ACTIVE


def test_a_coordinator_invites_somebody_who_then_belongs(cast: Cast, sign_in: SignIn, site: str) -> None:
    page = sign_in(cast.host)
    page.goto("/your-organisation/")
    page.get_by_role("link", name="People and invitations").click()
    page.get_by_label("Email address").fill("ines@home.example.org")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way to ines@home.example.org.")).to_be_visible()

    invited = sign_in(None, phone=True)
    invited.goto(mailed_link("ines@home.example.org", site))
    expect(invited.get_by_role("heading", level=1)).to_have_text(f"{cast.advice.name} has invited you")
    invited.get_by_role("button", name="Sign up").click()
    sign_up(invited, "Ines Invited", "ines@home.example.org")
    invited.get_by_role("button", name=f"Join {cast.advice.name}").click()
    expect(invited.get_by_text(f"You belong to {cast.advice.name} now.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("row", name="Ines Invited")).to_be_visible()


def test_a_newcomer_claims_a_listed_organisation(cast: Cast, sign_in: SignIn, site: str) -> None:
    listed = make_organisation("Kite Youth Club", state=OrganisationState.LISTED)
    page = sign_in(cast.newcomer)
    page.goto("/next-steps/")
    page.get_by_role("button", name="Say where").click()
    page.get_by_label("Name of the organisation").fill("Kite")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Kite Youth Club").click()
    page.get_by_role("button", name="Look after this page").click()
    page.get_by_label("Your job title or role").fill("Trustee")
    page.get_by_label("How can we check that you look after it?").fill("Our web page names me.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("We check it and write to you.")).to_be_visible()
    assert not Membership.objects.filter(organisation=listed).exists()

    administrator = sign_in(cast.administrator)
    administrator.goto("/next-steps/")
    administrator.get_by_role("button", name="Check").click()
    administrator.get_by_role("link", name="Kite Youth Club").click()
    expect(administrator.get_by_text("Our web page names me.")).to_be_visible()
    administrator.get_by_role("button", name="Yes, they do").click()
    expect(administrator.get_by_text("They hear by mail.")).to_be_visible()

    page.goto(mailed_link(cast.newcomer.email or "", site))
    page.goto("/your-organisation/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kite Youth Club: nothing waits for you")
    assert Membership.objects.get(organisation=listed).is_coordinator
