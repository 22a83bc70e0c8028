"""Making a programme with its round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from partnerships.actions.slugs import free_slug
from partnerships.ground import clock, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import refuse
from partnerships.models import Organisation, User
from secondments.models import Programme, Round
from secondments.problems import problems_for_programme
from secondments.states import RoundState

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
