"""Nobody is found in the published figures of a round: every round of a size is tried, as by somebody who knows how
the figures are made and calculates backwards from all that is shown.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any, cast

import pytest

from secondments.matches import results
from secondments.matches.few import may_show
from secondments.matches.figures import Figures
from secondments.matches.results import Results, results_of
from secondments.matches.since import Became
from secondments.models import MatchRun

LEAST = 3
"""Lower than ours, so that every round with a few people more than that can be tried."""

PUBLISHED = ["placed", "compulsory", "hosts", "fit"]

World = dict[str, int]
"""What is so: every number about people, by name."""


def shared_out(people: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to put so many people into so many cells."""
    if cells == 1:
        yield (people,)
        return
    for first in range(people + 1):
        yield from ((first, *rest) for rest in shared_out(people - first, cells - 1))


def run_of(**figures: Any) -> MatchRun:
    placed = sum(placed for _name, _joined, placed in figures["sector"])
    joined = sum(joined for _name, joined, _placed in figures["sector"])
    every = [["only", joined, placed]]
    told = Figures(
        joined=joined,
        placed=placed,
        hosts=placed,
        sector=figures["sector"],
        size=figures.get("size", every),
        access=figures.get("access", every),
        duty=figures.get("duty", every),
        causes=figures.get("causes", [("no_host", joined - placed)] if joined > placed else []),
        envious=figures.get("envious", 0),
        envy=figures.get("envious", 0) * 2,
        blocking=0,
        points=1000,
        problem="",
        answer="",
    )
    compulsory = next((placed for name, _joined, placed in told["duty"] if name == "compulsory"), 0)
    reached = {"placed": placed, "compulsory": compulsory, "hosts": 12 * placed, "fit": 700 * placed}
    run = MatchRun(seed=7, engine_version="1", uuid="00000000-0000-0000-0000-000000000000")
    run.figures = cast(dict[str, Any], told)
    run.criteria = [{"name": name, "value": value, "proven": True, "bound": value} for name, value in reached.items()]
    return run


def shown(run: MatchRun, **others: int) -> Results:
    said = {"left_out": 0, "fell_through": 0, "by_hand": 0} | others
    became: Became | None = getattr(run, "became", None)
    if became is not None:
        said |= {"left_out": became.left_out, "fell_through": became.fell_through}
    found = results_of(run, published=PUBLISHED, least=LEAST, **said)
    assert found is not None
    if became is not None:
        found["since"] = became.told(date(2027, 2, 1), least=LEAST)
    return found


def three_sectors(people: int) -> Iterator[tuple[World, MatchRun]]:
    """How many of each of three sectors have a place and have not."""
    for cells in shared_out(people, 6):
        world = dict(zip(product("abc", ("placed", "without")), cells, strict=True))
        rows = [
            [name, world[name, "placed"] + world[name, "without"], world[name, "placed"]]
            for name in "abc"
            if world[name, "placed"] + world[name, "without"]
        ]
        yield _with_sums(world), run_of(sector=rows)


def sectors_and_duty(people: int) -> Iterator[tuple[World, MatchRun]]:
    """Two tables of the same people, and a criterion that counts some of them."""
    for cells in shared_out(people, 8):
        world = dict(zip(product("ab", ("compulsory", "willing"), ("placed", "without")), cells, strict=True))
        tables: dict[str, list[list[Any]]] = {}
        sums: dict[Any, int] = {}
        for table, at, names in (("sector", 0, "ab"), ("duty", 1, ("compulsory", "willing"))):
            for name in names:
                placed, without = (
                    sum(count for key, count in world.items() if key[at] == name and key[2] == side)
                    for side in ("placed", "without")
                )
                sums |= {(name, "placed"): placed, (name, "without"): without}
                if placed + without:
                    tables.setdefault(table, []).append([name, placed + without, placed])
        yield _with_sums(sums, twice=True), run_of(**tables)


def causes(people: int) -> Iterator[tuple[World, MatchRun]]:
    for placed, *parts in shared_out(people, 4):
        without = sum(parts)
        rows = [["a", people, placed]]
        named = dict(zip(("full", "lot", "no_host"), parts, strict=True))
        told = sorted(((name, count) for name, count in named.items() if count), key=lambda one: (-one[1], one[0]))
        yield {"placed": placed, "without": without, **named}, run_of(sector=rows, causes=told)


def envy(people: int) -> Iterator[tuple[World, MatchRun]]:
    for placed, envious in product(range(people + 1), repeat=2):
        rows = [["a", people, placed]]
        world = {"placed": placed, "envious": envious, "content": people - envious}
        yield world, run_of(sector=rows, envious=envious)


def afterwards(people: int) -> Iterator[tuple[World, MatchRun]]:
    """What became of it: who goes, whose days were taken, who goes nowhere after being asked, who had no place and who
    could not be matched, and how many of all these found something later. How few joined, if few did, nobody knows."""
    sizes = range(1, LEAST) if people < LEAST else [people]
    for joined, left_out in product(sizes, range(2 * LEAST)):
        for stand, fell_through, gone, without in shared_out(joined, 4):
            placed = joined - without
            for later in range(joined - stand + left_out + 1):
                settled = stand + later
                world = {
                    "placed": placed,
                    "without": without,
                    "left out": left_out,
                    "fell through": fell_through,
                    "gone after asking": gone,
                    "gone": fell_through + gone,
                    "stand": stand,
                    "later": later,
                    "settled": settled,
                    "left": joined - settled,
                    "left of all": joined + left_out - settled,
                }
                run = run_of(sector=[["a", joined, placed]])
                run.became = Became(  # type: ignore[attr-defined]  # beside it, for `shown`
                    joined, placed, fell_through=fell_through, left_out=left_out, stand=stand, later=later
                )
                yield world, run


def _with_sums(cells: Mapping[Any, int], *, twice: bool = False) -> World:
    world = {" ".join(key): count for key, count in cells.items()}
    for side in ("placed", "without"):
        world[side] = sum(count for key, count in cells.items() if key[-1] == side) // (2 if twice else 1)
    for name in {key[0] for key in cells}:
        world[f"{name} joined"] = sum(count for key, count in cells.items() if key[0] == name)
    return world


FAMILIES = [
    (three_sectors, range(1, 12)),
    (sectors_and_duty, range(1, 10)),
    (causes, range(1, 15)),
    (envy, range(1, 12)),
    (afterwards, range(LEAST - 1, 10)),
]


def found_out(worlds: Iterator[tuple[World, MatchRun]]) -> list[str]:
    """Numbers of one person or two that only one world with these figures has: they can be worked out."""
    alike: dict[str, list[World]] = defaultdict(list)
    for world, run in worlds:
        alike[json.dumps(shown(run), sort_keys=True)].append(world)
    return [
        f"{name} is {some[0][name]}: {figures}"
        for figures, some in alike.items()
        for name in some[0]
        if len({world[name] for world in some}) == 1 and 0 < some[0][name] < LEAST
    ]


@pytest.mark.parametrize(("family", "sizes"), FAMILIES, ids=lambda given: getattr(given, "__name__", ""))
def test_no_number_of_a_few_people_can_be_worked_out(family: Any, sizes: range) -> None:
    assert [found for people in sizes for found in found_out(family(people))] == []


@pytest.mark.parametrize("family", [three_sectors, sectors_and_duty, causes])
def test_leaving_small_numbers_out_alone_would_not_do(family: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the totals and the other parts of a table give away the one that was left out."""
    monkeypatch.setattr(
        results,
        "together",
        lambda rows, least: [([name], tuple(counts)) for name, counts in rows if may_show(*counts, least=least)],
    )
    assert found_out(family(8))


def test_showing_the_whole_beside_its_part_would_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other control: who has a place is shown, and who has not is not."""
    monkeypatch.setattr(results, "may_show", lambda *counts, least: may_show(counts[0], least=least))
    assert found_out(three_sectors(7))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("_may_tell_stand", lambda became, least: may_show(became.stand, became.gone, least=least)),
        ("_may_tell_later", lambda became, least: may_show(became.later, least=least)),
    ],
    ids=["stand", "later"],
)
def test_what_became_of_it_tells_too_much_where_only_its_own_numbers_are_many(
    asked: str, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The controls: taken from what was published, they give away who fell through, or who is left."""
    monkeypatch.setattr(Became, asked, answer)
    assert found_out(afterwards(9))


def test_groups_of_enough_people_are_shown_as_they_are() -> None:
    found = shown(run_of(sector=[["public", 9, 5], ["vcse", 7, 4]], duty=[["compulsory", 8, 4], ["willing", 8, 5]]))
    assert (found["joined"], found["placed"], found["without"]) == (16, 9, 7)
    assert found["tables"]["sector"] == [
        {"names": ["public"], "joined": 9, "placed": 5},
        {"names": ["vcse"], "joined": 7, "placed": 4},
    ]
    assert [(one["name"], one["value"], one["average"]) for one in found["criteria"]] == [
        ("placed", 9, None),
        ("compulsory", 4, None),
        ("hosts", 108, None),
        ("fit", None, 700),
    ]


def test_one_without_a_place_is_neither_counted_nor_left_to_be_counted() -> None:
    found = shown(run_of(sector=[["public", 9, 9], ["vcse", 7, 6]]))
    assert (found["joined"], found["placed"], found["without"], found["few"]) == (16, None, None, "without")
    assert [row["placed"] for row in found["tables"]["sector"]] == [None, None]
    assert found["causes"] == []
    assert [one["value"] for one in found["criteria"]] == [None] * 4
    assert found["hosts"] is None


def test_everybody_with_a_place_is_said() -> None:
    found = shown(run_of(sector=[["public", 9, 9], ["vcse", 7, 7]]))
    assert (found["placed"], found["without"], found["few"]) == (16, 0, "")


def test_a_round_of_too_few_shows_nothing_about_people() -> None:
    found = shown(run_of(sector=[["public", 2, 2]]), fell_through=1, by_hand=2, left_out=0)
    assert (found["joined"], found["placed"], found["tables"], found["few"]) == (None, None, {}, "")
    assert (found["fell_through"], found["by_hand"], found["left_out"]) == (None, None, 0)


def test_a_run_of_before_there_were_figures_shows_none() -> None:
    assert results_of(MatchRun(), published=[], left_out=0, fell_through=0, by_hand=0) is None
