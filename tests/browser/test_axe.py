"""axe finds nothing on any page of ours, at both widths; and no page is wider than the phone that shows it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.access import EVERYBODY, Case, make_world
from tests.access_table import TABLE
from tests.browser.conftest import SignIn
from tests.browser.looking import axe_faults, faults, opened
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_PAGES = {name for name in TABLE if name.startswith("api-") and name != "api-root"} | {
    "healthz",
    "my-data-download",
    "round-progress",
    "round-trial-progress",
    "staff-list-progress",
    "staff-list-template",
    "staff-list-to-mend",
}
"""Answers for programs, files, and parts of pages that are never shown alone."""

GROUPS = 4


def worth_a_look(cases: list[Case]) -> list[Case]:
    """The same page for another organisation looks the same, but where it is what only its own people see: a draft."""
    public = cases[0].allowed == EVERYBODY
    return [each for each in cases if each.allowed and (each.what != "other" or (public and each.allowed != EVERYBODY))]


@pytest.mark.parametrize("group", range(GROUPS))
def test_axe_finds_nothing(cast: Cast, sign_in: SignIn, group: int) -> None:
    world = make_world(cast)
    pages = {}
    found, seen = [], 0
    for name in sorted(set(TABLE) - NO_PAGES)[group::GROUPS]:
        for case in worth_a_look(TABLE[name]):
            role = "stranger" if "stranger" in case.allowed else sorted(case.allowed)[0]
            if role not in pages:
                pages[role] = sign_in(getattr(cast, role, None))
            if opened(pages[role], reverse(name, args=case.arguments(world))):
                seen += 1
                found += faults(pages[role], f"{name} ({case.what}, {role})")
    assert seen
    assert found == []


def test_axe_sees_a_planted_fault(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(None)
    page.goto("/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any(fault.startswith("image-alt") for fault in axe_faults(page))


def test_every_role_can_be_asked(cast: Cast) -> None:
    assert all(hasattr(cast, role) for role in EVERYBODY - {"stranger"})
