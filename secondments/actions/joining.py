"""People joining a round, changing what they said, and leaving it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import refuse
from partnerships.models import Membership, User
from partnerships.states import Sector
from secondments.emails import rounds as mails
from secondments.models import Participation, Round
from secondments.problems import problems_for_joining
from secondments.states import ParticipationState, Tie


def join_round(
    *,
    a_round: Round,
    membership: Membership,
    by: User,
    learn: str,
    wants: Collection[str],
    weeks: Collection[date],
    most_km: int,
    online: bool,
    needs: str,
    tie: str = Tie.NONE,
    agrees_email: str = "",
    at: datetime | None = None,
) -> Participation:
    """Join a round, or change what one said before. `weeks` are Mondays within the round."""
    at = at or clock.now()
    said: dict[str, Any] = {
        "learn": learn,
        "wants": sorted(wants),
        "weeks": sorted(weeks),
        "most_km": most_km,
        "online": online,
        "needs": needs,
        "tie": tie,
        "agrees_email": agrees_email.strip().lower(),
        "compulsory": membership.is_commissioner and membership.organisation.sector == Sector.PUBLIC,
    }
    with acting():
        lock(a_round, membership)
        refuse(
            problems_for_joining(
                a_round=a_round, membership=membership, by=by, weeks=weeks, agrees_email=said["agrees_email"], at=at
            )
        )
        present = a_round.participations.joined().filter(membership=membership).first()
        if present is not None:
            _change_joining(present, said, by=by, at=at)
            return present
        joined = Participation.objects.create(
            round=a_round, membership=membership, state=ParticipationState.JOINED, joined_at=at, **said
        )
        workflow.created(joined, by=by, at=at, verb="join_round")
        mails.joined(joined)
    return joined


def _change_joining(participation: Participation, said: dict[str, Any], *, by: User, at: datetime) -> None:
    """Saying the same again changes nothing, and so is no event."""
    changed = [name for name, value in said.items() if getattr(participation, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(participation, name, said[name])
    participation.save(update_fields=changed)
    events.record(actor=by, verb="change_joining", thing=participation, at=at)


def leave_round(*, participation: Participation, by: User | None, at: datetime | None = None) -> None:
    """Leave a round before it is matched. No reason is asked; by nobody in particular where a membership ends."""
    with acting():
        lock(participation.round, participation)
        workflow.move(participation, to=ParticipationState.WITHDRAWN, verb="leave_round", by=by, at=at or clock.now())
