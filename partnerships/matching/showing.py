"""What may be visited without a visit in return, and what only in an exchange."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Ints, some
from .tables import Tables


@dataclass(frozen=True, slots=True)
class Showing:
    """By offer: the row of the person who shows it (-1: their organisation's own offer), whether it may be visited one
    way, and whether it may be in an exchange. By person: whether they have something to show, and whether they go only
    where they listed."""

    shower: Ints
    one_way: Bools
    exchanged: Bools
    returns: Bools
    listed_only: Bools

    def usable_one_way(self, slot: Ints) -> Bools:
        """Which pairs need no visit in return."""
        usable: Bools = self.one_way[slot]
        return usable

    def in_exchange(self, person: Ints, slot: Ints) -> Bools:
        """Which pairs could be part of an exchange, if others close it."""
        usable: Bools = self.exchanged[slot] & self.returns[person] & (self.shower[slot] != person)
        return usable

    def without_return(self, person: Ints, slot: Ints) -> Bools:
        """Which pairs this programme's forms of visit leave no way for."""
        refused: Bools = ~self.usable_one_way(slot) & ~self.in_exchange(person, slot)
        return refused


def build(tables: Tables) -> Showing:
    """The forms of visit that the rules leave for each offer and person."""
    rules = tables.problem.rules
    row = {person.id: at for at, person in enumerate(tables.people)}
    shower = np.array([row[slot.shown_by] if slot.shown_by else -1 for slot in tables.slots], dtype=np.int64)
    alone = np.array([not slot.shown_by or slot.also_one_way for slot in tables.slots], dtype=np.bool_)
    exchanged = (shower >= 0) & (rules.largest_exchange > 1)
    exchanged &= np.append(tables.p_free, False)[shower] & some(tables.s_weeks) & (tables.left_in_all > 0)
    returns = np.zeros(len(tables.people), dtype=np.bool_)
    returns[shower[exchanged]] = True
    listed_only = np.array([person.listed_only for person in tables.people], dtype=np.bool_)
    return Showing(shower, alone & rules.one_way, exchanged, returns, listed_only)
