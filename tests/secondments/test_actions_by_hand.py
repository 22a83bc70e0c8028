"""What a broker changes by hand holds from the next matching on, is priced before, and can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from partnerships.ground import clock, retention
from partnerships.ground.models import Event
from partnerships.states import Field
from secondments.actions.proposals import take_back_change
from secondments.actions.publishing import publish_round
from secondments.actions.rounds import ask_for_match, fail_run, put_proposal_aside
from secondments.matches.by_hand import problem_now, room_for
from secondments.matches.keys import offer_key, person_id
from secondments.matches.replaying import replay
from secondments.matches.trials import change_to, cost_of, cost_while_waiting
from secondments.models import Adjustment, HostOffer, MatchRun, Participation, Round
from secondments.my_data import anonymise, collect
from secondments.states import AdjustmentState, ParticipationState, RoundState, RunState
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_organisation, make_place, make_user
from tests.secondments.proposals import Proposal, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    made = Proposal(cast)
    assert set(made.places().values()) == {made.near, made.far}
    return made


# Made and matched again -----------------------------------------------------------------------------------------------


def test_somebody_set_by_hand_goes_there_and_the_rest_is_matched_around_it(proposal: Proposal) -> None:
    """The one who is set to the far desk frees the near one for the other."""
    first, other = proposal.at_near, proposal.at_far
    proposal.change(who=first, reason="fairer", note="  Told me on the phone.  ")
    assert proposal.places()[first] == proposal.near, "Nothing moves before the round is matched again."
    run = proposal.again()
    assert proposal.places()[first] == proposal.far
    assert proposal.places()[other] == proposal.near
    assert [one["name"] for one in run.criteria] == ["placed", "kept", "hosts", "fit"]
    assert run.matches.get(participation=first).facts["by_hand"]
    assert not run.matches.get(participation=other).facts.get("by_hand")
    assert replay(run) == []


def test_the_event_keeps_the_code_and_not_the_words(proposal: Proposal) -> None:
    made = proposal.change(reason="wellbeing", note="She knows somebody there.")
    event = Event.objects.about(made).get()
    assert (event.verb, event.reason, event.actor) == ("change_by_hand", "wellbeing", proposal.cast.broker)
    assert made.note == "She knows somebody there."


def test_a_pair_kept_apart_is_not_proposed_again(proposal: Proposal) -> None:
    who = proposal.at_near
    made = proposal.change("forbid", offer=proposal.near)
    assert made.week is None
    proposal.again()
    assert proposal.places()[who] == proposal.far


def test_what_is_kept_stays_when_everything_else_speaks_against_it(proposal: Proposal) -> None:
    """Whoever is kept apart from the near desk would have had the far one instead."""
    who = proposal.at_far
    proposal.change("keep", who=who)
    proposal.change("forbid", who=proposal.at_near, offer=proposal.near)
    run = proposal.again()
    assert proposal.places() == {who: proposal.far}
    assert run.matches.get(participation=who).facts["by_hand"]


def test_what_is_taken_back_holds_no_more(proposal: Proposal) -> None:
    who = proposal.at_near
    made = proposal.change("forbid", offer=proposal.near)
    proposal.again()
    take_back_change(adjustment=made, by=proposal.cast.broker, at=AT)
    assert made.state == AdjustmentState.TAKEN_BACK
    assert problem_now(proposal.a_round.latest_run()).rules.forbidden == frozenset()
    # Keeping comes before fit: what was proposed last stays, though the better desk is open again.
    proposal.again()
    assert proposal.places()[who] == proposal.far


def test_what_was_made_and_taken_back_needs_no_new_match(proposal: Proposal) -> None:
    made = proposal.change()
    take_back_change(adjustment=made, by=proposal.cast.broker, at=AT)
    with refusal("nothing_changed"):
        proposal.again()
    assert proposal.a_round.state == RoundState.PROPOSED


def test_an_old_proposal_gives_way_to_the_new_one(proposal: Proposal) -> None:
    proposal.change()
    run = proposal.again()
    proposal.run.refresh_from_db()
    assert (proposal.run.state, run.state) == (RunState.DISCARDED, RunState.SOLVED)
    assert proposal.a_round.latest_run() == run


def test_a_match_that_fails_leaves_the_proposal(proposal: Proposal) -> None:
    proposal.change()
    run = ask_for_match(a_round=proposal.a_round, by=proposal.cast.broker, at=AT)
    fail_run(run=run, at=AT)
    proposal.a_round.refresh_from_db()
    assert proposal.a_round.state == RoundState.PROPOSED
    assert proposal.a_round.latest_run() == proposal.run
    assert Adjustment.objects.since(proposal.run).count() == 1


def test_changes_outlive_a_proposal_that_is_put_aside(proposal: Proposal) -> None:
    who = proposal.at_near
    proposal.change("forbid", offer=proposal.near)
    put_proposal_aside(a_round=proposal.a_round, by=proposal.cast.broker, at=AT)
    run = proposal.again()
    assert proposal.places()[who] == proposal.far
    assert "kept" not in [one["name"] for one in run.criteria], "What was put aside need not be kept."


def test_what_cannot_hold_any_more_is_left_out(proposal: Proposal) -> None:
    who = proposal.at_near
    proposal.change(who=who)
    HostOffer.objects.filter(pk=proposal.far.pk).update(state="paused")
    run = proposal.again()
    assert run.state == RunState.SOLVED
    assert proposal.places()[who] == proposal.near


# What it costs --------------------------------------------------------------------------------------------------------


def cost(proposal: Proposal, **said: Any) -> dict[str, tuple[int, int]]:
    values: dict[str, Any] = {"kind": "make", "participation": proposal.at_near, "offer": proposal.far}
    found = cost_of(proposal.a_round.latest_run(), change_to(**(values | {"week": proposal.week} | said)))
    return {one.name: (one.before, one.after) for one in found.criteria}


def test_a_cost_is_what_matching_again_then_gives(proposal: Proposal) -> None:
    told = cost(proposal)
    proposal.change()
    run = proposal.again()
    assert {one["name"] for one in run.criteria} == set(told)
    # The fit of what is set by hand is counted as of any other match.
    assert {one["name"]: one["value"] for one in run.criteria if one["name"] != "fit"} == {
        name: after for name, (_before, after) in told.items() if name != "fit"
    }
    assert told["placed"] == (2, 2)
    assert told["kept"] == (2, 0)
    assert told["fit"][1] == told["fit"][0], "The two have changed places, and both fit both alike."


def test_keeping_costs_nothing(proposal: Proposal) -> None:
    assert all(before == after for before, after in cost(proposal, kind="keep", offer=proposal.near).values())


def test_a_cost_counts_what_was_changed_before(proposal: Proposal) -> None:
    proposal.change("forbid", who=proposal.at_near, offer=proposal.near)
    told = cost(proposal, kind="forbid", offer=proposal.far, week=None)
    assert told["placed"] == (2, 1), "Kept apart from both, nobody is left."


def test_asking_what_it_costs_saves_nothing(proposal: Proposal) -> None:
    before = (Adjustment.objects.count(), MatchRun.objects.count(), Event.objects.count())
    cost(proposal)
    assert (Adjustment.objects.count(), MatchRun.objects.count(), Event.objects.count()) == before


def test_a_cost_that_takes_too_long_is_not_known(proposal: Proposal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secondments.matches.trials.SECONDS", -1)
    change = change_to("forbid", proposal.at_near, proposal.near, None)
    assert cost_while_waiting(proposal.a_round.latest_run(), change) is None


# What stands against it -----------------------------------------------------------------------------------------------


def test_only_the_programmes_brokers_may(proposal: Proposal) -> None:
    stranger = make_user("Strange Broker")
    make_membership(stranger, proposal.cast.elsewhere, is_broker=True)
    with refusal("not_allowed"):
        proposal.change(by=stranger)
    made = proposal.change()
    with refusal("not_allowed"):
        take_back_change(adjustment=made, by=stranger, at=AT)


def test_a_pair_is_changed_once(proposal: Proposal) -> None:
    proposal.change()
    with refusal("pair_changed"):
        proposal.change("forbid", week=None)


def test_a_person_is_set_once(proposal: Proposal) -> None:
    proposal.change()
    with refusal("person_settled"):
        proposal.change("keep", offer=proposal.near)


def test_a_person_may_be_kept_apart_from_several_hosts(proposal: Proposal) -> None:
    proposal.change("forbid")
    proposal.change("forbid", offer=proposal.near)
    assert Adjustment.objects.standing_in(proposal.a_round).count() == 2


def test_a_week_must_suit_both(proposal: Proposal) -> None:
    with refusal("no_room"):
        proposal.change(week=proposal.week + timedelta(weeks=1))


def test_a_host_that_the_rules_refuse_has_no_room(proposal: Proposal) -> None:
    """Changes by hand cross no rule: this one is further than anybody goes."""
    remote = make_organisation("Remote Advice", field=Field.VOLUNTARY, place=make_place("Truro", latitude=50.26))
    offer = make_offer(remote, proposal.cast.host)
    assert room_for(problem_now(proposal.run), proposal.vera, offer) == {}
    with refusal("no_room"):
        proposal.change(offer=offer)


def test_places_given_by_hand_are_gone_for_others(proposal: Proposal) -> None:
    HostOffer.objects.update(places=1)
    assert room_for(problem_now(proposal.run), proposal.at_near, proposal.far) == {proposal.week: 1}
    proposal.change("keep", who=proposal.at_far)
    assert room_for(problem_now(proposal.run), proposal.at_near, proposal.far) == {}
    with refusal("no_room"):
        proposal.change()


def test_a_host_that_is_closed_takes_nobody(proposal: Proposal) -> None:
    HostOffer.objects.filter(pk=proposal.far.pk).update(state="paused")
    proposal.far.refresh_from_db()
    with refusal("offer_closed"):
        proposal.change()


def test_who_has_left_is_not_set(proposal: Proposal) -> None:
    who = proposal.at_near
    Participation.objects.filter(pk=who.pk).update(state=ParticipationState.WITHDRAWN)
    with refusal("left_round"):
        proposal.change(who=who)


def test_nothing_is_changed_without_a_proposal(proposal: Proposal) -> None:
    made, who = proposal.change(), proposal.at_far
    put_proposal_aside(a_round=proposal.a_round, by=proposal.cast.broker, at=AT)
    with refusal("not_proposed"):
        proposal.change(who=who)
    with refusal("not_proposed"):
        take_back_change(adjustment=made, by=proposal.cast.broker, at=AT)


def test_a_proposal_whose_problem_was_erased_is_matched_anew(proposal: Proposal) -> None:
    who = proposal.at_near
    MatchRun.objects.update(problem=None, result=None)
    with refusal("erased"):
        proposal.change(who=who)


def test_nobody_is_told_of_a_proposal_that_was_changed_since(proposal: Proposal) -> None:
    proposal.change()
    with refusal("changed_by_hand"):
        publish_round(a_round=proposal.a_round, by=proposal.cast.broker, at=AT)
    proposal.again()
    publish_round(a_round=proposal.a_round, by=proposal.cast.broker, at=AT)
    assert proposal.a_round.state == RoundState.PUBLISHING


@pytest.mark.parametrize("week", [True, False])
def test_the_database_holds_a_week_and_forbidding_apart(proposal: Proposal, week: bool) -> None:
    made = proposal.change("forbid" if week else "make")
    with pytest.raises(IntegrityError, match="adjustment_with_a_week"), transaction.atomic():
        Adjustment.objects.filter(pk=made.pk).update(week=proposal.week if week else None)


# What the engine is told and what is kept -----------------------------------------------------------------------------


def test_the_engine_hears_no_words(proposal: Proposal) -> None:
    who = proposal.at_near
    proposal.change(note="Because of Bea.")
    problem = problem_now(proposal.a_round.latest_run())
    assert [(one.person_id, one.offer_id) for one in problem.rules.fixed] == [
        (person_id(who), offer_key(proposal.far.pk))
    ]
    assert "Bea" not in str(problem)


def test_whom_a_change_is_about_reads_why_in_the_copy_of_their_data(proposal: Proposal) -> None:
    proposal.change(who=proposal.vera, offer=proposal.far, kind="forbid", reason="wellbeing")
    [changed] = collect(proposal.cast.visitor)["what_brokers_noted_when_they_changed_your_match"]
    assert (changed["kind"], changed["reason"], changed["note"]) == ("forbid", "wellbeing", "")
    assert proposal.far.title not in str(changed), "Of the other side it says nothing."


def test_notes_about_somebody_go_with_their_name(proposal: Proposal) -> None:
    made = proposal.change(who=proposal.vera, offer=proposal.far, kind="forbid", note="Told me on the phone.")
    anonymise(proposal.cast.visitor, AT)
    made.refresh_from_db()
    assert (made.note, made.reason) == ("", "they_said_so")


def test_notes_are_erased_a_year_after_the_round(proposal: Proposal) -> None:
    made = proposal.change(note="Told me on the phone.")
    end = clock.now().replace(year=proposal.a_round.ends_on.year + 1, month=12)
    retention.keep_periods(end)
    made.refresh_from_db()
    assert (made.note, made.reason) == ("", "they_said_so")


def test_no_press_reads_what_only_a_replay_needs(cast: Cast, proposal: Proposal) -> None:
    """The question and the answer of a large round are megabytes."""
    change, a_round = Adjustment.objects.get(pk=proposal.change("forbid").pk), Round.objects.get()
    with CaptureQueriesContext(connection) as queries:
        take_back_change(adjustment=change, by=cast.broker, at=AT)
        put_proposal_aside(a_round=a_round, by=cast.broker, at=AT)
        ask_for_match(a_round=a_round, by=cast.broker, at=AT)
    read = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert not [sql for sql in read if '"secondments_matchrun"."problem"' in sql]
