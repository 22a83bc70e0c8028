"""The stages of a matching in their order, and what each criterion came to, for the page that shows its progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.matching.types import COMPULSORY, FIT, KEPT, PLACED
from secondments.models.weights import FINER, IN_ALL

BEFORE, AFTER = ("candidates", "score"), ("explain", "verify")

AGAIN = "again "
"""Before the name of a stage, where the engine does it again because not everybody would have found days."""


def noted(stage: str, *, again: bool) -> str:
    """A stage as a job notes it."""
    return AGAIN + stage if again else stage


def read_note(note: str) -> tuple[str, bool]:
    """The stage that a job noted, and whether it is done again."""
    return note.removeprefix(AGAIN), note.startswith(AGAIN)


def stages_of(criteria: Sequence[str]) -> list[str]:
    """What the engine says that it is doing, from the first to the last."""
    return [*BEFORE, *criteria, *AFTER]


def reached_words(result: Mapping[str, Any], *, everybody: int, placed: int) -> str:
    """What a criterion came to and how sure that is, in a few words: "104 of 120 people, proven"."""
    said = {"reached": amount_words(result["name"], result["value"], everybody=everybody, placed=placed)}
    if result["proven"]:
        return _("%(reached)s, proven") % said
    most = most_words(result["name"], result["bound"], placed=placed)
    return _("%(reached)s, at most %(most)s possible") % {**said, "most": most}


def amount_words(name: str, value: int, *, everybody: int, placed: int) -> str:
    """What a criterion came to; the fit as it is published, in points of a hundred for each of those placed."""
    if name == PLACED:
        return _("%(placed)s of %(everybody)s people") % {"placed": value, "everybody": everybody}
    if name in (COMPULSORY, KEPT):
        return ngettext("%(count)s person", "%(count)s people", value) % {"count": value}
    if name == FIT and placed:
        return _("On average %(average)s of %(most)s points") % {"average": _each(value, placed), "most": IN_ALL}
    return ngettext("%(count)s point", "%(count)s points", value) % {"count": intcomma(value)}


def most_words(name: str, bound: int, *, placed: int) -> str:
    """What a criterion could come to at most, counted as what it came to."""
    return str(intcomma(_each(bound, placed) if name == FIT and placed else bound))


def _each(value: int, placed: int) -> int:
    return round(value / placed) // FINER
