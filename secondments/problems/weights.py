"""Why a round cannot weigh the parts of a fit as asked, and why other weights cannot be tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground.problems import Problem
from secondments.models import MatchRun
from secondments.models.weights import IN_ALL, usual_weights
from secondments.permissions import may_run_round
from secondments.problems.acting import not_allowed, round_called_off
from secondments.states import RoundState

if TYPE_CHECKING:
    from partnerships.models import User
    from secondments.models import Round


def problems_for_weighing(a_round: Round, weights: Mapping[str, int], *, by: User) -> list[Problem]:
    """They are published with the criteria when the round opens, and stand from then on."""
    if not may_run_round(by, a_round):
        return [not_allowed()]
    if a_round.state == RoundState.CALLED_OFF:
        return [round_called_off()]
    if a_round.state != RoundState.DRAFT:
        sentence = _("These points were published when the round opened, so they stand. Set others in its next round.")
        return [Problem("weights_stand", sentence)]
    return problems_of_weights(weights)


def problems_of_weights(weights: Mapping[str, int]) -> list[Problem]:
    """Every part has points, and together they are a hundred: so everybody can read what one of them means."""
    known = weights.keys() == usual_weights().keys()
    if not known or any(not 0 <= points <= IN_ALL for points in weights.values()):
        return [Problem("weights", _("Give each part between 0 and 100 points."))]
    over = sum(weights.values()) - IN_ALL
    if over > 0:
        words = ngettext(
            "The points add up to one more than 100. Take %(count)s away.",
            "The points add up to %(sum)s. Take %(count)s away, so that they are 100.",
            over,
        )
        return [Problem("weights_sum", words % {"sum": IN_ALL + over, "count": over})]
    if over < 0:
        words = ngettext(
            "The points add up to one less than 100. Add %(count)s.",
            "The points add up to %(sum)s. Add %(count)s, so that they are 100.",
            -over,
        )
        return [Problem("weights_sum", words % {"sum": IN_ALL + over, "count": -over})]
    return []


def problems_for_trying(a_round: Round, run: MatchRun, *, by: User) -> list[Problem]:
    """What stands against working out how a run would have come out otherwise."""
    if not may_run_round(by, a_round) or run.round.programme_id != a_round.programme_id:
        return [not_allowed()]
    if a_round.state == RoundState.CALLED_OFF:
        return [round_called_off()]
    if not MatchRun.objects.filter(pk=run.pk, problem__isnull=False).exists():
        sentence = _("What this proposal was made from has been erased, so nothing can be tried on it.")
        return [Problem("erased", sentence)]
    return []
