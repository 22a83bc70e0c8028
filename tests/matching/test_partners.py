"""Whom somebody could change places or go round with: against the rings that the engine itself finds."""

import numpy as np
from hypothesis import HealthCheck, given, settings

from partnerships.matching import candidates, rings
from partnerships.matching.arrays import unpack
from partnerships.matching.partners import around, partners, ways_round
from partnerships.matching.rules import Examiner
from partnerships.matching.tables import build
from partnerships.matching.types import Problem

from .exchanges import exchange_problems, exchange_round, showing

few = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
Way = tuple[str, ...]
Weeks = tuple[tuple[int, ...], ...]


def found_by_the_engine(problem: Problem) -> dict[Way, Weeks]:
    """Every exchange of two or three, from each of its people on, and when each of them could go to the next."""
    examiner = Examiner(build(problem))
    tables, showing_ = examiner.tables, examiner.showing
    pairs = candidates.find(examiner)
    arcs = np.flatnonzero(showing_.in_exchange(pairs.person, pairs.slot))
    tail, head = pairs.person[arcs], showing_.shower[pairs.slot[arcs]]
    weeks = [tuple(tables.weeks[flags].tolist()) for flags in unpack(pairs.weeks[:, arcs], len(tables.weeks))]
    found = {}
    for ring in rings.find(tail, head, len(tables.people), problem.rules.largest_exchange).arcs.tolist():
        ways = [arc for arc in ring if arc >= 0]
        if problem.rules.apart and not _can_fall_apart([weeks[arc] for arc in ways]):
            continue
        for turn in range(len(ways)):
            turned = ways[turn:] + ways[:turn]
            people = tuple(tables.people[tail[arc]].id for arc in turned)
            found[people] = tuple(weeks[arc] for arc in turned)
    return found


def _can_fall_apart(weeks: list[tuple[int, ...]]) -> bool:
    if not weeks:
        return True
    first, *others = weeks
    return any(_can_fall_apart([tuple(set(other) - {week}) for other in others]) for week in first)


@few
@given(exchange_problems())
def test_all_are_found_and_nobody_else(problem: Problem) -> None:
    expected = found_by_the_engine(problem)
    for person in problem.people:
        twos = {(person.id, one.person_id): (one.there.weeks, one.back.weeks) for one in partners(problem, person.id)}
        assert twos == {who: weeks for who, weeks in expected.items() if len(who) == 2 and who[0] == person.id}
        if problem.rules.largest_exchange == 3:
            threes = {ring.people: tuple(way.weeks for way in ring.ways) for ring in around(problem, person.id).best}
            assert threes == {who: weeks for who, weeks in expected.items() if len(who) == 3 and who[0] == person.id}


@few
@given(exchange_problems())
def test_the_way_of_each_is_that_of_the_ring(problem: Problem) -> None:
    expected = found_by_the_engine(problem)
    names = [person.id for person in problem.people]
    for people in ([one, other, third] for one in names for other in names for third in names):
        if problem.rules.largest_exchange == 3:
            assert tuple(way.weeks for way in ways_round(problem, people)) == expected.get(tuple(people), ())


def test_the_best_three_come_first_and_others_can_be_chosen() -> None:
    ada = showing("ada", "council")
    bea, bob = showing("bea", "charity"), showing("bob", "charity", slot_places={1: 1})
    cy, cleo = showing("cy", "hospital"), showing("cleo", "hospital")
    crossings = frozenset({("council", "charity"), ("charity", "hospital"), ("hospital", "council")})
    problem = exchange_round(ada, bea, bob, cy, cleo, largest_exchange=3, crossings=crossings)
    found = around(problem, "ada")
    assert (set(found.to), set(found.back)) == ({"bea", "bob"}, {"cy", "cleo"})
    assert [ring.people[1] for ring in found.best] == ["bea", "bea", "bob", "bob"]
    assert [ring.people for ring in around(problem, "ada", to="bob", back="cleo").best] == [("ada", "bob", "cleo")]
    assert around(problem, "ada", to="cy").best == ()
    assert len(around(problem, "ada", most=1).best) == 1
