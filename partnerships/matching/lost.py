"""By which criterion those without a place lost, for all of them together.

Somebody could be placed with the first so many criteria as good as they are, and not with one more: that one is why.
Both halves are proven, and neither takes a solution for each person. Taking somebody's place in a ring shows what can
be kept at once. The relaxation that proved the answer shows for most what cannot. For whoever is left, one solution
asks for as many of them as can be placed while so many criteria stay as good: where it places nobody, nobody can be.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from . import pairing, program
from .arrays import Bools, Ints
from .packing import Packing
from .program import Chosen
from .types import COMPULSORY, HOSTS, PLACED

LOT, TOGETHER = "lot", "together"
_WANTED = "wanted"
# Columns that may be solved again for a unit of effort: swaps alone cost a fraction of what rings of three do.
_AGAIN, _RINGS_COST = 8_000, 12
# Why takes this part of the effort of what: a round of 120 people, matched again, waited two minutes to hear it.
_LESS = 20


def causes(
    packing: Packing, criteria: Sequence[str], chosen: Chosen, people: Sequence[int], effort: int
) -> dict[int, str]:
    """The first criterion that would be worse with a place for each of these, who are in columns but not in those
    chosen; `LOT`: none would; `TOGETHER`: one of them would, and to say which takes more effort than is allowed."""
    search = _Search(packing, criteria, chosen, np.array(sorted(people), dtype=np.int64))
    search.by_taking_places()
    search.by_relaxation()
    search.by_solving(effort)
    return {person: search.cause(at) for at, person in enumerate(search.people.tolist())}


class _Search:
    """By person: `kept`, so many criteria are known to stay as good with them, and `lost`, so many are known not to."""

    def __init__(self, packing: Packing, criteria: Sequence[str], chosen: Chosen, people: Ints) -> None:
        self.packing, self.criteria, self.chosen, self.people = packing, tuple(criteria), chosen, people
        self.number = np.full(packing.people + 1, -1)
        self.number[people] = np.arange(len(people))
        column, place = np.nonzero(self.number[packing.members] >= 0)
        self.column, self.who = column, self.number[packing.members[column, place]]
        self.kept = np.zeros(len(people), dtype=np.int64)
        self.lost = np.full(len(people), len(criteria) + 1)

    def cause(self, at: int) -> str:
        """What is known of somebody, in a word."""
        if self.lost[at] > self.kept[at] + 1:
            return TOGETHER
        return LOT if self.kept[at] == len(self.criteria) else self.criteria[int(self.kept[at])]

    def by_taking_places(self) -> None:
        """A column with somebody in it instead of those chosen that it shares people with."""
        if self.packing.rows is not None or not len(self.column):
            return
        chosen_of = np.full(self.packing.people + 1, -1)
        members = self.packing.members[self.chosen.columns]
        at, place = np.nonzero(members >= 0)
        chosen_of[members[at, place]] = self.chosen.columns[at]
        given_up = np.sort(chosen_of[self.packing.members[self.column]], axis=1)
        given_up[:, 1:][given_up[:, 1:] == given_up[:, :-1]] = -1
        same: Bools = np.ones(len(self.column), dtype=np.bool_)
        counted = self.packing.visits.nnz > 0
        for count, name in enumerate(self.criteria, 1):
            if name == HOSTS and counted:
                return
            worth = np.zeros(len(self.packing) + 1, dtype=np.int64)
            if name != HOSTS:
                worth[:-1] = self.packing.worth[name]
            same &= worth[self.column] == worth[given_up].sum(axis=1)
            self.kept[self.who[same]] = count

    def by_relaxation(self) -> None:
        """Those of whom every column is known to be in no answer that reaches so many criteria."""
        for count, name in enumerate(self.criteria, 1):
            out = self.chosen.ruled_out.get(name)
            if out is not None:
                could = np.bincount(self.who[~out[self.column]], minlength=len(self.people)) > 0
                self.lost[~could] = np.minimum(self.lost[~could], count)

    def by_solving(self, effort: int) -> None:
        """For the most criteria that are in question for anybody, as many of those people as can be placed."""
        swaps = pairing.possible(self.packing, self.criteria)
        left = effort * _AGAIN
        while (open_ := self.lost > self.kept + 1).any():
            count = int(self.lost[open_].max()) - 1
            asked = np.flatnonzero(open_ & (self.lost == count + 1))
            columns = self._around(asked, count)
            left -= len(columns) * (1 if swaps else _RINGS_COST)
            if left < 0:
                return
            held = self.criteria[:count]
            if swaps and COMPULSORY in held and PLACED not in held:
                held = (*held, PLACED)  # Whoever can be in a matching can be in a largest one.
            placed, finished = self._with_most(asked, columns, held, effort, swaps=swaps)
            self.kept[placed] = np.maximum(self.kept[placed], count)
            if not finished:
                return
            if not len(placed):
                self.lost[asked] = count

    def _around(self, asked: Ints, count: int) -> Ints:
        """The columns that hang together with any of these people, but those in no answer that holds so many."""
        mine = np.zeros(len(self.packing), dtype=np.bool_)
        mine[self.column[np.isin(self.who, asked)]] = True
        out = np.zeros(len(self.packing), dtype=np.bool_)
        for name in self.criteria[:count]:
            out |= self.chosen.ruled_out.get(name, False)
        parts = self.packing.parts(self.criteria)
        near: Ints = np.sort(np.concatenate([part for part in parts if mine[part].any()]))
        return near[~out[near]]

    def _with_most(
        self, asked: Ints, columns: Ints, held: tuple[str, ...], effort: int, *, swaps: bool
    ) -> tuple[Ints, bool]:
        """Those of the people asked for who are placed where most of them are, and whether that is proven."""
        wanted = np.isin(self.number[self.packing.members], asked) & (self.packing.members >= 0)
        worth = {**self.packing.worth, _WANTED: wanted.sum(axis=1)}
        packing = dataclasses.replace(self.packing, worth=worth).part(columns)
        known = np.flatnonzero(np.isin(columns, self.chosen.columns))
        found = _solve(packing, held, known, effort, swaps=swaps)
        placed = self.number[self.packing.members[columns[found.columns]]]
        return np.intersect1d(placed, asked), not found.stopped


def _solve(packing: Packing, held: tuple[str, ...], known: Ints, effort: int, *, swaps: bool) -> Chosen:
    if swaps:
        return pairing.pair(packing, (*held, _WANTED), None, lambda stage: None, lambda: False)
    return program.most(packing, _WANTED, held, known, max(1, effort // _LESS))
