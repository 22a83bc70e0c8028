"""Keeping what one has begun to say: by the button, and by itself while one types."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from secondments.models import JoiningDraft, Participation, Round
from secondments.my_data import anonymise
from secondments.states import RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_round
from tests.secondments.rounds import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    return make_round(cast.cvs)


@pytest.fixture
def address(a_round: Round) -> str:
    return reverse("round-join-keep", args=[a_round.slug])


def test_what_no_database_takes_is_left_out_and_no_more_is_kept_than_anybody_types(cast: Cast, a_round: Round) -> None:
    member = enter(cast.visitor)
    said = typed(a_round, learn="a\0b" + "c" * 20_000, weeks=["x"] * 200)
    for name, status in (("round-join", 200), ("round-join-keep", 302)):
        assert member.post(reverse(name, args=[a_round.slug]), said).status_code == status
        kept = JoiningDraft.objects.get().typed
        assert (kept["learn"][:3], len(kept["learn"]), len(kept["weeks"])) == ("abc", 10_000, 100)
        JoiningDraft.objects.all().delete()


def test_half_a_page_is_kept_and_found_again(cast: Cast, a_round: Round, address: str) -> None:
    answer = enter(cast.visitor).post(address, {"learn": "How a queue works", "agrees_email": "manu@"}, follow=True)
    page = answer.content.decode()
    assert "Kept. Come back and send it by" in page
    assert "Next: go on where you stopped" in page
    assert "Finish joining Walk in their shoes" in enter(cast.visitor).get(reverse("next-steps")).content.decode()
    assert not Participation.objects.exists()

    page = enter(cast.visitor).get(reverse("round-join", args=[a_round.slug])).content.decode()
    assert "How a queue works" in page
    assert 'value="manu@"' in page


def test_by_itself_it_answers_with_nothing_and_says_nothing(cast: Cast, a_round: Round, address: str) -> None:
    member = enter(cast.visitor)
    for words in ("How", "How a queue works"):
        answer = member.post(address, {"learn": words}, headers={"Prefer": "return=minimal"})
        assert (answer.status_code, answer.content) == (204, b"")
    assert JoiningDraft.objects.get().typed["learn"] == "How a queue works"
    assert "Kept." not in member.get(a_round.get_absolute_url()).content.decode()


def test_what_was_sent_already_is_no_draft_though_it_comes_late(cast: Cast, a_round: Round, address: str) -> None:
    member = enter(cast.visitor)
    said = typed(a_round, avoids="Test Advice", needs="Step-free access", wants=["voluntary"])
    member.post(reverse("round-join", args=[a_round.slug]), said)
    member.post(address, said, headers={"Prefer": "return=minimal"})
    assert not JoiningDraft.objects.exists()
    member.post(address, said | {"learn": "Something else"})
    assert "You began to change what you said" in member.get(a_round.get_absolute_url()).content.decode()
    assert "Finish joining" not in member.get(reverse("next-steps")).content.decode()


def test_everybody_has_their_own_and_nobody_elses(cast: Cast, a_round: Round, address: str) -> None:
    enter(cast.visitor).post(address, {"learn": "How a queue works"})
    for other in (cast.colleague, cast.broker, cast.home_coordinator):
        for name in ("round", "round-join", "next-steps"):
            arguments = [] if name == "next-steps" else [a_round.slug]
            assert "How a queue works" not in enter(other).get(reverse(name, args=arguments)).content.decode()
    # Whoever opens the page after somebody else on the same computer begins with an empty one.
    enter(cast.colleague).post(address, {"learn": "Something else"})
    assert JoiningDraft.objects.count() == 2


def test_once_it_is_too_late_nothing_is_kept(cast: Cast, a_round: Round, address: str) -> None:
    Round.objects.update(state=RoundState.CLOSED)
    page = enter(cast.broker).post(address, {"learn": "How a queue works"}, follow=True).content.decode()
    assert "This round is closed for joining." in page
    assert not JoiningDraft.objects.exists()


def test_a_stranger_signs_in_first_and_reading_keeps_nothing(cast: Cast, client: Client, address: str) -> None:
    assert client.post(address, {"learn": "How"}).status_code == 302
    assert enter(cast.newcomer).post(address, {"learn": "How"}).status_code == 403
    assert enter(cast.visitor).get(address).status_code == 405
    assert not JoiningDraft.objects.exists()


def test_the_copy_of_ones_data_holds_it_and_closing_the_account_ends_it(cast: Cast, address: str) -> None:
    enter(cast.visitor).post(address, {"learn": "How a queue works"})
    copy = json.dumps(enter(cast.visitor).get(reverse("my-data-download")).json())
    assert "How a queue works" in copy
    anonymise(cast.visitor, AT)
    assert not JoiningDraft.objects.exists()


def test_what_was_begun_can_be_thrown_away(cast: Cast, a_round: Round, address: str) -> None:
    join = reverse("round-join", args=[a_round.slug])
    for person in (cast.visitor, cast.colleague):
        enter(person).post(address, {"learn": "How a queue works"})
    member = enter(cast.visitor)
    assert "Throw it away" in member.get(join).content.decode()
    answer = member.post(address, {"forget": "1"}, follow=True).content.decode()
    assert "What you had begun is thrown away." in answer
    assert "Throw it away" not in member.get(join).content.decode()
    assert JoiningDraft.objects.get().user == cast.colleague
