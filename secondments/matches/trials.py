"""How a run would have come out, had it been asked otherwise: with other weights, or with a change by hand."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from partnerships.matching import engine
from partnerships.matching import types as told
from partnerships.matching.compare import (
    Change,
    Changed,
    Comparison,
    Difference,
    Forbid,
    Pin,
    Together,
    Visit,
    compare,
    price,
)
from secondments.matches.by_hand import ByHand, asked_by, problem_now
from secondments.matches.clashes import Clashes
from secondments.matches.days import week_number
from secondments.matches.keys import offer_key, person_id
from secondments.models import HostOffer, MatchRun, Participation, Trial
from secondments.models.weights import as_told
from secondments.states import AdjustmentKind

SECONDS = 3
"""So long a page may work on what a change costs; then a job does."""

FORBID, PIN, TOGETHER = "forbid", "pin", "together"


def change_to(kind: str, participation: Participation, offer: HostOffer, week: date | None) -> Pin | Forbid:
    """A change by hand, as the engine is asked what it costs."""
    person, place = person_id(participation), offer_key(offer.pk)
    if kind == AdjustmentKind.FORBID:
        return Forbid(person, place)
    return Pin(person, place, week_number(week) if week else None)


# What a change by hand costs ------------------------------------------------------------------------------------------


def cost_of(run: MatchRun, change: Change, *, progress: engine.Progress | None = None) -> Comparison:
    """Solve the round as it stands now with the change and without it. Nothing is saved."""
    found, _known = _cost(run, change, progress=progress)
    return found


def cost_while_waiting(run: MatchRun, change: Change, by_hand: ByHand | None = None) -> Comparison | None:
    """The same for a page, in the time that somebody waits for one; None where that is too short."""
    ends = time.monotonic() + SECONDS
    found, known = _cost(run, change, by_hand, stop=lambda: time.monotonic() > ends)
    return found if known else None


def _cost(
    run: MatchRun,
    change: Change,
    by_hand: ByHand | None = None,
    *,
    progress: engine.Progress | None = None,
    stop: engine.Stop | None = None,
) -> tuple[Comparison, bool]:
    by_hand = by_hand or ByHand.beside(run)
    solve = partial(engine.solve, progress=progress, stop=stop, explained=False)
    # The stored answer, where nothing was changed by hand since, is the best with everybody kept.
    known = None if by_hand.unknown else answer_of(run)
    problem, clashes = problem_now(run, by_hand, known), Clashes.from_stored(run.days)
    before = known or clashes.solved(problem, solve).answer
    priced = price(problem, change, without=before, progress=progress, stop=stop)
    with_it = clashes.solved(priced.problem, solve, first=priced.allocation).answer
    return compare(problem, before, with_it), not (before.stopped or with_it.stopped)


def answer_of(run: MatchRun) -> told.Allocation:
    """What a run answered."""
    return engine.allocation_from_json(json.dumps(run.result))


# What other weights would have done -----------------------------------------------------------------------------------


def outcome_with(run: MatchRun, weights: Mapping[str, int], *, progress: engine.Progress | None = None) -> Comparison:
    """Solve what the run was asked with other weights, and count both answers by them.

    What an earlier proposal gave somebody is not held on to: it was given by the weights of then.
    """
    asked = asked_by(run)
    criteria = tuple(name for name in asked.problem.rules.criteria if name != told.KEPT)
    rules = dataclasses.replace(asked.problem.rules, criteria=criteria, proposed={}, proposed_weeks={})
    problem = dataclasses.replace(asked.problem, rules=rules, weights=as_told(weights))
    solve = partial(engine.solve, progress=progress, explained=False)
    return compare(problem, answer_of(run), asked.clashes.solved(problem, solve).answer)


# A question and its answer as they are stored -------------------------------------------------------------------------


def weights_as_asked(weights: Mapping[str, int]) -> dict[str, Any]:
    """The question what these weights would have done."""
    return {"weights": dict(weights)}


def change_as_asked(change: Change) -> dict[str, Any]:
    """The question what this change would cost."""
    if isinstance(change, Forbid):
        return {"change": FORBID, "visits": [[change.person_id, change.offer_id, None]]}
    pins = change.pins if isinstance(change, Together) else (change,)
    kind = TOGETHER if isinstance(change, Together) else PIN
    return {"change": kind, "visits": [[pin.person_id, pin.offer_id, pin.week] for pin in pins]}


def _change_in(asked: Mapping[str, Any]) -> Change:
    pins = tuple(Pin(*visit) for visit in asked["visits"])
    if asked["change"] == TOGETHER:
        return Together(pins)
    return Forbid(pins[0].person_id, pins[0].offer_id) if asked["change"] == FORBID else pins[0]


def key_of(asked: Mapping[str, Any], by_hand: ByHand) -> str:
    """A digest of a question with all that its answer rests on: what a change costs depends on those made before."""
    standing = [each.pk for each in by_hand.changes] if "change" in asked else []
    return hashlib.sha256(json.dumps([asked, standing], sort_keys=True).encode()).hexdigest()


def work_out(trial: Trial, *, progress: engine.Progress | None = None) -> dict[str, Any]:
    """The answer to a trial, as it is stored."""
    if "weights" in trial.asked:
        found = outcome_with(trial.run, trial.asked["weights"], progress=progress)
    else:
        found = cost_of(trial.run, _change_in(trial.asked), progress=progress)
    return dataclasses.asdict(found)


def found_by(trial: Trial) -> Comparison | None:
    """What was worked out, once it is."""
    if trial.answer is None:
        return None
    return Comparison(
        changed=tuple(
            Changed(one["person_id"], _visit(one["before"]), _visit(one["after"])) for one in trial.answer["changed"]
        ),
        criteria=tuple(Difference(**one) for one in trial.answer["criteria"]),
        parts=tuple(Difference(**one) for one in trial.answer["parts"]),
    )


def _visit(stored: list[Any] | None) -> Visit | None:
    return (stored[0], stored[1]) if stored else None
