"""`make bench-matching`: how long our matching takes and what it reaches, beside others, on rounds made from a seed.

Each row is a process of its own, so that its peak of memory is its own too. Ours is timed from the problem to the
checked answer: reach, scores, solving, reasons and verification. The others get pairs and scores ready made. Each
solves a tiny round first, untimed, as a worker has that matched before; of what takes less than a second the middle one
of three is told.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path

from partnerships.matching import engine
from partnerships.matching.types import Problem
from tests.bench import instances, rivals

OURS = "ours"
NEEDED = {"networkx": "networkx", "deferred acceptance": "matching.games"}
ENDED = "ended"
PATIENCE_S = 120
"""A rival that takes longer is ended, and the row says so; ours may take five times as long."""

QUICK_S = 1
"""Below this, one solution says more of the machine's moment than of the method."""


@dataclass(frozen=True, slots=True)
class Task:
    """One row: a family of rounds, its size, and who solves it."""

    family: str
    people: int
    offers: int
    method: str

    def problem(self) -> Problem:
        """The round itself."""
        if self.family == "one way":
            return instances.one_way(self.people, self.offers)
        if self.family == "one way, limits":
            return instances.one_way(self.people, self.offers, limited=0.4)
        size = 3 if "rings" in self.family else 2
        return instances.swaps(self.people, mutual="mutual" in self.family, largest=size)


@dataclass(frozen=True, slots=True)
class Row:
    """What came of it. `worked`: seconds of processor time, for machines that have other work besides; `gaps`: criteria
    that were not proven, with the distance to their bound.
    """

    seconds: float = 0.0
    worked: float = 0.0
    megabytes: int = 0
    reached: dict[str, int] = field(default_factory=dict)
    gaps: dict[str, int] = field(default_factory=dict)
    note: str = ""


def tasks(*, small: bool) -> Iterator[Task]:
    """Every row of the table, and in the small one a little of each kind."""
    visits = [(200, 40)] if small else [(1_000, 200), (2_000, 400), (10_000, 2_000), (50_000, 10_000)]
    for people, offers in visits:
        yield Task("one way", people, offers, OURS)
        yield Task("one way", people, offers, "greedy")
        if people <= 10_000:
            yield Task("one way", people, offers, "deferred acceptance")
        if people <= 2_000:
            yield Task("one way", people, offers, "networkx")
        if people <= 10_000:
            yield Task("one way, limits", people, offers, OURS)
    for family in ("mutual", "low reciprocity"):
        for people in [60] if small else [500, 1_000, 2_000, 5_000, 10_000]:
            yield Task(f"swaps, {family}", people, people, OURS)
            yield Task(f"swaps, {family}", people, people, "greedy")
            if people <= 2_000:
                yield Task(f"swaps, {family}", people, people, "networkx")
        for people in [30] if small else [500, 1_000, 2_000, 5_000]:
            yield Task(f"rings of three, {family}", people, people, OURS)


def measure(task: Task) -> Row:
    """Solve one row here and now."""
    if task.method in NEEDED and not find_spec(NEEDED[task.method].split(".")[0]):
        return Row(note="not installed")
    _solved(replace(task, people=20, offers=20))
    row = _solved(task)
    return row if row.seconds > QUICK_S else sorted((row, _solved(task), _solved(task)), key=attrgetter("seconds"))[1]


def _solved(task: Task) -> Row:
    problem = task.problem()
    if task.method == OURS:
        begun, worked = time.perf_counter(), time.process_time()
        answer = engine.solve(problem)
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
        gaps = {one.name: one.bound - one.value for one in answer.criteria if not one.proven}
        return Row(seconds, worked, _peak(), {one.name: one.value for one in answer.criteria}, gaps)
    ready = rivals.one_way(problem) if task.family == "one way" else rivals.swaps(problem)
    begun, worked = time.perf_counter(), time.process_time()
    try:
        reached = rivals.METHODS[task.method](ready)
    except RecursionError:
        return Row(note="broke off: recursion too deep")
    return Row(time.perf_counter() - begun, time.process_time() - worked, _peak(), reached, note="not proven")


def _peak() -> int:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes // (1 << 20 if platform.system() == "Darwin" else 1 << 10)


def in_a_process(task: Task) -> Row:
    """The same in a process of its own, ended when patience is."""
    patience = PATIENCE_S * (5 if task.method == OURS else 1)
    command = [sys.executable, "-m", "tests.bench.matching", "--row", json.dumps(asdict(task))]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=False)
    except subprocess.TimeoutExpired:
        return Row(note=f"{ENDED} after {patience // 60} minutes")
    if done.returncode:
        return Row(note=f"failed: {done.stderr.strip().splitlines()[-1]}")
    return Row(**json.loads(done.stdout))


def line(task: Task, row: Row) -> str:
    """One row of the table in Markdown."""
    size = f"{task.people:,} × {task.offers:,}" if task.family.startswith("one way") else f"{task.people:,}"
    head = f"| {task.family} | {size} | {task.method} "
    if not row.reached:
        return f"{head}| | | | | | {row.note} |"
    placed = row.reached["placed"]
    others = ", ".join(f"{name} {value:,}" for name, value in row.reached.items() if name not in ("placed", "kept"))
    gaps = ", ".join(f"{name} within {gap:,}" for name, gap in row.gaps.items())
    measured = f"{row.seconds:.2f} | {row.worked:.2f} | {row.megabytes}"
    return f"{head}| {measured} | {placed:,} | {others} | {row.note or gaps or 'proven'} |"


def main(arguments: Sequence[str]) -> int:
    """The table on standard output, progress on standard error."""
    parser = argparse.ArgumentParser(prog="bench-matching", description=__doc__)
    parser.add_argument("--small", action="store_true", help="a little of each kind, in this process, in seconds")
    parser.add_argument("--only", default="", help="rows whose family begins so")
    parser.add_argument("--to", type=Path, help="a file in which the table is kept as well")
    parser.add_argument("--row", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.row:
        sys.stdout.write(json.dumps(asdict(measure(Task(**json.loads(options.row))))))
        return 0
    wanted = [task for task in tasks(small=options.small) if task.family.startswith(options.only)]
    kept: list[str] = []

    def write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
        kept.append(text)
        if options.to:
            options.to.write_text("".join(kept))

    write(f"{datetime.now(UTC):%-d %B %Y}, {os.cpu_count()} cores, engine {engine.ENGINE_VERSION}\n\n")
    write("| round | size | method | seconds | of processor | peak MB | placed | other criteria | proof |\n")
    write("|---|---:|---|---:|---:|---:|---:|---|---|\n")
    rows: dict[Task, Row] = {}
    for at, task in enumerate(wanted, 1):
        sys.stderr.write(f"{at} of {len(wanted)}: {task.family}, {task.people:,} people, {task.method}\n")
        rows[task] = measure(task) if options.small else in_a_process(task)
        write(line(task, rows[task]) + "\n")
    write("".join(f"\n{said}" for said in beside_networkx(rows)))
    return 0


def beside_networkx(rows: Mapping[Task, Row]) -> Iterator[str]:
    """How many times as long networkx takes for the same round; where it was ended, at least so many."""
    for task, row in rows.items():
        ours = rows.get(replace(task, method=OURS))
        if (
            task.method == "networkx"
            and ours is not None
            and ours.seconds
            and (row.seconds or row.note.startswith(ENDED))
        ):
            least = "" if row.seconds else "more than "
            times = (row.seconds or PATIENCE_S) / ours.seconds
            yield f"{task.family}, {task.people:,}: networkx takes {least}{times:,.0f} times as long.\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
