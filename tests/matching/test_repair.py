"""After a refusal everything else stands, and the best is made of what came free."""

import dataclasses

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.matching import engine
from partnerships.matching.repair import STANDS, alone, beside, repair, standing
from partnerships.matching.types import Allocation, Exchange, Fixed, Hosting, Leg, Problem

from .exchanges import exchange_round, showing
from .worlds import all_answers, person, problem, problems, slot, values

few = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def places(allocation: Allocation) -> dict[str, tuple[str, int]]:
    return {leg.person_id: (leg.offer_id, leg.week) for leg in allocation.legs()}


@few
@given(problems(), st.integers(0, 9))
def test_nothing_that_stands_moves_and_no_answer_that_keeps_it_is_better(drawn: Problem, at: int) -> None:
    answer = engine.solve(drawn)
    if not answer.hostings:
        return
    refused = answer.hostings[at % len(answer.hostings)].leg
    pair = (refused.person_id, refused.offer_id)
    stands = {who: place for who, place in places(answer).items() if who != refused.person_id}
    repaired = repair(drawn, answer, [pair])
    after = places(repaired)
    assert stands.items() <= after.items()
    assert after.get(refused.person_id, ("", 0))[0] != refused.offer_id
    # Fit is counted in the weeks left beside what stands, so all other criteria are compared here.
    freed = dataclasses.replace(drawn.rules, fixed=tuple(o for o in drawn.rules.fixed if o.person_id in stands))
    free = dataclasses.replace(drawn, rules=freed)
    count = len(drawn.rules.criteria) - 1
    possible = [
        values(free, choices)[:count]
        for choices in all_answers(free)
        if stands.items() <= choices.items() and (choices[refused.person_id] or ("", 0))[0] != refused.offer_id
    ]
    assert tuple(result.value for result in repaired.criteria)[:count] == max(possible)


def test_somebody_without_a_place_gets_the_one_that_came_free() -> None:
    ann, bob = person("ann", wants=frozenset({"rotas"})), person("bob")
    round_ = problem((ann, bob), (slot(tags=frozenset({"rotas"})),))
    answer = engine.solve(round_)
    assert places(answer) == {"ann": ("foodbank", 1)}
    repaired = repair(round_, answer, [("ann", "foodbank")])
    assert places(repaired) == {"bob": ("foodbank", 1)}
    assert all(result.proven for result in repaired.criteria)


def test_what_was_confirmed_keeps_its_own_reason() -> None:
    people = (person("ann"), person("bob"), person("cat", weeks=frozenset({9})))
    hosts = (slot("a"), slot("b"), slot("c", places={9: 1}))
    round_ = problem(people, hosts, fixed=(Fixed("ann", "a", 1, "confirmed"),))
    repaired = repair(round_, engine.solve(round_), [("cat", "c")])
    assert [(one.leg.person_id, one.fixed) for one in repaired.hostings] == [("ann", "confirmed"), ("bob", STANDS)]


def test_a_confirmed_visit_that_is_refused_is_given_up() -> None:
    round_ = problem((person("ann"), person("bob")), (slot(),), fixed=(Fixed("ann", "foodbank", 1),))
    assert places(repair(round_, engine.solve(round_), [("ann", "foodbank")])) == {"bob": ("foodbank", 1)}


def test_an_exchange_is_refused_whole() -> None:
    """The answer is made by hand: who meets whom in exchange is not this test's matter."""
    ann, bob, cat = person("ann"), person("bob", organisation_id="b", field="vcse"), person("cat")
    round_ = problem((ann, bob, cat), (slot("a", field="council"), slot("b")))
    legs = (Leg("ann", "b", "b", 1, (1,), 0, ()), Leg("bob", "a", "a", 1, (1,), 0, ()))
    given_answer = dataclasses.replace(engine.solve(round_), hostings=(), exchanges=(Exchange(legs),))
    repaired = repair(round_, given_answer, [("ann", "b")])
    assert ("ann", "b") not in {(who, place[0]) for who, place in places(repaired).items()}
    assert {one.fixed for one in repaired.hostings} == {""}
    untouched = dataclasses.replace(given_answer, exchanges=(), hostings=tuple(map(Hosting, legs)))
    assert {one.fixed for one in repair(round_, untouched, [("cat", "b")]).hostings} == {STANDS}


def test_exchanges_that_stand_stay_exchanges_and_those_who_came_free_may_find_each_other() -> None:
    """Two swaps; one is refused by one of its people, whose partner finds the fifth."""
    names = {"ann": "council", "bob": "vcse", "cat": "council", "dan": "vcse", "eve": "council"}
    weeks = {"ann": {1}, "bob": {1}, "cat": {2}, "dan": {2}, "eve": {2}}
    people = [
        showing(name, field, weeks=frozenset(weeks[name]), slot_places=dict.fromkeys(weeks[name], 1))
        for name, field in names.items()
    ]
    round_ = exchange_round(*people)
    answer = engine.solve(round_)
    who = {frozenset(leg.person_id for leg in exchange.legs) for exchange in answer.exchanges}
    (other,) = who - {frozenset({"ann", "bob"})}
    (partner,) = other - {"dan"}
    free = ({"cat", "eve"} - other).pop()
    repaired = repair(round_, answer, [(partner, "dan-shows")])
    assert {(frozenset(leg.person_id for leg in one.legs), one.fixed) for one in repaired.exchanges} == {
        (frozenset({"ann", "bob"}), STANDS),
        (frozenset({free, "dan"}), ""),
    }


@few
@given(problems(), st.integers(0, 9))
def test_alone_are_those_who_stand_and_a_repair_takes_nothing_from_what_they_reach(drawn: Problem, at: int) -> None:
    answer = engine.solve(drawn)
    if not answer.hostings:
        return
    refused = answer.hostings[at % len(answer.hostings)].leg
    told = standing(drawn, answer, [(refused.person_id, refused.offer_id)])
    before, after = engine.solve(alone(told)), engine.solve(told)
    assert places(before) == {one.person_id: (one.offer_id, one.week) for one in told.rules.fixed}
    assert all(one.proven and one.value == one.bound for one in before.criteria)
    assert [one.value for one in before.criteria] <= [one.value for one in after.criteria]


def test_a_visit_of_an_exchange_that_came_to_nothing_stands_by_itself() -> None:
    """Whoever shows it has their one visitor, and so nobody changes places with them as well."""
    fields = {"ann": "council", "bob": "vcse", "eve": "council"}
    round_ = exchange_round(*(showing(name, field, slot_places_in_all=1) for name, field in fields.items()))
    told = beside(round_, [Fixed("ann", "bob-shows", 1, STANDS)], [("bob", "ann-shows")])
    repaired = engine.solve(told)
    assert places(repaired) == {"ann": ("bob-shows", 1)}
    assert [one.fixed for one in repaired.hostings] == [STANDS]
    assert places(engine.solve(alone(told))) == places(repaired)
