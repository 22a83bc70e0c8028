"""Why a programme cannot be made as asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.ground.problems import Problem
from partnerships.matching.types import COMPULSORY, CRITERIA, PLACED
from partnerships.states import Field
from secondments.permissions import may_start_programme
from secondments.problems.acting import not_allowed, problems_for_acting

if TYPE_CHECKING:
    from partnerships.models import Organisation, User

LONGEST_ROUND_DAYS = 366


def problems_for_programme(
    *,
    by: User,
    organisation: Organisation,
    crossings: Sequence[tuple[str, str]],
    criteria: Sequence[str],
    join_by: date,
    starts_on: date,
    ends_on: date,
    at: datetime,
) -> list[Problem]:
    """What stands against a new programme and its round."""
    if not may_start_programme(by, organisation):
        return [not_allowed()]
    problems = problems_for_acting(organisation)
    if not crossings or any(source == target or {source, target} - set(Field.values) for source, target in crossings):
        problems.append(
            Problem("crossings", _("Choose at least one pair of fields between which visits count."), "crossings")
        )
    ordered = list(dict.fromkeys(criteria))
    known = ordered == list(criteria) and set(ordered) <= set(CRITERIA) and PLACED in ordered
    if not known or (COMPULSORY in ordered and ordered.index(COMPULSORY) > 1):
        problems.append(Problem("criteria", _("Choose one of the orders of criteria that are listed."), "criteria"))
    if join_by < clock.today(at):
        problems.append(Problem("join_by", _("Let people join until today or later."), "join_by"))
    if starts_on <= join_by:
        problems.append(Problem("starts_on", _("Visits begin after the last day to join."), "starts_on"))
    if not 6 <= (ends_on - starts_on).days <= LONGEST_ROUND_DAYS:
        problems.append(Problem("ends_on", _("Give visits at least one week, and at most a year."), "ends_on"))
    return problems
