"""The independent check rejects what is wrong: every kind of fault, put into many answers by a seed."""

from __future__ import annotations

import ast
import dataclasses
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from partnerships.matching import engine, verify, verify_exchanges, verify_near, verify_visits
from partnerships.matching.types import (
    Allocation,
    Contest,
    CriterionResult,
    Fixed,
    Hosting,
    Leg,
    Organisation,
    Problem,
    Reason,
)

from .worlds import person, problem, slot

SEEDS = range(5)


def world(seed: int) -> tuple[Problem, Allocation]:
    """A round with people placed, not placed and fixed, and organisations at their limits; and its answer."""
    draw = random.Random(seed)  # noqa: S311 - a seeded instance, not a secret
    people = [
        person(f"p{i}", organisation_id=f"town{i % 4}", weeks=frozenset(draw.sample(range(1, 7), 3))) for i in range(24)
    ]
    people.append(person("nowhere", weeks=frozenset({99})))
    slots = [
        slot(f"s{i}", organisation_id=f"host{i // 2}", places=dict.fromkeys(draw.sample(range(1, 7), 2), 1))
        for i in range(10)
    ]
    slots[0] = dataclasses.replace(slots[0], organisation_id="alone", places={**slots[0].places, 6: 2}, places_in_all=2)
    week = next(iter(slots[1].places))
    organisations = [
        *(Organisation(f"host{i}", asked_for_more=i < 3, visits_per_week=2, visits_per_quarter=5) for i in range(5)),
        *(Organisation(f"town{i}", away_per_week=8, away_per_quarter=30) for i in range(4)),
    ]
    drawn = problem(
        tuple(people),
        tuple(slots),
        organisations=organisations,
        criteria=("compulsory", "placed", "kept", "hosts", "fit"),
        proposed={"p0": "s0", "p3": "s4"},
        fixed=(Fixed("p23", "s1", week),),
        seed=seed,
    )
    return drawn, engine.solve(drawn)


def swap_hosting(allocation: Allocation, at: int, **changes: Any) -> Allocation:
    """The answer with the leg of one hosting changed."""
    hostings = list(allocation.hostings)
    hostings[at] = dataclasses.replace(hostings[at], leg=dataclasses.replace(hostings[at].leg, **changes))
    return dataclasses.replace(allocation, hostings=tuple(hostings))


def change_reason(allocation: Allocation, of: str, draw: random.Random, **changes: Any) -> Allocation:
    reasons = list(allocation.reasons)
    at = draw.choice([at for at, reason in enumerate(reasons) if reason.code == of])
    reasons[at] = dataclasses.replace(reasons[at], **changes)
    return dataclasses.replace(allocation, reasons=tuple(reasons))


def change_criterion(allocation: Allocation, draw: random.Random, **changes: Any) -> Allocation:
    results = list(allocation.criteria)
    at = draw.randrange(len(results))
    results[at] = dataclasses.replace(results[at], **{name: change(results[at]) for name, change in changes.items()})
    return dataclasses.replace(allocation, criteria=tuple(results))


def change_contest(allocation: Allocation, draw: random.Random, **changes: Callable[[Contest], Any]) -> Allocation:
    contests = list(allocation.contests)
    at = draw.randrange(len(contests))
    contests[at] = dataclasses.replace(contests[at], **{name: change(contests[at]) for name, change in changes.items()})
    return dataclasses.replace(allocation, contests=tuple(contests))


def free(allocation: Allocation, draw: random.Random) -> int:
    return draw.choice([at for at, hosting in enumerate(allocation.hostings) if not hosting.fixed])


def leg(allocation: Allocation, at: int) -> Leg:
    return allocation.hostings[at].leg


def without(allocation: Allocation, at: int) -> Allocation:
    return dataclasses.replace(allocation, hostings=allocation.hostings[:at] + allocation.hostings[at + 1 :])


def a_place_too_many(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
    """Somebody without a place is put where the week is full."""
    outside = next(reason.person_id for reason in good.reasons if reason.code == "places_taken")
    hosting = good.hostings[free(good, draw)]
    extra = dataclasses.replace(hosting, leg=dataclasses.replace(hosting.leg, person_id=outside))
    return dataclasses.replace(good, hostings=(*good.hostings, extra))


def drop_fixed(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
    return without(good, next(at for at, hosting in enumerate(good.hostings) if hosting.fixed))


def other_slot(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
    at = free(good, draw)
    others = [one.id for one in given.slots if one.id != leg(good, at).offer_id]
    return swap_hosting(good, at, offer_id=draw.choice(others))


def part(good: Allocation, at: int, **changes: Any) -> Allocation:
    parts = leg(good, at).parts
    return swap_hosting(good, at, parts=(dataclasses.replace(parts[0], **changes), *parts[1:]))


FAULTS: dict[str, Callable[[Problem, Allocation, random.Random], Allocation]] = {
    "a place too many": a_place_too_many,
    "a leg missing": lambda given, good, draw: without(good, free(good, draw)),
    "fixed placement missing": drop_fixed,
    "fixed placement moved": lambda given, good, draw: swap_hosting(
        good, next(at for at, one in enumerate(good.hostings) if one.fixed), week=50
    ),
    "fixed placement invented": lambda given, good, draw: dataclasses.replace(
        good, hostings=tuple(dataclasses.replace(one, fixed="confirmed") for one in good.hostings)
    ),
    "the same person twice": lambda given, good, draw: dataclasses.replace(
        good, hostings=(*good.hostings, good.hostings[free(good, draw)])
    ),
    "unknown person": lambda given, good, draw: swap_hosting(good, free(good, draw), person_id="ghost"),
    "unknown offer": lambda given, good, draw: swap_hosting(good, free(good, draw), offer_id="ghost"),
    "another offer": other_slot,
    "another organisation": lambda given, good, draw: swap_hosting(good, free(good, draw), organisation_id="host9"),
    "a week nobody offers": lambda given, good, draw: swap_hosting(good, free(good, draw), week=77),
    "weeks that do not suit": lambda given, good, draw: swap_hosting(good, free(good, draw), weeks=(1, 2, 3, 4, 5, 6)),
    "fit misreported": lambda given, good, draw: swap_hosting(
        good, (at := free(good, draw)), fit=leg(good, at).fit + draw.randint(1, 9)
    ),
    "part misreported": lambda given, good, draw: part(good, free(good, draw), points=draw.randint(1, 99)),
    "part out of something else": lambda given, good, draw: part(good, free(good, draw), out_of=7),
    "part missing": lambda given, good, draw: swap_hosting(
        good, (at := free(good, draw)), parts=leg(good, at).parts[1:]
    ),
    "criterion misreported": lambda given, good, draw: change_criterion(
        good, draw, value=lambda one: one.value + 1, bound=lambda one: one.bound + 1
    ),
    "bound below the value": lambda given, good, draw: change_criterion(good, draw, bound=lambda one: one.value - 1),
    "proof claimed": lambda given, good, draw: change_criterion(good, draw, bound=lambda one: one.value + 1),
    "more placed than there are people": lambda given, good, draw: dataclasses.replace(
        good,
        criteria=tuple(
            CriterionResult(one.name, one.value, False, 999) if one.name == "placed" else one for one in good.criteria
        ),
    ),
    "proof denied": lambda given, good, draw: change_criterion(good, draw, proven=lambda one: False),
    "criteria in another order": lambda given, good, draw: dataclasses.replace(good, criteria=good.criteria[::-1]),
    "criterion missing": lambda given, good, draw: dataclasses.replace(good, criteria=good.criteria[:-1]),
    "reason missing": lambda given, good, draw: dataclasses.replace(good, reasons=good.reasons[1:]),
    "reason twice": lambda given, good, draw: dataclasses.replace(good, reasons=(*good.reasons, good.reasons[0])),
    "placed said of one who is not": lambda given, good, draw: change_reason(good, "places_taken", draw, code="placed"),
    "no host said of one who has": lambda given, good, draw: change_reason(good, "places_taken", draw, code="no_host"),
    "taken said of one whom no host suits": lambda given, good, draw: change_reason(
        good, "no_host", draw, code="places_taken"
    ),
    "not reached though it went to the end": lambda given, good, draw: change_reason(
        good, "no_host", draw, code="not_reached"
    ),
    "fixed said of one who is not": lambda given, good, draw: change_reason(good, "placed", draw, code="fixed"),
    "hosts that suit misreported": lambda given, good, draw: change_reason(good, "places_taken", draw, suitable=88),
    "contest that is not there": lambda given, good, draw: change_reason(good, "places_taken", draw, contest=44),
    "contest without its person": lambda given, good, draw: change_reason(good, "no_host", draw, contest=0),
    "somebody from elsewhere in the way": lambda given, good, draw: change_reason(
        good, "places_taken", draw, instead_of="nowhere"
    ),
    "contest with room for all": lambda given, good, draw: change_contest(
        good, draw, places=lambda one: len(one.people)
    ),
    "contest with fewer places": lambda given, good, draw: change_contest(
        good, draw, places=lambda one: one.places - 1
    ),
    "contest of strangers": lambda given, good, draw: change_contest(
        good, draw, people=lambda one: (*one.people, "ghost")
    ),
    "contest with a way out": lambda given, good, draw: change_contest(good, draw, offers=lambda one: one.offers[1:]),
    "another seed": lambda given, good, draw: dataclasses.replace(good, seed=good.seed + 1),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_rejected(kind: str, seed: int) -> None:
    given, good = world(seed)
    assert verify.verify(given, good) == ()
    bad = FAULTS[kind](given, good, random.Random(seed))  # noqa: S311 - a seeded fault, not a secret
    assert bad != good
    assert verify.verify(given, bad) != ()


def tightened(given: Problem, **changes: Any) -> Problem:
    """The same problem under a limit that its answer breaks."""
    organisations = tuple(dataclasses.replace(one, **changes) for one in given.organisations)
    return dataclasses.replace(given, organisations=organisations)


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("visits_per_week", "limit_host_week"),
        ("visits_per_quarter", "limit_host_quarter"),
        ("away_per_week", "limit_home_week"),
        ("away_per_quarter", "limit_home_quarter"),
    ],
)
def test_a_limit_that_is_broken_is_named(limit: str, code: str) -> None:
    given, good = world(0)
    assert code in {fault.code for fault in verify.verify(tightened(given, **{limit: 0}), good)}


def test_an_offer_above_its_total_is_named() -> None:
    given, good = world(0)
    none = dataclasses.replace(given, slots=tuple(dataclasses.replace(one, places_in_all=0) for one in given.slots))
    assert "too_many_in_all" in {fault.code for fault in verify.verify(none, good)}


RULES_BROKEN: dict[str, Callable[[Problem, str, str], Problem]] = {
    "own organisation": lambda given, who, where: _person(
        given, who, organisation_id=next(one.organisation_id for one in given.slots if one.id == where)
    ),
    "crossing": lambda given, who, where: _rules(given, crossings=frozenset()),
    "forbidden": lambda given, who, where: _rules(given, forbidden=frozenset({(who, where)})),
    "person avoids": lambda given, who, where: _slot(
        _person(given, who, avoids_people=frozenset({"cy"})), where, people=frozenset({"cy"})
    ),
    "host avoids": lambda given, who, where: _slot(given, where, avoids_people=frozenset({who})),
    "conflict": lambda given, who, where: _person(
        given, who, funds=frozenset(one.organisation_id for one in given.slots)
    ),
    "access": lambda given, who, where: _person(given, who, access_needs=frozenset({"hoist"})),
    "payment": lambda given, who, where: _slot(given, where, payment_pence=1),
    "cover": lambda given, who, where: _person(given, who, cover_pence=1),
    "check": lambda given, who, where: _slot(given, where, checks={"dbs": None}),
    "cannot meet": lambda given, who, where: _person(given, who, in_person_ok=False),
    "not available": lambda given, who, where: _person(given, who, weeks=frozenset()),
}


def _person(given: Problem, who: str, **changes: Any) -> Problem:
    people = tuple(dataclasses.replace(one, **changes) if one.id == who else one for one in given.people)
    return dataclasses.replace(given, people=people)


def _slot(given: Problem, where: str, **changes: Any) -> Problem:
    slots = tuple(dataclasses.replace(one, **changes) if one.id == where else one for one in given.slots)
    return dataclasses.replace(given, slots=slots)


def _rules(given: Problem, **changes: Any) -> Problem:
    return dataclasses.replace(given, rules=dataclasses.replace(given.rules, **changes))


@pytest.mark.parametrize("why", RULES_BROKEN)
def test_a_rule_that_is_crossed_is_named(why: str) -> None:
    given, good = world(1)
    hosting = good.hostings[free(good, random.Random(1))]  # noqa: S311 - a seeded choice, not a secret
    broken = RULES_BROKEN[why](given, hosting.leg.person_id, hosting.leg.offer_id)
    faults = [fault for fault in verify.verify(broken, good) if fault.code == "rule_crossed"]
    assert any(why in fault.detail for fault in faults)


def test_the_answer_of_a_faulty_solver_is_never_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    given, _ = world(0)
    taken = engine._hostings

    def loses_one(*args: Any) -> tuple[Hosting, ...]:
        return taken(*args)[1:]

    monkeypatch.setattr(engine, "_hostings", loses_one)
    with pytest.raises(engine.WrongAnswer) as caught:
        engine.solve(given)
    assert "criterion_value" in {fault.code for fault in caught.value.faults}


def test_it_shares_no_code_with_what_it_checks() -> None:
    for module, ours in (
        (verify, [None, "types", "verify_near", "verify_visits"]),
        (verify_exchanges, ["types", "verify_near"]),
        (verify_near, ["types"]),
        (verify_visits, ["types"]),
    ):
        tree = ast.parse(Path(module.__file__ or "").read_text())
        taken = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
        assert [node.module for node in taken] == ours
        assert {alias.name for node in taken if node.module is None for alias in node.names} <= {"verify_exchanges"}
        others = [node.names[0].name for node in ast.walk(tree) if isinstance(node, ast.Import)]
        assert set(others) <= {"math"}


def test_a_person_without_a_reason_of_their_own_is_a_fault() -> None:
    given, good = world(2)
    reasons = tuple(Reason("p0", "placed") for _ in good.reasons)
    assert verify.verify(given, dataclasses.replace(good, reasons=reasons)) != ()
