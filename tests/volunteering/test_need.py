"""/skills/<uuid>/: one need, and what is next for whoever looks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.ground import clock
from partnerships.models import User
from partnerships.states import OrganisationState
from tests.cast import Cast
from tests.factories import make_membership, make_need, make_organisation
from volunteering.models import SkillNeed
from volunteering.states import NeedState


def page(client: Client, need: SkillNeed, user: User | None = None, status: int = 200) -> str:
    if user:
        client.force_login(user)
    response = client.get(reverse("need", args=[need.uuid]))
    assert response.status_code == status
    return response.content.decode()


def test_a_visitor_reads_it_and_is_led_to_help(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host, title="Make sense of our figures")
    words = page(client, need)
    assert "Make sense of our figures" in words
    assert "I can help" in words
    assert "A day" in words
    assert cast.host.name not in words
    assert "Withdraw" not in words


def test_a_visitor_sees_no_draft_and_nothing_that_is_over(client: Client, cast: Cast) -> None:
    for state in (NeedState.DRAFT, NeedState.MET, NeedState.WITHDRAWN):
        page(client, make_need(cast.advice, cast.host, state=state), status=404)


@pytest.mark.parametrize("who", ["visitor", "outsider", "curator", "administrator", "newcomer"])
def test_others_see_no_draft_of_an_organisation(client: Client, cast: Cast, who: str) -> None:
    page(client, make_need(cast.advice, cast.host, state=NeedState.DRAFT), getattr(cast, who), status=404)


def test_its_author_publishes_from_here(client: Client, cast: Cast) -> None:
    words = page(client, make_need(cast.advice, cast.adviser, state=NeedState.DRAFT), cast.adviser)
    assert "Publish your skill need" in words
    assert "I can help" not in words


def test_a_colleague_reads_a_draft_without_its_buttons(client: Client, cast: Cast) -> None:
    words = page(client, make_need(cast.advice, cast.host, state=NeedState.DRAFT), cast.adviser)
    assert "Publish your skill need" not in words
    assert "Withdraw" not in words


def test_who_belongs_nowhere_is_led_to_join(client: Client, cast: Cast) -> None:
    words = page(client, make_need(None, cast.newcomer, state=NeedState.DRAFT), cast.newcomer)
    assert reverse("join-organisation") in words
    assert "Publish your skill need" not in words


def test_an_organisation_that_waits_is_told_what_is_needed(client: Client, cast: Cast) -> None:
    waiting = make_organisation("Tidewater", state=OrganisationState.TO_BE_CONFIRMED)
    make_membership(cast.newcomer, waiting, is_coordinator=True)
    words = page(client, make_need(waiting, cast.newcomer, state=NeedState.DRAFT), cast.newcomer)
    assert "Tidewater is not confirmed yet" in words
    assert "Publish your skill need" not in words


def test_who_has_yet_to_say_for_which_is_told_so_too_before_they_press(client: Client, cast: Cast) -> None:
    waiting = make_organisation("Tidewater", state=OrganisationState.TO_BE_CONFIRMED)
    make_membership(cast.newcomer, waiting, is_coordinator=True)
    need = make_need(None, cast.newcomer, state=NeedState.DRAFT)
    words = page(client, need, cast.newcomer)
    assert "Tidewater is not confirmed yet" in words
    assert "Publish your skill need" not in words
    make_membership(cast.newcomer, cast.advice)
    words = page(client, need, cast.newcomer)
    assert "Publish your skill need" in words
    assert "not confirmed yet" not in words


def test_a_day_that_has_passed_is_said_before_the_press(client: Client, cast: Cast) -> None:
    need = make_need(None, cast.host, state=NeedState.DRAFT, needed_by=clock.today() - timedelta(days=1))
    assert "The day by which you need help has passed" in page(client, need, cast.host)


def test_who_belongs_to_several_chooses_for_which(client: Client, cast: Cast) -> None:
    make_membership(cast.host, cast.council)
    words = page(client, make_need(None, cast.host, state=NeedState.DRAFT), cast.host)
    assert "For which organisation?" in words
    assert "Test Council" in words


def test_its_people_are_asked_how_it_stands_after_the_day(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host, needed_by=clock.today() - timedelta(days=1))
    assert "Did help come?" in page(client, need, cast.host)
    assert "The day has passed" in page(Client(), need)


def test_what_is_withdrawn_can_be_published_again(client: Client, cast: Cast) -> None:
    assert "Publish it again" in page(client, make_need(cast.advice, cast.host, state=NeedState.WITHDRAWN), cast.host)


def test_what_was_typed_is_escaped(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host, title="<script>alert(1)</script>", what_would_help="<b>bold</b>")
    words = page(client, need)
    assert "<script>alert" not in words
    assert "<b>bold" not in words
