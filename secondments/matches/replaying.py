"""A stored run solved again: whoever doubts a round can see that the same problem still gives the same answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from partnerships.matching import engine
from partnerships.matching.repair import STANDS
from partnerships.matching.types import Allocation, Leg
from secondments.matches.days import week_number
from secondments.matches.figures import fingerprint
from secondments.matches.keys import offer_key
from secondments.models import MatchRun


def replay(run: MatchRun, *, progress: Callable[[str], None] | None = None) -> list[str]:
    """What is not as it was, as sentences for whoever keeps the house; none where every byte is the same.

    The rows that people were told from are compared with the stored answer as well: an answer that can be repeated
    proves nothing if something else was shown.
    """
    if run.problem is None or run.result is None:
        return ["Nothing is stored of this run: it was not solved, or its time was over and it was erased."]
    # The database keeps values and not their order; reading and writing them again gives the bytes of then.
    problem = engine.problem_from_json(json.dumps(run.problem))
    stored = engine.allocation_from_json(json.dumps(run.result))
    differences = _rows_differ(run, {leg.person_id: (leg.offer_id, leg.week) for leg in _new_in(stored)})
    if engine.digest(problem) != stored.problem_digest:
        differences.append("The stored answer is that of another problem.")
    if stored.engine_version != engine.ENGINE_VERSION:
        differences.append(
            f"It was solved by the engine {stored.engine_version}. This is {engine.ENGINE_VERSION}: "
            "install the packages of then to compare."
        )
    elif stored.stopped:
        differences.append("It was stopped before it was finished, and where it stopped cannot be repeated.")
    elif engine.allocation_to_json(engine.solve(problem, progress=progress)) != engine.allocation_to_json(stored):
        differences.append("The same problem gives another answer than the one that is stored.")
    return differences


def _new_in(stored: Allocation) -> Iterator[Leg]:
    """The visits of an answer; of a repair without those that stood before it, which have rows of their own."""
    yield from (hosting.leg for hosting in stored.hostings if hosting.fixed != STANDS)
    for exchange in stored.exchanges:
        if exchange.fixed != STANDS:
            yield from exchange.legs


def fingerprints(run: MatchRun) -> dict[str, str]:
    """The SHA-256 of the stored question and answer, as the page of results shows them."""
    if run.problem is None or run.result is None:
        return {}
    question = engine.problem_from_json(json.dumps(run.problem))
    answer = engine.allocation_from_json(json.dumps(run.result))
    return {"question": engine.digest(question), "answer": fingerprint(answer)}


def _rows_differ(run: MatchRun, answered: dict[str, tuple[str, int]]) -> list[str]:
    rows = run.matches.values_list("participation__uuid", "offer", "week")
    shown = {str(person): (offer_key(offer), week_number(week)) for person, offer, week in rows}
    return [] if shown == answered else ["The matches that were shown are not those of the stored answer."]
