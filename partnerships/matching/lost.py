"""By which criterion those without a place lost, for all of them together.

Somebody could be placed with the first so many criteria as good as they are, and not with one more: that one is why.
Both halves are proven. Taking somebody's place, in the answer or in another as good, shows what can be kept at once.
The relaxation that proved the answer shows for most what cannot. With swaps alone, one matching asks for as many of
whoever is left as can be placed while so many criteria stay as good: where it places nobody, nobody can be. Otherwise
that is asked of all who are left in what hangs together with them, and at last of each (`asking`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from . import pairing
from .arrays import Bools, Ints
from .asking import Asking
from .changing import Places
from .packing import Packing
from .program import Chosen
from .types import COMPULSORY, HOSTS, PLACED

LOT, TOGETHER = "lot", "together"
_WANTED = "wanted"
# Columns that may be looked at for a unit of effort, as often as they are.
_COLUMNS = 8_000
# So many more for each person who is asked about.
_EACH = 12
# An answer with one person more takes this part of the effort of the answer.
_LESS = 20
# So often a relaxation may mostly seem to place people; more people than this are searched for at once, in so many
# columns; and of more people than this one by one would find out about few.
_TRIES, _MANY, _WHOLLY, _ALONE = 10, 1, 12_000, 200
# Of a part of more columns than this it is asked which of them could be in such an answer at all; it is worth it where
# they are less than this share.
_SMALL, _FEWER = 200, 0.9


def causes(
    packing: Packing,
    criteria: Sequence[str],
    chosen: Chosen,
    people: Sequence[int],
    effort: int,
    stop: Callable[[], bool] = lambda: False,
) -> dict[int, str]:
    """The first criterion that would be worse with a place for each of these, who are in columns but not in those
    chosen; `LOT`: none would; `TOGETHER`: one of them would, and to say which takes more effort than is allowed, or
    somebody said stop."""
    search = _Search(packing, criteria, chosen, np.array(sorted(people), dtype=np.int64), stop)
    search.by_taking_places()
    search.by_relaxation()
    if pairing.possible(packing, tuple(criteria)):
        search.by_matching(effort)
    else:
        search.by_asking(effort)
    return {person: search.cause(at) for at, person in enumerate(search.people.tolist())}


class _Search:
    """By person: `kept`, so many criteria are known to stay as good with them, and `lost`, so many are known not to."""

    def __init__(
        self, packing: Packing, criteria: Sequence[str], chosen: Chosen, people: Ints, stop: Callable[[], bool]
    ) -> None:
        self.stop = stop
        self.packing, self.criteria, self.chosen, self.people = packing, tuple(criteria), chosen, people
        self.number = np.full(packing.people + 1, -1)
        self.number[people] = np.arange(len(people))
        column, place = np.nonzero(self.number[packing.members] >= 0)
        self.column, self.who = column, self.number[packing.members[column, place]]
        self.places = Places(packing, chosen.columns)
        self.kept = np.zeros(len(people), dtype=np.int64)
        self.lost = np.full(len(people), len(criteria) + 1)

    def cause(self, at: int) -> str:
        """What is known of somebody, in a word."""
        if self.lost[at] > self.kept[at] + 1:
            return TOGETHER
        return LOT if self.kept[at] == len(self.criteria) else self.criteria[int(self.kept[at])]

    def by_taking_places(self) -> None:
        """A column with somebody in it instead of those chosen that it shares people with; where there are rows,
        instead of one that is in all rows that it would break."""
        if not len(self.column):
            return
        if self.packing.rows is not None:
            kept = self.places.kept(self.criteria, self.column)
            np.maximum.at(self.kept, self.who, kept)
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
        for count in range(1, len(self.criteria) + 1):
            could = np.bincount(self.who[~self._out(count)[self.column]], minlength=len(self.people)) > 0
            self.lost[~could] = np.minimum(self.lost[~could], count)

    def by_matching(self, effort: int) -> None:
        """With swaps alone: for the most criteria that are in question for anybody, as many of those people as can be
        placed."""
        left = effort * _COLUMNS
        while (open_ := self.lost > self.kept + 1).any():
            count = int(self.lost[open_].max()) - 1
            asked = np.flatnonzero(open_ & (self.lost == count + 1))
            columns = self._around(asked, count)
            left -= len(columns)
            if left < 0:
                return
            held = self.criteria[:count]
            if COMPULSORY in held and PLACED not in held:
                held = (*held, PLACED)  # Whoever can be in a matching can be in a largest one.
            placed = self._with_most(asked, columns, held)
            self.kept[placed] = np.maximum(self.kept[placed], count)
            if not len(placed):
                self.lost[asked] = count

    def by_asking(self, effort: int) -> None:
        """With anything else: criterion by criterion, the last one first, whether each of those in question could be
        placed with so many held."""
        left = effort * (_COLUMNS + _EACH * len(self.people))
        for count in range(len(self.criteria), 0, -1):
            asked = self._open(count)
            if len(asked):
                columns = self._around(asked, count)
                for part in self.packing.part(columns).parts(self.criteria[:count]):
                    left -= self._ask(columns[part], asked, count, effort, left)

    def _open(self, count: int) -> Ints:
        """Those of whom it is not known whether so many criteria stay as good with them, but that not one more does."""
        return np.flatnonzero((self.lost == count + 1) & (self.kept < count))

    def _ask(self, columns: Ints, asked: Ints, count: int, effort: int, left: int) -> int:
        """The same of one part; what was spent. Its own prices rule out more columns than those of the whole did, which
        is as far from its bound as all parts together."""
        number = self.number[self.packing.members[columns]]
        asked = np.intersect1d(number, asked)
        if not len(asked) or left <= 0 or self.stop():
            return 0
        known = np.flatnonzero(np.isin(columns, self.chosen.columns))
        asking = Asking(self.packing.part(columns), self.criteria[:count], known, max(1, effort // _LESS))
        if count == len(self.criteria) and len(columns) > _SMALL:
            could = asking.could()
            if could.sum() < _FEWER * len(columns):
                return asking.spent + self._ask_parts(columns[could], asked, count, effort, left - asking.spent)
        asked = self._many(asking, columns, asked, count, left)
        asked = self._together(asking, columns, asked, count, left)
        for at in asked.tolist() if len(asked) <= _ALONE else ():
            if self.kept[at] < count and asking.spent < left and not self.stop():
                others = asked[(self.kept[asked] < count) & (self.lost[asked] > count)]
                found = asking.with_one_of(_any(number == at), _any(np.isin(number, others)))
                if found.columns is not None:
                    self._keep(columns, columns[found.columns])
                elif found.finished:
                    self.lost[at] = count
        return asking.spent

    def _ask_parts(self, columns: Ints, asked: Ints, count: int, effort: int, left: int) -> int:
        """The same of what is left of it, which may fall into parts; whoever is in none of them cannot be placed."""
        self.lost[np.setdiff1d(asked, self.number[self.packing.members[columns]])] = count
        spent = 0
        for part in self.packing.part(columns).parts(self.criteria[:count]):
            spent += self._ask(columns[part], asked, count, effort, left - spent)
        return spent

    def _many(self, asking: Asking, columns: Ints, asked: Ints, count: int, left: int) -> Ints:
        """As many as a relaxation can place, then of the others. Whomever it only seems to place is put aside: once it
        can place nobody, whoever is left cannot be. Those of whom that is not found out."""
        number = self.number[self.packing.members[columns]]
        aside, tries = asked[:0], 1 if self._searchable(columns, asked) else _TRIES
        while len(asked) and tries and asking.spent < left and not self.stop():
            found, used = asking.with_many_of(_any(np.isin(number, asked)))
            if used is None:
                self.lost[asked] = count
                return aside
            if not len(used):
                break  # It places nobody, and what it proves is not as little.
            if found is not None:
                self._keep(columns, columns[found])
            some = np.intersect1d(number[used], asked)
            asked = asked[self.kept[asked] < count]
            seeming = np.intersect1d(some, asked)
            if 2 * len(seeming) > len(some):
                tries -= 1
                aside, asked = np.union1d(aside, seeming), np.setdiff1d(asked, seeming)
        aside = np.union1d(aside, asked)
        return aside[self.kept[aside] < count]

    def _searchable(self, columns: Ints, asked: Ints) -> bool:
        """Whether they are several, in so few columns that one search for all of them is the quickest."""
        return len(asked) > _MANY and len(columns) <= _WHOLLY

    def _together(self, asking: Asking, columns: Ints, asked: Ints, count: int, left: int) -> Ints:
        """Where that is quick, the most of them who could be placed at once; then of the others, until nobody can be.
        Those of whom that is not found out."""
        number = self.number[self.packing.members[columns]]
        while self._searchable(columns, asked) and asking.spent < left and not self.stop():
            found = asking.with_most_of_all(_any(np.isin(number, asked)), _LESS)
            if found.columns is None:
                break
            if found.most < 1:
                self.lost[asked] = count
                return asked[:0]
            self._keep(columns, columns[found.columns])
            before, asked = len(asked), asked[self.kept[asked] < count]
            if len(asked) == before:
                break
        return asked

    def _keep(self, part: Ints, chosen: Ints) -> None:
        """What another choice of this part keeps, for everybody who has a place by it, and for whoever can change
        places with somebody in it: many who compete for few places are found out about together."""
        other = np.append(np.setdiff1d(self.chosen.columns, part), chosen)
        before, now = (self.packing.values(self.criteria, each) for each in (self.chosen.columns, other))
        kept = next((at for at, name in enumerate(self.criteria) if now[name] != before[name]), len(self.criteria))
        placed = np.setdiff1d(self.number[self.packing.members[chosen]], [-1])
        self.kept[placed] = np.maximum(self.kept[placed], kept)
        asked = np.isin(self.who, np.flatnonzero((self.kept < kept) & (self.lost > self.kept + 1)))
        by_one = self.places.where(other).kept(self.criteria, self.column[asked])
        np.maximum.at(self.kept, self.who[asked], np.minimum(by_one, kept))

    def _around(self, asked: Ints, count: int) -> Ints:
        """The columns that hang together with any of these people, but those in no answer that holds so many."""
        mine = np.zeros(len(self.packing), dtype=np.bool_)
        mine[self.column[np.isin(self.who, asked)]] = True
        could = np.flatnonzero(~self._out(count))
        parts = self.packing.part(could).parts(self.criteria)
        near: Ints = np.sort(np.concatenate([could[part] for part in parts if mine[could[part]].any()]))
        return near

    def _out(self, count: int) -> Bools:
        """The columns that are known to be in no answer that holds so many."""
        out = np.zeros(len(self.packing), dtype=np.bool_)
        for name in self.criteria[:count]:
            out |= self.chosen.ruled_out.get(name, False)
        return out

    def _with_most(self, asked: Ints, columns: Ints, held: tuple[str, ...]) -> Ints:
        """Those of the people asked for who are placed where most of them are."""
        wanted = np.isin(self.number[self.packing.members], asked) & (self.packing.members >= 0)
        worth = {**self.packing.worth, _WANTED: wanted.sum(axis=1)}
        packing = dataclasses.replace(self.packing, worth=worth).part(columns)
        found = pairing.pair(packing, (*held, _WANTED), None, lambda stage: None, lambda: False)
        placed = self.number[self.packing.members[columns[found.columns]]]
        return np.intersect1d(placed, asked)


def _any(number: Bools) -> Bools:
    """By column, whether it holds of any of its people."""
    column: Bools = np.logical_or.reduce(number, axis=1)
    return column
