"""The benchmark runs, and says what it measured; how long anything took is for whoever reads it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from partnerships.matching import engine
from tests.bench import instances, rivals
from tests.bench.matching import NEEDED, OURS, Row, Task, beside_networkx, line, main, measure, tasks


def test_the_small_table_has_a_row_of_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--small"]) == 0
    written = capsys.readouterr()
    rows = [row for row in written.out.splitlines() if row.startswith("| ")][1:]
    assert len(rows) == len(list(tasks(small=True)))
    assert all("proven" in row or "not installed" in row for row in rows)
    assert written.err.startswith("1 of ")


def test_the_table_is_kept_in_a_file_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--small", "--only", "swaps, mutual", "--to", str(tmp_path / "table.md")])
    assert (tmp_path / "table.md").read_text() == capsys.readouterr().out


def test_how_much_longer_networkx_takes_is_said() -> None:
    task = Task("swaps, mutual", 2_000, 2_000, "networkx")
    ours = {replace(task, method=OURS): Row(1, 0.5, 9, {"placed": 2})}
    slow, ended = Row(30, 20.0, 9, {"placed": 2}), Row(note="ended after 2 minutes")
    assert list(beside_networkx({task: slow, **ours})) == ["swaps, mutual, 2,000: networkx takes 30 times as long.\n"]
    assert list(beside_networkx({task: ended, **ours})) == [
        "swaps, mutual, 2,000: networkx takes more than 120 times as long.\n"
    ]
    assert list(beside_networkx({task: Row(note="not installed"), **ours})) == []


def test_every_size_of_the_issue_is_in_the_whole_table() -> None:
    ours = {(task.family, task.people) for task in tasks(small=False) if task.method == OURS}
    assert {("one way", people) for people in (1_000, 10_000, 50_000)} <= ours
    for family in ("mutual", "low reciprocity"):
        assert {(f"swaps, {family}", people) for people in (500, 1_000, 2_000, 5_000, 10_000)} <= ours
        assert {(f"rings of three, {family}", people) for people in (500, 1_000, 2_000, 5_000)} <= ours


def test_one_row_is_a_process_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--row", json.dumps({"family": "one way", "people": 40, "offers": 12, "method": OURS})])
    row = Row(**json.loads(capsys.readouterr().out))
    assert row.reached["placed"] > 0
    assert row.megabytes > 0


def test_a_row_says_what_it_could_not_do() -> None:
    task = Task("one way", 50_000, 10_000, "networkx")
    assert line(task, Row(note="ended after 2 minutes")).endswith("| ended after 2 minutes |")
    gap = Row(1.0, 0.5, 5, {"placed": 7, "fit": 900}, {"fit": 12})
    assert line(Task("swaps, mutual", 60, 60, OURS), gap) == (
        "| swaps, mutual | 60 | ours | 1.00 | 0.50 | 5 | 7 | fit 900 | fit within 12 |"
    )


def test_a_rival_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NEEDED, "networkx", "no_such_package")
    assert measure(Task("one way", 40, 12, "networkx")).note == "not installed"


def test_no_rival_places_more_than_ours() -> None:
    problem = instances.one_way(150, 30)
    ours = {result.name: result.value for result in engine.solve(problem).criteria}
    assert 0 < rivals.greedy(rivals.one_way(problem))["placed"] <= ours["placed"]


def test_rounds_are_the_same_for_the_same_seed_and_shaped_as_they_say() -> None:
    problem = instances.one_way(1_000, 200)
    assert engine.problem_to_json(problem) == engine.problem_to_json(instances.one_way(1_000, 200))
    assert engine.digest(problem) != engine.digest(instances.one_way(1_000, 200, seed=2))
    small = {one.id for one in problem.organisations if one.small}
    assert sum(slot.organisation_id in small for slot in problem.slots) == 40
    assert 300 <= sum(person.compulsory for person in problem.people) <= 400
    assert {week for slot in problem.slots for week in slot.places} == set(range(26))
    assert 15 <= len(rivals.one_way(problem).fits) / 1_000 <= 30
