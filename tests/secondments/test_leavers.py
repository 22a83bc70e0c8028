"""What ends of visits and rounds with a membership, and with an organisation that may no longer act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from partnerships.actions.accounts import close_account
from partnerships.actions.memberships import end_membership, refuse_membership
from partnerships.actions.organisations import resume, suspend
from partnerships.actions.register_rows import close_from_register
from partnerships.models import Membership
from partnerships.states import MembershipState
from secondments import actions
from secondments.actions.joining import join_round
from secondments.actions.rounds import ask_for_match, close_round, put_proposal_aside
from secondments.emails.brokers import brokers_of
from secondments.models import Participation, Placement, Round
from secondments.states import DecisionState, ParticipationState, PlacementState, RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_round
from tests.secondments.helpers import ask, confirm, free_half_days, holds, mails_to
from tests.secondments.proposals import refusal
from tests.secondments.rounds import matched

pytestmark = pytest.mark.django_db


def join(cast: Cast, membership: Membership, *, a_round: Round | None = None) -> Participation:
    a_round = a_round or make_round(cast.cvs)
    return join_round(
        a_round=a_round,
        membership=membership,
        by=membership.user,
        learn="The front desk.",
        wants=[],
        weeks=[a_round.starts_on - timedelta(days=a_round.starts_on.weekday()) + timedelta(days=7)],
        most_km=25,
        online=False,
        needs="",
        agrees_email=cast.manager.email or "",
        at=AT,
    )


def end_by_coordinator(cast: Cast) -> None:
    end_membership(membership=cast.visitor_membership, by=cast.home_coordinator, at=AT)


def end_by_oneself(cast: Cast) -> None:
    end_membership(membership=cast.visitor_membership, by=cast.visitor, at=AT)


def suspend_home(cast: Cast) -> None:
    suspend(organisation=cast.council, by=cast.administrator, at=AT)


def suspend_host(cast: Cast) -> None:
    suspend(organisation=cast.advice, by=cast.administrator, at=AT)


def close_home(cast: Cast) -> None:
    close_from_register([cast.council], by=None, at=AT)


@pytest.mark.parametrize(
    ("end", "state", "visitor_reads"),
    [
        (end_by_coordinator, PlacementState.CANCELLED, "It cannot take place: A Monday at Test Advice"),
        (end_by_oneself, PlacementState.WITHDRAWN, "You have withdrawn: A Monday at Test Advice"),
        (suspend_home, PlacementState.CANCELLED, "It cannot take place: A Monday at Test Advice"),
        (close_home, PlacementState.CANCELLED, "It cannot take place: A Monday at Test Advice"),
    ],
)
def test_a_visit_ends_and_everyone_hears(cast: Cast, end: object, state: str, visitor_reads: str) -> None:
    placement, joined = ask(cast), join(cast, cast.visitor_membership)
    assert callable(end)
    end(cast)
    placement.refresh_from_db()
    joined.refresh_from_db()
    assert placement.state == state
    assert not holds(placement)
    assert not placement.decisions.filter(state=DecisionState.WAITING).exists()
    assert joined.state == ParticipationState.WITHDRAWN
    assert visitor_reads in mails_to("vera@council.example.org")
    assert "Vera Visitor is not coming after all" in mails_to("hal@advice.example.org")


def test_a_host_that_is_suspended_receives_nobody(cast: Cast) -> None:
    placement = confirm(cast)
    suspend_host(cast)
    placement.refresh_from_db()
    assert placement.state == PlacementState.CANCELLED
    assert not holds(placement)
    assert "It cannot take place: A Monday at Test Advice" in mails_to("vera@council.example.org")
    assert "A Monday at Test Advice cannot take place" in mails_to("cora@council.example.org")
    assert "Vera Visitor is not coming after all" not in mails_to("hal@advice.example.org")


def test_a_visit_that_is_over_is_still_told_by_its_host(cast: Cast) -> None:
    placement = confirm(cast)
    day = AT + timedelta(days=14)
    actions.start(placement=placement, at=day)
    end_membership(membership=cast.visitor_membership, by=cast.visitor, at=day + timedelta(days=1))
    actions.complete(placement=placement, minutes=60, by=cast.host, at=day + timedelta(days=1))
    assert Placement.objects.get().state == PlacementState.COMPLETED


def close_own_account(cast: Cast, at: datetime) -> None:
    close_account(user=cast.visitor, by=cast.visitor, at=at)


def close_host(cast: Cast, at: datetime) -> None:
    suspend(organisation=cast.advice, by=cast.administrator, at=at)


@pytest.mark.parametrize("begun", [True, False])
@pytest.mark.parametrize("end", [close_own_account, close_host])
def test_a_visit_that_is_over_is_called_nothing_that_it_was_not(
    cast: Cast, end: Callable[[Cast, datetime], None], begun: bool
) -> None:
    """Also where the clock has not come by on its first day. Its host, who may act again, says how it was."""
    placement = confirm(cast)
    last = placement.half_days()[-1].starts_at
    if begun:
        actions.start(placement=placement, at=last)
    end(cast, last + timedelta(days=1))
    placement.refresh_from_db()
    assert placement.state == (PlacementState.UNDER_WAY if begun else PlacementState.CONFIRMED)
    assert holds(placement)
    actions.complete(placement=placement, minutes=60, by=cast.host, at=last + timedelta(days=2))
    assert placement.state == PlacementState.COMPLETED


def test_a_visit_whose_last_day_is_to_come_ends_with_the_account(cast: Cast) -> None:
    placement = confirm(cast, half_days=free_half_days(cast.offer, 4))
    first, *_rest, last = placement.days()
    assert first < last
    actions.start(placement=placement, at=placement.half_days()[0].starts_at)
    close_own_account(cast, placement.half_days()[-1].starts_at - timedelta(days=1))
    placement.refresh_from_db()
    assert placement.state == PlacementState.WITHDRAWN
    assert not holds(placement)


def test_what_others_have_stays(cast: Cast) -> None:
    placement = ask(cast, membership=cast.colleague.memberships.get(), by=cast.colleague)
    joined = join(cast, cast.colleague.memberships.get())
    end_by_oneself(cast)
    placement.refresh_from_db()
    joined.refresh_from_db()
    assert (placement.state, joined.state) == (PlacementState.REQUESTED, ParticipationState.JOINED)


def test_whose_organisation_is_suspended_while_a_proposal_waits_is_not_matched_again(cast: Cast) -> None:
    joined = join(cast, cast.visitor_membership)
    matched(cast, joined.round)
    suspend_home(cast)
    put_proposal_aside(a_round=joined.round, by=cast.broker, at=AT)
    with refusal("nobody_joined"):
        ask_for_match(a_round=joined.round, by=cast.broker, at=AT)


def test_while_whoever_runs_a_programme_is_suspended_nobody_sees_moves_or_joins_its_rounds(cast: Cast) -> None:
    joined = join(cast, cast.visitor_membership)
    a_round, desk = joined.round, reverse("round-desk", args=[joined.round.slug])
    assert enter(cast.broker).get(desk).status_code == 200
    suspend(organisation=cast.cvs, by=cast.administrator, at=AT)
    broker, colleague = (type(cast.broker).objects.get(pk=each.pk) for each in (cast.broker, cast.colleague))
    assert enter(broker).get(desk).status_code == 403
    assert enter(broker).get(reverse("round-new")).status_code == 403
    assert not Participation.objects.visible_to(broker).exists()
    with refusal("not_allowed"):
        close_round(a_round=a_round, by=broker, at=AT)
    assert enter(colleague).get(a_round.get_absolute_url()).status_code == 404
    with refusal("round_not_open"):
        join(cast, cast.colleague.memberships.get(), a_round=Round.objects.get())
    after = a_round.join_by + timedelta(days=1)
    assert not Round.objects.to_move(after).exists()
    assert not brokers_of(a_round.programme).exists()
    resume(organisation=cast.cvs, by=cast.administrator, at=AT)
    assert enter(type(broker).objects.get(pk=broker.pk)).get(desk).status_code == 200
    assert Round.objects.to_move(after).exists()


def test_of_whom_an_organisation_says_no_leaves_the_round(cast: Cast) -> None:
    membership = cast.visitor_membership
    Membership.objects.filter(pk=membership.pk).update(state=MembershipState.ASKED)
    joined = join(cast, Membership.objects.get(pk=membership.pk))
    refuse_membership(membership=Membership.objects.get(pk=membership.pk), by=cast.home_coordinator, at=AT)
    joined.refresh_from_db()
    assert joined.state == ParticipationState.WITHDRAWN


def test_a_round_that_is_being_matched_keeps_nobody_from_leaving(cast: Cast) -> None:
    joined = join(cast, cast.visitor_membership)
    type(joined.round).objects.filter(pk=joined.round.pk).update(state=RoundState.MATCHING)
    end_by_coordinator(cast)
    joined.refresh_from_db()
    assert joined.state == ParticipationState.JOINED
    assert not cast.visitor.memberships.active().exists()
