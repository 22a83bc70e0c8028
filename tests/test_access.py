"""Role × address × method × own or another organisation: complete by construction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from partnerships.ground.access import demo_only
from tests.access import EVERYBODY, World, make_world
from tests.access_table import TABLE
from tests.cast import Cast
from tests.client import HouseClient

METHODS = ("GET", "POST", "DELETE")
OTHER_METHODS = ("HEAD", "PUT", "PATCH", "OPTIONS")
"""Asked by one role of each kind only: they share the gates of the three above. So is what an address does not take."""

GROUPS = 8
"""The addresses are asked in so many tests, each in one world, so that two cores share them."""

THIRD_PARTY = {
    "account_confirm_login_code",
    "account_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_request_login_code",
    "account_signup",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}
"""allauth's pages: each about the person who asks and nobody else, and guarded by allauth itself."""

REPLACED = {
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
}
"""allauth's pages about passwords, which nobody has here: `no-passwords` stands before them."""


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from _patterns(pattern, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern), pattern


ADDRESSES = [(address, pattern) for address, pattern in _patterns(get_resolver())]
DEMONSTRATION = {
    str(pattern.name) for _address, pattern in ADDRESSES if demo_only in getattr(pattern.callback, "open_to", ())
}


def test_every_address_is_classified_once() -> None:
    """By `@open_to` at the view where it is ours, by name where it is not."""
    unclassified = [
        address
        for address, pattern in ADDRESSES
        if not hasattr(pattern.callback, "open_to") and pattern.name not in THIRD_PARTY | REPLACED
    ]
    assert unclassified == []
    ours = {str(pattern.name) for _address, pattern in ADDRESSES if hasattr(pattern.callback, "open_to")}
    assert ours - DEMONSTRATION - REPLACED - THIRD_PARTY == set(TABLE)


def test_every_role_of_the_cast_is_asked() -> None:
    assert {name for name in Cast.__dataclass_fields__ if name in EVERYBODY} == EVERYBODY - {"stranger"}


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def _client(world: World, role: str) -> Client:
    client = HouseClient(raise_request_exception=False)
    if role != "stranger":
        client.force_login(getattr(world.cast, role))
    return client


def _refused(response: HttpResponseBase, role: str) -> bool:
    """Not allowed, not there, or sent to sign in."""
    sent_away = response.status_code == 302 and "/accounts/login/" in response["Location"]
    return response.status_code in (401, 403, 404, 410) or (sent_away and role == "stranger")


def _ask(client: Client, method: str, address: str) -> Any:
    """One request whose effects are taken back, so that the next meets the same world."""
    with transaction.atomic():
        response = client.generic(method, address, HTTP_ACCEPT="text/html,application/json")
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("group", range(GROUPS))
def test_only_those_named_get_through(world: World, group: int) -> None:
    clients = {role: _client(world, role) for role in sorted(EVERYBODY)}
    wrong = []
    for name in sorted(TABLE)[group::GROUPS]:
        taken: tuple[str, ...] = METHODS
        # First where somebody gets through, who learns what the address takes.
        for case in sorted(TABLE[name], key=lambda case: not case.allowed):
            address = reverse(name, args=case.arguments(world)) if name != "api-nothing-here" else "/api/v1/nothing/"
            if case.allowed:
                taken = _taken(clients[min(case.allowed)], address)
            wrong += [f"{name} {case.what}: {fault}" for fault in _faults(clients, address, case.allowed, taken)]
    assert not wrong, "\n".join(wrong)


def _taken(client: Client, address: str) -> tuple[str, ...]:
    """Which of the methods it takes, by its own word; all where it has none."""
    said = _ask(client, "OPTIONS", address).headers.get("Allow", "")
    return tuple(method for method in METHODS if method in said.split(", ")) or METHODS


def _faults(clients: dict[str, Client], address: str, allowed: frozenset[str], taken: tuple[str, ...]) -> Iterator[str]:
    """Every role that gets through and should not, or should and does not, and every server error."""
    in_full = {"stranger", *sorted(allowed)[:1], *sorted(EVERYBODY - allowed)[:1]}
    for role, client in clients.items():
        methods = METHODS + OTHER_METHODS if role in in_full else taken
        answers = {method: _ask(client, method, address) for method in methods}
        codes = {method: response.status_code for method, response in answers.items()}
        through = [
            method for method, one in answers.items() if not _refused(one, role) and one.status_code not in (405, 406)
        ]
        if any(code >= 500 for code in codes.values()):
            yield f"{role} breaks it: {codes}"
        if through and role not in allowed:
            yield f"{role} got through: {codes}"
        if not through and role in allowed:
            yield f"{role} was refused: {codes}"


@pytest.mark.parametrize("name", sorted(DEMONSTRATION))
def test_demonstration_pages_do_not_exist_elsewhere(name: str, settings: Any, client: Client, db: None) -> None:
    settings.DEMO = False
    pattern = next(pattern for _address, pattern in ADDRESSES if pattern.name == name)
    arguments = [uuid4()] if "uuid" in str(pattern.pattern) else []
    codes = {method: _ask(client, method, reverse(name, args=arguments)).status_code for method in ("GET", "POST")}
    assert 404 in codes.values()
    assert set(codes.values()) <= {404, 405}


def test_an_open_door_would_be_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With visibility switched off, strangers to a visit get through, and the table says so."""
    from secondments.models import Placement
    from secondments.models.placements import PlacementQuerySet

    monkeypatch.setattr(PlacementQuerySet, "visible_to", lambda self, user: self)
    assert Placement.objects.count() == 2
    client = _client(world, "colleague")
    assert not _refused(client.get(reverse("placement", args=[world.placement.uuid])), "colleague")


def test_administration_is_for_administrators(world: World) -> None:
    for role in sorted(EVERYBODY):
        response = _client(world, role).get("/admin/")
        assert (response.status_code == 200) == (role == "administrator"), role
