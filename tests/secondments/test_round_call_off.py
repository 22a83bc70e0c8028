"""The page on which a broker calls off a round, and what everybody reads of it afterwards."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs
from secondments.actions.calling_off import call_off_round
from secondments.models import Round
from secondments.states import RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_round, make_user
from tests.secondments.entered import EMAIL, link_to, stranger, write_down
from tests.secondments.proposals import Proposal
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db

WHY = "Too few hosts could take part this winter."


@pytest.fixture
def a_round(cast: Cast) -> Round:
    return make_round(cast.cvs, opened_at=AT)


@pytest.fixture
def at_desk(cast: Cast) -> Client:
    return enter(cast.broker)


def address(a_round: Round) -> str:
    return reverse("round-call-off", args=[a_round.slug])


def desk_of(client: Client, a_round: Round) -> str:
    return client.get(reverse("round-desk", args=[a_round.slug])).content.decode()


def test_it_is_asked_once_more_and_reading_changes_nothing(cast: Cast, a_round: Round, at_desk: Client) -> None:
    join(a_round, cast.visitor_membership)
    assert address(a_round) in desk_of(at_desk, a_round)
    page = at_desk.get(address(a_round)).content.decode()
    assert "Call this round off?" in page
    assert "1 person who has joined gets a mail" in page
    assert Round.objects.get().state == RoundState.OPEN
    page = at_desk.post(address(a_round), {"because": " "}).content.decode()
    assert "Say why it does not take place" in page
    assert Round.objects.get().state == RoundState.OPEN


def test_the_desk_says_that_it_is_called_off_and_a_second_press_changes_nothing(
    cast: Cast, a_round: Round, at_desk: Client
) -> None:
    join(a_round, cast.visitor_membership)
    page = at_desk.post(address(a_round), {"because": WHY}, follow=True).content.decode()
    for words in ("This round is called off", WHY, cast.visitor.name, "Make another round of this programme"):
        assert words in page
    assert address(a_round) not in page
    assert "Change the dates" not in page
    page = at_desk.post(address(a_round), {"because": "Another reason"}, follow=True).content.decode()
    assert "This round is called off already" in page
    assert Round.objects.get().called_off_because == WHY
    assert at_desk.get(address(a_round)).status_code == 302


def test_a_draft_needs_no_reason(cast: Cast, at_desk: Client) -> None:
    draft = make_round(cast.cvs, state=RoundState.DRAFT)
    page = at_desk.get(address(draft)).content.decode()
    assert "Nobody has seen it yet" in page
    assert 'name="because"' not in page
    page = at_desk.post(address(draft), follow=True).content.decode()
    assert "Nobody had seen it, and nobody was told anything." in page


def test_a_proposal_can_be_called_off_from_the_desk(cast: Cast, at_desk: Client) -> None:
    proposal = Proposal(cast)
    assert address(proposal.a_round) in desk_of(at_desk, proposal.a_round)
    page = at_desk.post(address(proposal.a_round), {"because": WHY}, follow=True).content.decode()
    assert "This round is called off" in page
    assert "Tell everyone" not in page
    for person in (proposal.vera, proposal.cole):
        hers = reverse("round-person", args=[proposal.a_round.slug, person.uuid])
        assert at_desk.get(hers).status_code == 200


def test_whoever_has_joined_reads_why_and_what_they_can_do(cast: Cast, a_round: Round) -> None:
    join(a_round, cast.visitor_membership)
    call_off_round(a_round=a_round, because=WHY, by=cast.broker, at=AT)
    theirs = enter(cast.visitor)
    page = theirs.get(a_round.get_absolute_url()).content.decode()
    for words in ("This round does not take place", WHY, "Next: ask a host yourself"):
        assert words in page
    assert "Everyone hears on the same day</h2>" not in page
    assert "Leave this round" not in page
    assert "Called off" in theirs.get(reverse("rounds")).content.decode()
    assert enter(cast.outsider).get(a_round.get_absolute_url()).status_code == 404


def test_a_link_that_was_mailed_before_says_it_too(cast: Cast, a_round: Round) -> None:
    write_down(a_round, cast.advice, cast.broker)
    link = link_to(EMAIL)
    call_off_round(a_round=a_round, because=WHY, by=cast.broker, at=AT)
    jobs.run_due()
    for page in (stranger().get(link), stranger().post(link, {"answer": "yes"})):
        words = page.content.decode()
        assert "No answer is needed any more" in words or "This round was called off" in words
    assert not a_round.participations.exists()


def test_the_desk_asks_as_much_of_the_database_for_many_people(cast: Cast, a_round: Round, at_desk: Client) -> None:
    join(a_round, cast.visitor_membership)
    call_off_round(a_round=a_round, because=WHY, by=cast.broker, at=AT)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            desk_of(at_desk, a_round)
        return len(asked)

    one = statements()
    Round.objects.update(state=RoundState.OPEN)
    for number in range(9):
        join(a_round, make_membership(make_user(f"Person {number}"), cast.council))
    Round.objects.update(state=RoundState.CALLED_OFF)
    assert statements() == one
