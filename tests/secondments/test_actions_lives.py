"""How a visit goes on and ends: every move, what it holds, who is told, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from partnerships.ground.models import Event, OutboxMail
from partnerships.ground.problems import Refused
from partnerships.ground.workflow import table_of
from secondments import actions
from secondments.models import Placement, Swap
from secondments.states import (
    HOLDING_STATES,
    ConcernState,
    DecisionKind,
    DecisionState,
    PlacementState,
    SwapState,
)
from tests.cast import Cast
from tests.factories import AT, make_offer
from tests.secondments.helpers import ask, confirm, free_half_days, holds, mails_to, miscounted, say

pytestmark = pytest.mark.django_db

FIRST_DAY = AT + timedelta(days=14)
AFTER = AT + timedelta(days=22)


def under_way(cast: Cast) -> Placement:
    placement = confirm(cast, wants_return=True)
    actions.start(placement=placement, at=FIRST_DAY)
    return placement


# Endings --------------------------------------------------------------------------------------------------------------


def test_withdrawing_gives_the_days_back_and_tells_the_host(cast: Cast) -> None:
    placement = ask(cast)
    actions.withdraw(placement=placement, by=cast.visitor, at=AT)
    assert placement.state == PlacementState.WITHDRAWN
    assert not holds(placement)
    assert {each.state for each in placement.decisions.exclude(kind="visitor")} == {DecisionState.NOT_NEEDED}
    assert mails_to(cast.host.email or "")[-1] == "Vera Visitor is not coming after all"
    assert mails_to(cast.visitor.email or "")[-1] == "You have withdrawn: A Monday at Test Advice"


@pytest.mark.parametrize("person", ["host", "home_coordinator"])
def test_either_side_may_call_it_off(cast: Cast, person: str) -> None:
    placement = confirm(cast)
    actions.cancel(placement=placement, by=getattr(cast, person), at=AT)
    assert placement.state == PlacementState.CANCELLED
    assert not holds(placement)
    assert mails_to(cast.visitor.email or "")[-1] == "It cannot take place: A Monday at Test Advice"
    told = cast.home_coordinator if person == "host" else cast.host
    assert mails_to(told.email or "")[-1] in {
        "A Monday at Test Advice cannot take place",
        "Vera Visitor is not coming after all",
    }


def test_time_runs_out(cast: Cast) -> None:
    placement = ask(cast)
    say(placement, DecisionKind.HOST, cast)
    actions.expire(placement=placement, at=placement.answer_by + timedelta(minutes=1))
    assert placement.state == PlacementState.EXPIRED
    assert not holds(placement)
    assert mails_to(cast.visitor.email or "")[-1] == "Not everyone could answer in time: A Monday at Test Advice"
    assert mails_to(cast.host.email or "")[-1] == "Vera Visitor is not coming after all"
    assert Event.objects.about(placement).last().actor is None  # type: ignore[union-attr]  # there is one


def test_whoever_answered_while_the_clock_was_on_its_way_was_in_time(cast: Cast) -> None:
    placement = ask(cast, promises_confidentiality=False)
    at = placement.answer_by + timedelta(minutes=1)
    read_before = Placement.objects.unanswered_at(at).get()
    say(placement, DecisionKind.HOST, cast, at=at)
    say(placement, DecisionKind.HOME_APPROVER, cast, at=at)
    with pytest.raises(Refused) as refused:
        actions.expire(placement=read_before, at=at)
    assert refused.value.codes == {"not_over"}
    placement.refresh_from_db()
    assert placement.state == PlacementState.AGREED
    assert holds(placement)


def test_it_happened_and_how_long_it_took(cast: Cast) -> None:
    placement = under_way(cast)
    assert placement.state == PlacementState.UNDER_WAY
    actions.complete(placement=placement, minutes=150, by=cast.host, at=AFTER)
    actions.complete(placement=placement, minutes=999, by=cast.host, at=AFTER)
    assert (placement.state, placement.host_minutes) == (PlacementState.COMPLETED, 150)
    assert holds(placement), "the days of a visit that happened stay spent"
    assert "2.5 hours" in OutboxMail.objects.filter(to=cast.host.email).latest("id").text


def test_the_host_may_be_quicker_than_the_clock(cast: Cast) -> None:
    placement = confirm(cast)
    actions.complete(placement=placement, minutes=60, address=cast.host.email or "", at=FIRST_DAY)
    verbs = [event.verb for event in Event.objects.about(placement)]
    assert verbs[-2:] == ["start", "complete"]


def test_it_did_not_happen_is_nobodys_fault(cast: Cast) -> None:
    placement = under_way(cast)
    actions.did_not_happen(placement=placement, by=cast.visitor, at=AFTER)
    actions.did_not_happen(placement=placement, by=cast.visitor, at=AFTER)
    assert placement.state == PlacementState.DID_NOT_HAPPEN
    assert not holds(placement)
    for person in (cast.visitor, cast.host):
        assert mails_to(person.email or "")[-1] == "It did not happen: A Monday at Test Advice"


@pytest.mark.parametrize("verb", ["start", "complete", "did_not_happen"])
def test_nothing_can_have_happened_before_its_first_day(cast: Cast, verb: str) -> None:
    placement = confirm(cast)
    said: dict[str, dict[str, Any]] = {
        "start": {},
        "complete": {"minutes": 60, "by": cast.host},
        "did_not_happen": {"by": cast.host},
    }
    with pytest.raises(Refused) as refused:
        getattr(actions, verb)(placement=placement, at=AT, **said[verb])
    assert refused.value.codes == {"not_begun"}


@pytest.mark.parametrize("person", ["visitor", "manager", "home_coordinator", "outsider", "administrator"])
def test_only_the_host_says_that_it_happened(cast: Cast, person: str) -> None:
    placement = under_way(cast)
    with pytest.raises(Refused):
        actions.complete(placement=placement, minutes=60, by=getattr(cast, person), at=AFTER)
    with pytest.raises(Refused):
        actions.complete(placement=placement, minutes=60, address=getattr(cast, person).email, at=AFTER)


# Who may end it -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "may"),
    [("withdraw", {"visitor"}), ("cancel", {"host", "home_coordinator"})],
)
def test_who_may_end_it(cast: Cast, verb: str, may: set[str]) -> None:
    placement = ask(cast)
    for person in (
        "manager",
        "colleague",
        "adviser",
        "outsider",
        "administrator",
        "visitor",
        "host",
        "home_coordinator",
    ):
        if person not in may:
            with pytest.raises(Refused) as refused:
                getattr(actions, verb)(placement=placement, by=getattr(cast, person), at=AT)
            assert refused.value.codes == {"not_allowed"}
    assert holds(placement)


ENDINGS: dict[str, Callable[[Placement, Cast], None]] = {
    "withdraw": lambda placement, cast: actions.withdraw(placement=placement, by=cast.visitor, at=AFTER),
    "cancel": lambda placement, cast: actions.cancel(placement=placement, by=cast.host, at=AFTER),
    "expire": lambda placement, cast: actions.expire(placement=placement, at=AFTER),
    "start": lambda placement, cast: actions.start(placement=placement, at=AFTER),
    "complete": lambda placement, cast: actions.complete(placement=placement, minutes=60, by=cast.host, at=AFTER),
    "did_not_happen": lambda placement, cast: actions.did_not_happen(placement=placement, by=cast.host, at=AFTER),
}


@pytest.mark.parametrize("state", PlacementState.values)
def test_every_verb_moves_as_the_table_says_or_not_at_all(cast: Cast, state: str) -> None:
    """And whatever it did, a visit holds its days exactly in the states that hold."""
    placement = ask(cast)
    Placement.objects.filter(pk=placement.pk).update(state=state)
    if state not in HOLDING_STATES:
        actions.sessions.release(placement)
    for verb in ENDINGS:
        allowed: set[str] = {
            move.target for move in table_of(placement).moves if move.verb == verb and state in move.sources
        }
        if state == PlacementState.CONFIRMED and verb in BY_WAY_OF_THE_START:
            allowed = BY_WAY_OF_THE_START[verb]
        sid = transaction.savepoint()
        placement.refresh_from_db()
        codes = outcome_of(verb, placement, cast)
        placement.refresh_from_db()
        assert codes == (set() if allowed or same_again(verb, state) else {"out_of_turn"}), verb
        assert placement.state in (allowed or {state}), verb
        assert holds(placement) == (placement.state in HOLDING_STATES), verb
        transaction.savepoint_rollback(sid)


BY_WAY_OF_THE_START: dict[str, set[str]] = {
    "complete": {PlacementState.COMPLETED},
    "did_not_happen": {PlacementState.DID_NOT_HAPPEN},
}


def same_again(verb: str, state: str) -> bool:
    """Saying it a second time is no error."""
    return (verb, state) in {("complete", PlacementState.COMPLETED), ("did_not_happen", PlacementState.DID_NOT_HAPPEN)}


def outcome_of(verb: str, placement: Placement, cast: Cast) -> set[str]:
    try:
        ENDINGS[verb](placement, cast)
    except Refused as refused:
        return refused.codes
    return set()


# The way back, and concerns -------------------------------------------------------------------------------------------


def test_only_the_host_calls_the_return_due(cast: Cast) -> None:
    placement = under_way(cast)
    assert placement.swap is not None
    for person in (cast.visitor, cast.home_coordinator, cast.outsider):
        with pytest.raises(Refused):
            actions.call_due(swap=placement.swap, by=person, at=AT)
    actions.call_due(swap=placement.swap, by=cast.host, at=AT)
    assert Swap.objects.get().state == SwapState.DUE
    subject = "Somebody from Test Advice would like to come to you"
    assert mails_to(cast.home_coordinator.email or "")[-1] == subject
    assert mails_to(cast.visitor.email or "")[-1] == subject
    actions.lapse(swap=placement.swap, at=AT)
    assert Swap.objects.get().state == SwapState.LAPSED


def test_nothing_is_owed_for_a_visit_that_did_not_take_place(cast: Cast) -> None:
    placement = ask(cast, wants_return=True)
    say(placement, DecisionKind.HOST, cast, yes=False)
    assert placement.swap is not None
    with pytest.raises(Refused) as refused:
        actions.call_due(swap=placement.swap, by=cast.host, at=AT)
    assert refused.value.codes == {"nothing_to_return"}


def test_anyone_may_say_that_something_is_wrong_and_no_mail_says_what(cast: Cast) -> None:
    concern = actions.raise_concern(placement=ask(cast), what_is_wrong="He shouted.", how_to_reach_you="0161", at=AT)
    mail = OutboxMail.objects.get(to=cast.administrator.email)
    assert "shouted" not in mail.text + mail.html + mail.subject
    assert Event.objects.about(concern).get().actor is None
    with pytest.raises(Refused):
        actions.handle_concern(concern=concern, by=cast.host, at=AT)
    actions.handle_concern(concern=concern, by=cast.administrator, at=AT)
    assert concern.state == ConcernState.HANDLED


def test_asking_for_too_much_leaves_nothing_behind(cast: Cast) -> None:
    ask(cast)
    other = make_offer(cast.advice, cast.host, sessions=4)
    with pytest.raises(Refused):
        ask(cast, offer=other, half_days=free_half_days(other, 4))
    assert miscounted() == []
    assert not other.sessions.filter(booked__gt=0).exists()
