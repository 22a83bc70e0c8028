"""A true reason for everybody: why this host, or why none, and what would help.

Why not is never guessed. No host suits: every rule is asked of every offer. Some suit but others have the places: the
residual graph gives the criterion by which this person lost and whose place they would have needed (`residual`), and a
set of people that competes for fewer places. Where organisations' limits needed the integer program, the cause said is
those limits taken together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .candidates import Pairs
from .hosting import Answer, Prices, prices
from .network import Network
from .residual import Displaced, build, contests, displaced
from .rules import BY_WEEK, CHECK, COVER, MODE, PAYMENT, TOO_FAR, Examiner
from .score import Scores
from .tables import UNLIMITED, Bools, Ints
from .types import Contest, Hosting, Reason, Relaxation, Removed

LOT, LIMITS = "lot", "limits"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One reason for each person, by id, and the proofs that they refer to."""

    reasons: tuple[Reason, ...]
    contests: tuple[Contest, ...]


def explain(
    examiner: Examiner,
    pairs: Pairs,
    scores: Scores,
    network: Network,
    answer: Answer,
    hostings: tuple[Hosting, ...],
) -> Explanation:
    """Reasons for an answer of `hosting.place`."""
    tables = examiner.tables
    whole = _Whole(examiner, pairs, scores, network, answer, hostings)
    reasons = [whole.reason(row) for row in range(len(tables.people))]
    return Explanation(tuple(sorted(reasons, key=lambda reason: reason.person_id)), whole.contests)


class _Whole:
    """What the reasons share."""

    def __init__(
        self,
        examiner: Examiner,
        pairs: Pairs,
        scores: Scores,
        network: Network,
        answer: Answer,
        hostings: tuple[Hosting, ...],
    ) -> None:
        self.examiner, self.pairs, self.scores = examiner, pairs, scores
        self.tables = examiner.tables
        self.answer = answer
        self.hosting_of = {hosting.leg.person_id: hosting for hosting in hostings}
        self.bounds = np.searchsorted(pairs.person, np.arange(len(self.tables.people) + 1))
        self.at = {int(row): at for at, row in enumerate(network.rows)}
        self.rows = network.rows
        self.displaced: dict[int, Displaced] = {}
        self.contests: tuple[Contest, ...] = ()
        self.contest_of: dict[int, int] = {}
        self.price: Prices | None = None
        self.free = _free(examiner, hostings)
        self.homes_let_go = _homes_let_go(examiner, hostings)
        if answer.by_flow and 0 < len(answer.edges) < len(network.rows):
            self._compete(network)

    def _compete(self, network: Network) -> None:
        criteria = self.tables.problem.rules.criteria
        self.price = prices(criteria, network, len(self.answer.edges))
        residual = build(network, self.answer.edges, self.price)
        if not self.answer.stopped:
            self.displaced = displaced(residual, self.price)
        weeks = len(self.tables.weeks)
        found = []
        for people, cells in contests(residual):
            ids = tuple(sorted(self.tables.people[int(network.rows[at])].id for at in people))
            offers = tuple(sorted({self.tables.slots[int(network.cells[at]) // weeks].id for at in cells}))
            found.append((Contest(ids, offers, int(residual.placed[people].sum())), people))
        found.sort(key=lambda one: one[0].people)
        self.contests = tuple(contest for contest, _ in found)
        self.contest_of = {int(at): index for index, (_, people) in enumerate(found) for at in people}

    def reason(self, row: int) -> Reason:
        person = self.tables.people[row]
        mine = slice(int(self.bounds[row]), int(self.bounds[row + 1]))
        suitable = len(np.unique(self.pairs.slot[mine]))
        hosting = self.hosting_of.get(person.id)
        if hosting is not None and hosting.fixed:
            return Reason(person.id, "fixed")
        if hosting is not None:
            fits = self.scores.total[mine]
            better = int((fits > hosting.leg.fit).sum())
            best = self.tables.slots[int(self.pairs.slot[mine][int(fits.argmax())])].id if better else ""
            return Reason(person.id, "placed", suitable=suitable, better=better, best_offer_id=best)
        removed, relaxations = self._ruled_out(row)
        if not suitable:
            return Reason(person.id, "no_host", removed=removed, relaxations=relaxations)
        at = self.at[row]
        if self.answer.stopped and at not in self.contest_of:
            return Reason(person.id, "not_reached", suitable=suitable, removed=removed, relaxations=relaxations)
        return Reason(
            person.id,
            "places_taken",
            suitable=suitable,
            removed=removed,
            relaxations=relaxations,
            lost_by=self._lost_by(at),
            instead_of=self._instead_of(at),
            contest=self.contest_of.get(at),
        )

    def _lost_by(self, at: int) -> str:
        if not self.answer.by_flow:
            return LIMITS
        if at not in self.displaced or self.price is None:
            return ""
        return self.price.first_of(self.displaced[at].loss) or LOT

    def _instead_of(self, at: int) -> str:
        if at not in self.displaced:
            return ""
        return self.tables.people[int(self.rows[self.displaced[at].person])].id

    def _ruled_out(self, row: int) -> tuple[tuple[Removed, ...], tuple[Relaxation, ...]]:
        slot = np.arange(len(self.tables.slots))
        person = np.full(len(slot), row)
        refused = self.examiner.refused(person, slot)
        times = np.sum(list(refused.values()), axis=0)
        removed = tuple(
            Removed(code, int(flags.sum()), int((flags & (times == 1)).sum()))
            for code, flags in sorted(refused.items())
            if flags.any()
        )
        alone = {code: np.flatnonzero(flags & (times == 1)) for code, flags in refused.items()}
        return removed, tuple(self._relaxations(row, alone))

    def _relaxations(self, row: int, alone: dict[str, Ints]) -> Iterator[Relaxation]:
        """Each smallest single change that opens a host, where one rule alone stands in the way."""
        yield from self._one_more_week(row, np.concatenate([alone[code] for code in BY_WEEK]))
        yield from self._further(row, alone[TOO_FAR])
        payment = alone[PAYMENT]
        can_pay = self.tables.problem.rules.pays_up_to_pence + self.tables.p_pays[row]
        yield from self._at_least("payment", row, payment, self.tables.s_payment[payment] - can_pay)
        cover = alone[COVER]
        missing = self.tables.p_cover[row] - self.tables.problem.rules.pays_cover_up_to_pence
        yield from self._at_least("cover", row, cover, np.full(len(cover), missing))
        otherwise = np.concatenate([alone[MODE], alone[TOO_FAR]])
        yield from self._at_least("remote", row, otherwise[self.tables.s_remote[otherwise]])
        there = alone[MODE][self.tables.s_in_person[alone[MODE]]]
        yield from self._at_least("in_person", row, there[self.examiner.within_reach(np.full(len(there), row), there)])
        yield from self._one_check(row, alone[CHECK])

    def _one_more_week(self, row: int, slots: Ints) -> Iterator[Relaxation]:
        person = np.full(len(slots), row)
        position = self.examiner.check_position(person, slots)
        limited = self.examiner.limited(person, slots)
        weeks = self.tables.s_weeks[slots] & self.examiner.from_position[position] & ~self.tables.p_weeks[row]
        weeks = weeks & self.examiner.places_open[slots] & limited
        options = []
        for bit, week in enumerate(self.tables.weeks.tolist()):
            opened = slots[(weeks >> np.uint64(bit)) & np.uint64(1) == 1]
            if len(opened):
                options.append((int(self._free_at(row)[opened, bit].sum()), len(opened), -week))
        if options:
            free, hosts, week = max(options)
            yield Relaxation("week", hosts, free, amount=-week)

    def _further(self, row: int, slots: Ints) -> Iterator[Relaxation]:
        """Kilometres that the person could add; the programme's own limit stands."""
        squared = self.examiner.metres_squared(np.full(len(slots), row), slots)
        programme_km = self.tables.problem.rules.max_km
        near = squared <= (UNLIMITED if programme_km is None else programme_km * 1000) ** 2
        metres = np.ceil(np.sqrt(squared[near])).astype(np.int64)
        yield from self._at_least("km", row, slots[near], -(-(metres - self.tables.p_reach_m[row]) // 1000))

    def _at_least(self, change: str, row: int, slots: Ints, amounts: Ints | None = None) -> Iterator[Relaxation]:
        """The smallest amount that opens a host with a free place; if none has one, the smallest that opens any."""
        if not len(slots):
            return
        if amounts is None:
            amounts = np.zeros(len(slots), dtype=np.int64)
        free = self._still_free(row, slots)
        amount = int(amounts[free].min() if free.any() else amounts.min())
        opened = amounts <= amount
        yield Relaxation(change, int(opened.sum()), int((opened & free).sum()), amount=amount)

    def _one_check(self, row: int, slots: Ints) -> Iterator[Relaxation]:
        person = np.full(len(slots), row)
        common = self.tables.p_weeks[row] & self.examiner.places_open[slots] & self.examiner.limited(person, slots)
        for at, kind in enumerate(self.tables.kinds):
            position = self.examiner.check_position(person, slots, without=at)
            opened = slots[(common & self.examiner.from_position[position]) != 0]
            if len(opened):
                yield Relaxation("check", len(opened), int(self._still_free(row, opened, at).sum()), kind=kind)

    def _free_at(self, row: int) -> Bools:
        home = self.tables.p_home[row]
        both: Bools = self.free & self.homes_let_go[home][None, :]
        return both

    def _still_free(self, row: int, slots: Ints, without: int | None = None) -> Bools:
        """Which of these offers still have a place, in a week that suits the person."""
        position = self.examiner.check_position(np.full(len(slots), row), slots, without)
        weeks = self.tables.p_weeks[row] & self.examiner.from_position[position]
        bits = np.arange(len(self.tables.weeks), dtype=np.uint64)
        mine = ((weeks[:, None] >> bits) & np.uint64(1)) == 1
        free: Bools = np.any(self._free_at(row)[slots] & mine, axis=1)
        return free


def _taken(examiner: Examiner, hostings: tuple[Hosting, ...]) -> list[tuple[int, int, int]]:
    """Row of person, row of offer and position of week of each hosting that was not fixed."""
    tables = examiner.tables
    person = {one.id: row for row, one in enumerate(tables.people)}
    slot = {one.id: row for row, one in enumerate(tables.slots)}
    position = {week: at for at, week in enumerate(tables.weeks.tolist())}
    legs = [hosting.leg for hosting in hostings if not hosting.fixed]
    return [(person[leg.person_id], slot[leg.offer_id], position[leg.week]) for leg in legs]


def _free(examiner: Examiner, hostings: tuple[Hosting, ...]) -> Bools:
    """By offer and week: is there still a place, the host's own limits counted?"""
    tables = examiner.tables
    left, in_all = tables.left.copy(), tables.left_in_all.copy()
    week_left, quarter_left = tables.visits_week_left.copy(), tables.visits_quarter_left.copy()
    for _, slot, week in _taken(examiner, hostings):
        host = tables.s_host[slot]
        left[slot, week] -= 1
        in_all[slot] -= 1
        week_left[host, week] -= 1
        quarter_left[host, tables.quarter_of[week]] -= 1
    by_host = (week_left > 0) & (quarter_left[:, tables.quarter_of] > 0)
    free: Bools = (left > 0) & (in_all > 0)[:, None] & by_host[tables.s_host]
    return free


def _homes_let_go(examiner: Examiner, hostings: tuple[Hosting, ...]) -> Bools:
    """By organisation and week: may one more of its people be away?"""
    tables = examiner.tables
    week_left, quarter_left = tables.away_week_left.copy(), tables.away_quarter_left.copy()
    for person, _, week in _taken(examiner, hostings):
        week_left[tables.p_home[person], week] -= 1
        quarter_left[tables.p_home[person], tables.quarter_of[week]] -= 1
    free: Bools = (week_left > 0) & (quarter_left[:, tables.quarter_of] > 0)
    return free
