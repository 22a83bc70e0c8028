"""/claims/ and /claims/…/: an administrator checks who looks after an organisation."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.actions import claims
from partnerships.models import Claim, User
from partnerships.states import ClaimState, OrganisationState
from tests.cast import Cast
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


def make_claim(by: User) -> Claim:
    listed = make_organisation(state=OrganisationState.LISTED)
    return claims.claim_organisation(organisation=listed, job_title="Trustee", evidence="Our page.", by=by)


@pytest.mark.parametrize("person", ["newcomer", "host", "broker", "curator"])
def test_nobody_else_opens_them(client: Client, cast: Cast, person: str) -> None:
    claim = make_claim(cast.newcomer)
    client.force_login(getattr(cast, person))
    assert client.get(reverse("claims")).status_code == 403
    for send in (client.get, client.post):
        assert send(reverse("claim", args=[claim.uuid])).status_code == 403
    claim.refresh_from_db()
    assert claim.state == ClaimState.WAITING


def test_it_lists_who_waits_and_costs_the_same_for_one_and_for_many(client: Client, cast: Cast) -> None:
    client.force_login(cast.administrator)
    make_claim(cast.newcomer)
    with CaptureQueriesContext(connection) as few:
        assert "1 claim to check" in client.get(reverse("claims")).content.decode()
    for _ in range(9):
        make_claim(make_user())
    with CaptureQueriesContext(connection) as many:
        assert "10 claims to check" in client.get(reverse("claims")).content.decode()
    assert len(many) == len(few)


def test_when_nobody_waits_it_says_what_will_be_here(client: Client, cast: Cast) -> None:
    client.force_login(cast.administrator)
    assert "Nobody waits" in client.get(reverse("claims")).content.decode()


@pytest.mark.parametrize(("answer", "state"), [("yes", ClaimState.ACCEPTED), ("no", ClaimState.REFUSED)])
def test_the_answer_is_recorded_as_theirs(client: Client, cast: Cast, answer: str, state: str) -> None:
    claim = make_claim(cast.newcomer)
    client.force_login(cast.administrator)
    assert "Our page." in client.get(reverse("claim", args=[claim.uuid])).content.decode()
    client.post(reverse("claim", args=[claim.uuid]), {"answer": answer})
    claim.refresh_from_db()
    assert (claim.state, claim.decided_by) == (state, cast.administrator)


def test_a_second_answer_changes_nothing(client: Client, cast: Cast) -> None:
    claim = make_claim(cast.newcomer)
    client.force_login(cast.administrator)
    client.post(reverse("claim", args=[claim.uuid]), {"answer": "no"})
    client.post(reverse("claim", args=[claim.uuid]), {"answer": "yes"})
    claim.refresh_from_db()
    assert claim.state == ClaimState.REFUSED
    assert "Not accepted" in client.get(reverse("claim", args=[claim.uuid])).content.decode()


def test_ones_own_claim_is_for_another_administrator(client: Client, cast: Cast) -> None:
    claim = make_claim(cast.administrator)
    client.force_login(cast.administrator)
    assert "Another administrator checks it" in client.get(reverse("claim", args=[claim.uuid])).content.decode()
    client.post(reverse("claim", args=[claim.uuid]), {"answer": "yes"})
    claim.refresh_from_db()
    assert claim.state == ClaimState.WAITING


def test_neither_yes_nor_no_decides_nothing(client: Client, cast: Cast) -> None:
    claim = make_claim(cast.newcomer)
    client.force_login(cast.administrator)
    for said in ({}, {"answer": "perhaps"}):
        assert client.post(reverse("claim", args=[claim.uuid]), said).status_code == 200
    claim.refresh_from_db()
    assert claim.state == ClaimState.WAITING
