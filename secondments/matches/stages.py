"""The stages of a matching in their order, and what each criterion came to, for the page that shows its progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.matching.types import COMPULSORY, KEPT, PLACED

BEFORE, AFTER = ("candidates", "score"), ("explain", "verify")


def stages_of(criteria: Sequence[str]) -> list[str]:
    """What the engine says that it is doing, from the first to the last."""
    return [*BEFORE, *criteria, *AFTER]


def reached_words(result: Mapping[str, Any], everybody: int) -> str:
    """What a criterion came to and how sure that is, in a few words: "104 of 120 people, proven"."""
    said = {"reached": _amount(result["name"], result["value"], everybody), "most": result["bound"]}
    if result["proven"]:
        return _("%(reached)s, proven") % said
    return _("%(reached)s, at most %(most)s possible") % said


def _amount(name: str, value: int, everybody: int) -> str:
    if name == PLACED:
        return _("%(placed)s of %(everybody)s people") % {"placed": value, "everybody": everybody}
    if name in (COMPULSORY, KEPT):
        return ngettext("%(count)s person", "%(count)s people", value) % {"count": value}
    return ngettext("%(count)s point", "%(count)s points", value) % {"count": value}
