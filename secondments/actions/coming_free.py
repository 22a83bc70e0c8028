"""What follows for a round when a visit that it had found comes to nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partnerships.ground import jobs, workflow
from secondments.models import Match, Placement
from secondments.states import HowBegan, ParticipationState

if TYPE_CHECKING:
    from partnerships.models import User

GATHER = timedelta(minutes=5)
"""Noes often come together, as when a host reads its letters; one repair then makes up for all of them."""


def ask_for_repair(placement: Placement, *, at: datetime) -> None:
    """In the transaction that gives a visit up: a little later somebody looks at what came free.

    Each visit asks for a job of its own, which finds nothing left to do where another was first. So none is forgotten.
    """
    match = _match_of(placement)
    if match is not None:
        jobs.enqueue("repair_round", str(placement.uuid), {"round": match.run.round_id}, due_at=at + GATHER)


def find_no_other(placement: Placement, *, by: User, at: datetime) -> None:
    """Whoever withdraws does not go after all, and so leaves the round that had found it for them."""
    match = _match_of(placement)
    if match is not None and match.participation.state == ParticipationState.JOINED:
        workflow.move(match.participation, to=ParticipationState.WITHDRAWN, verb="find_no_other", by=by, at=at)


def _match_of(placement: Placement) -> Match | None:
    if placement.how_began != HowBegan.MATCHED:
        return None
    return Match.objects.with_run().select_related("participation").filter(placement=placement).first()
