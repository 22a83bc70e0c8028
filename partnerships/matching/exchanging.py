"""A round with exchanges as an answer: its visits, and a true reason for everybody.

Why somebody has none: no host suits; hosts suit but nobody could close the exchange; or it was possible, and then
`lost` finds the criterion that would be worse with a place for this person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from . import lost
from .arrays import Bools, Ints
from .candidates import Pairs
from .causes import Room, causes, room
from .rules import Examiner
from .score import Scores
from .steady import steadied
from .swaps import Exchanged
from .tables import Tables
from .types import Exchange, Hosting, Leg, Reason


@dataclass(frozen=True, slots=True)
class Told:
    """Visits one way, exchanges, and one reason for each person."""

    hostings: tuple[Hosting, ...]
    exchanges: tuple[Exchange, ...]
    reasons: tuple[Reason, ...]


def tell(
    examiner: Examiner,
    pairs: Pairs,
    scores: Scores,
    answer: Exchanged,
    fixed: tuple[Hosting, ...],
    legs_of: Callable[[Tables, Pairs, Scores, Ints, Ints], list[Leg]],
    *,
    explained: bool,
) -> Told:
    """The answer of `swaps.place` beside what is fixed. Unless `explained`, what people lost a place by is left out."""
    tables = examiner.tables
    alone = np.stack([answer.one_way, answer.weeks], axis=1)
    pair, week = np.concatenate([alone, *answer.rings]).T
    number = np.repeat(np.arange(-len(alone), len(answer.rings)), [*[1] * len(alone), *map(len, answer.rings)])
    legs = steadied(tables, legs_of(tables, pairs, scores, pair, tables.weeks[week]), number.tolist())
    hostings = [Hosting(leg) for leg in legs[: len(alone)]]
    exchanges, at = [], len(alone)
    for ring in answer.rings:
        exchanges.append(Exchange(_turned(legs[at : at + len(ring)])))
        at += len(ring)
    joined = {(one.person_id, one.offer_id, one.week): one.exchange for one in tables.problem.rules.fixed}
    groups: dict[str, list[Hosting]] = {}
    for one in fixed:
        groups.setdefault(joined[one.leg.person_id, one.leg.offer_id, one.leg.week], []).append(one)
    hostings.extend(groups.pop("", []))
    shower = {slot.id: slot.shown_by for slot in tables.slots}
    for group in groups.values():
        exchanges.append(Exchange(_turned(_in_ring([one.leg for one in group], shower)), group[0].fixed))
    reasons = _Reasons(examiner, pairs, scores, answer, [*hostings, *_as_hostings(exchanges)], explained)
    return Told(
        tuple(sorted(hostings, key=lambda one: one.leg.person_id)),
        tuple(sorted(exchanges, key=lambda one: one.legs[0].person_id)),
        reasons.all(),
    )


def _as_hostings(exchanges: Iterable[Exchange]) -> Iterable[Hosting]:
    return (Hosting(leg, exchange.fixed) for exchange in exchanges for leg in exchange.legs)


def _turned(legs: list[Leg]) -> tuple[Leg, ...]:
    """The ring from the first of its people on."""
    first = min(range(len(legs)), key=lambda at: legs[at].person_id)
    return (*legs[first:], *legs[:first])


def _in_ring(legs: list[Leg], shower: dict[str, str]) -> list[Leg]:
    of_person = {leg.person_id: leg for leg in legs}
    ring = [legs[0]]
    while len(ring) < len(legs):
        ring.append(of_person[shower[ring[-1].offer_id]])
    return ring


class _Reasons:
    def __init__(
        self,
        examiner: Examiner,
        pairs: Pairs,
        scores: Scores,
        answer: Exchanged,
        visits: list[Hosting],
        explained: bool,
    ) -> None:
        self.tables, self.answer = examiner.tables, answer
        self.visit_of = {visit.leg.person_id: visit for visit in visits}
        people = len(self.tables.people)
        self.suitable = np.bincount(pairs.person, minlength=people)
        self.answered = np.bincount(pairs.person[answer.usable], minlength=people)
        one_way = examiner.showing.usable_one_way(pairs.slot)
        self.alone = np.bincount(pairs.person[one_way], minlength=people)
        self.better, self.best = self._given_up(pairs, scores.total)
        without = [row for row, person in enumerate(self.tables.people) if person.id not in self.visit_of]
        left = self._open_still(examiner, room(examiner, [visit.leg for visit in visits if not visit.fixed]))
        self.causes = causes(examiner, left, np.array(without, dtype=np.int64))
        self.lost_by: dict[int, str] = {}
        if explained and all(result.proven for result in answer.criteria):
            rules, effort = self.tables.problem.rules, self.tables.problem.effort
            outside = [row for row in without if self.answered[row]]
            self.lost_by = lost.causes(answer.round.packing, rules.criteria, answer.chosen, outside, effort)

    def all(self) -> tuple[Reason, ...]:
        reasons = [self._reason(row) for row in range(len(self.tables.people))]
        return tuple(sorted(reasons, key=lambda reason: reason.person_id))

    def _given_up(self, pairs: Pairs, fits: Ints) -> tuple[Ints, Ints]:
        """By person, how many hosts that were possible fit better than the one they have, and the best pair of all."""
        got = np.array(
            [self.visit_of[one.id].leg.fit if one.id in self.visit_of else 0 for one in self.tables.people],
            dtype=np.int64,
        )
        could = np.flatnonzero(self.answer.usable)
        better = could[fits[could] > got[pairs.person[could]]]
        best = np.full(len(got), -1)
        order = better[np.lexsort((-better, fits[better]))]
        best[pairs.person[order]] = pairs.slot[order]
        return np.bincount(pairs.person[better], minlength=len(got)), best

    def _open_still(self, examiner: Examiner, left: Room) -> Room:
        """What is shown only in exchange is open no more once whoever shows it has a place."""
        showing = examiner.showing
        placed: Bools = np.array([one.id in self.visit_of for one in self.tables.people] + [False], dtype=np.bool_)
        closed = placed[showing.shower] & ~showing.one_way
        return Room(np.where(closed, np.uint64(0), left.offers), left.homes)

    def _reason(self, row: int) -> Reason:
        person, suitable, answered = self.tables.people[row], int(self.suitable[row]), int(self.answered[row])
        visit = self.visit_of.get(person.id)
        if visit is not None and visit.fixed:
            return Reason(person.id, "fixed")
        if visit is not None:
            better = int(self.better[row])
            best = self.tables.slots[int(self.best[row])].id if better else ""
            return Reason(person.id, "placed", suitable, better, best, answered=answered)
        removed, relaxations = self.causes[row].removed, self.causes[row].relaxations
        code, lost_by = "no_host", ""
        if suitable and not answered:
            code = "no_return"
        elif suitable and self.answer.stopped:
            code = "not_reached"
        elif suitable:
            code = "places_taken" if self.alone[row] else "others_chosen"
            lost_by = self.lost_by.get(row, "")
        return Reason(
            person.id,
            code,
            suitable=suitable,
            removed=removed,
            relaxations=relaxations,
            lost_by=lost_by,
            answered=answered,
        )
