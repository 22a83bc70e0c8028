"""/visits/new/ and the page after it: an offer in three minutes, filled with a starting text."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.states import OrganisationState
from secondments.forms.offers import OfferForm
from secondments.forms.starting_texts import STARTING_TEXTS
from secondments.models import HostOffer
from secondments.states import OfferState
from secondments.views import offering
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_membership, make_offer

pytestmark = pytest.mark.django_db

TYPED: dict[str, Any] = {
    "title": "A day at the front desk",
    "what_you_will_see": "The queue.",
    "mode": "in_person",
    "places": "2",
    "dating": "ask_us",
    "notice_days": "10",
    "payment": "122.50",
    "usual_weekdays": ["1"],
    "checks": ["confidentiality"],
}


def write(cast: Cast, text: str = "advice-centre") -> str:
    return reverse("offer-write", args=[cast.advice.slug, text])


def test_at_most_six_fields_are_needed() -> None:
    assert sum(field.required for field in OfferForm.base_fields.values()) <= 6


def test_a_starting_text_is_chosen_first_and_nothing_is_made(cast: Cast) -> None:
    browser = enter(cast.host)
    assert "A food bank" in browser.get(reverse("offer-new")).content.decode()
    answer = browser.post(reverse("offer-new"), {"text": "food-bank"})
    assert answer["Location"] == write(cast, "food-bank")
    assert not HostOffer.objects.exclude(pk=cast.offer.pk).exists()
    assert "Choose what would a visitor see" not in browser.post(reverse("offer-new"), {}).content.decode()


@pytest.mark.parametrize("key", [text.key for text in STARTING_TEXTS])
def test_each_starting_text_fills_the_form(cast: Cast, key: str) -> None:
    page = enter(cast.host).get(write(cast, key))
    start = next(text for text in STARTING_TEXTS if text.key == key)
    assert str(start.title) in page.content.decode()


def test_an_unknown_text_or_somebody_elses_organisation_is_not_there(cast: Cast) -> None:
    assert enter(cast.host).get(write(cast, "castle")).status_code == 404
    assert enter(cast.outsider).get(write(cast)).status_code == 404
    assert enter(cast.adviser).get(write(cast)).status_code == 403


def test_it_is_kept_as_a_draft(cast: Cast) -> None:
    answer = enter(cast.host).post(write(cast), TYPED)
    offer = HostOffer.objects.latest("id")
    assert answer["Location"] == offer.get_absolute_url()
    assert (offer.state, offer.payment_pence, offer.places, offer.usual_weekdays) == (OfferState.DRAFT, 12250, 2, [1])


def test_a_dated_one_goes_on_to_its_days(cast: Cast) -> None:
    answer = enter(cast.host).post(write(cast), TYPED | {"dating": "dated"})
    assert answer["Location"] == reverse("offer-days", args=[HostOffer.objects.latest("id").slug])


def test_what_was_typed_stays_when_something_is_wrong(cast: Cast) -> None:
    page = enter(cast.host).post(write(cast), TYPED | {"places": "0", "dating": ""}).content.decode()
    assert "There is a problem" in page
    assert "The queue." in page
    assert HostOffer.objects.count() == 1


def test_who_waits_to_be_confirmed_may_prepare(cast: Cast) -> None:
    cast.advice.state = OrganisationState.TO_BE_CONFIRMED
    cast.advice.save()
    browser = enter(cast.host)
    assert "You can write it now and publish it then" in browser.get(reverse("offer-new")).content.decode()
    assert browser.post(write(cast), TYPED).status_code == 302


def test_who_coordinates_several_says_which(cast: Cast) -> None:
    make_membership(cast.host, cast.elsewhere, is_coordinator=True)
    browser = enter(cast.host)
    chosen = {"text": "own-words", "organisation": cast.elsewhere.pk}
    assert "Which organisation invites?" in browser.get(reverse("offer-new")).content.decode()
    assert browser.post(reverse("offer-new"), chosen)["Location"] == reverse(
        "offer-write", args=[cast.elsewhere.slug, "own-words"]
    )


def test_ten_of_their_offers_cost_as_many_queries_as_one(cast: Cast) -> None:
    browser = enter(cast.host)
    browser.get(reverse("offers-ours"))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("offers-ours"))
        counts.append(len(queries))
        for _ in range(9):
            make_offer(cast.advice, cast.host)
    assert counts[0] == counts[1]


def test_many_offers_have_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offering, "PAGE_SIZE", 1)
    make_offer(cast.advice, cast.host, title="Zebra crossings", state=OfferState.PUBLISHED)
    browser = enter(cast.host)
    assert "Zebra crossings" not in browser.get(reverse("offers-ours")).content.decode()
    assert "Zebra crossings" in browser.get(reverse("offers-ours"), {"page": 2}).content.decode()


def test_their_offers_are_on_one_page(cast: Cast, client: Client) -> None:
    page = enter(cast.host).get(reverse("offers-ours")).content.decode()
    assert cast.offer.title in page
    assert "No offer yet" in enter(cast.outsider).get(reverse("offers-ours")).content.decode()
    assert enter(cast.visitor).get(reverse("offers-ours")).status_code == 403
    assert client.get(reverse("offers-ours")).status_code == 302
