"""What the shared parts of a page (templates/parts/) are given: small values, so that a view says what it shows.

Any object with the same attribute names will do; these exist so that a view can be read and type-checked.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.functional import Promise

Text = str | Promise
SectorName = Literal["public", "vcse", "private", "people"]
# "done" reads green, "waiting" coral (it waits for somebody), "quiet" grey; the words say it too, never colour alone.
Tone = Literal["done", "waiting", "quiet"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and what it counts: parts/figures.html."""

    value: str | int
    label: Text


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of a short list, such as whose yes is needed: parts/answers.html."""

    label: Text
    answer: Text
    tone: Tone = "quiet"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One point of a timeline: parts/timeline.html. `note` is for what has not happened yet."""

    text: Text
    when: datetime | date | None = None
    note: Text = ""
    done: bool = True


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sides of a swap: parts/swap.html."""

    title: Text
    lines: tuple[Text, ...] = ()
    sector: SectorName = "public"
    status: Text = ""
    tone: Tone = "quiet"
    url: str = ""
    heading: Text = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a task list: parts/task_list.html. Without an address it cannot be started yet."""

    title: Text
    url: str = ""
    status: Text = ""
    tone: Tone = "quiet"
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a summary list: parts/summary_list.html."""

    key: Text
    value: Text
    url: str = ""
    action: Text = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A way on: parts/breadcrumbs.html, parts/links.html."""

    label: Text
    url: str


@dataclass(frozen=True, slots=True)
class Flow:
    """How many go from one side to the other: parts/flow.html."""

    from_label: Text
    to_label: Text
    count: int
    from_sector: SectorName = "public"
    to_sector: SectorName = "vcse"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a figure: parts/bars.html. With `of` it is drawn as its share of so many."""

    label: Text
    count: int
    sector: SectorName = "public"
    of: int | None = None
