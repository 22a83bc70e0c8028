"""What everybody may read of a published round: what was reached, for whom, and how anybody can check it.

It is worked out once, when people are told, and stored like this: what a page shows is all there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict, cast

from partnerships.matching.types import COMPULSORY, FIT, HOSTS, KEPT, PLACED
from secondments.matches import few
from secondments.matches.few import Row, may_show, together
from secondments.matches.figures import Counts, Figures
from secondments.models import MatchRun

TABLES = ("sector", "size", "access", "duty")


class Group(TypedDict):
    """Some of the people, by one name or several, and how many of them have a place where that may be said."""

    names: list[str]
    joined: int
    placed: int | None


class Cause(TypedDict):
    names: list[str]
    people: int


class Criterion(TypedDict):
    """`value` and `bound` are left out (None) where they would be about few people; `average`: of each visit."""

    name: str
    value: int | None
    bound: int | None
    average: int | None
    proven: bool


class Results(TypedDict):
    """A number that is left out is None. `few`: which side is too few to be told, if one is: "placed" or "without" a
    place, or "either" where even that would tell too much.

    `left_out`: people who could not be matched because nobody had said that they work where they say; `fell_through`:
    visits whose days were taken before they could be asked for; `by_hand`: matches that a broker set or ruled out.
    """

    joined: int | None
    placed: int | None
    without: int | None
    few: str
    left_out: int | None
    fell_through: int | None
    by_hand: int | None
    hosts: int | None
    tables: dict[str, list[Group]]
    causes: list[Cause]
    criteria: list[Criterion]
    envious: int | None
    envy: int | None
    blocking: int | None
    points: int
    as_published: bool
    stopped_early: bool
    run: str
    seed: int
    engine: str
    problem: str
    answer: str


def results_of(
    run: MatchRun, *, published: Sequence[str], left_out: int, fell_through: int, by_hand: int
) -> Results | None:
    """The figures of a run without those in which somebody could be found. None where the run has no figures.

    `published`: the criteria as they stood when people joined.
    """
    if not run.figures:
        return None
    figures = cast(Figures, run.figures)
    joined, placed = figures["joined"], figures["placed"]
    enough = may_show(joined)
    split = enough and may_show(placed, joined - placed)
    few_of = _few(joined, placed) if enough and not split else ""
    tables = {name: _groups(_rows(figures, name), split=split) for name in TABLES} if enough else {}
    envious = enough and may_show(figures["envious"], joined - figures["envious"])
    return Results(
        joined=_if(enough, joined),
        placed=_if(split, placed),
        without=_if(split, joined - placed),
        few=few_of,
        left_out=_if(may_show(left_out), left_out),
        fell_through=_if(may_show(fell_through), fell_through),
        by_hand=_if(may_show(by_hand), by_hand),
        hosts=_if(split, figures["hosts"]),
        tables=tables,
        causes=_causes(figures) if split else [],
        criteria=[_criterion(one, figures, tables, split=split, few_of=few_of) for one in run.criteria],
        envious=_if(envious, figures["envious"]),
        envy=_if(envious, figures["envy"]),
        blocking=_if(enough and may_show(figures["blocking"]), figures["blocking"]),
        points=figures["points"],
        as_published=[one["name"] for one in run.criteria if one["name"] != KEPT]
        == [name for name in published if name != KEPT],
        stopped_early=run.stopped_early,
        run=str(run.uuid),
        seed=run.seed,
        engine=run.engine_version,
        problem=figures["problem"],
        answer=figures["answer"],
    )


def _few(joined: int, placed: int) -> str:
    if joined < 2 * few.LEAST:
        return "either"
    return "without" if may_show(placed) else "placed"


def _if(may: bool, number: int) -> int | None:
    return number if may else None


def _rows(figures: Figures, name: str) -> Counts:
    return cast(Counts, figures[name])  # type: ignore[literal-required]  # one of TABLES


def _groups(rows: Counts, *, split: bool) -> list[Group]:
    """A table whose parts add up to the totals; without the split of those, of who joined alone."""
    if not split:
        return [Group(names=names, joined=counts[0], placed=None) for names, counts in _joined(rows)]
    parted = together((name, (placed, joined - placed)) for name, joined, placed in rows)
    return [Group(names=names, joined=sum(counts), placed=counts[0]) for names, counts in parted]


def _joined(rows: Counts) -> list[Row]:
    return together((name, (joined,)) for name, joined, _placed in rows)


def _causes(figures: Figures) -> list[Cause]:
    """In the order of their names: one by size would say which of two that are put together is the larger."""
    rows: Iterable[tuple[str, tuple[int, ...]]] = ((name, (people,)) for name, people in sorted(figures["causes"]))
    return [Cause(names=names, people=counts[0]) for names, counts in together(rows)]


def _criterion(
    one: Mapping[str, Any], figures: Figures, tables: Mapping[str, list[Group]], *, split: bool, few_of: str
) -> Criterion:
    """Its value, where that is no way round to a number that is left out."""
    name, value, placed = one["name"], one["value"], figures["placed"]
    shown = {
        PLACED: split,
        HOSTS: split,
        COMPULSORY: split and any(group["names"] == [COMPULSORY] for group in tables["duty"]),
        KEPT: split and may_show(value, placed - value),
        # Of the sum and the average one could work out the number of people.
        FIT: False,
    }[name]
    many = split or few_of == "without"
    average = round(value / placed) if name == FIT and placed and many else None
    return Criterion(
        name=name, value=_if(shown, value), bound=_if(shown, one["bound"]), average=average, proven=one["proven"]
    )
