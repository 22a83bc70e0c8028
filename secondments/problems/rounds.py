"""Why a round cannot go on as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from secondments.states import RoundState, RunState

if TYPE_CHECKING:
    from secondments.models import Round


def problems_for_matching(a_round: Round) -> list[Problem]:
    if a_round.state == RoundState.MATCHING or a_round.runs.filter(state=RunState.WAITING).exists():
        return [Problem("already_matching", _("The matching is under way. You will see the result on this page."))]
    if not a_round.participations.joined().exists():
        return [Problem("nobody_joined", _("Nobody has joined yet. Open the round again and invite people."))]
    return []


def problems_for_publishing_round(a_round: Round) -> list[Problem]:
    if a_round.state == RoundState.PUBLISHING:
        return [Problem("already_publishing", _("Everyone is being told. This page shows how far it is."))]
    if a_round.state == RoundState.PUBLISHED:
        return [Problem("already_published", _("Everyone has been told already."))]
    return []
