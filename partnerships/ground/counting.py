"""Counts of several things at once."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Value


def count_each(**rows: QuerySet[Any]) -> dict[str, int]:
    """How many there are of each, by their names, in one question however many are asked about.

    Expects rows without groups or slices of their own.
    """
    first, *others = [
        each.order_by().annotate(counted_as=Value(name)).values_list("counted_as").annotate(Count("pk", distinct=True))
        for name, each in rows.items()
    ]
    # A count of nobody at all is not asked for, and so it does not come back.
    return dict.fromkeys(rows, 0) | dict(first.union(*others, all=True))
