"""One person at the desk: what they said, what is proposed and why, and which other hosts would suit."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from secondments.models import MatchRun, Participation
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_membership, make_offer, make_round, make_user
from tests.secondments.proposals import Proposal
from tests.secondments.rounds import join, matched, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    return Proposal(cast)


def address(person: Participation) -> str:
    return reverse("round-person", args=[person.round.slug, person.uuid])


def test_what_is_proposed_and_what_would_suit_too(cast: Cast, proposal: Proposal) -> None:
    page = enter(cast.broker).get(address(proposal.at_near)).content.decode()
    for words in ("has a place", "The near desk, Test Advice", "How a front desk copes", "Other hosts that suit"):
        assert words in page
    assert "The far desk" in page
    assert "What it would change" in page
    assert "A ground floor" not in page, "What somebody needs is told to their host only."


def test_whoever_has_no_place_is_told_of_with_what_would_suit(cast: Cast, proposal: Proposal) -> None:
    proposal.change("forbid", who=(who := proposal.at_near), offer=proposal.near)
    proposal.change("forbid", who=who, offer=proposal.far)
    proposal.again()
    page = enter(cast.broker).get(address(who)).content.decode()
    assert "has no place yet" in page
    assert "2 hosts are not to meet this person" in page
    assert "Hosts that suit" not in page
    assert "never goes to The near desk" in page


def test_whoever_is_set_is_not_set_again(cast: Cast, proposal: Proposal) -> None:
    proposal.change(who=(who := proposal.at_near), note="Rang me.")
    page = enter(cast.broker).get(address(who)).content.decode()
    assert "goes to The far desk, Far Advice, in the week of" in page
    assert "Rang me." in page
    assert "What it would change" not in page


def test_a_published_round_is_read_and_not_changed(cast: Cast, proposal: Proposal) -> None:
    who = proposal.at_near
    published(proposal.a_round, cast.broker)
    page = enter(cast.broker).get(address(who)).content.decode()
    assert "The near desk, Test Advice" in page
    assert "Keep this match" not in page


def test_what_was_erased_is_said(cast: Cast, proposal: Proposal) -> None:
    MatchRun.objects.update(problem=None, result=None)
    assert "Put it aside and match again" in enter(cast.broker).get(address(proposal.at_near)).content.decode()


def test_somebody_who_came_later_is_told_of(cast: Cast, proposal: Proposal) -> None:
    Participation.objects.filter(pk=proposal.vera.pk).update(state="withdrawn")
    client = enter(cast.broker)
    assert client.get(address(proposal.vera)).status_code == 404
    proposal.run.matches.all().delete()
    assert "joined after this proposal" in client.get(address(proposal.cole)).content.decode()


def test_before_there_is_a_proposal_nothing_is_said_of_one(cast: Cast) -> None:
    person = join(make_round(cast.cvs), cast.visitor_membership)
    page = enter(cast.broker).get(address(person)).content.decode()
    assert "How a front desk copes" in page
    for words in ("Proposed", "no place", "Other hosts that suit"):
        assert words not in page


def test_it_costs_the_same_for_one_host_and_for_ten(cast: Cast) -> None:
    client = enter(cast.broker)
    counts = []
    for hosts in (2, 11):
        a_round = make_round(cast.cvs)
        for _ in range(hosts):
            make_offer(cast.advice, cast.host)
        person = join(a_round, make_membership(make_user(), cast.council))
        matched(cast, a_round)
        client.get(address(person))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(person)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
