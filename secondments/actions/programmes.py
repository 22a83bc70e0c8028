"""Making a programme with its round, changing it, and opening it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime
from typing import Any, NotRequired, TypedDict, Unpack

from django.db.models import Model

from partnerships.actions.slugs import free_slug
from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Problem, Refused, refuse
from partnerships.models import Organisation, User
from secondments.models import Programme, Round
from secondments.permissions import may_start_programme
from secondments.problems import (
    not_allowed,
    problems_for_acting,
    problems_for_editing_programme,
    problems_for_programme,
    problems_of_dates,
    problems_of_same_name,
)
from secondments.states import RoundState

RESERVED_SLUGS = frozenset({"enrolments", "new", "organisations"})
"""What stands in an address where a round's would."""


COPIED = ("criteria", "weights")
"""What a further round of a programme takes over from the one before it."""


class Dates(TypedDict):
    """When a round opens and is matched by itself, if it does, and what lies between."""

    opens_on: date | None
    join_by: date
    match_on: date | None
    starts_on: date
    ends_on: date


class Rules(TypedDict):
    """What a programme says, and by which rules. Money in pence a day."""

    name: str
    about: str
    crossings: Sequence[tuple[str, str]]
    most_km: int
    days: int
    pays_pence: int
    pays_cover_pence: NotRequired[int]
    answer_days: NotRequired[int]
    checks: NotRequired[Sequence[str]]
    one_way: NotRequired[bool]
    largest_exchange: NotRequired[int]
    by_enrolment: NotRequired[bool]
    terms: NotRequired[str]
    requirement: NotRequired[str]
    required_by: NotRequired[date | None]


def create_programme(
    *,
    by: User,
    organisation: Organisation,
    criteria: Sequence[str],
    round_name: str,
    join_by: date,
    starts_on: date,
    ends_on: date,
    opens_on: date | None = None,
    match_on: date | None = None,
    at: datetime | None = None,
    **rules: Unpack[Rules],
) -> Round:
    """Make a programme of a broker's organisation and its first round as a draft; returns the round."""
    at = at or clock.now()
    dates = Dates(opens_on=opens_on, join_by=join_by, match_on=match_on, starts_on=starts_on, ends_on=ends_on)
    with acting():
        # Whoever presses twice at once waits here, and is then told that it is there.
        lock(organisation)
        refuse(_problems(organisation, criteria, rules, by) + problems_of_dates(**dates, at=at))
        refuse(problems_of_same_name(organisation.programmes.all(), rules["name"]))
        programme = Programme.objects.create(
            slug=free_slug(rules["name"], Programme, otherwise="programme"),
            organisation=organisation,
            created_at=at,
            **_stored(rules),
        )
        workflow.created(programme, by=by, at=at)
        return _draft(programme, round_name, dates, by=by, at=at, criteria=list(criteria))


def create_round(*, after: Round, name: str, by: User, at: datetime | None = None, **dates: Unpack[Dates]) -> Round:
    """Make another round of a programme, as a draft, on the same terms; what came first in the round before does so in
    this one too, until its broker says otherwise."""
    at = at or clock.now()
    programme = after.programme
    with acting():
        lock(programme)
        if not may_start_programme(by, programme.organisation):
            raise Refused([not_allowed()])
        refuse(problems_for_acting(programme.organisation) + problems_of_dates(**dates, at=at))
        refuse(problems_of_same_name(programme.rounds.all(), name))
        copied = {field: deepcopy(getattr(after, field)) for field in COPIED}
        return _draft(programme, name, dates, by=by, at=at, **copied)


def _draft(programme: Programme, name: str, dates: Dates, *, by: User, at: datetime, **said: Any) -> Round:
    made = Round.objects.create(
        slug=free_slug(f"{programme.name} {name}", Round, otherwise="programme", reserved=RESERVED_SLUGS),
        programme=programme,
        name=name,
        state=RoundState.DRAFT,
        created_at=at,
        **said,
        **dates,
    )
    workflow.created(made, by=by, at=at)
    return made


def edit_programme(
    *, a_round: Round, criteria: Sequence[str], by: User, at: datetime | None = None, **rules: Unpack[Rules]
) -> None:
    """Change a programme and the criteria of its round. Whatever decides who meets whom stands once it is published."""
    at = at or clock.now()
    with acting():
        programme = a_round.programme
        organisation = programme.organisation
        lock(organisation, programme, a_round)
        refuse(_problems(organisation, criteria, rules, by))
        changed = _change(programme, _stored(rules))
        if "name" in changed:
            refuse(problems_of_same_name(organisation.programmes.exclude(pk=programme.pk), rules["name"]))
        criteria_changed = list(criteria) != list(a_round.criteria)
        refuse(problems_for_editing_programme(a_round, [*changed, *(["criteria"] if criteria_changed else [])]))
        if changed:
            programme.save(update_fields=changed)
            events.record(actor=by, verb="edit_programme", thing=programme, at=at)
        if criteria_changed:
            a_round.criteria = list(criteria)
            a_round.save(update_fields=["criteria"])
            events.record(actor=by, verb="edit_programme", thing=a_round, at=at)


def _problems(organisation: Organisation, criteria: Sequence[str], rules: Rules, by: User) -> list[Problem]:
    return problems_for_programme(
        by=by,
        organisation=organisation,
        crossings=rules["crossings"],
        criteria=criteria,
        one_way=rules.get("one_way", True),
        largest_exchange=rules.get("largest_exchange", 1),
        by_enrolment=rules.get("by_enrolment", False),
        terms=rules.get("terms", ""),
    )


def _stored(rules: Rules) -> dict[str, Any]:
    """As the columns hold it."""
    stored: dict[str, Any] = {**rules, "crossings": [list(pair) for pair in rules["crossings"]]}
    if "checks" in rules:
        stored["checks"] = list(rules["checks"])
    return stored


def _change(thing: Model, said: Mapping[str, Any]) -> list[str]:
    """Take over what was said; returns what of it is new."""
    changed = [name for name, value in said.items() if getattr(thing, name) != value]
    for name in changed:
        setattr(thing, name, said[name])
    return changed


def open_round(*, a_round: Round, by: User | None, at: datetime | None = None) -> None:
    """Let people join. From now on the criteria and all rules are published, and stand."""
    at = at or clock.now()
    with acting():
        # Whoever changes the rules in this moment, on another draft of the programme, is first or comes too late.
        lock(a_round.programme, a_round)
        workflow.move(a_round, to=RoundState.OPEN, verb="open_round", by=by, at=at, opened_at=at)
