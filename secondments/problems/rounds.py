"""Why a round cannot go on as asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.ground.problems import Problem
from secondments.models import Adjustment
from secondments.models.days import day_words
from secondments.problems.acting import round_called_off
from secondments.states import TOLD_STATES, UNTOLD_STATES, RoundState, RunState

if TYPE_CHECKING:
    from secondments.models import MatchRun, Round

LONGEST_ROUND_DAYS = 366


def problems_for_matching(a_round: Round) -> list[Problem]:
    if a_round.state == RoundState.CALLED_OFF:
        return [round_called_off()]
    if a_round.state == RoundState.MATCHING or a_round.is_worked_on():
        return [Problem("already_matching", _("The matching is under way. You will see the result on this page."))]
    if not a_round.to_match().exists():
        return [Problem("nobody_joined", _("Nobody has joined yet. Open the round again and invite people."))]
    if a_round.state == RoundState.PROPOSED:
        run = a_round.latest_run()
        if not run.stopped_early and not Adjustment.objects.since(run).exists():
            return [
                Problem(
                    "nothing_changed",
                    _(
                        "Nothing was changed by hand since this proposal was made. To match again all the same, press "
                        "“Put aside and match again” on the round’s page."
                    ),
                )
            ]
    return []


def problems_for_stopping(a_round: Round) -> list[Problem]:
    """A matching, or the search for the best use of what came free since people were told."""
    if a_round.is_worked_on():
        return []
    return [Problem("not_matching", _("It is over already. What it came to stands on this page."))]


def problems_for_publishing_round(a_round: Round) -> list[Problem]:
    if a_round.state == RoundState.PUBLISHING:
        return [Problem("already_publishing", _("Everyone is being told. This page shows how far it is."))]
    if a_round.state in TOLD_STATES:
        return [Problem("already_published", _("Everyone has been told already."))]
    if a_round.state == RoundState.PROPOSED and Adjustment.objects.since(a_round.latest_run()).exists():
        return [
            Problem(
                "changed_by_hand",
                _("You have changed something by hand since this proposal was made. Match again first."),
            )
        ]
    return []


def problems_for_offering(run: MatchRun) -> list[Problem]:
    """What came free is offered as it was read, once, and while the round goes on."""
    if run.round.state != RoundState.PUBLISHED:
        return [_round_over()]
    if run.state == RunState.OFFERED:
        return [Problem("already_offered", _("This has been offered already. Everyone concerned has a letter."))]
    if run.state != RunState.SOLVED:
        sentence = _("Something has changed since, so there is another proposal, or none. Look at the round again.")
        return [Problem("changed_since", sentence)]
    return []


def problems_for_repairing(a_round: Round) -> list[Problem]:
    """What stands against a broker's having what came free worked out once more, or left as it is."""
    if a_round.state != RoundState.PUBLISHED:
        return [_round_over()]
    if a_round.is_worked_on():
        return [Problem("already_working", _("This is being worked out. You will see the result on this page."))]
    waits = a_round.repair()
    if not (a_round.came_free().exists() or (waits and waits.stopped_early)):
        return [_nothing_free()]
    return []


def problems_for_leaving_free(a_round: Round) -> list[Problem]:
    """What came free is left as it is where working it out has failed or was stopped; what was found is put aside."""
    if a_round.state != RoundState.PUBLISHED:
        return [_round_over()]
    return [] if a_round.runs.to_work_out_again().exists() else [_nothing_free()]


def _nothing_free() -> Problem:
    return Problem("nothing_free", _("Nothing is left to work out. What came free has been looked at since."))


def _round_over() -> Problem:
    return Problem("round_over", _("This round is over. What is open now, people can ask for themselves."))


def problems_for_reopening(a_round: Round) -> list[Problem]:
    """Opening a round whose last day to join is over would let nobody join, and close again the next night."""
    if a_round.join_by >= clock.today():
        return []
    return [Problem("join_by_over", _("The last day to join is over. Change the dates first, then open it again."))]


def problems_for_archiving(a_round: Round) -> list[Problem]:
    """Once its visits are over, and whoever waited in vain has heard so: an archived round tells nobody anything."""
    if a_round.ends_on >= clock.today():
        sentence = _("Visits of this round take place until %(day)s. Archive it after that.")
        return [Problem("visits_to_come", sentence % {"day": day_words(a_round.ends_on)})]
    if a_round.settled_at is None:
        sentence = _("Whoever still waits for a place hears first that it is over, within the hour. Archive it then.")
        return [Problem("not_settled", sentence)]
    return []


def problems_for_calling_off(a_round: Round, because: str) -> list[Problem]:
    """Before anybody has heard who goes where. Whoever could know of a round reads why it does not take place."""
    if a_round.state == RoundState.CALLED_OFF:
        return [Problem("already_called_off", _("This round is called off already. Nobody hears it twice."))]
    if a_round.state not in UNTOLD_STATES:
        sentence = _(
            "People have been told who goes where, or are being told. Each visit is called off on its own page."
        )
        return [Problem("already_told", sentence)]
    if a_round.state != RoundState.DRAFT and not because:
        return [Problem("because", _("Say why. Everybody who has joined reads it."), "because")]
    return []


def problems_of_dates(
    *,
    opens_on: date | None,
    join_by: date,
    match_on: date | None,
    starts_on: date,
    ends_on: date,
    closed: bool = False,
    at: datetime,
) -> list[Problem]:
    """The dates of a round follow each other, and leave time for what is between them. `closed`: nobody joins it."""
    problems = []
    if not closed and join_by < clock.today(at):
        problems.append(Problem("join_by", _("Let people join until today or later."), "join_by"))
    if opens_on is not None and opens_on > join_by:
        problems.append(Problem("opens_on", _("Let it open before the last day to join, or on it."), "opens_on"))
    if match_on is not None and not join_by < match_on < starts_on:
        problems.append(
            Problem("match_on", _("Match after the last day to join and before the first visits."), "match_on")
        )
    if starts_on <= join_by:
        problems.append(Problem("starts_on", _("Visits begin after the last day to join."), "starts_on"))
    if not 6 <= (ends_on - starts_on).days <= LONGEST_ROUND_DAYS:
        problems.append(Problem("ends_on", _("Give visits at least one week, and at most a year."), "ends_on"))
    return problems


def problems_for_changing_dates(a_round: Round, *, starts_on: date, ends_on: date) -> list[Problem]:
    """Until it is matched. The weeks that people chose from stand once somebody has chosen."""
    if a_round.state == RoundState.CALLED_OFF:
        return [round_called_off()]
    if a_round.state not in (RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED):
        return [Problem("round_matched", _("This round has been matched. Put the proposal aside to change its dates."))]
    window_changed = (starts_on, ends_on) != (a_round.starts_on, a_round.ends_on)
    if window_changed and a_round.participations.joined().exists():
        sentence = _("People have chosen among its weeks already, so the first and last day of visits stand.")
        return [Problem("weeks_chosen", sentence, "starts_on")]
    return []
