"""/admin/: roles of the house and checks, each through its verb and with an event."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin import site
from django.test import Client, RequestFactory
from django.urls import reverse

from partnerships.actions import accounts
from partnerships.ground.models import Event, OutboxMail
from partnerships.ground.problems import Refused
from partnerships.models import ApprovedDomain
from partnerships.states import OrganisationState
from tests.cast import Cast
from tests.client import give_second_factor
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
LISTS = ("user", "membership", "organisation", "place", "approveddomain")


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    cast.administrator.is_superuser = True
    cast.administrator.save()
    client.force_login(cast.administrator)
    return client


def act(admin: Client, model: str, action: str, thing: Any) -> str:
    answer = admin.post(
        reverse(f"admin:partnerships_{model}_changelist"),
        {"action": action, "_selected_action": [thing.pk]},
        follow=True,
    )
    thing.refresh_from_db()
    return str(answer.content.decode())


@pytest.mark.parametrize("model", LISTS)
def test_every_list_and_page_opens_and_nothing_is_edited_or_deleted_by_hand(
    admin: Client, cast: Cast, model: str
) -> None:
    from django.apps import apps

    row = apps.get_model("partnerships", model).objects.first()
    assert admin.get(reverse(f"admin:partnerships_{model}_changelist"), {"q": "test"}).status_code == 200
    assert admin.get(reverse(f"admin:partnerships_{model}_change", args=[row.pk])).status_code == 200
    assert admin.post(reverse(f"admin:partnerships_{model}_change", args=[row.pk]), {}).status_code == 403
    assert admin.post(reverse(f"admin:partnerships_{model}_delete", args=[row.pk]), {}).status_code == 403


def test_roles_of_the_house(admin: Client, cast: Cast) -> None:
    act(admin, "user", "make_curator", cast.host)
    assert cast.host.is_curator
    act(admin, "user", "end_curator", cast.host)
    act(admin, "user", "make_administrator", cast.host)
    assert (cast.host.is_curator, cast.host.is_administrator) == (False, True)
    act(admin, "user", "end_administrator", cast.host)
    assert not cast.host.is_administrator
    assert Event.objects.about(cast.host).count() == 4


def test_a_refusal_is_a_sentence(admin: Client, cast: Cast) -> None:
    page = act(admin, "user", "end_administrator", cast.administrator)
    assert "Make somebody else administrator first." in page
    assert cast.administrator.is_administrator


def test_an_account_is_closed_for_somebody_who_asked(admin: Client, cast: Cast) -> None:
    act(admin, "user", "close", cast.visitor)
    assert cast.visitor.anonymised_at is not None


def test_brokers(admin: Client, cast: Cast) -> None:
    membership = cast.host.memberships.get()
    act(admin, "membership", "make_broker", membership)
    assert membership.is_broker
    act(admin, "membership", "end_broker", membership)
    assert not membership.is_broker


def test_checking_suspending_and_resuming(admin: Client, cast: Cast) -> None:
    organisation = make_organisation(state=OrganisationState.TO_BE_CONFIRMED)
    for action, state in (
        ("verify", OrganisationState.VERIFIED),
        ("suspend", OrganisationState.SUSPENDED),
        ("resume", OrganisationState.VERIFIED),
    ):
        act(admin, "organisation", action, organisation)
        assert organisation.state == state


def test_a_domain_that_a_coordinator_cannot_add(admin: Client, cast: Cast) -> None:
    url = reverse("admin:partnerships_approveddomain_add")
    assert admin.get(url).status_code == 200
    page = admin.post(url, {"organisation": cast.advice.pk, "domain": "Gmail.com"}).content.decode()
    assert "Anybody can have an address at gmail.com." in page
    admin.post(url, {"organisation": cast.advice.pk, "domain": "council.example.org"})
    assert set(ApprovedDomain.objects.values_list("organisation__name", "shared")) == {
        ("Test Advice", True),
        ("Test Council", True),
    }


def test_whoever_lost_their_second_step_is_let_in_again_and_told(admin: Client, cast: Cast) -> None:
    give_second_factor(cast.broker)
    act(admin, "user", "remove_second_step", cast.broker)
    assert not Authenticator.objects.filter(user=cast.broker).exists()
    assert Event.objects.about(cast.broker).get().verb == "remove_second_factors"
    assert "removed by an administrator" in OutboxMail.objects.get(to=cast.broker.email).subject
    act(admin, "user", "remove_second_step", cast.broker)
    assert Event.objects.about(cast.broker).count() == 1


def test_only_administrators_let_anybody_in_again(cast: Cast) -> None:
    give_second_factor(cast.broker)
    with pytest.raises(Refused):
        accounts.remove_second_factors(user=cast.broker, by=cast.curator)
    assert Authenticator.objects.filter(user=cast.broker).exists()


def test_nobody_hands_out_second_factors_or_addresses_by_hand(admin: Client) -> None:
    """Every page here only shows; what changes something is a verb, or leaves an event of its own."""
    by_hand = {
        model._meta.label
        for model, page in site._registry.items()
        if any(may(RequestFactory().get("/")) for may in (page.has_change_permission, page.has_delete_permission))
    }
    assert by_hand == set()
    assert not {Authenticator, EmailAddress} & set(site._registry)
