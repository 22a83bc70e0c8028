"""Two runs of a round side by side: what was reached, who goes elsewhere, and what was changed by hand in between."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs
from secondments.actions.proposals import take_back_change
from secondments.actions.rounds import ask_for_match, put_proposal_aside
from secondments.models import HostOffer, MatchRun, Participation
from secondments.states import ParticipationState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.proposals import Proposal
from tests.secondments.rounds import join, matched

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    return Proposal(cast)


def address(proposal: Proposal, one: int = 1, other: int = 2) -> str:
    return reverse("round-compare", args=[proposal.a_round.slug, one, other])


def desk(proposal: Proposal) -> str:
    return enter(proposal.cast.broker).get(reverse("round-desk", args=[proposal.a_round.slug])).content.decode()


def test_who_goes_elsewhere_and_why_is_said(cast: Cast, proposal: Proposal) -> None:
    who, other = proposal.at_near, proposal.at_far
    assert "Compare with an earlier matching" not in desk(proposal)
    proposal.change("forbid", who=who, offer=proposal.near)
    proposal.again()
    page = desk(proposal)
    assert address(proposal) in page

    answer = enter(cast.broker).get(address(proposal))
    page = answer.content.decode()
    assert [figure.value for figure in answer.context["figures"]] == [0, 0, 2]
    assert "Matching 1 beside matching 2" in page
    for person in (who, other):
        assert person.membership.user.name in page
    assert f"{who.membership.user.name} never goes to The near desk, Test Advice" in page
    assert "They told me so" in page
    assert "What was proposed before" in page


def test_both_are_counted_alike(cast: Cast, proposal: Proposal) -> None:
    """What is set by hand fits as well as it did before: the two changed places, and both fit both alike."""
    proposal.change()
    proposal.again()
    answer = enter(cast.broker).get(address(proposal))
    rows = {title: (before, after) for title, before, after in answer.context["criteria"]}
    fits = next(values for title, values in rows.items() if "on average" in title)
    assert fits[0] == fits[1]
    assert rows["What was proposed before"] == ("2", "0")


def test_whichever_is_named_first(cast: Cast, proposal: Proposal) -> None:
    proposal.change()
    proposal.again()
    client = enter(cast.broker)
    assert "Matching 1 beside matching 2" in client.get(address(proposal, 2, 1)).content.decode()
    for one, other in ((1, 1), (1, 3), (7, 2)):
        assert client.get(address(proposal, one, other)).status_code == 404


def test_what_was_taken_back_in_between(cast: Cast, proposal: Proposal) -> None:
    made = proposal.change("forbid", who=proposal.at_near, offer=proposal.near)
    proposal.again()
    take_back_change(adjustment=made, by=cast.broker, at=AT)
    proposal.change("keep", who=proposal.at_near, offer=proposal.places()[proposal.at_near])
    proposal.again()
    page = enter(cast.broker).get(address(proposal, 2, 3)).content.decode()
    assert "Taken back" in page
    assert "Everybody goes where they went before" in page
    assert "Matching 1, " in page, "The other run can be chosen."


def test_who_left_in_between_was_not_in_it(cast: Cast, proposal: Proposal) -> None:
    who = proposal.at_far
    put_proposal_aside(a_round=proposal.a_round, by=cast.broker, at=AT)
    Participation.objects.filter(pk=who.pk).update(state=ParticipationState.WITHDRAWN)
    HostOffer.objects.filter(pk=proposal.far.pk).update(state="paused")
    proposal.again()
    page = enter(cast.broker).get(address(proposal)).content.decode()
    assert "Not in it" in page
    assert "No place" not in page


def test_who_had_no_place_is_told_apart(cast: Cast, proposal: Proposal) -> None:
    HostOffer.objects.filter(pk=proposal.far.pk).update(state="paused")
    put_proposal_aside(a_round=proposal.a_round, by=cast.broker, at=AT)
    proposal.again()
    page = enter(cast.broker).get(address(proposal)).content.decode()
    assert "No place" in page
    assert "Not in it" not in page


def test_what_has_been_erased_is_said(cast: Cast, proposal: Proposal) -> None:
    proposal.change()
    proposal.again()
    MatchRun.objects.update(problem=None, result=None)
    page = enter(cast.broker).get(address(proposal)).content.decode()
    assert "has been erased, so the two cannot be counted alike" in page
    assert proposal.vera.membership.user.name in page


def test_a_page_of_many_costs_what_one_of_few_does(cast: Cast, proposal: Proposal) -> None:
    client = enter(cast.broker)
    larger = make_round(cast.cvs)
    for number in range(12):
        host = make_organisation(f"Host {number}", field="voluntary", place=cast.advice.place)
        make_offer(host, cast.host, places=1)
        join(larger, make_membership(make_user(f"Guest {number}"), cast.council, agrees_email="m@council.example.org"))
    matched(cast, larger)
    counted = []
    for a_round in (proposal.a_round, larger):
        HostOffer.objects.filter(state="published").update(state="closed")
        for match in a_round.latest_run().matches.with_people():
            make_offer(match.offer.organisation, cast.host, places=1)
        put_proposal_aside(a_round=a_round, by=cast.broker, at=AT)
        ask_for_match(a_round=a_round, by=cast.broker, at=AT, seed=7)
        jobs.run_due()
        where = reverse("round-compare", args=[a_round.slug, 1, 2])
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(where)
        counted.append((len(page.context["rows"]), len(queries)))
    assert [people for people, _queries in counted] == [2, 12]
    assert counted[0][1] == counted[1][1]
