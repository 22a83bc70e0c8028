"""Blocking loses nothing: every pair that the rules allow is found, and no other, and rows add up."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from partnerships.matching import candidates, rules, score
from partnerships.matching.arrays import unpack
from partnerships.matching.tables import build
from partnerships.matching.types import PARTS, Point, Problem, Weights

from . import worlds
from .worlds import person, problem, slot

few = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def found_pairs(given_problem: Problem) -> dict[tuple[str, str], list[int]]:
    tables = build(given_problem)
    pairs = candidates.find(rules.Examiner(tables))
    open_weeks = [tables.weeks[flags].tolist() for flags in unpack(pairs.weeks, len(tables.weeks))]
    return {
        (tables.people[p].id, tables.slots[s].id): weeks
        for p, s, weeks in zip(pairs.person.tolist(), pairs.slot.tolist(), open_weeks, strict=True)
    }


@few
@given(worlds.problems())
def test_every_feasible_pair_is_found_and_no_other(drawn: Problem) -> None:
    fixed = {one.person_id for one in drawn.rules.fixed}
    expected = {
        (who.id, where.id): weeks
        for who in drawn.people
        if who.id not in fixed
        for where in drawn.slots
        if (weeks := worlds.open_weeks(drawn, who.id, where.id))
    }
    assert found_pairs(drawn) == expected


@few
@given(worlds.problems())
def test_a_pair_has_a_refusal_exactly_when_it_is_not_found(drawn: Problem) -> None:
    found = found_pairs(drawn)
    fixed = {one.person_id for one in drawn.rules.fixed}
    for who in drawn.people:
        for where in drawn.slots:
            if who.id not in fixed:
                assert bool(rules.refusals(drawn, who.id, where.id)) == ((who.id, where.id) not in found)


def test_blocking_by_place_loses_nothing_where_there_are_many_blocks() -> None:
    draw = random.Random(4)  # noqa: S311 - a seeded instance, not a secret

    def somewhere() -> Point | None:
        return Point(draw.randrange(200_000), draw.randrange(200_000)) if draw.random() < 0.9 else None

    people = tuple(
        person(f"p{i}", point=somewhere(), max_km=draw.choice((None, 5, 20, 60)), remote_ok=draw.random() < 0.2)
        for i in range(600)
    )
    slots = tuple(slot(f"s{i}", point=somewhere(), remote=draw.random() < 0.2) for i in range(80))
    many = problem(people, slots)
    tables = build(many)
    examiner = rules.Examiner(tables)
    every_person = np.repeat(np.arange(len(people)), len(slots))
    every_slot = np.tile(np.arange(len(slots)), len(people))
    refused = np.any(list(examiner.refused(every_person, every_slot).values()), axis=0)
    expected = {
        (tables.people[p].id, tables.slots[s].id)
        for p, s in zip(every_person[~refused].tolist(), every_slot[~refused].tolist(), strict=True)
    }
    assert 0 < len(expected) < refused.size
    assert set(found_pairs(many)) == expected


@few
@given(worlds.problems())
def test_the_parts_of_a_fit_add_up_to_it_and_none_gives_more_than_it_can(drawn: Problem) -> None:
    examiner = rules.Examiner(build(drawn))
    pairs = candidates.find(examiner)
    scores = score.score(examiner, pairs)
    for row in range(len(pairs)):
        (named,) = scores.named(np.array([row]))
        assert [part.name for part in named] == list(PARTS)
        assert sum(part.points for part in named) == scores.total[row]
        assert all(0 <= part.points <= part.out_of for part in named)


def test_each_part_says_what_it_says() -> None:
    wanting = person(
        wants=frozenset({"rotas", "fundraising"}),
        point=Point(0, 0),
        max_km=40,
        preferences=("elsewhere", "foodbank"),
        met=frozenset({"foodbank"}),
    )
    host = slot(places={1: 1, 2: 1}, tags=frozenset({"rotas"}), point=Point(10_000, 0), asked_for=frozenset({"ann"}))
    examiner = rules.Examiner(build(problem((wanting,), (host,), weights=Weights(*([100] * 8)))))
    (named,) = score.score(examiner, candidates.find(examiner)).named(np.array([0]))
    points = {part.name: part.points for part in named}
    assert points == {
        "learn": 50,  # one of two
        "place": 75,  # 10 of 40 km used
        "dates": 50,  # two weeks of four
        "mode": 100,
        "size": 0,
        "preference": 50,  # second of two
        "new": 0,
        "asked": 100,
    }


def test_many_words_do_not_run_into_each_other() -> None:
    """More than 64 tags need a second word of bits."""
    words = [f"tag{i:03}" for i in range(130)]
    people = tuple(person(f"for {word}", access_needs=frozenset({word})) for word in words)
    hosts = tuple(slot(word, access=frozenset({word})) for word in words)
    assert set(found_pairs(problem(people, hosts))) == {(f"for {word}", word) for word in words}


@pytest.mark.parametrize("east", [-50_000, 50_000])
def test_a_host_just_within_reach_is_found_at_either_edge_of_the_strip(east: int) -> None:
    near = slot(point=Point(east, 0))
    assert found_pairs(problem((person(point=Point(0, 0), max_km=50),), (near,)))
    assert not found_pairs(problem((person(point=Point(0, 1), max_km=50),), (near,)))
