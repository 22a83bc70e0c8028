"""What is wrong is said once, and of what was sent: a page that tells how things stand has nothing wrong with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from secondments.actions.repairs import offer_repair
from secondments.models import Round
from secondments.states import OfferState, RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_offer, make_round
from tests.secondments.entered import EMAIL, link_to, stranger, write_down
from tests.secondments.proposals import Proposal
from tests.secondments.repairs import Published, repaired

pytestmark = pytest.mark.django_db

WRONG = "There is a problem"


def test_whoever_is_asked_too_late_is_told_so_and_led_on(cast: Cast) -> None:
    write_down(make_round(cast.cvs), cast.advice, cast.host)
    Round.objects.update(join_by=AT.date() - timedelta(days=1))
    for page in (stranger().get(link_to(EMAIL)), stranger().post(link_to(EMAIL), {"answer": "yes"})):
        words = page.content.decode()
        assert "No answer is needed any more" in words
        assert words.count("closed for joining") == 1
        assert reverse("offers") in words
        assert WRONG not in words


def test_an_answer_that_is_none_is_one_problem(cast: Cast) -> None:
    write_down(make_round(cast.cvs), cast.advice, cast.host)
    assert stranger().post(link_to(EMAIL)).content.decode().count(WRONG) == 1


def test_what_stands_against_a_change_by_hand_is_said_once(cast: Cast) -> None:
    proposal = Proposal(cast)
    proposal.change()
    names = [proposal.a_round.slug, proposal.at_near.uuid, "forbid", proposal.far.slug]
    said = {"reason": "they_said_so", "note": "Rang me.", "week": proposal.week}
    page = enter(cast.broker).post(reverse("round-change", args=names), said).content.decode()
    assert "You have changed this pair by hand already" in page
    assert page.count(WRONG) == 1


def test_what_stands_against_opening_an_offer_is_said_once(cast: Cast) -> None:
    offer = make_offer(cast.advice, cast.host, state=OfferState.DRAFT, dating="dated")
    page = enter(cast.host).post(reverse("offer-publish", args=[offer.slug])).content.decode()
    assert page.count(WRONG) == 1


def test_a_closed_round_that_nobody_has_joined_is_opened_again_and_is_no_mistake(cast: Cast) -> None:
    a_round = make_round(cast.cvs, state=RoundState.CLOSED)
    page = enter(cast.broker).get(reverse("round-desk", args=[a_round.slug])).content.decode()
    assert "Next: let people join" in page
    assert WRONG not in page


def test_what_was_offered_already_is_read_without_a_problem(cast: Cast) -> None:
    told = Published(cast)
    told.host_says_no()
    run = repaired(told.a_round)
    assert run is not None
    offer_repair(run=run, by=cast.broker, at=AT)
    page = enter(cast.broker).get(reverse("round-repair", args=[told.a_round.slug, run.uuid])).content.decode()
    assert "1 visit was offered from what came free" in page
    assert WRONG not in page
