"""What a broker reads after publishing: who has answered until now, what came free, and what was offered of it."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground.look import Figure
from secondments.actions.unfinished import letters_given_up
from secondments.models import Match, MatchRun, Round
from secondments.problems import problems_for_archiving
from secondments.states import RoundState, RunState

MOST_REPAIRS = 20


def after_publishing(a_round: Round, run: MatchRun) -> dict[str, Any]:
    """What the desk of a published round says besides its matches, with as many queries whatever its size."""
    counted = Match.objects.told_in(a_round).count_answers(beside=run)
    repairs = a_round.runs.repairs_with_people()[:MOST_REPAIRS]
    return {
        "told": True,
        "placed": counted["standing"],
        "fell_through": counted["fell_through"],
        "figures": _figures(counted),
        "repair": next((each for each in repairs if each.state == RunState.SOLVED), None),
        "again": a_round.runs.light().to_work_out_again().first(),
        "unwritten": letters_given_up(a_round).exists(),
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
