"""Changing a proposal by hand: what a broker knows and the engine does not. It holds from the next matching on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from partnerships.ground import clock, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import refuse
from partnerships.models import User
from secondments.matches.by_hand import ByHand, problem_beside, room_for, weeks_of_match
from secondments.matches.keys import person_id
from secondments.matches.swaps import following, weeks_round
from secondments.models import Adjustment, HostOffer, Participation, Round
from secondments.problems import problems_for_changing_by_hand, problems_for_changing_places
from secondments.states import AdjustmentKind, AdjustmentState


def change_by_hand(
    *,
    a_round: Round,
    kind: str,
    participation: Participation,
    offer: HostOffer,
    week: date | None,
    reason: str,
    note: str = "",
    by: User,
    at: datetime | None = None,
) -> Adjustment:
    """Say where somebody goes, or where they never go. Nothing moves before the round is matched again."""
    at = at or clock.now()
    week = None if kind == AdjustmentKind.FORBID else week
    with acting():
        lock(a_round, participation)
        # Before there is a proposal nothing has room, and the refusal says why.
        run, by_hand = a_round.proposal(), ByHand.in_round(a_round)
        room: Mapping[date, int] = {}
        if run and kind == AdjustmentKind.KEEP:
            room = weeks_of_match(run, by_hand, participation, offer)
        elif run and kind == AdjustmentKind.MAKE:
            beside = problem_beside(run, by_hand, [person_id(participation)])
            room = room_for(beside, participation, offer)
        refuse(
            problems_for_changing_by_hand(
                a_round=a_round,
                kind=kind,
                participation=participation,
                offer=offer,
                week=week,
                room=room,
                standing=by_hand.of(participation),
                settled=by_hand.settles(participation),
                by=by,
            )
        )
        made = Adjustment.objects.create(
            run=a_round.latest_run(),
            kind=kind,
            participation=participation,
            offer=offer,
            week=week,
            reason=reason,
            note=note.strip(),
            state=AdjustmentState.STANDING,
            made_by=by,
            made_at=at,
        )
        workflow.created(made, by=by, at=at, verb="change_by_hand", reason=reason)
    return made


def change_places_by_hand(
    *,
    a_round: Round,
    people: Sequence[Participation],
    weeks: Sequence[date | None],
    reason: str,
    note: str = "",
    by: User,
    at: datetime | None = None,
) -> list[Adjustment]:
    """Let two people change places, or three go round: each goes to what the next shows, in the week that is theirs."""
    at = at or clock.now()
    with acting():
        lock(a_round, *people)
        run, by_hand = a_round.proposal(), ByHand.in_round(a_round)
        refuse(
            problems_for_changing_places(
                a_round=a_round,
                people=people,
                weeks=weeks,
                room=weeks_round(run, by_hand, people) if run else (),
                settled=any(by_hand.settles(each) for each in people),
                by=by,
            )
        )
        exchange = uuid.uuid4()
        made = [
            Adjustment.objects.create(
                run=a_round.latest_run(),
                kind=AdjustmentKind.MAKE,
                participation=visitor,
                offer=host.shown,
                week=when,
                exchange=exchange,
                reason=reason,
                note=note.strip(),
                state=AdjustmentState.STANDING,
                made_by=by,
                made_at=at,
            )
            for visitor, host, when in zip(people, following(people), weeks, strict=True)
        ]
        workflow.created_all(made, by=by, at=at, verb="change_places_by_hand", reason=reason)
    return made


def take_back_change(*, adjustment: Adjustment, by: User, at: datetime | None = None) -> None:
    """From the next matching on it holds no more. Those who were let change places are taken back together."""
    at = at or clock.now()
    with acting():
        others = list(adjustment.answered_by())
        a_round = adjustment.round
        lock(a_round, adjustment, *others)
        proposal = a_round.proposal()
        for each in (adjustment, *others):
            workflow.move(each, to=AdjustmentState.TAKEN_BACK, verb="take_back_change", by=by, at=at, ended_in=proposal)
