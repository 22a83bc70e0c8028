"""Mails to the brokers of a round about what a job could not finish: what became of it, and what to press."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from secondments.models import MatchRun, Round
from secondments.states import RoundState, RunKind

from .brokers import brokers_of
from .letters import Letter, to_user, url_named


def not_worked_out(run: MatchRun) -> None:
    """A matching, or the best use of what came free: nothing of it was kept, and nobody else hears."""
    _to_brokers(run.round, _not_repaired if run.kind == RunKind.REPAIR else _not_matched)


def not_told(a_round: Round) -> None:
    """Whoever pressed "tell everyone" and closed the page believes that everybody knows."""
    _to_brokers(a_round, _not_told)


def not_all_written(a_round: Round) -> None:
    """Some read their letters, and others wait for theirs."""
    _to_brokers(a_round, _not_all_written)


def _to_brokers(a_round: Round, write: Callable[[Round], Letter]) -> None:
    for broker in brokers_of(a_round.programme):
        to_user(broker, a_round, lambda: write(a_round))


def _letter(a_round: Round, title: str, *paragraphs: str) -> Letter:
    return Letter(
        title=title % {"round": a_round.full_name},
        paragraphs=paragraphs,
        button_label=_("Look at the round"),
        button_url=url_named("round-desk", a_round.slug),
    )


def _not_matched(a_round: Round) -> Letter:
    return _letter(
        a_round,
        _("The matching of %(round)s could not be finished"),
        _("Nothing of it was kept, and nobody was told anything. A proposal that was there before stands as it was."),
        _("Press “Match” again. If it fails a second time, tell us: we see what went wrong."),
    )


def _not_repaired(a_round: Round) -> Letter:
    return _letter(
        a_round,
        _("What came free in %(round)s could not be worked out"),
        _("Nobody was told anything, and every visit stands as it was. Those who wait still wait."),
        _("Have it worked out again. If it fails a second time, tell us: we see what went wrong."),
    )


def _not_told(a_round: Round) -> Letter:
    return _letter(
        a_round,
        _("Nobody has been told of %(round)s yet"),
        _("Telling everyone could not be finished. No visit was asked for, and the proposal stands as it was."),
        _("Press “Tell everyone” again. If it fails a second time, tell us: we see what went wrong."),
    )


def _not_all_written(a_round: Round) -> Letter:
    return _letter(
        a_round,
        _("Some letters of %(round)s are not written yet"),
        _("Nobody gets a letter twice. Some people have none yet.")
        if a_round.state == RoundState.CALLED_OFF
        else _("All visits are asked for, and nobody gets a letter twice. Some people have none yet."),
        _("Have the rest written. If it fails a second time, tell us: we see what went wrong."),
    )
