"""What can never be. Every rule is a column: asked of any number of pairs at once, it says which ones it refuses.

The same rules serve the search for pairs, one person's list of hosts, and the explanation of why somebody has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import showing
from .arrays import Bits, Bools, Ints, ints, pack, some
from .tables import Tables, build
from .types import Person, Problem, Sentence, Slot

OWN_ORGANISATION, CROSSING, AVOID, CONFLICT = "own_organisation", "crossing", "avoid", "conflict"
NO_COMMON_WEEK, CHECK, FULL, LIMIT = "no_common_week", "check", "full", "limit"
# At most one of these refuses a pair, and another week may lift it.
BY_WEEK = (NO_COMMON_WEEK, CHECK, FULL, LIMIT)
MODE, TOO_FAR, ACCESS, PAYMENT, COVER = "mode", "too_far", "access", "payment", "cover"
RETURN_VISIT, NOT_LISTED = "return_visit", "not_listed"


@dataclass(frozen=True, slots=True)
class Weeks:
    """For each pair, the weeks (as bits, words first) that are left as the conditions are added one by one."""

    common: Bits
    checked: Bits
    with_places: Bits
    open: Bits


class Examiner:
    """Asks the rules of pairs. `person` and `slot` are arrays of rows that meet: two of equal length, or people as a
    column against every offer as a row (`against_all`)."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.showing = showing.build(tables)
        count = len(tables.weeks)
        every = np.arange(count)
        self.from_position = pack(every[None, :] >= np.arange(count + 1)[:, None])
        self.places_open = np.where(tables.left_in_all > 0, pack(tables.left > 0), np.uint64(0))
        self.visits_open = pack(
            (tables.visits_week_left > 0) & (tables.visits_quarter_left[:, tables.quarter_of] > 0),
        )
        self.away_open = pack((tables.away_week_left > 0) & (tables.away_quarter_left[:, tables.quarter_of] > 0))
        self.asks_checks = np.any(tables.s_check > 0, axis=0)
        self.all_known = bool(tables.p_known.all() and tables.s_known.all())

    def against_all(self, people: Ints) -> tuple[Ints, Ints]:
        """These people as a column, every offer as a row."""
        return people[:, None], np.arange(len(self.tables.slots))[None, :]

    def limited(self, person: Ints, slot: Ints) -> Bits:
        """The weeks in which neither organisation is at its limit."""
        return self.visits_open[:, self.tables.s_host[slot]] & self.away_open[:, self.tables.p_home[person]]

    def weeks(self, person: Ints, slot: Ints) -> Weeks:
        """The weeks of each pair."""
        common = self.free(self.tables.p_weeks[:, person] & self.tables.s_weeks[:, slot], person, slot)
        checked = self.checked(common, person, slot)
        with_places = checked & self.places_open[:, slot]
        return Weeks(common, checked, with_places, with_places & self.limited(person, slot))

    def free(self, weeks: Bits, person: Ints, slot: Ints) -> Bits:
        """Those of these weeks of each pair in which no other visit takes the person's days there."""
        where, which = self._standing(person, slot, self.tables.elsewhere)
        if not len(which):
            return weeks
        left = weeks.copy()
        for word, taken in zip(left, self.tables.elsewhere_weeks[:, which], strict=True):
            word[where] &= ~taken
        return left

    def checked(self, weeks: Bits, person: Ints, slot: Ints, without: int | None = None) -> Bits:
        """Those of these weeks of each pair in which every check asked is held (`without`: one kind not asked)."""
        at = np.flatnonzero(self.asks_checks[slot])
        if not len(at):
            return weeks
        # Few offers ask any, and only theirs are looked at.
        held = weeks.copy()
        person = person if person.ndim > 1 else person[at]
        held[..., at] &= self.from_position[:, self._check_position(person, slot[..., at], without)]
        return held

    def _check_position(self, person: Ints, slot: Ints, without: int | None) -> Ints:
        """Position of the first week in which every check asked is held."""
        tables = self.tables
        position = np.zeros(np.broadcast_shapes(person.shape, slot.shape), dtype=np.int64)
        for kind in range(len(tables.kinds)):
            if kind != without:
                first = np.minimum(tables.p_check[kind][person], tables.s_check[kind][slot])
                np.maximum(position, first, out=position)
        return position

    def metres_squared(self, person: Ints, slot: Ints) -> Ints:
        """Squared distance; nought where either place is unknown."""
        tables = self.tables
        squared: Ints = tables.p_point[0][person] - tables.s_point[0][slot]
        north: Ints = tables.p_point[1][person] - tables.s_point[1][slot]
        squared *= squared
        north *= north
        squared += north
        if not self.all_known:
            squared *= tables.p_known[person] & tables.s_known[slot]
        return squared

    def within_reach(self, person: Ints, slot: Ints) -> Bools:
        """Near enough to go there. Where a place is unknown nobody is refused for it: the two will know."""
        reach = self.tables.p_reach_m[person]
        near: Bools = self.metres_squared(person, slot) <= reach * reach
        return near

    def remote(self, person: Ints, slot: Ints) -> Bools:
        """Both would meet remotely; then distance does not matter."""
        both: Bools = self.tables.p_remote[person] & self.tables.s_remote[slot]
        return both

    def face_to_face(self, person: Ints, slot: Ints) -> Bools:
        """Both would meet in person, however far."""
        both: Bools = self.tables.p_in_person[person] & self.tables.s_in_person[slot]
        return both

    def refused(
        self, person: Ints, slot: Ints, weeks: Weeks | None = None, squared: Ints | None = None
    ) -> dict[str, Bools]:
        """Every rule's code, and which of the pairs it refuses (`weeks`, `squared`: where these are known already)."""
        tables = self.tables
        weeks = weeks or self.weeks(person, slot)
        squared = self.metres_squared(person, slot) if squared is None else squared
        remote, face_to_face = self.remote(person, slot), self.face_to_face(person, slot)
        common, checked, with_places = some(weeks.common), some(weeks.checked), some(weeks.with_places)
        missing = tables.p_needs[:, person] & ~tables.s_access[:, slot]
        pays_cover = tables.problem.rules.pays_cover_up_to_pence
        pays = tables.problem.rules.pays_up_to_pence + tables.p_pays[person]
        return {
            OWN_ORGANISATION: tables.p_home[person] == tables.s_host[slot],
            CROSSING: ~tables.crossing[tables.p_field[person], tables.s_field[slot]],
            RETURN_VISIT: self.showing.without_return(person, slot),
            NOT_LISTED: self.showing.listed_only[person] & ~self._named(person, slot, tables.preferred),
            AVOID: self._named(person, slot, tables.avoid),
            CONFLICT: self._named(person, slot, tables.conflict),
            MODE: ~(remote | face_to_face),
            TOO_FAR: ~remote & face_to_face & (squared > tables.p_reach_m[person] ** 2),
            ACCESS: some(missing),
            PAYMENT: tables.s_payment[slot] > pays,
            COVER: (tables.p_cover[person] > pays_cover) & np.ones(slot.shape, dtype=np.bool_),
            NO_COMMON_WEEK: ~common,
            CHECK: common & ~checked,
            FULL: checked & ~with_places,
            LIMIT: with_places & ~some(weeks.open),
        }

    def _named(self, person: Ints, slot: Ints, codes: Ints) -> Bools:
        found = np.zeros(np.broadcast_shapes(person.shape, slot.shape), dtype=np.bool_)
        where, _which = self._standing(person, slot, codes)
        found[where] = True
        return found

    def _standing(self, person: Ints, slot: Ints, codes: Ints) -> tuple[tuple[Ints, ...], Ints]:
        """Where those of the pairs are that stand in a sorted array of codes, and where in it they stand."""
        if person.ndim == 1:
            at, which = standing(self.tables.pair(person, slot), codes)
            return (at,), which
        offers = len(self.tables.slots)
        begin, end = np.searchsorted(codes, person[:, 0] * offers), np.searchsorted(codes, (person[:, 0] + 1) * offers)
        row = np.repeat(np.arange(len(person)), end - begin)
        which = ints(at for first, last in zip(begin.tolist(), end.tolist(), strict=True) for at in range(first, last))
        return (row, codes[which] % offers), which


def standing(pair: Ints, codes: Ints) -> tuple[Ints, Ints]:
    """Which of the pairs stand in a sorted array of codes, and where in it."""
    if not len(codes):
        return codes[:0], codes[:0]
    which = np.minimum(np.searchsorted(codes, pair), len(codes) - 1)
    at = np.flatnonzero(codes[which] == pair)
    return at, which[at]


def among(pair: Ints, codes: Ints) -> Bools:
    """Which of the pairs stand in a sorted array of codes, as flags."""
    found = np.zeros(len(pair), dtype=np.bool_)
    found[standing(pair, codes)[0]] = True
    return found


def refusals(problem: Problem, person_id: str, offer_id: str) -> tuple[Sentence, ...]:
    """Every reason why this person cannot visit on this offer; none if they can. For a broker, who may know each."""
    tables = build(problem)
    person = next(row for row, person in enumerate(tables.people) if person.id == person_id)
    slot = next(row for row, slot in enumerate(tables.slots) if slot.id == offer_id)
    return refusals_of(Examiner(tables), person, slot)


def refusals_of(examiner: Examiner, person: int, slot: int) -> tuple[Sentence, ...]:
    """As `refusals`, by row."""
    at = np.array([person]), np.array([slot])
    refused = [code for code, flags in examiner.refused(*at).items() if flags[0]]
    who, where = examiner.tables.people[person], examiner.tables.slots[slot]
    km = int(np.sqrt(examiner.metres_squared(*at)[0])) // 1000
    return tuple(Sentence(code, _PARAMS[code](who, where, km) if code in _PARAMS else {}) for code in refused)


_PARAMS: dict[str, Callable[[Person, Slot, int], dict[str, int | str]]] = {
    CROSSING: lambda person, slot, km: {"from": person.field, "to": slot.field},
    CHECK: lambda person, slot, km: {"checks": ", ".join(sorted(slot.checks))},
    TOO_FAR: lambda person, slot, km: {"km": km},
    ACCESS: lambda person, slot, km: {"needs": ", ".join(sorted(person.access_needs - slot.access))},
    PAYMENT: lambda person, slot, km: {"pence": slot.payment_pence},
    COVER: lambda person, slot, km: {"pence": person.cover_pence},
}
