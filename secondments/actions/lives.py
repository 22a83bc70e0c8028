"""How a placement goes on and ends: withdrawn, cancelled, expired, under way, it happened, it did not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from partnerships.ground import clock
from partnerships.ground.locks import acting
from partnerships.ground.problems import Refused, refuse
from partnerships.ground.workflow import move, move_all
from partnerships.states import MembershipState
from secondments import emails
from secondments.models import Placement
from secondments.permissions import (
    coordinator_addresses,
    is_of_host,
    is_visitor,
    may_say_it_did_not_happen,
)
from secondments.problems import not_allowed, problems_for_completing, problems_for_expiring
from secondments.states import DecisionKind, DecisionState, PlacementState

from .coming_free import ask_for_repair, find_no_other
from .open_instead import open_instead_of
from .sessions import lock_whole, release

if TYPE_CHECKING:
    from partnerships.models import User


def withdraw(*, placement: Placement, by: User, at: datetime | None = None) -> None:
    """The visitor does not go after all. No reason is asked."""
    at = at or clock.now()
    with acting():
        find_no_other(placement, by=by, at=at)
        _end(placement, to=PlacementState.WITHDRAWN, verb="withdraw", by=by, at=at)
        emails.withdrawn(placement)


def cancel(*, placement: Placement, by: User | None, at: datetime | None = None) -> None:
    """The host or the visitor's organisation calls it off; nobody in particular does where one of them is gone."""
    at = at or clock.now()
    with acting():
        by_host = is_of_host(by, placement) if by is not None else _visitor_could_go(placement)
        _end(placement, to=PlacementState.CANCELLED, verb="cancel", by=by, at=at)
        emails.cancelled(placement, open_instead_of(placement, at=at), by_host=by_host)


def _visitor_could_go(placement: Placement) -> bool:
    """Then it is the host who is gone, or who would have shown them round."""
    return placement.membership.state == MembershipState.ACTIVE and placement.home.may_act


def expire(*, placement: Placement, at: datetime | None = None) -> None:
    """Somebody did not answer in time, or something needed first was never done: the days are given back."""
    at = at or clock.now()
    with acting():
        decisions = lock_whole(placement)
        refuse(problems_for_expiring(placement, at))
        host_said_yes = any(each.kind == DecisionKind.HOST and each.state == DecisionState.YES for each in decisions)
        _end(placement, to=PlacementState.EXPIRED, verb="expire", by=None, at=at)
        emails.expired(placement, open_instead_of(placement, at=at), host_said_yes=host_said_yes)


def start(*, placement: Placement, at: datetime | None = None) -> None:
    """The first day has come."""
    at = at or clock.now()
    with acting():
        lock_whole(placement)
        refuse(problems_for_completing(placement, at))
        move(placement, to=PlacementState.UNDER_WAY, verb="start", by=None, at=at)


def complete(
    *, placement: Placement, minutes: int, by: User | None = None, address: str = "", at: datetime | None = None
) -> None:
    """The host says that it happened and how long it took them. A second time changes nothing."""
    at = at or clock.now()
    with acting():
        lock_whole(placement)
        if not _host_speaks(placement, by, address):
            raise Refused([not_allowed()])
        if placement.state == PlacementState.COMPLETED:
            return
        refuse(problems_for_completing(placement, at))
        _start_if_settled(placement, at)
        move(placement, to=PlacementState.COMPLETED, verb="complete", by=by, at=at, host_minutes=minutes)
        emails.completed(placement)


def did_not_happen(
    *, placement: Placement, by: User | None = None, address: str = "", at: datetime | None = None
) -> None:
    """Nobody is blamed and nobody is counted; the days are given back."""
    at = at or clock.now()
    with acting():
        lock_whole(placement)
        if not (may_say_it_did_not_happen(by, placement) or _host_speaks(placement, by, address)):
            raise Refused([not_allowed()])
        if placement.state == PlacementState.DID_NOT_HAPPEN:
            return
        refuse(problems_for_completing(placement, at))
        _start_if_settled(placement, at)
        move(placement, to=PlacementState.DID_NOT_HAPPEN, verb="did_not_happen", by=by, at=at)
        release(placement)
        emails.did_not_happen(placement)


def _start_if_settled(placement: Placement, at: datetime) -> None:
    """The clockwork may not have come by yet on the first day itself."""
    if placement.state == PlacementState.CONFIRMED:
        start(placement=placement, at=at)


def _host_speaks(placement: Placement, by: User | None, address: str) -> bool:
    if by is not None:
        return is_of_host(by, placement) and not is_visitor(by, placement)
    return bool(address) and address in coordinator_addresses(placement.offer.organisation)


def _end(placement: Placement, *, to: PlacementState, verb: str, by: User | None, at: datetime) -> None:
    """Every ending before the fact: the state, the open questions, and the days that others may have now."""
    decisions = lock_whole(placement)
    move(placement, to=to, verb=verb, by=by, at=at)
    waiting = [each for each in decisions if each.state == DecisionState.WAITING]
    move_all(waiting, to=DecisionState.NOT_NEEDED, verb=verb, by=by, at=at)
    release(placement)
    ask_for_repair(placement, at=at)
