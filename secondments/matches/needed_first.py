"""What has to be done before a visit by others than the two, and when it can be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from secondments.states import CheckKind

SELF_MADE_CHECKS = (CheckKind.CONFIDENTIALITY, CheckKind.INDUCTION)
"""Promised by the visitor or given by the host on the day: they never stand in the way of a week."""

DAYS_TO_WRITE = 14
"""In which an employer writes a letter."""


def weeks_needed(checks: Iterable[str], *, answer_days: int, today: date) -> Mapping[str, int]:
    """Of each check that others have to make, how many weeks after this one a visit may begin.

    A letter is asked for once everybody has answered, for which they have `answer_days`.
    """
    days = today.weekday() + answer_days + DAYS_TO_WRITE
    return _each(frozenset(checks).difference(SELF_MADE_CHECKS), -(-days // 7))


@lru_cache(maxsize=256)
def _each(checks: frozenset[str], weeks: int) -> Mapping[str, int]:
    """Thousands of offers share a few of these."""
    return dict.fromkeys(sorted(checks), weeks)
