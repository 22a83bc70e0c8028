"""How well a feasible pair fits: the sum of named parts, each a whole number of points, so that a fit can be read.

`learn`: the share of what the visitor wants to see that the host shows. `place`: nearness, in person. `dates`: weeks in
common, full from four. `mode`: they can meet in person. `size`: the host is a small organisation. `preference`: rank
in the visitor's list. `new`: they have not met before. `asked`: the host asked for this person by name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .arrays import UNLIMITED, Ints, ones
from .candidates import Pairs
from .rules import Examiner, among
from .types import PARTS, Part, Weights

ENOUGH_WEEKS = 4
# Where neither the person nor the programme sets a distance, nearness counts up to here.
NEAR_KM = 100


@dataclass(frozen=True, slots=True)
class Scores:
    """Points by part, in the order of `PARTS`, and pair, and their sums."""

    parts: npt.NDArray[np.int32]
    total: Ints
    weights: Weights

    def named(self, pairs: Ints) -> list[tuple[Part, ...]]:
        """The parts of some pairs. Equal parts are one thing: there are few, and a large round has very many."""
        most = [(name, getattr(self.weights, name)) for name in PARTS]
        chosen = self.parts[:, pairs]
        made = [
            {points: Part(name, points, out_of) for points in np.unique(column).tolist()}
            for (name, out_of), column in zip(most, chosen, strict=True)
        ]
        rows = zip(*(column.tolist() for column in chosen), strict=True)
        return [tuple(of[points] for of, points in zip(made, row, strict=True)) for row in rows]


def score(examiner: Examiner, pairs: Pairs, weights: Weights | None = None) -> Scores:
    """The fit of every pair, by the weights of the problem or by others."""
    tables = examiner.tables
    weights = weights or tables.problem.weights
    person, slot = pairs.person, pairs.slot
    code = tables.pair(person, slot)
    wanted = ones(tables.p_wants)[person]
    shown = ones(tables.p_wants[:, person] & tables.s_tags[:, slot])
    in_person = examiner.face_to_face(person, slot) & examiner.within_reach(person, slot)
    common = ones(pairs.weeks)
    small = np.array([organisation.small for organisation in tables.organisations], dtype=np.int64)
    met, asked = among(code, tables.met), among(code, tables.asked)
    columns = {
        "learn": np.where(wanted > 0, weights.learn * shown // np.maximum(wanted, 1), 0),
        "place": np.where(in_person, _nearness(examiner, person, slot, weights.place), 0),
        "dates": weights.dates * np.minimum(common, ENOUGH_WEEKS) // ENOUGH_WEEKS,
        "mode": weights.mode * in_person,
        "size": weights.size * small[tables.s_host[slot]],
        "preference": _preference(examiner, code, weights.preference),
        "new": weights.new * ~met,
        "asked": weights.asked * asked,
    }
    parts = np.stack([columns[name] for name in PARTS], dtype=np.int32, casting="same_kind")
    return Scores(parts, parts.sum(axis=0, dtype=np.int64), weights)


def _nearness(examiner: Examiner, person: Ints, slot: Ints, most: int) -> Ints:
    tables = examiner.tables
    reach_km = np.where(tables.p_reach_m == UNLIMITED, NEAR_KM * 1000, tables.p_reach_m)[person] // 1000
    km = np.sqrt(examiner.metres_squared(person, slot)).astype(np.int64) // 1000
    points = most * np.clip(reach_km - km, 0, None) // np.maximum(reach_km, 1)
    known = tables.p_known[person] & tables.s_known[slot]
    nearness: Ints = np.where(known, points, 0)
    return nearness


def _preference(examiner: Examiner, code: Ints, most: int) -> Ints:
    tables = examiner.tables
    points = np.zeros(len(code), dtype=np.int64)
    ranked = among(code, tables.preferred)
    at = np.searchsorted(tables.preferred, code[ranked])
    points[ranked] = most * (tables.preferences[at] - tables.preference[at]) // tables.preferences[at]
    return points
