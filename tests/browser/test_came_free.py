"""After publishing, in a browser: a broker offers what came free, and the person it found says yes."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from partnerships.ground import jobs
from secondments.models import Placement
from secondments.states import DecisionKind, DecisionState
from tests.browser.conftest import SignIn
from tests.browser.looking import faults
from tests.cast import Cast
from tests.secondments.repairs import Published, repaired

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def test_what_came_free_is_offered_and_taken(cast: Cast, sign_in: SignIn) -> None:
    told = Published(cast)
    waits = told.waiting.membership.user
    lost = told.at_advice.visitor
    told.host_says_no()
    assert repaired(told.a_round) is not None
    page = sign_in(cast.broker)
    found: list[str] = []
    page.goto(reverse("round-desk", args=[told.a_round.slug]))
    found += faults(page, "the desk, with something to offer")
    page.get_by_role("button", name="Read and offer it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 person could have a place after all")
    found += faults(page, "what came free")
    page.get_by_role("button", name="Offer these visits").click()
    expect(page.get_by_text("Everyone concerned is asked")).to_be_visible()
    jobs.run_due()
    page.goto(reverse("round-desk", args=[told.a_round.slug]))
    found += faults(page, "the desk, with something offered")
    page.get_by_role("link", name="1 visit, worked out on").click()
    found += faults(page, "what was offered")

    member = sign_in(lost)
    member.goto(told.a_round.get_absolute_url())
    found += faults(member, "a round in which one lost a visit")
    member = sign_in(waits)
    member.goto(told.a_round.get_absolute_url())
    member.get_by_role("button", name="Look at your visit").click()
    member.get_by_role("button", name="Read and answer").click()
    member.get_by_role("button", name="Yes").click()
    expect(member.get_by_text("You said yes.")).to_be_visible()
    mine = Placement.objects.get(visitor=waits).decisions.get(kind=DecisionKind.VISITOR)
    assert mine.state == DecisionState.YES
    assert found == []
