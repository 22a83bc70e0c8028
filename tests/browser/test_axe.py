"""axe finds nothing on any page of ours, at both widths; and no page is wider than the phone that shows it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.access import EVERYBODY, make_world
from tests.access_table import TABLE
from tests.browser.conftest import DESK, PHONE, SignIn, axe_faults
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_PAGES = {name for name in TABLE if name.startswith("api-") and name != "api-root"} | {
    "healthz",
    "my-data-download",
    "round-progress",
}
"""Answers for programs, a file, and a part of a page that is never shown alone."""

GROUPS = 6


@pytest.mark.parametrize("group", range(GROUPS))
def test_axe_finds_nothing(cast: Cast, sign_in: SignIn, group: int) -> None:
    world = make_world(cast)
    pages = {}
    faults, seen = [], 0
    for name in sorted(set(TABLE) - NO_PAGES)[group::GROUPS]:
        for case in TABLE[name]:
            if not case.allowed:
                continue
            role = "stranger" if "stranger" in case.allowed else sorted(case.allowed)[0]
            if role not in pages:
                pages[role] = sign_in(getattr(cast, role, None))
            page = pages[role]
            address = reverse(name, args=case.arguments(world))
            answer = page.goto(address)
            if answer is None or answer.status == 405:
                continue
            seen += 1
            for size in (PHONE, DESK):
                page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dictionary is what it takes
                where = f"{name} ({case.what}, {role}, {size['width']} px)"
                faults += [f"{where} {fault}" for fault in axe_faults(page)]
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                faults += [f"{where} is {wide} px too wide"] if wide > 0 else []
    assert seen
    assert faults == []


def test_axe_sees_a_planted_fault(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(None)
    page.goto("/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any(fault.startswith("image-alt") for fault in axe_faults(page))


def test_every_role_can_be_asked(cast: Cast) -> None:
    assert all(hasattr(cast, role) for role in EVERYBODY - {"stranger"})
