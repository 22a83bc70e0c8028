"""Whom the independent check asks about: nobody is lost that a rule leaves, and of a round of towns few are asked."""

from __future__ import annotations

import dataclasses

from hypothesis import HealthCheck, given, settings

from partnerships.matching.types import Point, Problem
from partnerships.matching.verify_near import Near
from partnerships.matching.verify_visits import barred
from tests.bench import instances

from .exchanges import exchange_problems
from .worlds import person, problem, problems, slot

few = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def lost(one: Problem) -> list[tuple[str, str]]:
    """Pairs that no rule bars, and of which only somebody on one side would have been asked."""
    near = Near(one)
    asked = {(who.id, offer.id) for who in one.people for offer in near.slots(who)}
    coming = {(who.id, offer.id) for offer in one.slots for who in near.people(offer)}
    could = {(who.id, offer.id) for who in one.people for offer in one.slots if not barred(one, who, offer)}
    return sorted((could - asked) | (could - coming))


@few
@given(problems())
def test_no_visit_is_lost(one: Problem) -> None:
    assert not lost(one)


@few
@given(exchange_problems())
def test_no_visit_in_exchange_is_lost(one: Problem) -> None:
    assert not lost(one)


def test_towns_and_lists_leave_few_to_ask_about() -> None:
    for one in (instances.one_way(300, 300), instances.swaps(300, mutual=True), instances.swaps(300, mutual=False)):
        near = Near(one)
        assert not lost(one)
        assert sum(len(list(near.slots(who))) for who in one.people) < len(one.people) * len(one.slots) / 2


def test_what_has_no_place_or_is_remote_is_near_everybody() -> None:
    here, far = Point(0, 0), Point(900_000, 0)
    people = (
        person("bound", point=here, max_km=10),
        person("remote", point=here, max_km=10, remote_ok=True),
        person("placeless", max_km=10),
        person("far goer", point=here),
    )
    slots = (slot("far", point=far), slot("anywhere", point=far, remote=True), slot("unknown"))
    near = Near(problem(people, slots))
    assert {who.id: {one.id for one in near.slots(who)} for who in people} == {
        "bound": {"anywhere", "unknown"},
        "remote": {"anywhere", "unknown"},
        "placeless": {"far", "anywhere", "unknown"},
        "far goer": {"far", "anywhere", "unknown"},
    }


def test_the_programme_bounds_those_who_would_go_anywhere() -> None:
    one = problem((person("ann", point=Point(0, 0)),), (slot("far", point=Point(0, 60_000)),))
    assert [offer.id for offer in Near(one).slots(one.people[0])] == ["far"]
    one = dataclasses.replace(one, rules=dataclasses.replace(one.rules, max_km=59))
    assert not list(Near(one).slots(one.people[0]))
