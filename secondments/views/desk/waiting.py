"""Who would not be matched as things stand: neither they nor their organisation has said yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from secondments.models import Round

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """Some names, and how many more there are."""

    names: list[str]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.names)


def not_matched_yet(a_round: Round) -> dict[str, Waiting]:
    """Who has not said yes to what was written down for them, and of whom nobody has said that they work there."""
    entries = a_round.entries.waiting().known().order_by("id")
    not_confirmed = a_round.participations.not_confirmed().order_by("id")
    return {
        "not_answered": _some(entries.values_list("name", flat=True)),
        "not_confirmed": _some(not_confirmed.values_list("membership__user__name", flat=True)),
    }


def _some(names: QuerySet[Any, str]) -> Waiting:
    return Waiting(list(names[:MOST_NAMED]), names.count())
