"""Making a programme with its round, and people joining and leaving it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from partnerships.actions.slugs import free_slug
from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import refuse
from partnerships.models import Membership, Organisation, User
from partnerships.states import Sector
from secondments.emails import rounds as mails
from secondments.models import Participation, Programme, Round
from secondments.problems import problems_for_joining, problems_for_programme
from secondments.states import ParticipationState, RoundState, Tie

RESERVED_SLUGS = frozenset({"new"})
"""What stands in an address where a round's would."""


def create_programme(
    *,
    by: User,
    organisation: Organisation,
    name: str,
    about: str,
    crossings: Sequence[tuple[str, str]],
    criteria: Sequence[str],
    most_km: int,
    days: int,
    pays_pence: int,
    round_name: str,
    join_by: date,
    starts_on: date,
    ends_on: date,
    at: datetime | None = None,
) -> Round:
    """Make a programme of a broker's organisation and its first round as a draft; returns the round."""
    at = at or clock.now()
    with acting():
        refuse(
            problems_for_programme(
                by=by,
                organisation=organisation,
                crossings=crossings,
                criteria=criteria,
                join_by=join_by,
                starts_on=starts_on,
                ends_on=ends_on,
                at=at,
            )
        )
        lock(organisation)
        programme = Programme.objects.create(
            slug=free_slug(name, Programme, otherwise="programme"),
            organisation=organisation,
            name=name,
            about=about,
            crossings=[list(pair) for pair in crossings],
            most_km=most_km,
            pays_pence=pays_pence,
            days=days,
            created_at=at,
        )
        workflow.created(programme, by=by, at=at)
        made = Round.objects.create(
            slug=free_slug(f"{name} {round_name}", Round, otherwise="programme", reserved=RESERVED_SLUGS),
            programme=programme,
            name=round_name,
            state=RoundState.DRAFT,
            criteria=list(criteria),
            join_by=join_by,
            starts_on=starts_on,
            ends_on=ends_on,
            created_at=at,
        )
        workflow.created(made, by=by, at=at)
    return made


def open_round(*, a_round: Round, by: User, at: datetime | None = None) -> None:
    """Let people join. From now on the criteria are published and stand."""
    with acting():
        workflow.move(a_round, to=RoundState.OPEN, verb="open_round", by=by, at=at or clock.now())


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
