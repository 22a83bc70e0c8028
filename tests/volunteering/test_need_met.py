"""/skills/<uuid>/met/: help came."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.ground.models import Event
from tests.cast import Cast
from tests.factories import make_need
from volunteering.models import SkillNeed
from volunteering.states import NeedState


def url(need: SkillNeed) -> str:
    return reverse("need-met", args=[need.uuid])


@pytest.mark.parametrize("who", ["adviser", "host"])
def test_its_author_and_a_coordinator_say_so(client: Client, cast: Cast, who: str) -> None:
    need = make_need(cast.advice, cast.adviser)
    client.force_login(getattr(cast, who))
    assert "off the list" in client.post(url(need), follow=True).content.decode()
    need.refresh_from_db()
    assert need.state == NeedState.MET
    assert Client().get(need.get_absolute_url()).status_code == 404


def test_a_second_press_changes_nothing(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host)
    client.force_login(cast.host)
    client.post(url(need))
    assert client.post(url(need)).status_code == 302
    assert Event.objects.about(need).filter(verb="mark_met").count() == 1


@pytest.mark.parametrize("who", ["outsider", "visitor", "administrator"])
def test_others_are_refused(client: Client, cast: Cast, who: str) -> None:
    need = make_need(cast.advice, cast.host)
    client.force_login(getattr(cast, who))
    assert client.post(url(need)).status_code == 409
    need.refresh_from_db()
    assert need.state == NeedState.PUBLISHED


def test_strangers_are_asked_to_sign_in_and_reading_changes_nothing(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host)
    assert client.post(url(need))["Location"].startswith(reverse("account_login"))
    client.force_login(cast.host)
    assert client.get(url(need)).status_code == 405
    need.refresh_from_db()
    assert need.state == NeedState.PUBLISHED
