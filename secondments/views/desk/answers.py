"""What a broker reads after publishing: who has answered until now, what came free, and what was offered of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground.look import Figure
from secondments.models import Match, MatchRun, Round
from secondments.problems import problems_for_archiving
from secondments.states import RoundState, RunState

MOST_REPAIRS = 20


@dataclass(frozen=True, slots=True)
class Told:
    """The run that everyone was told of, and the repairs after it: what is worked on, what waits to be offered, what
    is to be worked out again, and what was offered."""

    run: MatchRun
    waiting: MatchRun | None
    repair: MatchRun | None
    again: MatchRun | None
    offered: list[MatchRun]

    @classmethod
    def of(cls, a_round: Round) -> Told:
        run, *repairs = a_round.runs.read_after_telling()[: MOST_REPAIRS + 1]
        states = {state: [each for each in repairs if each.state == state] for state in RunState}
        return cls(
            run=run,
            waiting=next(iter(states[RunState.WAITING]), None),
            repair=next(iter(states[RunState.SOLVED]), None),
            again=next(iter(states[RunState.FAILED] + states[RunState.STOPPED]), None),
            offered=states[RunState.OFFERED],
        )


def after_publishing(a_round: Round, told: Told, *, unwritten: int) -> dict[str, Any]:
    """What the desk of a published round says besides its matches, with as many queries whatever its size.

    `unwritten`: how many jobs that write letters were given up.
    """
    counted = Match.objects.told_in(a_round).count_answers(beside=told.run)
    return {
        "told": True,
        "placed": counted["standing"],
        "fell_through": counted["fell_through"],
        "figures": _figures(counted),
        "repair": told.repair,
        "repair_ended": told.again,
        "unwritten": unwritten,
        "offered": told.offered,
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
