"""Causes are found a block of people at a time, near offers first, two blocks at once; none of this changes any."""

import pytest

from partnerships.matching import at_once, causes, engine
from partnerships.matching.types import Point, Reason, Relaxation
from tests.bench import instances

from .worlds import person, problem, slot


def reasons(seed: int) -> tuple[Reason, ...]:
    return engine.solve(instances.one_way(240, 30, seed=seed)).reasons


@pytest.mark.parametrize("seed", range(6))
def test_neither_blocks_nor_threads_nor_how_far_is_asked_first_changes_a_cause(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = reasons(seed)
    assert sum(bool(reason.relaxations) for reason in plain) > 10
    monkeypatch.setattr(causes, "_TOGETHER", 90)
    assert reasons(seed) == plain, "three people at a time, in two threads"
    for further in (0, 5_000, 1 << 31):
        monkeypatch.setattr(causes, "_FURTHER_M", further)
        assert reasons(seed) == plain


def further(free_at_m: int, **rules: int) -> Relaxation:
    """Ann goes 10 km. Ten kilometres more would do, if bob were not there; a free host is farther away."""
    hosts = (slot("taken", point=Point(20_000, 0)), slot("free", point=Point(free_at_m, 0), field="council"))
    people = (
        person(point=Point(0, 0), max_km=10, field="health"),
        person("bob", point=Point(20_000, 0), max_km=1),
    )
    crossings = frozenset({("council", "vcse"), ("health", "vcse"), ("health", "council")})
    answer = engine.solve(problem(people, hosts, crossings=crossings, **rules))
    (ann,) = [reason for reason in answer.reasons if reason.person_id == "ann"]
    assert ann.code == "no_host"
    (change,) = [change for change in ann.relaxations if change.change == "km"]
    return change


@pytest.mark.parametrize(("metres", "amount"), [(59_999, 50), (60_000, 50), (60_001, 51), (400_000, 390)])
def test_a_free_host_is_found_however_far_away(metres: int, amount: int) -> None:
    assert further(metres) == Relaxation("km", hosts=2, free=1, amount=amount)


def test_farther_than_the_programme_goes_helps_nobody() -> None:
    assert further(60_001, max_km=60) == Relaxation("km", hosts=1, free=0, amount=10)
    assert further(60_000, max_km=60) == Relaxation("km", hosts=2, free=1, amount=50)


def test_what_goes_wrong_beside_something_else_is_raised() -> None:
    def work(part: int) -> int:
        return 6 // part

    assert list(at_once.side_by_side(work, [1, 2, 3])) == [6, 3, 2]
    with pytest.raises(ZeroDivisionError):
        list(at_once.side_by_side(work, [1, 0, 3]))
