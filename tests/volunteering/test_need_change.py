"""/skills/<uuid>/change/: the words of a need."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from partnerships.ground import clock
from tests.cast import Cast
from tests.factories import make_need
from tests.volunteering.test_need_new import TYPED
from volunteering.models import SkillNeed
from volunteering.states import NeedState


def url(need: SkillNeed) -> str:
    return reverse("need-change", args=[need.uuid])


def test_its_author_and_a_coordinator_change_it(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.adviser)
    for person, title in ((cast.adviser, "By its author"), (cast.host, "By a coordinator")):
        client.force_login(person)
        assert need.title in client.get(url(need)).content.decode()
        assert client.post(url(need), TYPED | {"title": title}).status_code == 302
        need.refresh_from_db()
        assert need.title == title
        assert need.state == NeedState.PUBLISHED


def test_a_colleague_is_told_whom_to_ask(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host, title="As it was")
    client.force_login(cast.adviser)
    response = client.post(url(need), TYPED)
    assert response.status_code == 409
    assert "Only its author and the coordinators" in response.content.decode()
    need.refresh_from_db()
    assert need.title == "As it was"


def test_visitors_and_outsiders_change_nothing(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host, title="As it was")
    assert client.post(url(need), TYPED).status_code == 409
    client.force_login(cast.outsider)
    assert client.post(url(need), TYPED).status_code == 409
    draft = make_need(cast.advice, cast.host, state=NeedState.DRAFT)
    assert client.post(url(draft), TYPED).status_code == 404
    need.refresh_from_db()
    assert need.title == "As it was"


def test_a_stranger_changes_their_own_draft_and_no_other(client: Client, db: None) -> None:
    client.post("/skills/new/", TYPED)
    mine = SkillNeed.objects.get()
    other = make_need(None, None, state=NeedState.DRAFT)
    assert client.post(url(mine), TYPED | {"title": "Better words"}).status_code == 302
    mine.refresh_from_db()
    assert mine.title == "Better words"
    assert client.post(url(other), TYPED).status_code == 404


def test_a_day_that_has_passed_may_stay_as_it_is(client: Client, cast: Cast) -> None:
    day = clock.today() - timedelta(days=3)
    need = make_need(cast.advice, cast.host, needed_by=day)
    client.force_login(cast.host)
    typed = TYPED | {"needed_by-day": str(day.day), "needed_by-month": str(day.month), "needed_by-year": str(day.year)}
    assert client.post(url(need), typed).status_code == 302


def test_what_is_wrong_is_not_saved(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host, title="As it was")
    client.force_login(cast.host)
    page = client.post(url(need), TYPED | {"title": "", "what_would_help": "New words"}).content.decode()
    assert "There is a problem" in page
    assert "New words" in page
    need.refresh_from_db()
    assert need.title == "As it was"
