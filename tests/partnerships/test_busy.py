"""A row that somebody else is changing at the moment: every button says so, and none ends in an error page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.urls import reverse

from partnerships.ground import locks
from partnerships.models import ApprovedDomain
from tests.cast import Cast
from tests.client import HouseClient, enter

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held(*rows: Model) -> Iterator[None]:
    """Somebody else is about to change these."""
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            locks.lock(*rows)
            begun.set()
            over.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait(10)
    try:
        yield
    finally:
        over.set()
        holder.join()


@pytest.fixture
def browser(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> HouseClient:
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_MS", 100)
    return enter(cast.host)


def test_changing_ones_name(cast: Cast, browser: HouseClient) -> None:
    with held(cast.host):
        answer = browser.post(reverse("your-account"), {"name": "Hal Anew", "language": "en-gb"})
    assert "try again" in answer.content.decode()
    cast.host.refresh_from_db()
    assert cast.host.name == "Hal Host"


def test_taking_a_domain_off(cast: Cast, browser: HouseClient) -> None:
    domain = ApprovedDomain.objects.create(organisation=cast.advice, domain="advice.example.org")
    address = reverse("domain-remove", args=[cast.advice.slug, domain.domain])
    with held(cast.advice):
        answer = browser.post(address, follow=True)
    assert "try again" in answer.content.decode()
    assert "off your list" in browser.post(address, follow=True).content.decode()
