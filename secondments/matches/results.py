"""What everybody may read of a published round: what was reached, for whom, and how anybody can check it.

It is worked out once, when people are told, and stored like this: what a page shows is all there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NotRequired, TypedDict, cast

from partnerships.matching.types import COMPULSORY, FIT, HOSTS, KEPT, PLACED
from secondments.matches.few import LEAST, may_show, together
from secondments.matches.figures import Counts, Figures
from secondments.matches.since import Since
from secondments.models import Adjustment, MatchRun

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

    `since`: what became of the visits, once everyone has answered; None until then.

    `left_out`: people of whom the engine was not told, for want of a yes to where they work or for another reason, and
    who have no place; `fell_through`: visits whose days were taken before they could be asked for; `by_hand`: matches
    that a broker set or ruled out.
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
    since: NotRequired[Since | None]


def results_of(
    run: MatchRun,
    *,
    published: Sequence[str],
    left_out: int,
    fell_through: int,
    by_hand: int,
    least: int = LEAST,
) -> Results | None:
    """The figures of a run without those of fewer than `least` people. None where the run has no figures.

    `published`: the criteria as they stood when people joined. With `least` 1, for brokers, nothing is left out.
    """
    if not run.figures:
        return None
    figures = cast(Figures, run.figures)
    return _Telling(figures, least).results(run, published, left_out, fell_through, by_hand)


def beside(run: MatchRun, *, fell_through: int) -> dict[str, int]:
    """What the engine did not count: who was not matched for want of a yes to where they work, and what is by hand."""
    counted = int(run.figures.get("joined", 0)) - int(run.figures.get("placed", 0))
    return {
        "left_out": max(0, run.not_placed.count() - counted),
        "fell_through": fell_through,
        "by_hand": Adjustment.objects.standing_in(run.round).count(),
    }


class _Telling:
    """What may be said of some figures."""

    def __init__(self, figures: Figures, least: int) -> None:
        self.figures, self.least = figures, least
        self.joined, self.placed = figures["joined"], figures["placed"]
        self.without = self.joined - self.placed
        self.enough = self.may(self.joined)
        self.split = self.enough and self.may(self.placed, self.without)
        self.tables = {name: self._table(name) for name in TABLES} if self.enough else {}

    def may(self, *counts: int) -> bool:
        return may_show(*counts, least=self.least)

    def results(
        self, run: MatchRun, published: Sequence[str], left_out: int, fell_through: int, by_hand: int
    ) -> Results:
        figures = self.figures
        envy = self.enough and self.may(figures["envious"], self.joined - figures["envious"])
        return Results(
            joined=_if(self.enough, self.joined),
            placed=_if(self.split, self.placed),
            without=_if(self.split, self.without),
            few=self._few(),
            left_out=_if(self.may(left_out), left_out),
            # Whoever fell through had a place: so many of them say how few had none.
            fell_through=_if(fell_through == 0 or (self.split and self.may(fell_through)), fell_through),
            by_hand=_if(self.may(by_hand), by_hand),
            hosts=_if(self.split, figures["hosts"]),
            tables=self.tables,
            causes=self._causes() if self.split else [],
            criteria=[self._criterion(one) for one in run.criteria],
            envious=_if(envy, figures["envious"]),
            envy=_if(envy, figures["envy"]),
            blocking=_if(self.enough and self.may(figures["blocking"]), figures["blocking"]),
            points=figures["points"],
            as_published=_without_kept(one["name"] for one in run.criteria) == _without_kept(published),
            stopped_early=run.stopped_early,
            run=str(run.uuid),
            seed=run.seed,
            engine=run.engine_version,
            problem=figures["problem"],
            answer=figures["answer"],
        )

    def _few(self) -> str:
        if self.split or not self.enough:
            return ""
        if self.joined < 2 * self.least:
            return "either"
        return "without" if self.may(self.placed) else "placed"

    def _table(self, name: str) -> list[Group]:
        """A table whose parts add up to the totals; where those are not told, of who joined alone."""
        rows = cast(Counts, self.figures[name])  # type: ignore[literal-required]  # one of TABLES
        if not self.split:
            joined = together(((name, (joined,)) for name, joined, _placed in rows), least=self.least)
            return [Group(names=names, joined=counts[0], placed=None) for names, counts in joined]
        parted = together(((name, (placed, joined - placed)) for name, joined, placed in rows), least=self.least)
        return [Group(names=names, joined=sum(counts), placed=counts[0]) for names, counts in parted]

    def _causes(self) -> list[Cause]:
        """In the order of their names: one by size would say which of two that are put together is the larger."""
        rows = together(((name, (people,)) for name, people in sorted(self.figures["causes"])), least=self.least)
        return [Cause(names=names, people=counts[0]) for names, counts in rows]

    def _criterion(self, one: Mapping[str, Any]) -> Criterion:
        """Its value, where that is no way round to a number that is left out."""
        name, value = one["name"], one["value"]
        shown = {
            PLACED: self.split,
            HOSTS: self.split,
            COMPULSORY: self.split and any(group["names"] == [COMPULSORY] for group in self.tables["duty"]),
            KEPT: self.split and self.may(value, self.placed - value),
            # Of the sum and the average one could work out the number of people.
            FIT: False,
        }[name]
        many = self.placed > 0 and (self.split or self._few() == "without")
        return Criterion(
            name=name,
            value=_if(shown, value),
            bound=_if(shown, one["bound"]),
            average=round(value / self.placed) if name == FIT and many else None,
            proven=one["proven"],
        )


def _if(may: bool, number: int) -> int | None:
    return number if may else None


def _without_kept(criteria: Iterable[str]) -> list[str]:
    """As they were published: to keep what was proposed before comes in by itself where a round is matched again."""
    return [name for name in criteria if name != KEPT]
