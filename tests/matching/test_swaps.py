"""Swaps of two and rings of three: who may, who is chosen, and what everybody is told."""

import dataclasses
from typing import Any

import pytest

from partnerships.matching import engine, sentences, validate
from partnerships.matching.types import (
    Allocation,
    Exchange,
    Fixed,
    InvalidProblem,
    Organisation,
    Point,
    Problem,
    Reason,
    Rules,
)

from .exchanges import exchange_round, showing
from .worlds import CROSSINGS, slot

ANN, BOB, CAT = showing("ann", "council"), showing("bob", "vcse"), showing("cat", "health")


def listed(name: str, field: str, *hosts: str, **changes: Any) -> Any:
    """Somebody who goes only to what these people show."""
    return showing(name, field, listed_only=True, preferences=tuple(f"{host}-shows" for host in hosts), **changes)


def names(exchange: Exchange) -> list[str]:
    return [leg.person_id for leg in exchange.legs]


def codes(answer: Allocation) -> dict[str, str]:
    return {reason.person_id: reason.code for reason in answer.reasons}


def reason_of(answer: Allocation, who: str) -> Reason:
    return next(reason for reason in answer.reasons if reason.person_id == who)


def said(answer: Allocation, who: str) -> list[str]:
    return [sentences.text(one) for one in sentences.for_participant(reason_of(answer, who), answer)]


def ring_of_three(**changes: Any) -> Problem:
    """Ann would go to Bob, Bob to Cat and Cat to Ann, and nobody back."""
    people = (listed("ann", "council", "bob"), listed("bob", "vcse", "cat"), listed("cat", "health", "ann"))
    return exchange_round(*people, **{"largest_exchange": 3, **changes})


def test_two_people_change_places() -> None:
    answer = engine.solve(exchange_round(ANN, BOB))
    (exchange,) = answer.exchanges
    assert [(leg.person_id, leg.offer_id) for leg in exchange.legs] == [("ann", "bob-shows"), ("bob", "ann-shows")]
    assert answer.hostings == ()
    assert {result.name: result.value for result in answer.criteria}["placed"] == 2
    assert all(result.proven for result in answer.criteria)
    assert codes(answer) == {"ann": "placed", "bob": "placed"}
    assert "The two of you visit each other." in said(answer, "ann")


def test_nobody_is_exchanged_where_the_programme_has_no_exchanges() -> None:
    answer = engine.solve(exchange_round(ANN, BOB, largest_exchange=1))
    assert (answer.exchanges, answer.hostings) == ((), ())
    assert codes(answer) == {"ann": "no_host", "bob": "no_host"}
    assert any("only in return for a visit" in sentence for sentence in said(answer, "ann"))


def test_three_visit_one_another_in_a_ring() -> None:
    answer = engine.solve(ring_of_three())
    (exchange,) = answer.exchanges
    assert names(exchange) == ["ann", "bob", "cat"]
    assert any("in a ring" in sentence for sentence in said(answer, "cat"))


def test_a_ring_of_three_needs_the_programmes_leave() -> None:
    answer = engine.solve(ring_of_three(largest_exchange=2))
    assert answer.exchanges == ()
    assert codes(answer) == dict.fromkeys(("ann", "bob", "cat"), "no_return")
    assert said(answer, "bob")[0] == (
        "1 host suited you, but only for a visit in return, and nobody could come to what you show."
    )


def test_a_ring_of_three_is_chosen_over_a_swap_that_leaves_one_out() -> None:
    people = (listed("ann", "council", "bob"), listed("bob", "vcse", "ann", "cat"), listed("cat", "health", "ann"))
    answer = engine.solve(exchange_round(*people, largest_exchange=3))
    assert [names(exchange) for exchange in answer.exchanges] == [["ann", "bob", "cat"]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"weeks": frozenset({9})}, "no_common_week"),
        ({"funds": frozenset({"bob's"})}, "conflict"),
        ({"access_needs": frozenset({"hoist"})}, "access"),
        ({"avoids_organisations": frozenset({"bob's"})}, "avoid"),
        ({"cover_pence": 1}, "cover"),
        ({"field": "vcse"}, "crossing"),
        ({"in_person_ok": False}, "mode"),
        ({"point": Point(0, 0), "max_km": 5, "slot_point": Point(0, 0)}, "too_far"),
    ],
)
def test_every_visit_of_an_exchange_keeps_every_rule(change: dict[str, Any], code: str) -> None:
    bob = showing("bob", "vcse", slot_point=Point(60_000, 0)) if code == "too_far" else BOB
    answer = engine.solve(exchange_round(showing("ann", **{"field": "council", **change}), bob))
    assert answer.exchanges == ()
    assert code in {removed.code for removed in reason_of(answer, "ann").removed}
    assert codes(answer)["ann"] == "no_host"


def test_each_visit_has_its_own_weeks() -> None:
    ann = showing("ann", "council", weeks=frozenset({1}), slot_places={3: 1})
    bob = showing("bob", "vcse", weeks=frozenset({3}), slot_places={1: 1})
    (exchange,) = engine.solve(exchange_round(ann, bob)).exchanges
    assert [leg.week for leg in exchange.legs] == [1, 3]


def test_visits_of_an_exchange_fall_in_different_weeks_where_nobody_can_be_away_and_receive() -> None:
    """Both could go in week 1, and only Ann's host could take her later."""
    ann = showing("ann", "council", slot_places={1: 1})
    assert [leg.week for leg in engine.solve(exchange_round(ann, BOB)).exchanges[0].legs] == [1, 1]
    answer = engine.solve(exchange_round(ann, BOB, apart=True))
    assert [leg.week for leg in answer.exchanges[0].legs] == [2, 1]


def test_a_ring_of_three_has_three_weeks() -> None:
    given = ring_of_three(apart=True)
    (exchange,) = engine.solve(given).exchanges
    assert sorted(leg.week for leg in exchange.legs) == [1, 2, 3]
    two = tuple(dataclasses.replace(one, weeks=frozenset({1, 2})) for one in given.people)
    answer = engine.solve(dataclasses.replace(given, people=two))
    assert answer.exchanges == ()
    assert codes(answer) == dict.fromkeys(("ann", "bob", "cat"), "no_return")


def test_two_who_share_one_week_only_cannot_change_places() -> None:
    people = (showing("ann", "council", weeks=frozenset({1})), showing("bob", "vcse", weeks=frozenset({1})))
    assert engine.solve(exchange_round(*people)).exchanges
    answer = engine.solve(exchange_round(*people, apart=True))
    assert codes(answer) == {"ann": "no_return", "bob": "no_return"}


def test_different_weeks_are_found_beside_the_limits_of_organisations() -> None:
    """The club takes one visit a week and lets one of its people go a week; each of its two is then away in one week
    and has a visitor in the other."""
    club = Organisation("club", visits_per_week=1, away_per_week=1)
    weeks = {"weeks": frozenset({1, 2}), "slot_places": {1: 1, 2: 1}}
    people = (
        showing("ann", "council", **weeks),
        showing("ben", "council", **weeks),
        showing("kit", "vcse", organisation_id="club", **weeks),
        showing("lou", "vcse", organisation_id="club", **weeks),
    )
    answer = engine.solve(exchange_round(*people, organisations=(club,), apart=True))
    assert len(answer.exchanges) == 2
    for exchange in answer.exchanges:
        assert sorted(leg.week for leg in exchange.legs) == [1, 2]
    assert sorted(leg.week for leg in answer.legs() if leg.organisation_id == "club") == [1, 2]


def test_ones_own_offer_is_no_cause() -> None:
    answer = engine.solve(exchange_round(ANN, showing("bob", "vcse", weeks=frozenset({9}))))
    assert {removed.code for removed in reason_of(answer, "bob").removed} == {"no_common_week"}
    assert not any("own organisation" in sentence for sentence in said(answer, "ann"))


def test_who_shows_nothing_is_in_no_exchange() -> None:
    nothing = showing("ann", "council", slot_places={1: 0})
    answer = engine.solve(exchange_round(nothing, BOB))
    assert codes(answer) == {"ann": "no_host", "bob": "no_host"}


def test_hosts_of_organisations_and_exchanges_serve_one_round() -> None:
    dan = showing("dan", "health", slot_places={1: 0})
    answer = engine.solve(exchange_round(ANN, BOB, dan, hosts=(slot("foodbank"),), one_way=True))
    assert {result.name: result.value for result in answer.criteria}["placed"] == 3
    assert [hosting.leg.person_id for hosting in answer.hostings] == ["dan"]
    assert [names(exchange) for exchange in answer.exchanges] == [["ann", "bob"]]


def test_an_organisations_own_offer_is_closed_where_nobody_goes_one_way() -> None:
    answer = engine.solve(exchange_round(ANN, hosts=(slot("foodbank"),)))
    assert answer.hostings == ()
    assert codes(answer) == {"ann": "no_host"}


def test_what_is_shown_may_also_be_open_to_all() -> None:
    bob = showing("bob", "vcse", weeks=frozenset(), slot_also_one_way=True)
    answer = engine.solve(exchange_round(ANN, bob, one_way=True))
    assert [hosting.leg.offer_id for hosting in answer.hostings] == ["bob-shows"]
    assert answer.exchanges == ()


def test_weeks_are_found_for_all_where_an_organisation_limits_them() -> None:
    """Both visits to the club fit into its limit of one a week, but not in the week that is first for both."""
    club = Organisation("club", visits_per_week=1)
    people = (
        showing("ann", "council", slot_places={1: 1}),
        showing("ben", "council", slot_places={1: 1}),
        showing("kit", "vcse", organisation_id="club", weeks=frozenset({1}), slot_places={1: 1, 2: 1}),
        showing("lou", "vcse", organisation_id="club", weeks=frozenset({1}), slot_places={1: 1, 2: 1}),
    )
    answer = engine.solve(exchange_round(*people, organisations=(club,)))
    to_club = sorted(leg.week for leg in answer.legs() if leg.organisation_id == "club")
    assert to_club == [1, 2]
    assert all(result.proven for result in answer.criteria)


@pytest.mark.parametrize("limit", ["visits_per_week", "visits_per_quarter", "away_per_week", "away_per_quarter"])
def test_a_limit_that_binds_costs_an_exchange_and_the_proof_stands(limit: str) -> None:
    one: dict[str, Any] = {limit: 1}
    club = Organisation("club", **one)
    people = (
        showing("ann", "council", slot_places={1: 1}, weeks=frozenset({1})),
        showing("ben", "council", slot_places={1: 1}, weeks=frozenset({1})),
        showing("kit", "vcse", organisation_id="club", weeks=frozenset({1}), slot_places={1: 1}),
        showing("lou", "vcse", organisation_id="club", weeks=frozenset({1}), slot_places={1: 1}),
    )
    answer = engine.solve(exchange_round(*people, organisations=(club,)))
    assert len(answer.exchanges) == 1
    assert all(result.proven for result in answer.criteria)
    lost = [reason for reason in answer.reasons if reason.code != "placed"]
    assert {reason.code for reason in lost} == {"others_chosen"}
    assert {reason.lost_by for reason in lost} == {"lot"}


def test_a_confirmed_exchange_stands_and_its_people_are_in_no_other() -> None:
    stands = (
        Fixed("ann", "bob-shows", 2, exchange="x"),
        Fixed("bob", "ann-shows", 3, exchange="x"),
    )
    answer = engine.solve(exchange_round(ANN, BOB, CAT, fixed=stands, largest_exchange=3))
    (exchange,) = answer.exchanges
    assert (names(exchange), [leg.week for leg in exchange.legs], exchange.fixed) == (
        ["ann", "bob"],
        [2, 3],
        "confirmed",
    )
    assert codes(answer) == {"ann": "fixed", "bob": "fixed", "cat": "no_host"}
    assert {result.name: result.value for result in answer.criteria}["placed"] == 2


def test_a_confirmed_ring_of_three_stands_where_only_swaps_are_made() -> None:
    stands = tuple(
        Fixed(who, f"{where}-shows", 1, exchange="x") for who, where in (("ann", "cat"), ("cat", "bob"), ("bob", "ann"))
    )
    (exchange,) = engine.solve(exchange_round(ANN, BOB, CAT, fixed=stands)).exchanges
    assert names(exchange) == ["ann", "cat", "bob"]


def test_who_loses_is_told_by_which_criterion() -> None:
    """Bob can swap with Ann or with Cat; Cat must go, and the programme published that this comes first."""
    cat = showing("cat", "health", compulsory=True)
    bob = listed("bob", "vcse", "ann", "cat")
    people = (listed("ann", "council", "bob"), bob, dataclasses.replace(cat[0], preferences=("bob-shows",)))
    given = exchange_round(people[0], people[1], (people[2], cat[1]), criteria=("placed", "compulsory", "fit"))
    given = dataclasses.replace(
        given,
        people=tuple(dataclasses.replace(one, listed_only=one.id != "bob") for one in given.people),
    )
    answer = engine.solve(given)
    assert [names(exchange) for exchange in answer.exchanges] == [["bob", "cat"]]
    lost = reason_of(answer, "ann")
    assert (lost.code, lost.lost_by, lost.answered) == ("others_chosen", "compulsory", 1)
    assert said(answer, "ann")[:2] == [
        "An exchange was possible with 1 host, but others were matched there.",
        "People who have to go came first, as this programme published.",
    ]


def test_a_round_that_is_stopped_has_a_valid_answer_that_says_so() -> None:
    answer = engine.solve(exchange_round(ANN, BOB, CAT), stop=lambda: True)
    assert answer.stopped
    assert len(answer.exchanges) == 1
    assert not any(result.proven for result in answer.criteria if result.name == "fit")
    assert "not_reached" in codes(answer).values()


def test_without_effort_the_answer_is_valid_and_bounded() -> None:
    given = dataclasses.replace(ring_of_three(), effort=0)
    answer = engine.solve(given)
    assert all(result.value <= result.bound for result in answer.criteria)


def test_old_problems_keep_their_bytes() -> None:
    """What was stored before exchanges were thought of has the same digest."""
    data = engine.problem_to_json(exchange_round(ANN, BOB, largest_exchange=1, one_way=True)).decode()
    assert "largest_exchange" not in data
    assert "one_way" not in data
    assert '"shown_by":"ann"' in data


def test_an_exchange_survives_being_stored() -> None:
    answer = engine.solve(ring_of_three())
    assert engine.allocation_from_json(engine.allocation_to_json(answer)) == answer
    assert engine.replays(engine.problem_to_json(ring_of_three()), engine.allocation_to_json(answer))


FAULTY: dict[str, Problem] = {
    "exchange_size": exchange_round(ANN, BOB, largest_exchange=4),
    "shown_by_unknown": exchange_round((ANN[0], dataclasses.replace(ANN[1], shown_by="ghost"))),
    "shown_elsewhere": exchange_round((ANN[0], dataclasses.replace(ANN[1], organisation_id="elsewhere"))),
    "fixed_exchange_open": exchange_round(ANN, BOB, fixed=(Fixed("ann", "bob-shows", 1, exchange="x"),)),
}


@pytest.mark.parametrize("code", FAULTY)
def test_what_contradicts_itself_is_refused_in_a_sentence(code: str) -> None:
    with pytest.raises(InvalidProblem) as caught:
        validate.check(FAULTY[code])
    (fault,) = caught.value.faults
    assert fault.code == code
    assert sentences.text(fault).endswith(".")


def test_rules_are_one_way_unless_they_say_otherwise() -> None:
    rules = Rules(crossings=CROSSINGS)
    assert (rules.largest_exchange, rules.one_way) == (1, True)
