"""The one way in: `solve` a problem, get an answer that has been checked.

rules = Rules(crossings=frozenset({("health", "vcse")}))
problem = Problem(people=…, slots=…, organisations=…, rules=rules, seed=7)
answer = solve(problem)
for hosting in answer.hostings: …
for reason in answer.reasons: sentences.for_participant(reason, answer)
replays(problem_to_json(problem), allocation_to_json(answer))
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from importlib.metadata import version

import numpy as np

from . import candidates, hosting, network, validate
from .arrays import Ints, ints, sets
from .at_once import meanwhile
from .candidates import Pairs
from .codec import (
    allocation_from_json,
    allocation_to_json,
    canonical,
    digest,
    problem_from_json,
    problem_from_plain,
    problem_to_json,
)
from .collecting import nothing_collected
from .explain import explain
from .hosting import Answer
from .rules import Examiner
from .score import Scores, score
from .steady import steadied
from .suggesting import Outlook, Suggestion, best_hosts, outlook, weeks_of
from .tables import Tables, build
from .tree import had
from .types import (
    COMPULSORY,
    FIT,
    HOSTS,
    KEPT,
    PLACED,
    Allocation,
    CriterionResult,
    Hosting,
    Leg,
    Problem,
    host_points,
)
from .verify import Fault, verify

__all__ = [
    "ENGINE_VERSION",
    "Outlook",
    "Suggestion",
    "WrongAnswer",
    "allocation_from_json",
    "allocation_to_json",
    "best_hosts",
    "digest",
    "outlook",
    "problem_from_json",
    "problem_from_plain",
    "problem_to_json",
    "replays",
    "solve",
]

# Ties are broken inside the solver, so its version is part of what an answer depends on.
ENGINE_VERSION = " ".join(["1.5", *(f"{name} {version(name)}" for name in ("ortools", "rustworkx", "scipy"))])

Progress = Callable[[str], None]
Reached = Callable[[CriterionResult], None]
Stop = Callable[[], bool]


class WrongAnswer(RuntimeError):
    """The independent check found faults in an answer of the solver. Nothing of it may be used."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.code}: {fault.detail}" for fault in faults))
        self.faults = faults


def solve(
    problem: Problem,
    *,
    progress: Progress | None = None,
    reached: Reached | None = None,
    stop: Stop | None = None,
    explained: bool = True,
) -> Allocation:
    """The best answer to the problem, explained and verified.

    `progress` hears the name of each stage as it begins: "candidates", "score", the criteria, "explain", "verify".
    `reached` hears what each criterion comes to once nothing later can change it, some of them while others are still
    worked on. `stop` is asked between stages; once it says yes the answer is what was reached, valid, with `stopped`
    set and the criteria that were not finished marked as not proven. Raises `InvalidProblem` or `WrongAnswer`.

    Who only compares answers need not have them `explained`: by which criterion people lost a place in an exchange, or
    within limits that cut across, is left out then, which can take longer than the answer itself.
    """
    with nothing_collected():
        return _solve(
            problem,
            progress or (lambda stage: None),
            reached or (lambda result: None),
            stop or (lambda: False),
            explained=explained,
        )


def _solve(problem: Problem, report: Progress, reached: Reached, asked_to_stop: Stop, *, explained: bool) -> Allocation:
    validate.check(problem)
    problem = canonical(problem)
    report("candidates")
    tables = build(problem)
    examiner = Examiner(tables)
    pairs = candidates.find(examiner)
    report("score")
    scores = score(examiner, pairs)
    answer = _with_exchanges if problem.rules.largest_exchange > 1 else _one_way
    # Solvers let others run beside them.
    with meanwhile(partial(digest, problem)) as digested:
        allocation = answer(examiner, pairs, scores, report, reached, asked_to_stop, digested, explained=explained)
    report("verify")
    faults = verify(problem, allocation)
    if faults:
        raise WrongAnswer(faults)
    return allocation


def _one_way(
    examiner: Examiner,
    pairs: Pairs,
    scores: Scores,
    report: Progress,
    reached: Reached,
    stop: Stop,
    digested: Future[str],
    *,
    explained: bool,
) -> Allocation:
    tables = examiner.tables
    net = network.build(tables, pairs, scores.total)
    fixed = _fixed(examiner)
    answer = hosting.place(tables, net, report, lambda result: reached(_with_fixed(result, tables, fixed)), stop)
    hostings = tuple(sorted((*_hostings(tables, net, scores, answer), *fixed), key=lambda one: one.leg.person_id))
    criteria = _settled(answer.criteria, tables, fixed, reached)
    report("explain")
    lost_by = hosting.lost_by(tables, answer, stop) if explained else {}
    explanation = explain(examiner, pairs, scores, net, answer, hostings, lost_by)
    return Allocation(
        engine_version=ENGINE_VERSION,
        problem_digest=digested.result(),
        seed=tables.problem.seed,
        hostings=hostings,
        criteria=criteria,
        reasons=explanation.reasons,
        contests=explanation.contests,
        stopped=answer.stopped,
    )


def _with_exchanges(
    examiner: Examiner,
    pairs: Pairs,
    scores: Scores,
    report: Progress,
    reached: Reached,
    stop: Stop,
    digested: Future[str],
    *,
    explained: bool,
) -> Allocation:
    from . import exchanging, swaps  # HiGHS takes a while to load, and only rounds with exchanges need it

    tables = examiner.tables
    answer = swaps.place(examiner, pairs, scores.total, report, stop)
    fixed = _fixed(examiner)
    criteria = _settled(answer.criteria, tables, fixed, reached)
    report("explain")
    told = exchanging.tell(examiner, pairs, scores, answer, fixed, legs_of, explained=explained)
    return Allocation(
        engine_version=ENGINE_VERSION,
        problem_digest=digested.result(),
        seed=tables.problem.seed,
        hostings=told.hostings,
        criteria=criteria,
        reasons=told.reasons,
        stopped=answer.stopped,
        exchanges=told.exchanges,
    )


def replays(problem: bytes | str, allocation: bytes) -> bool:
    """Whether a stored problem still gives exactly the stored answer (of a run that was not stopped)."""
    return allocation_to_json(solve(problem_from_json(problem))) == allocation


def legs_of(tables: Tables, pairs: Pairs, scores: Scores, chosen: Ints, weeks: Ints) -> list[Leg]:
    """The chosen pairs, each in its week (a week's own number), as legs."""
    people = [tables.people[row].id for row in pairs.person[chosen].tolist()]
    slots = [tables.slots[row] for row in pairs.slot[chosen].tolist()]
    columns = people, slots, weeks.tolist(), weeks_of(tables, pairs, chosen), scores.total[chosen].tolist()
    return [
        Leg(who, slot.id, slot.organisation_id, week, common, fit, parts)
        for who, slot, week, common, fit, parts in zip(*columns, scores.named(chosen), strict=True)
    ]


def _hostings(tables: Tables, net: network.Network, scores: Scores, answer: Answer) -> tuple[Hosting, ...]:
    chosen, weeks = net.pair[answer.edges], tables.weeks[net.week[answer.edges]]
    return tuple(Hosting(leg) for leg in steadied(tables, legs_of(tables, net.pairs, scores, chosen, weeks)))


def _fixed(examiner: Examiner) -> tuple[Hosting, ...]:
    """Fixed placements as hostings. Their weeks are the one that stands."""
    tables, fixed = examiner.tables, examiner.tables.problem.rules.fixed
    person_row = {person.id: row for row, person in enumerate(tables.people)}
    slot_row = {slot.id: row for row, slot in enumerate(tables.slots)}
    position = {week: at for at, week in enumerate(tables.weeks.tolist())}
    pairs = Pairs(
        np.array([person_row[one.person_id] for one in fixed], dtype=np.int64),
        np.array([slot_row[one.offer_id] for one in fixed], dtype=np.int64),
        sets(position, [[one.week] for one in fixed]),
    )
    scores = score(examiner, pairs)
    legs = legs_of(tables, pairs, scores, np.arange(len(fixed)), ints(one.week for one in fixed))
    return tuple(Hosting(leg, one.why) for leg, one in zip(legs, fixed, strict=True))


def _settled(
    results: tuple[CriterionResult, ...], tables: Tables, fixed: tuple[Hosting, ...], reached: Reached
) -> tuple[CriterionResult, ...]:
    """The criteria as they are published, each said as it is handed on."""
    settled = tuple(_with_fixed(result, tables, fixed) for result in results)
    for result in settled:
        reached(result)
    return settled


def _with_fixed(result: CriterionResult, tables: Tables, fixed: tuple[Hosting, ...]) -> CriterionResult:
    """Fixed placements count in every criterion, as the published figures do."""
    problem = tables.problem
    compulsory = {person.id for person in problem.people if person.compulsory}
    hosts = zip(tables.organisations, had(tables), strict=True)
    more = {
        PLACED: len(fixed),
        COMPULSORY: sum(one.leg.person_id in compulsory for one in fixed),
        KEPT: sum(problem.rules.proposed.get(one.leg.person_id) == one.leg.offer_id for one in fixed),
        HOSTS: sum(host_points(one.visitors_had, now - one.visitors_had) for one, now in hosts if one.asked_for_more),
        FIT: sum(one.leg.fit for one in fixed),
    }[result.name]
    return CriterionResult(result.name, result.value + more, result.proven, result.bound + more)
