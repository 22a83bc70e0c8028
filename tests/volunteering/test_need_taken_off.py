"""/skills/<uuid>/met/ and /skills/<uuid>/withdraw/: help came, or is no longer wanted. Either takes it off the list."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.ground.models import Event
from tests.cast import Cast
from tests.factories import make_need
from volunteering.models import SkillNeed
from volunteering.states import NeedState


@dataclass(frozen=True)
class Press:
    name: str
    verb: str
    state: str
    said: str

    def url(self, need: SkillNeed) -> str:
        return reverse(self.name, args=[need.uuid])


PRESSES = [
    Press("need-met", "mark_met", NeedState.MET, "off the list"),
    Press("need-withdraw", "withdraw_need", NeedState.WITHDRAWN, "It is withdrawn"),
]

pytestmark = pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.name)


@pytest.mark.parametrize("who", ["adviser", "host"])
def test_its_author_and_a_coordinator_say_so(client: Client, cast: Cast, press: Press, who: str) -> None:
    need = make_need(cast.advice, cast.adviser)
    client.force_login(getattr(cast, who))
    assert press.said in client.post(press.url(need), follow=True).content.decode()
    need.refresh_from_db()
    assert need.state == press.state
    assert Client().get(need.get_absolute_url()).status_code == 404


def test_a_second_press_changes_nothing(client: Client, cast: Cast, press: Press) -> None:
    need = make_need(cast.advice, cast.host)
    client.force_login(cast.host)
    client.post(press.url(need))
    assert client.post(press.url(need)).status_code == 302
    assert Event.objects.about(need).filter(verb=press.verb).count() == 1


@pytest.mark.parametrize("who", ["outsider", "visitor", "administrator"])
def test_others_are_refused(client: Client, cast: Cast, press: Press, who: str) -> None:
    need = make_need(cast.advice, cast.host)
    client.force_login(getattr(cast, who))
    assert client.post(press.url(need)).status_code == 409
    need.refresh_from_db()
    assert need.state == NeedState.PUBLISHED


def test_strangers_are_asked_to_sign_in_and_reading_changes_nothing(client: Client, cast: Cast, press: Press) -> None:
    need = make_need(cast.advice, cast.host)
    assert client.post(press.url(need))["Location"].startswith(reverse("account_login"))
    client.force_login(cast.host)
    assert client.get(press.url(need)).status_code == 405
    need.refresh_from_db()
    assert need.state == NeedState.PUBLISHED
