"""Each rule refuses what it says, at its edge, and its sentence says so."""

import dataclasses
import math
from typing import Any

import pytest

from partnerships.matching import engine, sentences
from partnerships.matching.rules import refusals
from partnerships.matching.types import Fixed, Organisation, Person, Point, Rules, Slot
from partnerships.matching.verify import verify

from .worlds import person, problem, slot

FAR = {"point": Point(30_000, 40_000)}  # 50 km from (0, 0)


def codes(who: Person, where: Slot, **rules: Any) -> dict[str, str]:
    found = refusals(problem((who,), (where,), **rules), who.id, where.id)
    return {refusal.code: sentences.text(refusal) for refusal in found}


def test_a_pair_that_breaks_nothing_is_not_refused() -> None:
    assert codes(person(), slot()) == {}


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "own_organisation": ({"organisation_id": "foodbank"}, {}, {}),
    "crossing": ({"field": "vcse"}, {}, {}),
    "no_common_week": ({"weeks": frozenset({2})}, {}, {}),
    "conflict": ({"funds": frozenset({"foodbank"})}, {}, {}),
    "mode": ({"in_person_ok": False}, {}, {}),
    "access": ({"access_needs": frozenset({"step-free", "hoist"})}, {"access": frozenset({"hoist"})}, {}),
    "payment": ({"pays_up_to_pence": 4000}, {"payment_pence": 5001}, {"pays_up_to_pence": 1000}),
    "cover": ({"cover_pence": 101}, {}, {"pays_cover_up_to_pence": 100}),
    "check": ({"checks": {"dbs": 2}}, {"checks": {"dbs": 2}}, {"first_week": 0}),
    "too_far": ({"point": Point(0, 0), "max_km": 49}, FAR, {}),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_refused_by_this_rule_alone(code: str) -> None:
    who, where, rules = CASES[code]
    found = codes(person(**who), slot(**where), **rules)
    assert list(found) == [code]
    assert found[code].endswith(".")


EDGES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "the host takes visitors who fund it": ({"funds": frozenset({"foodbank"})}, {"accepts_funders": True}, {}),
    "both would meet remotely": ({"in_person_ok": False, "remote_ok": True}, {"remote": True}, {}),
    "remotely nothing is far": ({"point": Point(0, 0), "max_km": 1, "remote_ok": True}, {**FAR, "remote": True}, {}),
    "just near enough": ({"point": Point(0, 0), "max_km": 50}, FAR, {"max_km": 50}),
    "no distance set": ({"point": Point(0, 0)}, FAR, {}),
    "place unknown": ({"max_km": 1}, FAR, {}),
    "together they pay": ({"pays_up_to_pence": 4000}, {"payment_pence": 5000}, {"pays_up_to_pence": 1000}),
    "cover just met": ({"cover_pence": 100}, {}, {"pays_cover_up_to_pence": 100}),
    "check held by then": ({"checks": {"dbs": 1}}, {"checks": {"dbs": None}}, {}),
    "check done by then": ({}, {"checks": {"dbs": 2}}, {"first_week": -1}),
}


@pytest.mark.parametrize("edge", EDGES)
def test_at_its_edge_it_is_allowed(edge: str) -> None:
    who, where, rules = EDGES[edge]
    assert codes(person(**who), slot(**where), **rules) == {}


@pytest.mark.parametrize(
    ("who", "where", "rules"),
    [
        ({"avoids_people": frozenset({"cy"})}, {"people": frozenset({"cy", "di"})}, {}),
        ({"avoids_organisations": frozenset({"foodbank"})}, {}, {}),
        ({}, {"avoids_people": frozenset({"ann"})}, {}),
        ({}, {"avoids_organisations": frozenset({"town"})}, {}),
        ({}, {}, {"forbidden": frozenset({("ann", "foodbank"), ("gone", "foodbank"), ("ann", "gone")})}),
    ],
    ids=["person", "organisation", "host: person", "host: organisation", "forbidden"],
)
def test_whoever_does_not_want_to_meet_does_not(who: Any, where: Any, rules: Any) -> None:
    assert list(codes(person(**who), slot(**where), **rules)) == ["avoid"]


def test_a_check_that_nobody_can_get_in_time_is_only_for_those_who_hold_it() -> None:
    assert list(codes(person(), slot(checks={"dbs": None}))) == ["check"]


def test_what_is_fixed_fills_the_place() -> None:
    bob = person("bob")
    filled = problem((person(), bob), (slot(),), fixed=(Fixed("bob", "foodbank", 1),))
    assert [refusal.code for refusal in refusals(filled, "ann", "foodbank")] == ["full"]


@pytest.mark.parametrize(
    "organisation",
    [
        Organisation("foodbank", visits_per_week=1, booked_visits={1: 1}),
        Organisation("foodbank", visits_per_quarter=2, booked_visits={-3: 1, 7: 1}),
        Organisation("town", away_per_week=0),
        Organisation("town", away_per_quarter=1, booked_away={2: 1}),
    ],
    ids=["visits a week", "visits a quarter", "away a week", "away a quarter"],
)
def test_an_organisation_at_its_limit_is_left_alone(organisation: Organisation) -> None:
    base = problem((person(),), (slot(),), organisations=(organisation,))
    assert [refusal.code for refusal in refusals(base, "ann", "foodbank")] == ["limit"]
    if organisation.booked_visits or organisation.booked_away:
        later = dataclasses.replace(organisation, booked_visits={20: 5}, booked_away={20: 5})
        rules = Rules(crossings=base.rules.crossings, quarters=(13,))
        elsewhere = dataclasses.replace(
            base, rules=rules, organisations=(later, *(o for o in base.organisations if o.id != later.id))
        )
        assert refusals(elsewhere, "ann", "foodbank") == ()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((51.4816, -3.1791), (52.6309, 1.2974)),  # Cardiff to Norwich
        ((50.1188, -5.5376), (57.4778, -4.2247)),  # Penzance to Inverness
        ((54.5973, -5.9301), (51.1279, 1.3134)),  # Belfast to Dover
    ],
)
def test_distance_on_the_plane_is_the_distance_on_the_ground(a: tuple[float, float], b: tuple[float, float]) -> None:
    one, two = Point.from_degrees(*a), Point.from_degrees(*b)
    measured = math.dist((one.east_m, one.north_m), (two.east_m, two.north_m)) / 1000
    assert measured == pytest.approx(_great_circle(a, b), rel=0.004)


def _great_circle(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres by the haversine."""
    (north_a, east_a), (north_b, east_b) = (tuple(map(math.radians, point)) for point in (a, b))
    half = math.sin((north_b - north_a) / 2) ** 2
    half += math.cos(north_a) * math.cos(north_b) * math.sin((east_b - east_a) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


def test_best_hosts_for_one_person_are_in_the_order_of_their_fit() -> None:
    wanting = person(wants=frozenset({"rotas"}))
    hosts = (slot("plain"), slot("shows", tags=frozenset({"rotas"})), slot("never", places={9: 1}))
    found = engine.best_hosts(problem((wanting,), hosts), "ann")
    assert [suggestion.offer_id for suggestion in found] == ["shows", "plain"]
    assert found[0].weeks == (1,)
    assert found[0].fit == sum(part.points for part in found[0].parts)
    assert len(engine.best_hosts(problem((wanting,), hosts), "ann", most=1)) == 1


def test_who_is_elsewhere_on_a_hosts_days_of_a_week_goes_there_in_another() -> None:
    busy = person(elsewhere={"foodbank": frozenset({1, 2}), "gone": frozenset({3})}, weeks=frozenset({1, 2, 3}))
    hosts = (slot(places={1: 1, 2: 1, 3: 1}), slot("shelter", places={1: 1}))
    given = problem((busy,), hosts)
    assert {one.offer_id: one.weeks for one in engine.best_hosts(given, "ann")} == {"foodbank": (3,), "shelter": (1,)}
    assert {hosting.leg.week for hosting in engine.solve(given).hostings} <= {1, 3}
    never = problem((dataclasses.replace(busy, weeks=frozenset({1})),), hosts[:1])
    (reason,) = engine.solve(never).reasons
    assert [(one.code, one.hosts) for one in reason.removed] == [("no_common_week", 1)]
    assert [(one.change, one.amount) for one in reason.relaxations] == [("week", 3)], "week 2 would not help"


def test_a_visit_on_days_elsewhere_is_found_out() -> None:
    given = problem((person(),), (slot(),))
    answer = engine.solve(given)
    busy = problem((person(elsewhere={"foodbank": frozenset({1})}),), (slot(),))
    faults = verify(busy, dataclasses.replace(answer, problem_digest=engine.digest(busy)))
    assert "ann at foodbank in 1: person elsewhere that week" in {fault.detail for fault in faults}
