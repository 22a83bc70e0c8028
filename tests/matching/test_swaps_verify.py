"""The independent check rejects what is wrong with exchanges: every kind of fault, put into many answers by a seed."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from typing import Any

import pytest

from partnerships.matching import engine, verify
from partnerships.matching.types import Allocation, Exchange, Fixed, Hosting, Organisation, Problem

from .exchanges import exchange_round, showing
from .worlds import slot

SEEDS = range(5)
Fault = Callable[[Problem, Allocation, random.Random], Allocation]
FIELDS = ("council", "vcse", "health")


def world(seed: int) -> tuple[Problem, Allocation]:
    """A round with swaps, rings of three, visits one way, an exchange that stands, and people in none; its answer."""
    draw = random.Random(seed)  # noqa: S311 - a seeded instance, not a secret
    ids = [f"p{i:02}" for i in range(24)]
    people = []
    for at, name in enumerate(ids):
        ring = ids[at - at % 3 + (at + 1) % 3]
        others = [ring, *draw.sample([other for other in ids if other != name], 3)]
        people.append(
            showing(
                name,
                FIELDS[at % 3],
                organisation_id=f"o{at % 3}{at % 2}",
                listed_only=True,
                compulsory=draw.random() < 0.4,
                preferences=(*(f"{other}-shows" for other in others), "foodbank"),
                weeks=frozenset(draw.sample(range(1, 7), 4)),
                slot_places=dict.fromkeys(draw.sample(range(1, 7), 4), 1),
            )
        )
    people.append(showing("nowhere", "vcse", weeks=frozenset({99}), slot_places={}))
    people.append(showing("alone", "council", weeks=frozenset({2}), slot_places={}))
    people.append(showing("stands1", "vcse"))
    people.append(showing("stands2", "council"))
    drawn = exchange_round(
        *people,
        hosts=(slot("foodbank", places={2: 2}),),
        organisations=tuple(
            Organisation(name, asked_for_more=name.endswith("0"), visits_per_week=2)
            for name in ("o00", "o01", "o10", "o11", "o20", "o21")
        ),
        largest_exchange=3,
        one_way=True,
        criteria=("placed", "compulsory", "kept", "hosts", "fit"),
        proposed={ids[0]: f"{ids[1]}-shows"},
        fixed=(Fixed("stands1", "stands2-shows", 1, exchange="x"), Fixed("stands2", "stands1-shows", 2, exchange="x")),
        seed=seed,
    )
    return drawn, engine.solve(drawn)


def at_random(good: Allocation, draw: random.Random) -> int:
    """An exchange that was not fixed."""
    return draw.choice([at for at, one in enumerate(good.exchanges) if not one.fixed])


def with_exchange(good: Allocation, at: int, *instead: Exchange) -> Allocation:
    return dataclasses.replace(good, exchanges=(*good.exchanges[:at], *instead, *good.exchanges[at + 1 :]))


def with_leg(good: Allocation, draw: random.Random, **changes: Any) -> Allocation:
    at = at_random(good, draw)
    first, *others = good.exchanges[at].legs
    return with_exchange(good, at, Exchange((dataclasses.replace(first, **changes), *others)))


def leg_missing(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
    at = at_random(good, draw)
    return with_exchange(good, at, Exchange(good.exchanges[at].legs[1:]))


def taken_apart(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
    """The visits of an exchange as visits one way."""
    at = at_random(good, draw)
    alone = tuple(Hosting(leg) for leg in good.exchanges[at].legs)
    return dataclasses.replace(with_exchange(good, at), hostings=(*good.hostings, *alone))


def two_in_one(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
    first, second = draw.sample([at for at, one in enumerate(good.exchanges) if not one.fixed], 2)
    both = Exchange((*good.exchanges[first].legs, *good.exchanges[second].legs))
    left = tuple(one for at, one in enumerate(good.exchanges) if at not in (first, second))
    return dataclasses.replace(good, exchanges=(*left, both))


def hosting_joined(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
    at = at_random(good, draw)
    legs = good.exchanges[at].legs
    joined = with_exchange(good, at, Exchange((*legs[:-1], good.hostings[0].leg)))
    return dataclasses.replace(joined, hostings=good.hostings[1:])


def turned_round(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
    """Of a ring of three, each goes to whom they were to host."""
    rings = [at for at, one in enumerate(good.exchanges) if len(one.legs) == 3]
    at = draw.choice(rings)
    legs = good.exchanges[at].legs
    moved = tuple(
        dataclasses.replace(leg, offer_id=other.offer_id, organisation_id=other.organisation_id)
        for leg, other in zip(legs, (legs[1], legs[2], legs[0]), strict=True)
    )
    return with_exchange(good, at, Exchange(moved))


def fixed_moved(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
    at = next(at for at, one in enumerate(good.exchanges) if one.fixed)
    standing = good.exchanges[at]
    moved = dataclasses.replace(standing.legs[0], week=3)
    return with_exchange(good, at, dataclasses.replace(standing, legs=(moved, standing.legs[1])))


def fixed_apart(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
    at = next(at for at, one in enumerate(good.exchanges) if one.fixed)
    alone = tuple(Hosting(leg, "confirmed") for leg in good.exchanges[at].legs)
    return dataclasses.replace(with_exchange(good, at), hostings=(*good.hostings, *alone))


def reason_changed(of: str, **changes: Any) -> Fault:
    def change(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
        reasons = list(good.reasons)
        at = draw.choice([at for at, reason in enumerate(reasons) if reason.code == of])
        reasons[at] = dataclasses.replace(reasons[at], **changes)
        return dataclasses.replace(good, reasons=tuple(reasons))

    return change


def criterion_changed(given: Problem, good: Allocation, draw: random.Random) -> Allocation:
    results = list(good.criteria)
    at = draw.randrange(len(results))
    more = results[at].value + draw.choice((-1, 1))
    results[at] = dataclasses.replace(results[at], value=more, bound=more)
    return dataclasses.replace(good, criteria=tuple(results))


FAULTS: dict[str, Fault] = {
    "a leg missing": leg_missing,
    "an exchange missing": lambda given, good, draw: with_exchange(good, at_random(good, draw)),
    "an exchange twice": lambda given, good, draw: dataclasses.replace(
        good, exchanges=(*good.exchanges, good.exchanges[at_random(good, draw)])
    ),
    "one way where nobody may come": taken_apart,
    "two exchanges in one": two_in_one,
    "a visit one way in an exchange": hosting_joined,
    "a ring turned round": turned_round,
    "a person who is not there": lambda given, good, draw: with_leg(good, draw, person_id="ghost"),
    "a person in two exchanges": lambda given, good, draw: with_leg(
        good, draw, person_id=good.exchanges[-1].legs[-1].person_id
    ),
    "an offer that is not there": lambda given, good, draw: with_leg(good, draw, offer_id="ghost"),
    "what somebody else shows": lambda given, good, draw: with_leg(good, draw, offer_id="nowhere-shows"),
    "what the visitor shows": lambda given, good, draw: _own(good, draw),
    "a week that does not suit": lambda given, good, draw: with_leg(good, draw, week=77),
    "fit misreported": lambda given, good, draw: with_leg(good, draw, fit=draw.randint(1001, 2000)),
    "another organisation": lambda given, good, draw: with_leg(good, draw, organisation_id="o99"),
    "an exchange that stands, invented": lambda given, good, draw: with_exchange(
        good, (at := at_random(good, draw)), dataclasses.replace(good.exchanges[at], fixed="confirmed")
    ),
    "an exchange that stands, moved": fixed_moved,
    "an exchange that stands, taken apart": fixed_apart,
    "an exchange that stands, lost": lambda given, good, draw: dataclasses.replace(
        good, exchanges=tuple(one for one in good.exchanges if not one.fixed)
    ),
    "a criterion misreported": criterion_changed,
    "placed said of one who is not": reason_changed("no_host", code="placed"),
    "no host said of one who is in an exchange": reason_changed("placed", code="no_host"),
    "chosen others said of one whom no host suits": reason_changed("no_host", code="others_chosen"),
    "no return said of one whom no host suits": reason_changed("no_host", code="no_return"),
    "hosts that answer misreported": reason_changed("placed", answered=77),
}


def _own(good: Allocation, draw: random.Random) -> Allocation:
    at = at_random(good, draw)
    first, *others = good.exchanges[at].legs
    own = dataclasses.replace(first, offer_id=f"{first.person_id}-shows")
    return with_exchange(good, at, Exchange((own, *others)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_rejected(kind: str, seed: int) -> None:
    given, good = world(seed)
    assert verify.verify(given, good) == ()
    bad = FAULTS[kind](given, good, random.Random(seed))  # noqa: S311 - a seeded fault, not a secret
    assert bad != good
    assert verify.verify(given, bad) != ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"largest_exchange": 2}, "exchange_size"),
        ({"one_way": False}, "not_one_way"),
        ({"crossings": frozenset()}, "rule_crossed"),
        ({"apart": True}, "weeks_together"),
    ],
)
def test_an_answer_to_other_rules_is_rejected_by_name(changes: dict[str, Any], code: str) -> None:
    given, good = world(0)
    other = dataclasses.replace(given, rules=dataclasses.replace(given.rules, **changes))
    assert code in {fault.code for fault in verify.verify(other, good)}


@pytest.mark.parametrize("limit", ["visits_per_week", "visits_per_quarter", "away_per_week", "away_per_quarter"])
def test_a_limit_that_an_exchange_breaks_is_named(limit: str) -> None:
    given, good = world(0)
    none: dict[str, Any] = {limit: 0}
    closed = tuple(dataclasses.replace(one, **none) for one in given.organisations)
    faults = {fault.code for fault in verify.verify(dataclasses.replace(given, organisations=closed), good)}
    assert any(fault.startswith("limit_") for fault in faults)
