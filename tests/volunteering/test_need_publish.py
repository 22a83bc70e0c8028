"""/skills/<uuid>/publish/: one press, and everybody can see it."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from partnerships.ground.models import Event
from partnerships.states import MembershipState, OrganisationState
from tests.cast import Cast
from tests.factories import make_membership, make_need, make_organisation
from tests.volunteering.test_need_new import TYPED
from volunteering.models import SkillNeed
from volunteering.states import NeedState


def url(need: SkillNeed) -> str:
    return reverse("need-publish", args=[need.uuid])


def test_its_author_publishes_it(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.adviser, state=NeedState.DRAFT)
    client.force_login(cast.adviser)
    response = client.post(url(need), follow=True)
    need.refresh_from_db()
    assert need.state == NeedState.PUBLISHED
    assert need.published_at
    assert "Your skill need is published" in response.content.decode()
    assert Client().get(need.get_absolute_url()).status_code == 200


def test_a_second_press_changes_nothing(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.adviser, state=NeedState.DRAFT)
    client.force_login(cast.adviser)
    client.post(url(need))
    need.refresh_from_db()
    first = need.published_at
    assert client.post(url(need)).status_code == 302
    need.refresh_from_db()
    assert need.published_at == first
    assert Event.objects.about(need).filter(verb="publish_need").count() == 1


def test_from_a_strangers_words_to_a_published_need(client: Client, cast: Cast) -> None:
    client.post("/skills/new/", TYPED)
    need = SkillNeed.objects.get()
    client.force_login(cast.newcomer)
    refused = client.post(url(need))
    assert refused.status_code == 409
    assert "Join yours first" in refused.content.decode()
    make_membership(cast.newcomer, cast.advice)
    assert client.post(url(need)).status_code == 302
    need.refresh_from_db()
    assert (need.state, need.organisation) == (NeedState.PUBLISHED, cast.advice)


def test_who_belongs_to_several_has_to_choose_one_of_their_own(client: Client, cast: Cast) -> None:
    make_membership(cast.host, cast.council)
    need = make_need(None, cast.host, state=NeedState.DRAFT)
    client.force_login(cast.host)
    assert "Choose for which organisation" in client.post(url(need)).content.decode()
    assert client.post(url(need), {"organisation": cast.elsewhere.pk}).status_code == 409
    assert client.post(url(need), {"organisation": cast.council.pk}).status_code == 302
    need.refresh_from_db()
    assert need.organisation == cast.council


def test_an_organisation_to_be_confirmed_has_to_wait(client: Client, cast: Cast) -> None:
    waiting = make_organisation(state=OrganisationState.TO_BE_CONFIRMED)
    make_membership(cast.newcomer, waiting, is_coordinator=True)
    need = make_need(waiting, cast.newcomer, state=NeedState.DRAFT)
    client.force_login(cast.newcomer)
    assert client.post(url(need)).status_code == 409
    need.refresh_from_db()
    assert need.state == NeedState.DRAFT


def test_others_cannot(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host, state=NeedState.DRAFT)
    assert client.post(url(need)).status_code == 302
    assert client.post(url(need))["Location"].startswith(reverse("account_login"))
    client.force_login(cast.outsider)
    assert client.post(url(need)).status_code == 404
    client.force_login(cast.adviser)
    assert client.post(url(need)).status_code == 409
    need.refresh_from_db()
    assert need.state == NeedState.DRAFT


def test_an_author_who_has_left_cannot(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.adviser, state=NeedState.DRAFT)
    cast.adviser.memberships.update(state=MembershipState.ENDED)
    client.force_login(cast.adviser)
    assert client.post(url(need)).status_code == 409


def test_opening_the_address_publishes_nothing(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host, state=NeedState.DRAFT)
    client.force_login(cast.host)
    assert client.get(url(need)).status_code == 405
    need.refresh_from_db()
    assert need.state == NeedState.DRAFT
