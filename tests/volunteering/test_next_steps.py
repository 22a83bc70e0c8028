"""What is next for people with skill needs."""

from __future__ import annotations

from datetime import timedelta

from partnerships.ground import clock
from partnerships.states import OrganisationState
from tests.cast import Cast
from tests.factories import make_membership, make_need, make_organisation
from volunteering.next_steps import steps
from volunteering.states import NeedState


def test_a_draft_waits_to_be_published(cast: Cast) -> None:
    need = make_need(cast.advice, cast.adviser, state=NeedState.DRAFT, title="Figures")
    (step,) = steps(cast.adviser, clock.now())
    assert step.title == "Publish your skill need"
    assert "“Figures” is kept. One press" in step.sentence
    assert step.url == need.get_absolute_url()
    assert steps(cast.host, clock.now()) == []


def test_who_belongs_nowhere_yet_is_told_that_it_is_kept(cast: Cast) -> None:
    make_need(None, cast.newcomer, state=NeedState.DRAFT)
    (step,) = steps(cast.newcomer, clock.now())
    assert "once you belong to an organisation" in step.sentence


def test_who_waits_to_be_confirmed_is_told_so(cast: Cast) -> None:
    waiting = make_organisation(state=OrganisationState.TO_BE_CONFIRMED)
    make_membership(cast.newcomer, waiting)
    make_need(waiting, cast.newcomer, state=NeedState.DRAFT)
    (step,) = steps(cast.newcomer, clock.now())
    assert "once your organisation is confirmed" in step.sentence


def test_an_open_need_whose_day_has_passed_asks_how_it_went(cast: Cast) -> None:
    make_need(cast.advice, cast.host, needed_by=clock.today() - timedelta(days=1))
    make_need(cast.advice, cast.host, needed_by=clock.today())
    (step,) = steps(cast.host, clock.now())
    assert step.title == "Did help come?"
