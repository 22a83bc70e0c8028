"""/…/something-is-wrong/: open to anyone, read by administrators only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.ground.models import OutboxMail
from partnerships.ground.problems import Refused
from secondments import actions
from secondments.actions import concerns
from secondments.models import Concern
from secondments.states import ConcernState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT
from tests.secondments.helpers import ask

pytestmark = pytest.mark.django_db


def test_anyone_says_it_without_signing_in_and_sees_nothing_of_the_visit(cast: Cast, client: Client) -> None:
    placement = ask(cast)
    address = reverse("concern", args=[placement.uuid])
    words = client.get(address).content.decode()
    assert "Vera" not in words
    assert "Test Advice" not in words
    answer = client.post(address, {"what_is_wrong": "He shouted.", "how_to_reach_you": ""}, follow=True)
    assert "Somebody reads it today" in answer.content.decode()
    assert Concern.objects.get().placement == placement


def test_also_about_nothing_in_particular(client: Client, db: None) -> None:
    client.post(reverse("concern-new"), {"what_is_wrong": "The page is wrong."})
    assert Concern.objects.get().placement is None
    assert "Say what is wrong" in client.post(reverse("concern-new"), {"what_is_wrong": ""}).content.decode()


def test_a_visit_that_is_not_there(client: Client, db: None) -> None:
    assert client.get("/visits/booked/00000000-0000-0000-0000-000000000000/something-is-wrong/").status_code == 404


def test_administrators_read_and_handle_it(cast: Cast) -> None:
    concern = actions.raise_concern(
        placement=ask(cast), what_is_wrong="He shouted.", how_to_reach_you="0161 000", at=AT
    )
    address = reverse("concern-read", args=[concern.uuid])
    browser = enter(cast.administrator)
    words = browser.get(address).content.decode()
    assert "He shouted." in words
    assert "0161 000" in words
    handle = reverse("concern-handle", args=[concern.uuid])
    assert browser.get(handle).status_code == 405
    assert "Marked as handled" in browser.post(handle, follow=True).content.decode()
    concern.refresh_from_db()
    assert concern.state == ConcernState.HANDLED
    assert "changed since you opened the page" in browser.post(handle, follow=True).content.decode()


def test_nobody_else_reads_it(cast: Cast, client: Client) -> None:
    concern = actions.raise_concern(placement=ask(cast), what_is_wrong="He shouted.", at=AT)
    address = reverse("concern-read", args=[concern.uuid])
    for person in (cast.visitor, cast.host, cast.home_coordinator, cast.broker, cast.curator):
        assert enter(person).get(address).status_code == 403
    assert client.get(address).status_code == 302


def test_a_flood_fills_neither_mailboxes_nor_the_table(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concerns, "MAILS_AN_HOUR", 2)
    monkeypatch.setattr(concerns, "CONCERNS_AN_HOUR", 3)
    mails = OutboxMail.objects.filter(to=cast.administrator.email)
    for _ in range(3):
        assert client.post(reverse("concern-new"), {"what_is_wrong": "Buy this."}).status_code == 302
    assert (Concern.objects.count(), mails.count()) == (3, 2)

    page = client.post(reverse("concern-new"), {"what_is_wrong": "He shouted."}).content.decode()

    assert "Please write to" in page
    assert "He shouted." in page
    assert Concern.objects.count() == 3


def test_an_hour_later_it_is_open_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concerns, "CONCERNS_AN_HOUR", 1)
    actions.raise_concern(what_is_wrong="He shouted.", at=AT)
    with pytest.raises(Refused):
        actions.raise_concern(what_is_wrong="Again.", at=AT + timedelta(minutes=59))
    actions.raise_concern(what_is_wrong="Again.", at=AT + timedelta(minutes=61))
