"""What a broker reads after publishing: who has answered until now, what came free, and what was offered of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground.look import Figure
from secondments.models import Match, MatchRun, Round
from secondments.problems import problems_for_archiving
from secondments.states import HOLDING_STATES, PlacementState, RoundState, RunKind, RunState

MOST_REPAIRS = 20


def after_publishing(a_round: Round, run: MatchRun, unplaced: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What the desk of a published round says besides its matches, with as many queries whatever its size.

    `unplaced` are the rows of people without a place; whoever has one since is marked.
    """
    told = Match.objects.told().filter(run__round=a_round)
    waits = Q(placement__state=PlacementState.REQUESTED)
    counted = told.aggregate(
        asked=Count("placement"),
        standing=Count("pk", filter=Q(placement__state__in=HOLDING_STATES)),
        waiting=Count("pk", filter=waits),
        until=Max("placement__answer_by", filter=waits),
        fell_through=Count("pk", filter=Q(run=run, placement=None)),
    )
    of_what_came_free = a_round.runs.light().filter(kind=RunKind.REPAIR).annotate(people=Count("matches"))
    repairs = of_what_came_free.filter(people__gt=0, state__in=[RunState.SOLVED, RunState.OFFERED])[:MOST_REPAIRS]
    people = [row["participation"].pk for row in unplaced]
    since = set(told.standing().filter(participation__in=people).values_list("participation", flat=True))
    for row in unplaced:
        row["since"] = row["participation"].pk in since
    return {
        "told": True,
        "placed": counted["standing"],
        "fell_through": counted["fell_through"],
        "figures": _figures(counted),
        "repair": next((each for each in repairs if each.state == RunState.SOLVED), None),
        "offered": [each for each in repairs if each.state == RunState.OFFERED],
        "can_archive": a_round.state == RoundState.PUBLISHED and not problems_for_archiving(a_round),
    }


def _figures(counted: dict[str, Any]) -> list[Figure]:
    """How far everybody is with their answers. Who said no is nobody's business, and so neither is how many."""
    waiting, nothing = counted["waiting"], counted["asked"] - counted["standing"]
    agreed = counted["standing"] - waiting
    until = date_format(localtime(counted["until"]), "j F") if counted["until"] else ""
    waits = ngettext("waits for an answer, until %(day)s", "wait for an answer, until %(day)s", waiting)
    return [
        Figure(agreed, ngettext("visit is agreed", "visits are agreed", agreed)),
        Figure(waiting, waits % {"day": until} if waiting else _("wait for an answer: everyone has given theirs")),
        Figure(nothing, ngettext("does not take place", "do not take place", nothing)),
    ]
