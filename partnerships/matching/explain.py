"""A true reason for everybody: why this host, or why none, and what would help.

Why not is never guessed. No host suits: every rule is asked of every offer. Some suit but others have the places: the
residual graph gives the criterion by which this person lost and whose place they would have needed (`residual`), and a
set of people that competes for fewer places. Where organisations' limits needed the integer program, that criterion is
searched for (`lost`), and where it is not found the cause said is those limits taken together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .arrays import UNLIMITED, Ints
from .candidates import Pairs
from .causes import causes, room
from .hosting import Answer
from .network import Network
from .residual import Residual, contests
from .rules import Examiner
from .score import Scores
from .types import Contest, Hosting, Reason

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
    lost_by: Mapping[int, str],
) -> Explanation:
    """Reasons for an answer of `hosting.place`; `lost_by`: what `hosting.lost_by` says of it."""
    tables = examiner.tables
    whole = _Whole(examiner, pairs, scores, network, answer, hostings, lost_by)
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
        lost_by: Mapping[int, str],
    ) -> None:
        self.tables = tables = examiner.tables
        self.answer, self.lost_by = answer, lost_by
        self.hosting_of = {hosting.leg.person_id: hosting for hosting in hostings}
        self.at = {int(row): at for at, row in enumerate(network.rows)}
        self.rows = network.rows
        self.displaced, self.price = answer.displaced, answer.price
        self.contests: tuple[Contest, ...] = ()
        self.contest_of: dict[int, int] = {}
        self.suitable = np.bincount(pairs.person, minlength=len(tables.people))
        self.better, self.best = self._given_up(pairs, scores)
        without = [row for row, person in enumerate(tables.people) if person.id not in self.hosting_of]
        left = room(examiner, [hosting.leg for hosting in hostings if not hosting.fixed])
        self.causes = causes(examiner, left, np.array(without, dtype=np.int64))
        if answer.still is not None and 0 < len(answer.edges) < len(network.rows):
            self._compete(network, answer.still)

    def _given_up(self, pairs: Pairs, scores: Scores) -> tuple[Ints, Ints]:
        """For each person placed: how many offers suit them better, and the row of the best of all that suit."""
        count = len(self.tables.people)
        got = [self.hosting_of.get(person.id) for person in self.tables.people]
        fit = np.array([UNLIMITED if one is None else one.leg.fit for one in got], dtype=np.int64)
        better = np.bincount(pairs.person[scores.total > fit[pairs.person]], minlength=count)
        most = np.full(count, -1)
        np.maximum.at(most, pairs.person, scores.total)
        top = np.flatnonzero(scores.total == most[pairs.person])[::-1]
        best = np.full(count, -1)
        best[pairs.person[top]] = pairs.slot[top]
        return better, best

    def _compete(self, network: Network, still: Residual) -> None:
        weeks = len(self.tables.weeks)
        found = []
        for people, cells in contests(still):
            ids = tuple(sorted(self.tables.people[int(network.rows[at])].id for at in people))
            offers = tuple(sorted({self.tables.slots[int(network.cells[at]) // weeks].id for at in cells}))
            found.append((Contest(ids, offers, int(still.placed[people].sum())), people))
        found.sort(key=lambda one: one[0].people)
        self.contests = tuple(contest for contest, _ in found)
        self.contest_of = {int(at): index for index, (_, people) in enumerate(found) for at in people}

    def reason(self, row: int) -> Reason:
        person, suitable = self.tables.people[row], int(self.suitable[row])
        hosting = self.hosting_of.get(person.id)
        if hosting is not None and hosting.fixed:
            return Reason(person.id, "fixed")
        if hosting is not None:
            better = int(self.better[row])
            best = self.tables.slots[int(self.best[row])].id if better else ""
            return Reason(person.id, "placed", suitable=suitable, better=better, best_offer_id=best)
        removed, relaxations = self.causes[row].removed, self.causes[row].relaxations
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
            return self.lost_by.get(at, LIMITS)
        if at not in self.displaced or self.price is None:
            return ""
        return self.price.first_of(self.displaced[at].loss) or LOT

    def _instead_of(self, at: int) -> str:
        if at not in self.displaced:
            return ""
        return self.tables.people[int(self.rows[self.displaced[at].person])].id
