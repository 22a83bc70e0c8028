"""How much each part of a fit counts in a round: said before it opens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from partnerships.ground import clock, events
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import refuse
from partnerships.models import User
from secondments.models import Round
from secondments.problems import problems_for_weighing


def set_weights(*, a_round: Round, weights: Mapping[str, int], by: User, at: datetime | None = None) -> None:
    """Say how many points of a hundred each part gives. People read it with the criteria before they join."""
    at = at or clock.now()
    with acting():
        lock(a_round)
        refuse(problems_for_weighing(a_round, weights, by=by))
        a_round.weights = dict(weights)
        a_round.save(update_fields=["weights"])
        events.record(actor=by, verb="set_weights", thing=a_round, at=at)
