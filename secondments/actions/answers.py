"""Writing down what the engine answered: who meets whom, and who could not be placed and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from partnerships.ground import workflow
from partnerships.matching import engine
from partnerships.matching.repair import STANDS
from partnerships.matching.types import Allocation, CriterionResult, Hosting, Problem
from partnerships.states import MembershipState
from secondments.matches.days import monday_of
from secondments.matches.figures import as_stored
from secondments.matches.keys import offer_pk
from secondments.matches.words import INTRODUCED_IN_VAIN, NOT_CONFIRMED, NOT_TAKING_PART, causes_of, facts_in, parts_of
from secondments.models import Match, MatchRun, NotPlaced, Participation, Shortlisted


def stored(problem: Problem, answer: Allocation, criteria: Iterable[CriterionResult] | None = None) -> dict[str, Any]:
    """What a run keeps of a problem and its answer, so that it can be replayed.

    `criteria`: as they are known of what was asked first (`secondments.matches.asked_again`); else those of the answer.
    """
    return {
        "engine_version": answer.engine_version,
        "problem": json.loads(engine.problem_to_json(problem)),
        "result": json.loads(engine.allocation_to_json(answer)),
        "criteria": [as_stored(one) for one in (answer.criteria if criteria is None else criteria)],
        "stopped_early": answer.stopped,
    }


def write_visits(run: MatchRun, problem: Problem, answer: Allocation, *, at: datetime) -> list[Match]:
    """The matches of an answer, and those without a place. A visit that stood before a repair has its match already."""
    people = {str(each.uuid): each for each in run.round.participations.all()}
    facts_of = facts_in(problem, answer)
    visits = visits_of(answer)
    together = Counter(exchange for exchange, _hosting in visits if exchange is not None)
    matches = Match.objects.bulk_create(
        Match(
            run=run,
            exchange=exchange,
            participation=people[hosting.leg.person_id],
            offer_id=offer_pk(hosting.leg.offer_id),
            week=monday_of(hosting.leg.week),
            fit=hosting.leg.fit,
            parts=parts_of(hosting),
            facts=facts_of(hosting) | ({"together": together[exchange]} if exchange is not None else {}),
        )
        for exchange, hosting in visits
        if hosting.fixed != STANDS
    )
    workflow.created_all(matches, by=None, at=at)
    placed = {hosting.leg.person_id for _exchange, hosting in visits}
    NotPlaced.objects.bulk_create(
        NotPlaced(run=run, participation=people[reason.person_id], causes=causes_of(reason, answer))
        for reason in answer.reasons
        if reason.person_id not in placed
    )
    return matches


def write_left_out(run: MatchRun) -> None:
    """Whoever joined and is not in the answer, with why; but not those who were introduced to a host, and have a place.

    Written with the answer, and again when everyone is told, for those whose introduction has come to nothing by then.
    """
    joined = run.round.participations.joined()
    left_out = list(
        joined.exclude(pk__in=joined.introduced())
        .exclude(matches__run=run)
        .exclude(pk__in=run.not_placed.values("participation"))
        .select_related("membership")
    )
    keys = [each.pk for each in left_out]
    able = set(run.round.to_match().filter(pk__in=keys).values_list("pk", flat=True))
    asked = Shortlisted.objects.filter(participation__in=keys).exclude(placement=None)
    in_vain = able.intersection(asked.values_list("participation", flat=True))
    NotPlaced.objects.bulk_create(
        NotPlaced(run=run, participation=each, causes=_cause(each, able, in_vain)) for each in left_out
    )


def _cause(left_out: Participation, able: Collection[int], in_vain: Collection[int]) -> dict[str, Any]:
    """`able`: whom the engine would be told of now; of most of them nobody had said yes while it was at work."""
    if left_out.pk in in_vain:
        return INTRODUCED_IN_VAIN
    confirmed = left_out.membership.state == MembershipState.ACTIVE
    return NOT_TAKING_PART if confirmed and left_out.pk not in able else NOT_CONFIRMED


def visits_of(answer: Allocation) -> list[tuple[int | None, Hosting]]:
    """Every visit of an answer, with the number of the exchange that it is part of."""
    one_way: list[tuple[int | None, Hosting]] = [(None, hosting) for hosting in answer.hostings]
    in_return = [
        (number, Hosting(leg, exchange.fixed))
        for number, exchange in enumerate(answer.exchanges, start=1)
        for leg in exchange.legs
    ]
    return [*one_way, *in_return]
