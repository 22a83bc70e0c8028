"""/skills/new/: one plain form, for anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from partnerships.ground import clock
from partnerships.ground.models import Event
from tests.cast import Cast
from tests.client import HouseClient
from tests.factories import make_need
from volunteering import problems
from volunteering.models import SkillNeed
from volunteering.states import NeedState

URL = "/skills/new/"
TYPED = {
    "title": "Write a conduct policy",
    "what_would_help": "Somebody who has written one before.",
    "minutes": "420",
    "needed_by-day": "",
    "needed_by-month": "",
    "needed_by-year": "",
    "online": "on",
}


def test_a_stranger_writes_a_draft_that_only_their_session_knows(client: Client, db: None) -> None:
    response = client.post(URL, TYPED)
    need = SkillNeed.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("need", args=[need.uuid])
    assert (need.state, need.author, need.organisation) == (NeedState.DRAFT, None, None)
    assert need.minutes == 420
    assert need.online
    assert dict(client.session) == {"skill_need": str(need.uuid)}
    assert Event.objects.about(need).get().actor is None


def test_the_draft_is_hidden_from_everybody_else(client: Client, cast: Cast) -> None:
    client.post(URL, TYPED)
    url = reverse("need", args=[SkillNeed.objects.get().uuid])
    assert client.get(url).status_code == 200
    other = HouseClient()
    assert other.get(url).status_code == 404
    other.force_login(cast.administrator)
    assert other.get(url).status_code == 404


def test_a_lost_session_loses_the_draft_and_breaks_nothing(client: Client, db: None) -> None:
    client.post(URL, TYPED)
    url = reverse("need", args=[SkillNeed.objects.get().uuid])
    Session.objects.all().delete()
    assert client.get(url).status_code == 404
    assert 'value="Write a conduct policy"' not in client.get(URL).content.decode()
    assert client.post(URL, TYPED).status_code == 302


def test_coming_back_changes_the_same_draft(client: Client, db: None) -> None:
    client.post(URL, TYPED)
    assert 'value="Write a conduct policy"' in client.get(URL).content.decode()
    client.post(URL, TYPED | {"title": "Write two policies"})
    assert SkillNeed.objects.get().title == "Write two policies"


def test_signing_in_makes_it_theirs(client: Client, cast: Cast) -> None:
    client.post(URL, TYPED)
    client.force_login(cast.newcomer)
    need = SkillNeed.objects.get()
    assert need.author == cast.newcomer
    assert need.state == NeedState.DRAFT
    assert "skill_need" not in client.session
    assert Event.objects.about(need).filter(verb="take_up_need", actor=cast.newcomer).exists()


def test_signing_in_with_somebody_elses_draft_takes_nothing(client: Client, cast: Cast) -> None:
    taken = make_need(None, cast.host, state=NeedState.DRAFT)
    session = client.session
    session["skill_need"] = str(taken.uuid)
    session.save()
    client.force_login(cast.newcomer)
    taken.refresh_from_db()
    assert taken.author == cast.host


def test_a_member_gets_a_draft_for_their_organisation(client: Client, cast: Cast) -> None:
    client.force_login(cast.adviser)
    response = client.post(URL, TYPED, follow=True)
    need = SkillNeed.objects.get()
    assert (need.author, need.organisation, need.state) == (cast.adviser, cast.advice, NeedState.DRAFT)
    assert "Publish your skill need" in response.content.decode()


def test_what_was_typed_stays_and_errors_say_what_to_do(client: Client, db: None) -> None:
    page = client.post(URL, TYPED | {"title": "", "minutes": ""}).content.decode()
    assert "There is a problem" in page
    assert "Say what you need help with" in page
    assert "Somebody who has written one before." in page
    assert not SkillNeed.objects.exists()


def test_a_day_in_the_past_is_refused(client: Client, db: None) -> None:
    day = clock.today() - timedelta(days=1)
    typed = TYPED | {"needed_by-day": str(day.day), "needed_by-month": str(day.month), "needed_by-year": str(day.year)}
    assert "must be today or later" in client.post(URL, typed).content.decode()


def test_too_many_strangers_are_asked_to_sign_in_first(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "STRANGERS_DRAFTS_AN_HOUR", 1)
    assert client.post(URL, TYPED).status_code == 302
    page = Client().post(URL, TYPED).content.decode()
    assert "Sign in first" in page
    assert SkillNeed.objects.count() == 1


def test_get_changes_nothing(client: Client, db: None) -> None:
    assert client.get(URL).status_code == 200
    assert not SkillNeed.objects.exists()
    assert not Session.objects.exists()
