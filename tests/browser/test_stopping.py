"""A broker watches a matching and stops it, with the keyboard, while the page is exchanged under their fingers."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from partnerships.ground import jobs
from partnerships.ground.jobs import claims
from partnerships.ground.models import Job
from secondments.actions.rounds import ask_for_match, close_round
from secondments.models import MatchRun
from tests.browser.conftest import SignIn
from tests.browser.looking import faults
from tests.cast import Cast
from tests.factories import AT, make_round
from tests.secondments.rounds import join

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_matching_is_watched_and_stopped(cast: Cast, sign_in: SignIn, script: bool) -> None:
    a_round = make_round(cast.cvs)
    join(a_round, cast.visitor_membership)
    close_round(a_round=a_round, by=cast.broker, at=AT)
    jobs.run_due()
    ask_for_match(a_round=a_round, by=cast.broker, at=AT)
    claims.take()
    Job.objects.of_kind("match_round").update(progress_done=3, progress_total=7, progress_note="hosts")
    placed = {"name": "placed", "value": 1, "proven": True, "bound": 1}
    MatchRun.objects.update(criteria=[{"name": "placed"}, {"name": "hosts"}, {"name": "fit"}])

    desk = sign_in(cast.broker, phone=True, script=script)
    desk.goto(reverse("round-desk", args=[a_round.slug]))
    expect(desk.get_by_role("heading", level=1)).to_have_text("Matching 1 person")
    button = desk.get_by_role("button", name="Stop the matching")
    button.focus()
    MatchRun.objects.update(criteria=[placed, {"name": "hosts"}, {"name": "fit"}])
    if script:
        expect(desk.get_by_text("1 of 1 people, proven")).to_be_visible()
        expect(button).to_be_focused()
        assert faults(desk, "a matching under way") == []
    desk.keyboard.press("Enter") if script else button.click()
    expect(desk.get_by_text("It stops after the step that is under way.", exact=False)).to_be_visible()
    expect(desk.get_by_role("button", name="Stop the matching")).to_have_count(0)
    assert MatchRun.objects.get().stop_asked_at is not None
