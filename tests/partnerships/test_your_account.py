"""/your-account/ and what hangs on it: details, data, closing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from partnerships.actions import accounts, claims, invitations, memberships
from partnerships.ground.models import Event, OutboxMail
from partnerships.ground.problems import Refused
from partnerships.models import Claim, Membership, User
from partnerships.states import MembershipState, OrganisationState
from tests.cast import Cast
from tests.client import give_second_factor, verify_address
from tests.factories import AT, make_need, make_organisation
from volunteering.states import NeedState

pytestmark = pytest.mark.django_db
PAGES = ("your-account", "second-factor", "my-data", "my-data-download", "close-account")


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_signs_in_first(client: Client, name: str) -> None:
    assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_everybody_opens_their_own(client: Client, cast: Cast, name: str) -> None:
    for person in (cast.newcomer, cast.visitor, cast.broker):
        client.force_login(person)
        assert client.get(reverse(name)).status_code == 200


def test_a_person_changes_their_name_and_language(client: Client, cast: Cast, settings: Settings) -> None:
    client.force_login(cast.visitor)
    assert "Language" not in client.get(reverse("your-account")).content.decode()  # one choice is none
    settings.LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
    client.post(reverse("your-account"), {"name": "Vera Neu", "language": "cy"})
    cast.visitor.refresh_from_db()
    assert (cast.visitor.name, cast.visitor.language) == ("Vera Neu", "cy")


def test_an_empty_name_is_not_taken(client: Client, cast: Cast) -> None:
    client.force_login(cast.visitor)
    assert "Enter your name" in client.post(reverse("your-account"), {"name": " ", "language": "cy"}).content.decode()
    cast.visitor.refresh_from_db()
    assert cast.visitor.name == "Vera Visitor"


def test_the_page_says_where_one_belongs(client: Client, cast: Cast) -> None:
    memberships.ask_to_join(organisation=cast.advice, by=cast.visitor)
    client.force_login(cast.visitor)
    page = client.get(reverse("your-account")).content.decode()
    assert "Test Council" in page
    assert "Waiting to be confirmed" in page


def test_the_download_holds_what_every_app_keeps_and_nobody_elses(client: Client, cast: Cast) -> None:
    make_need(cast.council, cast.visitor, title="Sort our shelves")
    invitations.invite(organisation=cast.advice, email=cast.visitor.email or "", by=cast.host)
    client.force_login(cast.visitor)
    answer = client.get(reverse("my-data-download"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    data = json.loads(answer.content)
    assert data["account"]["email"] == "vera@council.example.org"
    assert data["memberships"][0]["agrees_email"] == "manu@council.example.org"
    assert data["skill_needs_you_wrote"][0]["title"] == "Sort our shelves"
    assert data["invitations_to_you"][0]["organisation__name"] == "Test Advice"
    assert "visits" in data
    client.force_login(cast.outsider)
    other = client.get(reverse("my-data-download")).content.decode()
    assert "vera@" not in other
    assert "Sort our shelves" not in other


def test_closing_is_asked_once_more(client: Client, cast: Cast) -> None:
    client.force_login(cast.visitor)
    client.get(reverse("close-account"))
    page = client.post(reverse("close-account"), {})
    assert page.status_code == 200
    cast.visitor.refresh_from_db()
    assert cast.visitor.is_active


def test_closing_signs_out_for_good(client: Client, cast: Cast) -> None:
    elsewhere = Client()
    elsewhere.force_login(cast.visitor)
    client.force_login(cast.visitor)
    assert client.post(reverse("close-account"), {"sure": "on"}).headers["Location"] == reverse("front")
    for browser in (client, elsewhere):
        assert browser.get(reverse("next-steps")).status_code == 302


def _text_of_everything() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        if not model._meta.managed or model is OutboxMail:
            continue
        for row in model._base_manager.all():
            for field in model._meta.concrete_fields:
                if isinstance(field, models.CharField | models.TextField | models.JSONField):
                    yield f"{model._meta.label}.{field.name}", str(field.value_from_object(row))


def test_afterwards_nothing_says_who_it_was_and_the_rows_stay(cast: Cast) -> None:
    visitor = cast.visitor
    verify_address(visitor)
    give_second_factor(visitor)
    invitations.invite(organisation=cast.advice, email=visitor.email or "", by=cast.host)
    Membership.objects.filter(user=cast.colleague).update(agrees_email=visitor.email)
    listed = make_organisation(state=OrganisationState.LISTED)
    claims.claim_organisation(organisation=listed, job_title="Vera, trustee", evidence="Ask Vera.", by=visitor)
    draft = make_need(cast.council, visitor, state=NeedState.DRAFT)
    events_before = Event.objects.count()
    accounts.close_account(user=visitor, by=visitor, at=AT)
    leaks = [(where, text) for where, text in _text_of_everything() if "vera" in text.lower()]
    assert leaks == []
    visitor.refresh_from_db()
    assert (visitor.email, visitor.is_active, visitor.anonymised_at) == (None, False, AT)
    assert visitor.memberships.get().state == MembershipState.ENDED
    assert not Authenticator.objects.filter(user=visitor).exists()
    assert Claim.objects.get().evidence == ""
    draft.refresh_from_db()
    assert draft.state == NeedState.WITHDRAWN
    assert Event.objects.count() > events_before
    # Only the mail that says so still knows the address, until it has been sent and its period is over.
    assert set(OutboxMail.objects.filter(to="vera@council.example.org").values_list("template", flat=True)) >= {
        "people/account_closed"
    }


def test_the_search_for_leaks_would_find_one(cast: Cast) -> None:
    assert any("vera" in text.lower() for _where, text in _text_of_everything())


def test_closing_twice_changes_nothing(cast: Cast) -> None:
    accounts.close_account(user=cast.visitor, by=cast.visitor, at=AT)
    accounts.close_account(user=cast.visitor, by=cast.administrator, at=AT + timedelta(days=1))
    cast.visitor.refresh_from_db()
    assert cast.visitor.anonymised_at == AT


def test_nobody_closes_the_account_of_another_but_an_administrator_who_was_asked(cast: Cast) -> None:
    with pytest.raises(Refused):
        accounts.close_account(user=cast.visitor, by=cast.home_coordinator, at=AT)
    accounts.close_account(user=cast.visitor, by=cast.administrator, at=AT)
    assert User.objects.get(pk=cast.visitor.pk).anonymised_at == AT


def test_the_address_is_free_again(cast: Cast) -> None:
    accounts.close_account(user=cast.visitor, by=cast.visitor, at=AT)
    User.objects.create_user("vera@council.example.org", name="Another Vera")
