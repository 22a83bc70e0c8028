"""Changing a proposal by hand in the browser: first what it would cost, then why, then match again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from partnerships.ground import jobs
from partnerships.ground.models import Job
from partnerships.ground.states import JobState
from secondments.models import Adjustment, HostOffer, Participation, Trial
from secondments.states import AdjustmentKind, OfferState
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_offer
from tests.secondments.proposals import Proposal
from tests.secondments.rounds import published

pytestmark = pytest.mark.django_db
SAID = {"reason": "they_said_so", "note": "Rang me on Tuesday."}


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    return Proposal(cast)


def address(person: Participation, kind: str, offer: HostOffer) -> str:
    return reverse("round-change", args=[person.round.slug, person.uuid, kind, offer.slug])


def desk(proposal: Proposal) -> str:
    return enter(proposal.cast.broker).get(reverse("round-desk", args=[proposal.a_round.slug])).content.decode()


def test_what_another_host_drafts_is_not_read_by_its_address(cast: Cast, proposal: Proposal) -> None:
    draft = make_offer(cast.elsewhere, cast.outsider, title="Not for others yet", state=OfferState.DRAFT)
    client = enter(cast.broker)
    assert client.get(address(proposal.vera, "forbid", draft)).status_code == 404
    HostOffer.objects.filter(pk=proposal.near.pk).update(state=OfferState.PAUSED)
    assert client.get(address(proposal.vera, "forbid", proposal.near)).status_code == 200, "It was proposed."


def test_a_match_is_set_matched_around_and_published(cast: Cast, proposal: Proposal) -> None:
    client, who, other = enter(cast.broker), proposal.at_near, proposal.at_far
    page = client.get(address(who, "make", proposal.far)).content.decode()
    assert "Set this match by hand?" in page
    assert "What was proposed before" in page
    assert f"{other.membership.user.name} would go to The near desk, Test Advice instead of The far desk" in page
    assert not Adjustment.objects.exists()

    answer = client.post(address(who, "make", proposal.far), SAID, follow=True).content.decode()
    assert "Next: match again around your change" in answer
    assert "Rang me on Tuesday." in answer
    assert "Not in this proposal yet" in answer
    assert "Tell everyone" not in answer

    client.post(reverse("round-match", args=[proposal.a_round.slug]))
    jobs.run_due()
    page = desk(proposal)
    assert "Not in this proposal yet" not in page
    assert "Chosen by the broker" in page
    assert "Tell everyone" in page
    found = client.get(reverse("round-desk", args=[proposal.a_round.slug]), {"show": "by-hand"}).content.decode()
    assert "1 match<" in found

    assert published(proposal.a_round, cast.broker) == (2, 0)


def test_keeping_costs_nothing_and_holds_the_week(cast: Cast, proposal: Proposal) -> None:
    client, who = enter(cast.broker), proposal.at_near
    assert "Nothing now: it is what is proposed" in client.get(address(who, "keep", proposal.near)).content.decode()
    client.post(address(who, "keep", proposal.near), SAID)
    made = Adjustment.objects.get()
    assert (made.kind, made.week, made.made_by) == (AdjustmentKind.KEEP, proposal.week, cast.broker)


def test_what_is_not_proposed_is_not_kept(cast: Cast, proposal: Proposal) -> None:
    page = enter(cast.broker).get(address(proposal.at_near, "keep", proposal.far)).content.decode()
    assert "This is not what is proposed now" in page


def test_two_are_kept_apart(cast: Cast, proposal: Proposal) -> None:
    client, who = enter(cast.broker), proposal.at_near
    page = client.get(address(who, "forbid", proposal.near)).content.decode()
    assert "Keep these two apart?" in page
    client.post(address(who, "forbid", proposal.near), {"reason": "wellbeing"})
    assert Adjustment.objects.get().kind == AdjustmentKind.FORBID


def test_why_must_be_said(cast: Cast, proposal: Proposal) -> None:
    page = enter(cast.broker).post(address(proposal.at_near, "make", proposal.far), {"note": "Kept."}).content.decode()
    assert "Say why you change this" in page
    assert "Kept." in page
    assert not Adjustment.objects.exists()


def test_a_week_is_chosen(cast: Cast, proposal: Proposal) -> None:
    """Cole could go in two weeks; the second is asked for in the address."""
    who = proposal.at_near
    problem = proposal.run.problem
    assert problem
    weeks = next(one for one in problem["people"] if one["id"] == str(who.uuid))["weeks"]
    weeks.append(weeks[0] + 1)
    proposal.run.save()
    client = enter(cast.broker)
    page = client.get(address(who, "make", proposal.far)).content.decode()
    assert "Take this week" in page
    later = page.split('<option value="')[2].split('"')[0]
    client.post(f"{address(who, 'make', proposal.far)}?week={later}", SAID)
    assert str(Adjustment.objects.get().week) == later


def test_a_host_that_does_not_suit_is_said_to(cast: Cast, proposal: Proposal) -> None:
    HostOffer.objects.filter(pk=proposal.far.pk).update(places=1)
    proposal.change("keep", who=proposal.at_far)
    page = enter(cast.broker).get(address(proposal.at_near, "make", proposal.far)).content.decode()
    assert "No week suits both by the rules of this programme" in page


def test_a_refusal_is_a_sentence_and_keeps_what_was_typed(cast: Cast, proposal: Proposal) -> None:
    who = proposal.at_near
    proposal.change(who=who)
    page = enter(cast.broker).post(address(who, "forbid", proposal.far), SAID).content.decode()
    assert "You have changed this pair by hand already" in page
    assert "Rang me on Tuesday." in page


def test_a_large_round_is_worked_out_beside_the_page(
    cast: Cast, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secondments.views.desk.trying.SMALL", 1)
    client, where = enter(cast.broker), address(proposal.at_near, "make", proposal.far)
    other = proposal.at_far
    page = client.get(where).content.decode()
    assert "worked out beside the page" in page
    assert "What was proposed before" not in page
    assert not Trial.objects.exists(), "Reading asks for nothing."

    for _ in range(2):
        answer = client.post(where, {"try": "yes"}, follow=True).content.decode()
    assert Trial.objects.count() == 1
    assert "Waiting for its turn" in answer
    progress = reverse("round-trial-progress", args=[proposal.a_round.slug, Trial.objects.get().uuid])
    assert "every 2s" in client.get(progress).content.decode()

    jobs.run_due()
    over = client.get(progress)
    assert (over.status_code, over["HX-Refresh"]) == (204, "true")
    page = client.get(where).content.decode()
    assert "What was proposed before" in page
    assert f"{other.membership.user.name} would go to The near desk, Test Advice instead of The far desk" in page
    assert not Adjustment.objects.exists()

    # What it costs depends on what holds already: that is another question.
    proposal.change("keep", who=other)
    page = client.get(address(proposal.at_near, "forbid", proposal.near)).content.decode()
    assert "worked out beside the page" in page


def test_what_cannot_be_worked_out_in_time_is_offered_to_a_job(
    cast: Cast, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secondments.matches.trials.SECONDS", -1)
    page = enter(cast.broker).get(address(proposal.at_near, "make", proposal.far)).content.decode()
    assert "worked out beside the page" in page


def test_what_failed_is_asked_for_again(cast: Cast, proposal: Proposal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secondments.views.desk.trying.SMALL", 1)
    client, where = enter(cast.broker), address(proposal.at_near, "make", proposal.far)
    client.post(where, {"try": "yes"})
    Job.objects.of_kind("try_out").update(state=JobState.FAILED)
    assert "It could not be worked out" in client.get(where).content.decode()
    client.post(where, {"try": "yes"})
    jobs.run_due()
    assert "What was proposed before" in client.get(where).content.decode()


def test_an_unknown_change_is_not_found(cast: Cast, proposal: Proposal) -> None:
    assert enter(cast.broker).get(address(proposal.at_near, "nonsense", proposal.far)).status_code == 404


def test_after_publishing_it_is_too_late(cast: Cast, proposal: Proposal) -> None:
    who = proposal.at_near
    published(proposal.a_round, cast.broker)
    answer = enter(cast.broker).get(address(who, "keep", proposal.near), follow=True).content.decode()
    assert "while a proposal waits to be published" in answer


def test_the_best_around_what_is_set_by_hand_is_not_called_the_best(cast: Cast, proposal: Proposal) -> None:
    proposal.change()
    assert "criteria that were published: proven" in desk(proposal)
    proposal.again()
    assert "criteria that were published, around what is set by hand: proven" in desk(proposal)


def test_what_could_not_hold_is_said_on_the_desk(cast: Cast, proposal: Proposal) -> None:
    proposal.change()
    HostOffer.objects.filter(pk=proposal.far.pk).update(state="paused")
    proposal.again()
    assert "It could not hold" in desk(proposal)
