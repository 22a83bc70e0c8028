"""What other pages show of visits: the organisation's page, and Django's administration."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from secondments import actions
from secondments.states import OfferState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_offer
from tests.secondments.helpers import ask

pytestmark = pytest.mark.django_db


def test_an_organisations_page_leads_to_its_open_offers(cast: Cast, client: Client) -> None:
    hidden = make_offer(cast.advice, cast.host, title="Hidden", state=OfferState.PAUSED)
    page = client.get(cast.advice.get_absolute_url()).content.decode()
    assert cast.offer.get_absolute_url() in page
    assert hidden.title not in page
    assert "Visit it" not in client.get(cast.council.get_absolute_url()).content.decode()


def test_an_administrator_looks_and_changes_nothing(cast: Cast) -> None:
    placement = ask(cast)
    concern = actions.raise_concern(what_is_wrong="He shouted.", at=AT)
    cast.administrator.is_superuser = True
    cast.administrator.save()
    browser = enter(cast.administrator)
    for thing in (cast.offer, placement, concern):
        name = thing._meta.model_name
        assert browser.get(reverse(f"admin:secondments_{name}_changelist")).status_code == 200
        page = browser.get(reverse(f"admin:secondments_{name}_change", args=[thing.pk]))
        assert page.status_code == 200
        assert "A chair with arms." not in page.content.decode()
        assert browser.get(reverse(f"admin:secondments_{name}_add")).status_code == 403
