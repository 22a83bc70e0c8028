"""How much each part of a fit counts: set before a round opens, published, told to the engine, and tried beforehand."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from partnerships.ground import jobs, retention
from partnerships.ground.models import Event, Job
from partnerships.ground.states import JobState
from secondments.actions.trials import try_out
from secondments.actions.weights import set_weights
from secondments.matches import problem_of
from secondments.matches.replaying import replay
from secondments.matches.trials import weights_as_asked
from secondments.models import HostOffer, MatchRun, Round, Trial
from secondments.models.weights import usual_weights
from secondments.states import RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_round, make_user
from tests.secondments.proposals import Proposal, refusal

pytestmark = pytest.mark.django_db

FAR = {"learn": 0, "place": 0, "dates": 0, "mode": 0, "size": 100, "preference": 0, "new": 0, "asked": 0}
"""Only the size of the host counts."""


@pytest.fixture
def draft(cast: Cast) -> Round:
    return make_round(cast.cvs, state=RoundState.DRAFT)


def next_round(proposal: Proposal) -> Round:
    """The next round of the programme that was just matched, before it opens."""
    made = make_round(proposal.cast.cvs, state=RoundState.DRAFT, name="Spring round")
    made.programme = proposal.a_round.programme
    made.save()
    return made


def page_of(a_round: Round) -> str:
    return reverse("round-weights", args=[a_round.slug])


# Set and published ----------------------------------------------------------------------------------------------------


def test_the_usual_points_are_a_hundred() -> None:
    assert sum(usual_weights().values()) == 100


def test_points_are_set_before_the_round_opens_and_read_by_everybody(cast: Cast, draft: Round) -> None:
    client = enter(cast.broker)
    assert page_of(draft) in client.get(reverse("round-desk", args=[draft.slug])).content.decode()
    typed = usual_weights() | {"learn": 50, "place": 0}
    answer = client.post(page_of(draft), typed, follow=True).content.decode()
    assert "People read these points before they join" in answer
    draft.refresh_from_db()
    assert draft.weights == typed
    assert Event.objects.about(draft).filter(verb="set_weights", actor=cast.broker).exists()
    Round.objects.update(state=RoundState.OPEN)
    page = enter(cast.visitor).get(draft.get_absolute_url()).content.decode()
    assert "What makes a good fit" in page
    assert "<strong>50</strong> Shows what was asked for" in page
    assert "Near enough to go easily" not in page, "What counts nothing need not be read."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"learn": 40}, "The points add up to 105. Take 5 away, so that they are 100."),
        ({"learn": 36}, "The points add up to one more than 100. Take 1 away."),
        ({"learn": 0}, "The points add up to 65. Add 35, so that they are 100."),
        ({"learn": 34}, "The points add up to one less than 100. Add 1."),
        ({"learn": ""}, "Enter a number; 0 if it does not count"),
    ],
)
def test_what_does_not_add_up_is_said_with_what_to_do(
    cast: Cast, draft: Round, typed: dict[str, Any], sentence: str
) -> None:
    page = enter(cast.broker).post(page_of(draft), usual_weights() | typed).content.decode()
    assert escape(sentence) in page
    draft.refresh_from_db()
    assert draft.weights == usual_weights()


@pytest.mark.parametrize(
    "weights", [{}, {"learn": 100}, usual_weights() | {"looks": 0}, FAR | {"size": 101, "new": -1}]
)
def test_only_the_parts_there_are_have_points(cast: Cast, draft: Round, weights: dict[str, int]) -> None:
    with refusal("weights"):
        set_weights(a_round=draft, weights=weights, by=cast.broker, at=AT)


def test_points_stand_once_the_round_opens(cast: Cast) -> None:
    a_round = make_round(cast.cvs)
    with refusal("weights_stand"):
        set_weights(a_round=a_round, weights=FAR, by=cast.broker, at=AT)
    page = enter(cast.broker).post(page_of(a_round), FAR).content.decode()
    assert "so they stand" in page
    a_round.refresh_from_db()
    assert a_round.weights == usual_weights()


def test_only_the_programmes_brokers_may(cast: Cast, draft: Round) -> None:
    stranger = make_user("Strange Broker")
    make_membership(stranger, cast.elsewhere, is_broker=True)
    with refusal("not_allowed"):
        set_weights(a_round=draft, weights=FAR, by=stranger, at=AT)
    assert enter(stranger).get(page_of(draft)).status_code == 404


def test_the_engine_is_told_and_the_run_can_be_repeated(cast: Cast, proposal: Proposal) -> None:
    assert problem_of(proposal.a_round, seed=1, at=AT).weights.learn == 350
    Round.objects.update(weights=FAR)
    proposal.a_round.refresh_from_db()
    problem = problem_of(proposal.a_round, seed=1, at=AT)
    assert (problem.weights.learn, problem.weights.size) == (0, 1000)
    proposal.change("forbid", who=proposal.at_near, offer=proposal.near)
    run = proposal.again()
    assert all(part["out_of"] == FAR[part["name"]] * 10 for match in run.matches.all() for part in match.parts)
    assert replay(run) == []


# Tried on the last round ----------------------------------------------------------------------------------------------


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    return Proposal(cast)


def test_the_effect_on_the_last_round_is_worked_out_by_a_job(cast: Cast, proposal: Proposal) -> None:
    """One of the two goes to the far desk anyway; with places for both there, other points send both."""
    HostOffer.objects.filter(pk=proposal.far.pk).update(places=2)
    last = proposal.run.problem
    assert last
    far = next(slot for slot in last["slots"] if slot["id"] == f"f{proposal.far.pk}")
    far["places"] = [[week, 2] for week, _places in far["places"]]
    far["tags"] = []
    next(one for one in last["organisations"] if one["id"] == far["organisation_id"])["small"] = True
    last["rules"]["criteria"] = ["placed", "fit"]
    proposal.run.save()
    before = (proposal.run.result, list(proposal.run.matches.values_list("participation", "offer")))

    spring, client = next_round(proposal), enter(cast.broker)
    page = client.get(page_of(spring)).content.decode()
    assert "The last round is Winter round" in page
    for _ in range(2):
        answer = client.post(page_of(spring), FAR | {"try": "yes"}, follow=True)
        assert "Waiting for its turn" in answer.content.decode()
    trial = Trial.objects.get()
    assert Job.objects.of_kind("try_out").count() == 1
    where = reverse("round-trial", args=[spring.slug, trial.uuid])
    assert answer.redirect_chain[-1][0] == where

    jobs.run_due()
    answer = client.get(where)
    page = answer.content.decode()
    assert [figure.value for figure in answer.context["figures"]] == [0, 0, 1]
    assert "The near desk" in page
    assert "The far desk" in page
    assert proposal.at_near.membership.user.name in page
    rows = {title: (was, would_be) for title, was, would_be in answer.context["criteria"]}
    assert rows["How well people and hosts fit, on average"] == ("50.0 of 100 points", "100.0 of 100 points")
    parts = {title: (was, would_be) for title, was, would_be in answer.context["parts"]}
    assert parts["Shows what was asked for"] == ("50%", "0%")
    assert "Use these points for Spring round" in page

    proposal.run.refresh_from_db()
    assert before == (proposal.run.result, list(proposal.run.matches.values_list("participation", "offer")))
    assert proposal.a_round.weights == usual_weights()
    client.post(page_of(spring), FAR)
    spring.refresh_from_db()
    assert spring.weights == FAR


def test_a_round_that_is_open_can_try_and_not_set(cast: Cast, proposal: Proposal) -> None:
    client = enter(cast.broker)
    page = client.get(page_of(proposal.a_round)).content.decode()
    assert "Try other points" in page
    assert ">Save<" not in page
    client.post(page_of(proposal.a_round), FAR | {"try": "yes"})
    jobs.run_due()
    trial = Trial.objects.get()
    page = client.get(reverse("round-trial", args=[proposal.a_round.slug, trial.uuid])).content.decode()
    assert "What these points would have done" in page
    assert "Use these points" not in page


def test_without_a_matched_round_nothing_is_tried(cast: Cast, draft: Round) -> None:
    client = enter(cast.broker)
    assert "Show the effect" not in client.get(page_of(draft)).content.decode()


def test_an_open_round_before_any_was_matched_shows_its_points(cast: Cast) -> None:
    page = enter(cast.broker).get(page_of(make_round(cast.cvs))).content.decode()
    assert "published when the round opened" in page
    assert "<strong>35</strong> Shows what was asked for" in page
    assert '<input type="number"' not in page


def test_what_was_erased_cannot_be_tried_on(cast: Cast, proposal: Proposal) -> None:
    MatchRun.objects.update(problem=None, result=None)
    assert MatchRun.objects.tried_on(proposal.a_round.programme) is None
    with refusal("erased"):
        try_out(a_round=proposal.a_round, run=proposal.run, asked=weights_as_asked(FAR), by=cast.broker, at=AT)


def test_nothing_is_tried_on_another_programmes_round(cast: Cast, proposal: Proposal, draft: Round) -> None:
    with refusal("not_allowed"):
        try_out(a_round=draft, run=proposal.run, asked=weights_as_asked(FAR), by=cast.broker, at=AT)


def test_what_is_erased_while_it_waits_is_given_up(cast: Cast, proposal: Proposal) -> None:
    trial = try_out(a_round=proposal.a_round, run=proposal.run, asked=weights_as_asked(FAR), by=cast.broker, at=AT)
    MatchRun.objects.update(problem=None, result=None)
    jobs.run_due()
    assert Job.objects.get(kind="try_out").state == JobState.FAILED
    where = reverse("round-trial", args=[proposal.a_round.slug, trial.uuid])
    assert "nothing was changed" in enter(cast.broker).get(where).content.decode()


def test_what_was_tried_is_forgotten_after_a_week(cast: Cast, proposal: Proposal) -> None:
    trial = try_out(a_round=proposal.a_round, run=proposal.run, asked=weights_as_asked(FAR), by=cast.broker, at=AT)
    retention.keep_periods(AT.replace(day=1, month=AT.month % 12 + 1, year=AT.year + AT.month // 12))
    assert not Trial.objects.filter(pk=trial.pk).exists()
    jobs.run_due()
    assert Job.objects.get(kind="try_out").state == JobState.DONE


def test_brokers_see_what_their_own_programmes_tried(cast: Cast, proposal: Proposal) -> None:
    trial = try_out(a_round=proposal.a_round, run=proposal.run, asked=weights_as_asked(FAR), by=cast.broker, at=AT)
    stranger = make_user("Strange Broker")
    make_membership(stranger, cast.elsewhere, is_broker=True)
    for name in ("round-trial", "round-trial-progress"):
        where = reverse(name, args=[proposal.a_round.slug, trial.uuid])
        assert enter(stranger).get(where).status_code == 404
        assert enter(cast.broker).get(where).status_code == 200


def test_a_page_of_many_costs_what_one_of_few_does(cast: Cast, proposal: Proposal) -> None:
    """The rows of a page are looked up together."""
    client, counted = enter(cast.broker), []
    trial = try_out(a_round=proposal.a_round, run=proposal.run, asked=weights_as_asked(FAR), by=cast.broker, at=AT)
    moved = [
        {"person_id": str(who.uuid), "before": [f"f{proposal.near.pk}", 1], "after": [f"f{proposal.far.pk}", 1]}
        for who in (proposal.vera, proposal.cole)
    ]
    sums = [{"name": name, "before": 2, "after": 2} for name in ("placed", "hosts", "fit")]
    where = reverse("round-trial", args=[proposal.a_round.slug, trial.uuid])
    for many in (moved[:1], moved * 20):
        Trial.objects.update(answer={"changed": many, "criteria": sums, "parts": []})
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(where).context["rows"]) == min(len(many), 20)
        counted.append(len(queries))
    assert counted[0] == counted[1]
