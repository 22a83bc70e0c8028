"""Which rule takes how many offers away from somebody, and the smallest changes of theirs that would open some.

Asked of many people against every offer at once: every rule of every pair, so that nothing said here is a guess.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from .arrays import UNLIMITED, Bits, Bools, Ints, bit_of, pack, some
from .at_once import side_by_side
from .rules import BY_WEEK, CHECK, COVER, MODE, PAYMENT, TOO_FAR, Examiner
from .types import Leg, Relaxation, Removed

# Pairs that are examined together: some 30 MB of arrays at a time, which a processor keeps near.
_TOGETHER = 1 << 18
# How much further somebody is asked about before the whole country is.
_FURTHER_M = 50_000


@dataclass(frozen=True, slots=True)
class Room:
    """The weeks (as bits, words first) in which an answer leaves a place at each offer, its host's own limits counted,
    and in which each organisation may let one more of its people go."""

    offers: Bits
    homes: Bits


@dataclass(frozen=True, slots=True)
class Causes:
    """What stands between one person and the offers, and what would help."""

    removed: tuple[Removed, ...]
    relaxations: tuple[Relaxation, ...]


def room(examiner: Examiner, legs: Iterable[Leg]) -> Room:
    """What is left after these legs, which are not fixed ones: those are counted already."""
    tables = examiner.tables
    person_row = {one.id: row for row, one in enumerate(tables.people)}
    slot_row = {one.id: row for row, one in enumerate(tables.slots)}
    position = {week: at for at, week in enumerate(tables.weeks.tolist())}
    taken = [(person_row[leg.person_id], slot_row[leg.offer_id], position[leg.week]) for leg in legs]
    person, slot, week = np.array(taken, dtype=np.int64).reshape(-1, 3).T
    host, home, quarter = tables.s_host[slot], tables.p_home[person], tables.quarter_of[week]
    left = _less(tables.left, (slot, week)) > 0
    left &= (_less(tables.left_in_all, (slot,)) > 0)[:, None]
    visits = _less(tables.visits_week_left, (host, week)) > 0
    visits &= (_less(tables.visits_quarter_left, (host, quarter)) > 0)[:, tables.quarter_of]
    away = _less(tables.away_week_left, (home, week)) > 0
    away &= (_less(tables.away_quarter_left, (home, quarter)) > 0)[:, tables.quarter_of]
    return Room(pack(left & visits[tables.s_host]), pack(away))


def _less(left: Ints, taken: tuple[Ints, ...]) -> Ints:
    remaining = left.copy()
    np.subtract.at(remaining, taken, 1)
    return remaining


def causes(examiner: Examiner, left: Room, people: Ints) -> dict[int, Causes]:
    """The causes of each of these people, by row."""
    many = max(1, _TOGETHER // max(1, len(examiner.tables.slots)))
    # Of fewer people than that there are two blocks all the same, since there are two threads.
    many = min(many, max(1, -(-len(people) // 2)))
    blocks = [people[start : start + many] for start in range(0, len(people), many)]
    found: dict[int, Causes] = {}
    for some_of_them in side_by_side(lambda block: _Block(examiner, left, block).causes(), blocks):
        found.update(some_of_them)
    return found


def _where(flags: Bools) -> tuple[Ints, Ints]:
    """Row and column of each; far quicker where few are set than `nonzero` of a table."""
    row, column = np.divmod(np.flatnonzero(flags), max(1, flags.shape[1]))
    return row, column


def _in_each_row(flags: Bools) -> list[int]:
    """How many are set in each."""
    counts: list[int] = flags.view(np.uint8).sum(axis=1, dtype=np.uint32).tolist()
    return counts


class _Block:
    """Some people against every offer. Pairs in question are two arrays: where in the block, and which offer."""

    def __init__(self, examiner: Examiner, left: Room, people: Ints) -> None:
        self.examiner, self.tables, self.left, self.people = examiner, examiner.tables, left, people
        self.across = examiner.against_all(people)
        self.squared = examiner.metres_squared(*self.across)
        refused = examiner.refused(*self.across, squared=self.squared)
        # What somebody shows is no host for them, and nothing that they should read of.
        own = _where(examiner.showing.shower[None, :] == people[:, None])
        times = np.zeros((len(people), len(self.tables.slots)), dtype=np.int8)
        for flags in refused.values():
            flags[own] = False
            times += flags.view(np.int8)
        once = times == 1
        self.hosts = {code: _in_each_row(flags) for code, flags in refused.items()}
        self.alone = {code: flags & once for code, flags in refused.items()}

    def causes(self) -> dict[int, Causes]:
        removed: list[list[Removed]] = [[] for _ in self.people]
        for code, hosts in sorted(self.hosts.items()):
            if not any(hosts):
                continue
            alone = _in_each_row(self.alone[code])
            for at in np.flatnonzero(hosts).tolist():
                removed[at].append(Removed(code, hosts[at], alone[at]))
        helping: list[list[Relaxation]] = [[] for _ in self.people]
        for at, relaxation in self._relaxations():
            helping[at].append(relaxation)
        rows = self.people.tolist()
        return {row: Causes(tuple(removed[at]), tuple(helping[at])) for at, row in enumerate(rows)}

    def _relaxations(self) -> Iterator[tuple[int, Relaxation]]:
        """Each smallest single change that opens a host, where one rule alone stands in the way."""
        tables, rules = self.tables, self.tables.problem.rules
        yield from self._one_more_week(*self._alone(*BY_WEEK))
        yield from self._further(*_where(self._near(self.alone[TOO_FAR])))
        at, slot = self._alone(PAYMENT)
        can_pay = rules.pays_up_to_pence + tables.p_pays[self.people[at]]
        yield from self._at_least("payment", at, slot, tables.s_payment[slot] - can_pay)
        at, slot = self._alone(COVER)
        yield from self._at_least("cover", at, slot, tables.p_cover[self.people[at]] - rules.pays_cover_up_to_pence)
        remote = np.flatnonzero(tables.s_remote)
        at, among = _where(self.alone[MODE][:, remote] | self.alone[TOO_FAR][:, remote])
        yield from self._at_least("remote", at, remote[among])
        at, slot = self._alone(MODE)
        there = tables.s_in_person[slot] & self.examiner.within_reach(self.people[at], slot)
        yield from self._at_least("in_person", at[there], slot[there])
        yield from self._one_check(*self._alone(CHECK))

    def _one_more_week(self, at: Ints, slot: Ints) -> Iterator[tuple[int, Relaxation]]:
        person = self.people[at]
        weeks = self._open(person, slot) & ~self.tables.p_weeks[:, person]
        weeks = self.examiner.checked(self.examiner.free(weeks, person, slot), person, slot)
        free_weeks = weeks & self._room(person, slot)
        shape = len(self.people), len(self.tables.weeks)
        hosts, free = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for bit in range(shape[1]):
            hosts[:, bit] = np.bincount(at[bit_of(weeks, bit)], minlength=shape[0])
            free[:, bit] = np.bincount(at[bit_of(free_weeks, bit)], minlength=shape[0])
        # Most that are still free, then most at all, then the earliest.
        best = np.argmax(free * (len(self.tables.slots) + 1) + hosts, axis=1) if shape[1] else np.zeros(0, np.int64)
        for row, week in enumerate(best.tolist()):
            if hosts[row, week]:
                amount = int(self.tables.weeks[week])
                yield row, Relaxation("week", int(hosts[row, week]), int(free[row, week]), amount=amount)

    def _near(self, too_far: Bools) -> Bools:
        """Of the offers that are too far, as many as it takes: who has a free one not much further on is asked about
        no others, for the smallest change is what is looked for."""
        programme_km = self.tables.problem.rules.max_km
        most = UNLIMITED if programme_km is None else programme_km * 1000
        within = np.minimum(self.tables.p_reach_m[self.people] + _FURTHER_M, most)
        near = too_far & (self.squared <= (within * within)[:, None])
        at, slot = _where(near)
        lacking = np.bincount(at[self._still_free(self.people[at], slot)], minlength=len(self.people)) == 0
        near[lacking] = too_far[lacking] & (self.squared[lacking] <= most * most)
        return near

    def _further(self, at: Ints, slot: Ints) -> Iterator[tuple[int, Relaxation]]:
        """Kilometres that the person could add; the programme's own limit stands."""
        metres = np.ceil(np.sqrt(self.squared[at, slot])).astype(np.int64)
        amounts = -(-(metres - self.tables.p_reach_m[self.people[at]]) // 1000)
        yield from self._at_least("km", at, slot, amounts)

    def _one_check(self, at: Ints, slot: Ints) -> Iterator[tuple[int, Relaxation]]:
        person = self.people[at]
        common = self.examiner.free(self.tables.p_weeks[:, person] & self._open(person, slot), person, slot)
        for number, kind in enumerate(self.tables.kinds):
            opened = some(self.examiner.checked(common, person, slot, without=number))
            yield from self._at_least("check", at[opened], slot[opened], without=number, kind=kind)

    def _at_least(
        self,
        change: str,
        at: Ints,
        slot: Ints,
        amounts: Ints | None = None,
        *,
        without: int | None = None,
        kind: str = "",
    ) -> Iterator[tuple[int, Relaxation]]:
        """The smallest amount that opens a host with a free place; if none has one, the smallest that opens any."""
        if amounts is None:
            amounts = np.zeros(len(slot), dtype=np.int64)
        count = len(self.people)
        free = self._still_free(self.people[at], slot, without)
        least, least_free = np.full(count, UNLIMITED), np.full(count, UNLIMITED)
        np.minimum.at(least, at, amounts)
        np.minimum.at(least_free, at[free], amounts[free])
        amount = np.where(least_free < UNLIMITED, least_free, least)
        opened = amounts <= amount[at]
        hosts = np.bincount(at[opened], minlength=count)
        still = np.bincount(at[opened & free], minlength=count)
        for row in np.flatnonzero(hosts).tolist():
            yield row, Relaxation(change, int(hosts[row]), int(still[row]), amount=int(amount[row]), kind=kind)

    def _alone(self, *codes: str) -> tuple[Ints, Ints]:
        """The pairs that one of these rules alone refuses."""
        return _where(functools.reduce(np.logical_or, (self.alone[code] for code in codes)))

    def _open(self, person: Ints, slot: Ints) -> Bits:
        """The weeks with a place before anybody was placed."""
        return self.examiner.places_open[:, slot] & self.examiner.limited(person, slot)

    def _room(self, person: Ints, slot: Ints) -> Bits:
        return self.left.offers[:, slot] & self.left.homes[:, self.tables.p_home[person]]

    def _still_free(self, person: Ints, slot: Ints, without: int | None = None) -> Bools:
        """Which of these offers still have a place, in a week that suits the person."""
        weeks = self.examiner.free(self.tables.p_weeks[:, person] & self._room(person, slot), person, slot)
        return some(self.examiner.checked(weeks, person, slot, without))
