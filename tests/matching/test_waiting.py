"""Listening for "stop" beside a solver that does not listen."""

import threading
import time

import pytest

from partnerships.matching import engine, program, swaps
from partnerships.matching.types import Organisation, Problem
from partnerships.matching.waiting import Report, Stop, Stopped, while_waiting

from .exchanges import exchange_round
from .worlds import person, problem, slot


def crossing_limits() -> Problem:
    people = tuple(person(f"p{i}", organisation_id=f"town{i % 2}") for i in range(9))
    towns = tuple(Organisation(f"town{i}", away_per_week=1) for i in range(2))
    return problem(people, tuple(slot(f"s{i}", places={1: 1, 2: 1}) for i in range(3)), organisations=towns)


def test_what_the_work_returns_comes_back_and_what_it_says_is_heard_by_whoever_waits() -> None:
    heard: list[tuple[str, bool]] = []
    waits = threading.get_ident()

    def work(report: Report, stop: Stop) -> int:
        assert threading.get_ident() != waits
        report("one")
        report("two")
        return 3

    told = while_waiting(work, lambda stage: heard.append((stage, threading.get_ident() == waits)), lambda: False)
    assert (told, heard) == (3, [("one", True), ("two", True)])


def test_what_the_work_raises_is_raised() -> None:
    def work(report: Report, stop: Stop) -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        while_waiting(work, lambda stage: None, lambda: False)


def test_stop_is_heard_while_the_work_goes_on_and_the_work_hears_it_too() -> None:
    heard = threading.Event()

    def work(report: Report, stop: Stop) -> None:
        while not stop():
            time.sleep(0.01)
        heard.set()

    with pytest.raises(Stopped):
        while_waiting(work, lambda stage: None, lambda: True)
    assert heard.wait(timeout=30)


def test_stop_within_the_integer_program_leaves_a_valid_answer_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver is held up until somebody has said stop."""
    said = threading.Event()
    solved = program.clear

    def slow(*args: object, **words: object) -> object:
        said.wait(timeout=30)
        return solved(*args, **words)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr("partnerships.matching.integer.clear", slow)
    stages: list[str] = []

    def stop() -> bool:
        if "fit" in stages:
            said.set()
        return said.is_set()

    answer = engine.solve(crossing_limits(), progress=stages.append, stop=stop)
    assert answer.stopped
    assert stages[-2:] == ["explain", "verify"]
    best = {result.name: result.value for result in engine.solve(crossing_limits()).criteria}
    assert all(result.bound >= best[result.name] for result in answer.criteria if result.name == "placed")
    assert {reason.code for reason in answer.reasons} <= {"placed", "not_reached"}


def test_stop_is_heard_while_rings_are_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three who could go round wait for a solver that is held up until somebody has said stop."""
    said = threading.Event()
    solved = swaps.best

    def slow(*args: object) -> object:
        said.wait(timeout=30)
        return solved(*args)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(swaps, "best", slow)
    stages: list[str] = []

    def stop() -> bool:
        said.set()
        return True

    answer = engine.solve(three_in_a_ring(), progress=stages.append, stop=stop)
    assert answer.stopped
    assert stages[-2:] == ["explain", "verify"]
    assert all(result.bound >= result.value for result in answer.criteria)


def three_in_a_ring() -> Problem:
    fields = ("health", "policing", "vcse")
    shown = [
        (
            person(f"p{at}", organisation_id=field, field=field),
            slot(f"s{at}", organisation_id=field, field=field, shown_by=f"p{at}"),
        )
        for at, field in enumerate(fields)
    ]
    crossings = frozenset({("health", "policing"), ("policing", "vcse"), ("vcse", "health")})
    return exchange_round(*shown, largest_exchange=3, crossings=crossings)
