"""/visits/<slug>/edit/: changing an offer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.client import enter
from tests.secondments.test_offer_new import TYPED

pytestmark = pytest.mark.django_db


def test_what_it_says_is_in_the_form_and_what_is_typed_is_kept(cast: Cast) -> None:
    cast.offer.payment_pence = 12250
    cast.offer.save()
    browser, address = enter(cast.host), reverse("offer-edit", args=[cast.offer.slug])
    assert 'value="122.5"' in browser.get(address).content.decode()
    assert browser.post(address, TYPED | {"title": "Another title", "payment": ""}).status_code == 302
    cast.offer.refresh_from_db()
    assert cast.offer.title == "Another title"
    assert not cast.offer.payment_pence


def test_something_wrong_is_said(cast: Cast) -> None:
    page = enter(cast.host).post(reverse("offer-edit", args=[cast.offer.slug]), {"title": ""})
    assert "Enter title" in page.content.decode()


@pytest.mark.parametrize("name", ["offer-edit", "offer-days", "offer-publish", "offer-pause", "offer-close"])
def test_the_desk_of_an_open_offer_is_for_its_own_people(cast: Cast, name: str) -> None:
    address = reverse(name, args=[cast.offer.slug])
    assert enter(cast.outsider).post(address, {}).status_code == 404
    assert enter(cast.visitor).post(address, {}).status_code == 403
