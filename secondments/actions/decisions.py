"""Answers and things done. Both record a fact and recompute: nobody sets agreed or confirmed by hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground import clock, events
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Problem, Refused, refuse
from partnerships.ground.workflow import move, move_all
from partnerships.problems import problems_for_approver
from secondments import emails
from secondments.models import Check, Decision, Placement
from secondments.permissions import is_of_home, is_of_visitor, may_check, may_decide, may_decide_by_mail
from secondments.problems import (
    not_allowed,
    problems_for_asking_someone_else,
    problems_for_deciding,
    problems_for_saying_yes,
)
from secondments.states import CheckState, DecisionHow, DecisionKind, DecisionState, PlacementState

from .coming_free import ask_for_repair
from .open_instead import open_instead_of
from .sessions import lock_whole, release

if TYPE_CHECKING:
    from partnerships.models import User


def decide(
    *,
    decision: Decision,
    yes: bool,
    by: User | None = None,
    address: str = "",
    at: datetime | None = None,
) -> None:
    """Record one answer, `by` somebody signed in or from the `address` that a link was mailed to.

    The last yes that was needed makes the visit agreed, and confirmed if nothing else is needed first; a no ends it.
    The same answer a second time changes nothing.
    """
    at = at or clock.now()
    answer = DecisionState.YES if yes else DecisionState.NO
    with acting():
        placement = decision.placement
        decisions = lock_whole(placement, decision)
        if not (may_decide(by, decision) or may_decide_by_mail(address, decision)):
            raise Refused([not_allowed()])
        if decision.state == answer:
            return
        if decision.state == DecisionState.WAITING:
            refuse(problems_for_deciding(placement, at) + (problems_for_saying_yes(placement) if yes else []))
        move(
            decision,
            to=answer,
            verb="decide",
            by=by,
            at=at,
            decided_at=at,
            decided_by=by,
            decided_email=address,
            how=DecisionHow.SIGNED_IN if by else DecisionHow.BY_LINK,
        )
        if not yes:
            _decline(placement, decisions, by, at)
        elif all(each.state == DecisionState.YES for each in decisions):
            move(placement, to=PlacementState.AGREED, verb="decide", by=by, at=at)
            _confirm_when_ready(placement, verb="decide", by=by, at=at, tell_what_is_needed=True)
        else:
            emails.one_yes(decision, [each for each in decisions if each.state == DecisionState.WAITING])


def check(*, placement: Placement, kind: str, by: User, at: datetime | None = None) -> None:
    """Record that something needed first is done. A second time changes nothing."""
    at = at or clock.now()
    with acting():
        lock_whole(placement)
        if not may_check(by, placement, kind):
            raise Refused([not_allowed()])
        needed = placement.checks.filter(kind=kind).first()
        if needed is None:
            raise Refused([_not_asked_for()])
        if needed.state == CheckState.DONE:
            return
        move(needed, to=CheckState.DONE, verb="check", by=by, at=at, done_at=at, done_by=by)
        if placement.state == PlacementState.AGREED:
            _confirm_when_ready(placement, verb="check", by=by, at=at)


def ask_someone_else(*, decision: Decision, agrees_email: str, by: User, at: datetime | None = None) -> None:
    """The address was wrong, or somebody else agrees now. Links mailed before stop working."""
    at = at or clock.now()
    with acting():
        placement = decision.placement
        lock(decision)
        if not (is_of_visitor(by, placement) or is_of_home(by, placement)):
            raise Refused([not_allowed()])
        refuse(problems_for_asking_someone_else(decision, at))
        refuse(problems_for_approver(placement.membership, agrees_email, named_by=by))
        decision.asked_email = agrees_email.strip().lower()
        decision.version += 1
        decision.save(update_fields=["asked_email", "version"])
        events.record(actor=by, verb="ask_someone_else", thing=decision, at=at)
        emails.ask_for_answer(decision)


def _confirm_when_ready(
    placement: Placement, *, verb: str, by: User | None, at: datetime, tell_what_is_needed: bool = False
) -> None:
    needed: list[Check] = list(placement.checks.filter(state=CheckState.NEEDED))
    if not needed:
        move(placement, to=PlacementState.CONFIRMED, verb=verb, by=by, at=at)
        emails.confirmed(placement)
    elif tell_what_is_needed:
        emails.agreed(placement, needed)


def _decline(placement: Placement, decisions: list[Decision], by: User | None, at: datetime) -> None:
    move(placement, to=PlacementState.DECLINED, verb="decide", by=by, at=at)
    waiting = [each for each in decisions if each.state == DecisionState.WAITING]
    move_all(waiting, to=DecisionState.NOT_NEEDED, verb="decide", by=by, at=at)
    release(placement)
    ask_for_repair(placement, at=at)
    emails.declined(placement, open_instead_of(placement, at=at))
    if any(each.kind == DecisionKind.HOST and each.state == DecisionState.YES for each in decisions):
        emails.not_coming(placement)


def _not_asked_for() -> Problem:
    return Problem("not_asked_for", _("This visit does not need that. Look again at what is needed first."))
