"""/organisations/…/claim/: say that one looks after a listed organisation."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import Claim, Organisation
from partnerships.states import OrganisationState
from tests.cast import Cast
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
FILLED = {"job_title": "Trustee", "evidence": "Our own page names me."}


@pytest.fixture
def listed() -> Organisation:
    return make_organisation("Listed Charity", state=OrganisationState.LISTED)


def url(organisation: Organisation) -> str:
    return reverse("claim-organisation", args=[organisation.slug])


def test_looking_claims_nothing(client: Client, cast: Cast, listed: Organisation) -> None:
    client.force_login(cast.newcomer)
    assert "Look after Listed Charity" in client.get(url(listed)).content.decode()
    assert not Claim.objects.exists()


def test_it_waits_to_be_checked(client: Client, cast: Cast, listed: Organisation) -> None:
    client.force_login(cast.newcomer)
    client.post(url(listed), FILLED)
    assert Claim.objects.get().user == cast.newcomer
    listed.refresh_from_db()
    assert listed.state == OrganisationState.LISTED


def test_a_second_click_makes_no_second_claim(client: Client, cast: Cast, listed: Organisation) -> None:
    client.force_login(cast.newcomer)
    client.post(url(listed), FILLED)
    assert "You have told us already" in client.post(url(listed), FILLED).content.decode()
    assert Claim.objects.count() == 1


def test_what_was_typed_stays_when_something_is_missing(client: Client, cast: Cast, listed: Organisation) -> None:
    client.force_login(cast.newcomer)
    page = client.post(url(listed), FILLED | {"evidence": ""}).content.decode()
    assert 'value="Trustee"' in page
    assert "Say how we can check that you look after it" in page


def test_what_is_looked_after_leads_to_joining(client: Client, cast: Cast) -> None:
    client.force_login(cast.newcomer)
    assert reverse("ask-to-join", args=[cast.advice.slug]) in client.get(url(cast.advice)).content.decode()
    client.post(url(cast.advice), FILLED)
    assert not Claim.objects.exists()
