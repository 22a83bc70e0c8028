"""Refusals are values: every reason why not, each a sentence that says what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why something cannot be done now.

    `code` is stable and machine-readable; `sentence` is translated and shown to the person;
    `field` names the form field that the person would change, where there is one.
    """

    code: str
    sentence: str
    field: str = ""


class Refused(Exception):
    """Raised by a verb that cannot be done; carries all the reasons, never a bare False."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        if not self.problems:
            raise ValueError("Refused needs at least one problem.")
        super().__init__(" ".join(str(problem.sentence) for problem in self.problems))

    @property
    def codes(self) -> set[str]:
        """The codes of all problems, for callers that act on one of them."""
        return {problem.code for problem in self.problems}


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `Refused` if there is any problem; do nothing otherwise."""
    listed = tuple(problems)
    if listed:
        raise Refused(listed)
