"""A curator writes a story, the organisation in it says yes, and everybody reads it until that yes is taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from partnerships.models import CaseStudy
from partnerships.states import CaseStudyState
from tests.browser.conftest import SignIn
from tests.browser.ways import mailed_link
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "The desk that moved"


def test_a_story_is_published_with_consent_and_goes_with_it(cast: Cast, sign_in: SignIn, site: str) -> None:
    curator = sign_in(cast.curator)
    curator.goto("/stories/")
    curator.get_by_role("button", name="Write a story").click()
    curator.get_by_label("Title").fill(TITLE)
    curator.get_by_label("The story in two sentences").fill("A council and an advice centre swapped a desk.")
    curator.get_by_label("What went really well").fill("People were seen on the day they came.")
    curator.get_by_label("What made it work").fill("Both sides gave the same hours.")
    curator.get_by_label("What others can copy").fill("Begin with one morning a week.")
    curator.get_by_label("Organisations in the story").fill(cast.advice.name)
    curator.get_by_role("button", name="Save").click()
    expect(curator.get_by_text("Your story is kept as a draft.")).to_be_visible()
    curator.get_by_role("button", name="Ask for consent").click()
    expect(curator.get_by_text("The organisations are asked.")).to_be_visible()
    expect(curator.get_by_role("button", name="Publish the story")).to_have_count(0)

    visitor = sign_in(None)
    visitor.goto("/stories/")
    expect(visitor.get_by_role("link", name=TITLE)).to_have_count(0)

    host = sign_in(cast.host, phone=True)
    host.goto(mailed_link(cast.host.email or "", site))
    expect(host.get_by_role("heading", level=1)).to_have_text(f"May this be published with {cast.advice.name} in it?")
    expect(host.get_by_text("Begin with one morning a week.")).to_be_visible()
    consent = host.url
    host.get_by_role("button", name="Yes, publish these words").click()
    expect(host.get_by_role("heading", level=1)).to_have_text(f"{cast.advice.name} said yes")

    curator.goto(mailed_link(cast.curator.email or "", site))
    curator.get_by_role("button", name="Publish the story").click()
    expect(curator.get_by_text("The story is published.")).to_be_visible()

    visitor.reload()
    visitor.get_by_role("link", name=TITLE).click()
    expect(visitor.get_by_text("Begin with one morning a week.")).to_be_visible()
    expect(visitor.get_by_text("Published with the consent of each of them.")).to_be_visible()
    assert CaseStudy.objects.get().state == CaseStudyState.PUBLISHED

    host.goto(consent)
    host.get_by_role("button", name="Take our yes back").click()
    expect(host.get_by_text("Nobody can read the story any more.").first).to_be_visible()
    answer = visitor.reload()
    assert answer is not None
    assert answer.status == 404
