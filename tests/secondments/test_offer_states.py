"""Opening, pausing and closing an offer from its page; reading changes nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from secondments.states import OfferState
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_offer

pytestmark = pytest.mark.django_db


def test_it_is_opened_paused_opened_again_and_closed(cast: Cast) -> None:
    offer = make_offer(cast.advice, cast.host, state=OfferState.DRAFT, published_at=None)
    browser = enter(cast.host)
    for name, state in (
        ("offer-publish", OfferState.PUBLISHED),
        ("offer-pause", OfferState.PAUSED),
        ("offer-publish", OfferState.PUBLISHED),
        ("offer-close", OfferState.CLOSED),
    ):
        address = reverse(name, args=[offer.slug])
        assert browser.get(address).status_code == 405
        assert browser.post(address)["Location"] == offer.get_absolute_url()
        offer.refresh_from_db()
        assert offer.state == state


@pytest.mark.parametrize("name", ["offer-publish", "offer-pause", "offer-close"])
def test_a_refusal_stands_on_the_page(cast: Cast, name: str) -> None:
    state = OfferState.CLOSED if name != "offer-publish" else OfferState.DRAFT
    offer = make_offer(cast.advice, cast.host, state=state, dating="dated")
    page = enter(cast.host).post(reverse(name, args=[offer.slug]))
    assert "There is a problem" in page.content.decode()
    offer.refresh_from_db()
    assert offer.state == state
