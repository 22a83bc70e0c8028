"""A problem as numpy arrays: the one place where people and offers become rows and columns.

Rows stand in an order drawn by hash from the seed and the ids, so that where answers tie, neither the order in which
things came nor the alphabet decides. Weeks are bits of a 64-bit word, tags and needs bits of as many words as it takes.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from .types import Organisation, Person, Point, Problem, Slot

Ints = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

# Above every number that `validate` lets through, and its square still fits in 64 bits.
UNLIMITED = 1 << 31
_WORD = 64
T = TypeVar("T", Person, Slot, Organisation)


def lot(seed: int, kind: str, thing_id: str) -> bytes:
    """The draw that breaks ties: a hash of seed, kind and id."""
    return hashlib.blake2b(f"{seed}|{kind}|{thing_id}".encode(), digest_size=16).digest()


def _drawn(seed: int, kind: str, things: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(things, key=lambda thing: (lot(seed, kind, thing.id), thing.id)))


@dataclass(frozen=True, slots=True)
class Tables:
    """Arrays by person (p_…) and by offer (s_…). Codes of pairs are person × number of offers + offer.

    `left`: places left by offer and week, after what is fixed. `p_check`, `s_check`: position of the first week from
    which a check can be held, by kind; the number of weeks where never. `…_week_left`, `…_quarter_left`: what is left
    of each organisation's limits. `preference`: rank from 0 of the pairs in `preferred`, in lists of `preferences`.
    """

    problem: Problem
    people: tuple[Person, ...]
    slots: tuple[Slot, ...]
    organisations: tuple[Organisation, ...]
    weeks: Ints
    quarter_of: Ints
    p_home: Ints
    s_host: Ints
    p_field: Ints
    s_field: Ints
    crossing: Bools
    p_free: Bools
    p_weeks: Bits
    s_weeks: Bits
    p_point: Ints
    s_point: Ints
    p_known: Bools
    s_known: Bools
    p_reach_m: Ints
    p_remote: Bools
    p_in_person: Bools
    s_remote: Bools
    s_in_person: Bools
    p_needs: Bits
    s_access: Bits
    p_wants: Bits
    s_tags: Bits
    kinds: tuple[str, ...]
    p_check: Ints
    s_check: Ints
    p_pays: Ints
    p_cover: Ints
    s_payment: Ints
    avoid: Ints
    conflict: Ints
    met: Ints
    asked: Ints
    preferred: Ints
    preference: Ints
    preferences: Ints
    left: Ints
    left_in_all: Ints
    visits_week_left: Ints
    visits_quarter_left: Ints
    away_week_left: Ints
    away_quarter_left: Ints

    def pair(self, person: Ints, slot: Ints) -> Ints:
        """The codes of pairs, to look them up in sorted arrays of codes."""
        return person * len(self.slots) + slot

    def open_bits(self, counts: Ints) -> Bits:
        """Rows of counts by week as words: a bit where something is left."""
        return pack(counts > 0)


def pack(flags: Bools) -> Bits:
    """Rows of up to 64 flags as one word each."""
    powers = np.left_shift(np.uint64(1), np.arange(flags.shape[1], dtype=np.uint64))
    packed: Bits = np.where(flags, powers, np.uint64(0)).sum(axis=1, dtype=np.uint64)
    return packed


def build(problem: Problem) -> Tables:
    """The tables of a valid problem (`validate.check`)."""
    people = _drawn(problem.seed, "person", problem.people)
    slots = _drawn(problem.seed, "offer", problem.slots)
    organisations = tuple(sorted(problem.organisations, key=lambda organisation: organisation.id))
    rules = problem.rules
    org_row = {organisation.id: row for row, organisation in enumerate(organisations)}
    slot_row = {slot.id: row for row, slot in enumerate(slots)}
    person_row = {person.id: row for row, person in enumerate(people)}
    fields = sorted({person.field for person in people} | {slot.field for slot in slots})
    field_row = {name: row for row, name in enumerate(fields)}
    crossing = np.zeros((len(fields), len(fields)), dtype=np.bool_)
    for visitor, host in rules.crossings:
        if visitor in field_row and host in field_row:
            crossing[field_row[visitor], field_row[host]] = True

    week_list = sorted({week for slot in slots for week, places in slot.places.items() if places > 0})
    position = {week: bit for bit, week in enumerate(week_list)}
    quarter_of = np.array([bisect_right(sorted(rules.quarters), week) for week in week_list], dtype=np.int64)

    pairs = _Pairs(problem, people, slots, person_row, slot_row)
    kinds = tuple(sorted({kind for slot in slots for kind in slot.checks}))
    p_point, p_known = _points([person.point for person in people])
    s_point, s_known = _points([slot.point for slot in slots])
    needs = _Vocabulary([person.access_needs for person in people], [slot.access for slot in slots])
    tags = _Vocabulary([person.wants for person in people], [slot.tags for slot in slots])
    left, left_in_all = _places_left(problem, slots, slot_row, position)
    limits = _Limits(problem, organisations, org_row, slot_row, week_list, quarter_of)
    return Tables(
        problem=problem,
        people=people,
        slots=slots,
        organisations=organisations,
        weeks=_ints(week_list),
        quarter_of=quarter_of,
        p_home=_ints(org_row[person.organisation_id] for person in people),
        s_host=_ints(org_row[slot.organisation_id] for slot in slots),
        p_field=_ints(field_row[person.field] for person in people),
        s_field=_ints(field_row[slot.field] for slot in slots),
        crossing=crossing,
        p_free=~np.isin(np.arange(len(people)), [person_row[fixed.person_id] for fixed in rules.fixed]),
        p_weeks=np.array([_word(position, person.weeks) for person in people], dtype=np.uint64),
        s_weeks=np.array([_word(position, _offered(slot)) for slot in slots], dtype=np.uint64),
        p_point=p_point,
        s_point=s_point,
        p_known=p_known,
        s_known=s_known,
        p_reach_m=_ints(_reach_m(person.max_km, rules.max_km) for person in people),
        p_remote=_bools(person.remote_ok for person in people),
        p_in_person=_bools(person.in_person_ok for person in people),
        s_remote=_bools(slot.remote for slot in slots),
        s_in_person=_bools(slot.in_person for slot in slots),
        p_needs=needs.left,
        s_access=needs.right,
        p_wants=tags.left,
        s_tags=tags.right,
        kinds=kinds,
        p_check=_check_positions(week_list, [[person.checks.get(kind) for kind in kinds] for person in people], kinds),
        s_check=_check_positions(week_list, [_from_week(slot, kinds, rules.first_week) for slot in slots], kinds),
        p_pays=_ints(person.pays_up_to_pence for person in people),
        p_cover=_ints(person.cover_pence for person in people),
        s_payment=_ints(slot.payment_pence for slot in slots),
        avoid=pairs.avoid(),
        conflict=pairs.conflict(),
        met=pairs.met(),
        asked=pairs.asked(),
        left=left,
        left_in_all=left_in_all,
        visits_week_left=limits.week("visits"),
        visits_quarter_left=limits.quarter("visits"),
        away_week_left=limits.week("away"),
        away_quarter_left=limits.quarter("away"),
        **pairs.preferences(),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _bools(values: Iterable[bool]) -> Bools:
    return np.fromiter(values, dtype=np.bool_)


def _offered(slot: Slot) -> list[int]:
    return [week for week, places in slot.places.items() if places > 0]


def _word(position: Mapping[int, int], weeks: Iterable[int]) -> int:
    return sum(1 << position[week] for week in weeks if week in position)


def _reach_m(own_km: int | None, programme_km: int | None) -> int:
    limits = [km for km in (own_km, programme_km) if km is not None]
    return min(limits) * 1000 if limits else UNLIMITED


def _points(points: Sequence[Point | None]) -> tuple[Ints, Bools]:
    rows = np.array([(0, 0) if p is None else (p.east_m, p.north_m) for p in points], dtype=np.int64).reshape(-1, 2)
    return rows, _bools(point is not None for point in points)


class _Vocabulary:
    """Two lists of sets over the same words, as bits."""

    def __init__(self, left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> None:
        bit = {name: i for i, name in enumerate(sorted(frozenset().union(*left)))}
        words = max(1, -(-len(bit) // _WORD))
        self.left, self.right = (self._rows(bit, words, sets) for sets in (left, right))

    @staticmethod
    def _rows(bit: Mapping[str, int], words: int, sets: Sequence[frozenset[str]]) -> Bits:
        rows = np.zeros((len(sets), words), dtype=np.uint64)
        for row, names in enumerate(sets):
            for name in names:
                if name in bit:
                    rows[row, bit[name] // _WORD] |= np.uint64(1 << (bit[name] % _WORD))
        return rows


def _from_week(slot: Slot, kinds: Sequence[str], first_week: int) -> list[int | None]:
    """First week in which each check that the offer asks can be had by applying; any week where it is not asked."""
    weeks: list[int | None] = []
    for kind in kinds:
        lead = slot.checks.get(kind, 0)
        weeks.append(-UNLIMITED if kind not in slot.checks else None if lead is None else first_week + lead)
    return weeks


def _check_positions(week_list: Sequence[int], rows: list[list[int | None]], kinds: Sequence[str]) -> Ints:
    by_week = [[UNLIMITED if week is None else week for week in row] for row in rows]
    positions = np.searchsorted(_ints(week_list), np.array(by_week, dtype=np.int64).reshape(len(rows), len(kinds)))
    return positions.astype(np.int64)


def _places_left(
    problem: Problem, slots: Sequence[Slot], slot_row: Mapping[str, int], position: Mapping[int, int]
) -> tuple[Ints, Ints]:
    left = np.zeros((len(slots), len(position)), dtype=np.int64)
    in_all = _ints(UNLIMITED if slot.places_in_all is None else slot.places_in_all for slot in slots)
    for row, slot in enumerate(slots):
        for week in _offered(slot):
            left[row, position[week]] = slot.places[week]
    for fixed in problem.rules.fixed:
        left[slot_row[fixed.offer_id], position[fixed.week]] -= 1
        in_all[slot_row[fixed.offer_id]] -= 1
    return left, np.maximum(in_all, 0)


class _Limits:
    """What is left of each organisation's limits after other bookings and what is fixed."""

    def __init__(
        self,
        problem: Problem,
        organisations: Sequence[Organisation],
        org_row: Mapping[str, int],
        slot_row: Mapping[str, int],
        week_list: Sequence[int],
        quarter_of: Ints,
    ) -> None:
        self.organisations = organisations
        self.week_list = week_list
        self.quarters = sorted(problem.rules.quarters)
        home = {person.id: person.organisation_id for person in problem.people}
        host = {slot.id: slot.organisation_id for slot in problem.slots}
        self.used: dict[str, list[Counter[int]]] = {
            "visits": [Counter(organisation.booked_visits) for organisation in organisations],
            "away": [Counter(organisation.booked_away) for organisation in organisations],
        }
        for fixed in problem.rules.fixed:
            self.used["visits"][org_row[host[fixed.offer_id]]][fixed.week] += 1
            self.used["away"][org_row[home[fixed.person_id]]][fixed.week] += 1

    def week(self, way: str) -> Ints:
        rows = np.full((len(self.organisations), len(self.week_list)), UNLIMITED, dtype=np.int64)
        for row, organisation in enumerate(self.organisations):
            limit = organisation.visits_per_week if way == "visits" else organisation.away_per_week
            if limit is not None:
                rows[row] = [max(0, limit - self.used[way][row][week]) for week in self.week_list]
        return rows

    def quarter(self, way: str) -> Ints:
        rows = np.full((len(self.organisations), len(self.quarters) + 1), UNLIMITED, dtype=np.int64)
        for row, organisation in enumerate(self.organisations):
            limit = organisation.visits_per_quarter if way == "visits" else organisation.away_per_quarter
            if limit is not None:
                used: Counter[int] = Counter()
                for week, times in self.used[way][row].items():
                    used[bisect_right(self.quarters, week)] += times
                rows[row] = [max(0, limit - used[quarter]) for quarter in range(len(self.quarters) + 1)]
        return rows


class _Pairs:
    """The few pairs that somebody named, as sorted arrays of pair codes."""

    def __init__(
        self,
        problem: Problem,
        people: Sequence[Person],
        slots: Sequence[Slot],
        person_row: Mapping[str, int],
        slot_row: Mapping[str, int],
    ) -> None:
        self.problem, self.people, self.slots = problem, people, slots
        self.person_row, self.slot_row = person_row, slot_row
        self.slots_of = _rows_by(slots, lambda slot: [slot.organisation_id])
        self.slots_with = _rows_by(slots, lambda slot: slot.people)
        self.people_of = _rows_by(people, lambda person: [person.organisation_id])

    def _code(self, person: int, slot: int) -> int:
        return person * len(self.slots) + slot

    @staticmethod
    def _sorted(codes: Iterable[int]) -> Ints:
        return _ints(sorted(set(codes)))

    def avoid(self) -> Ints:
        codes: list[int] = []
        for p, person in enumerate(self.people):
            for organisation_id in person.avoids_organisations:
                codes.extend(self._code(p, s) for s in self.slots_of[organisation_id])
            for other in person.avoids_people:
                codes.extend(self._code(p, s) for s in self.slots_with[other])
        for s, slot in enumerate(self.slots):
            for organisation_id in slot.avoids_organisations:
                codes.extend(self._code(p, s) for p in self.people_of[organisation_id])
            codes.extend(self._code(self.person_row[p], s) for p in slot.avoids_people if p in self.person_row)
        for person_id, offer_id in self.problem.rules.forbidden:
            if person_id in self.person_row and offer_id in self.slot_row:
                codes.append(self._code(self.person_row[person_id], self.slot_row[offer_id]))
        return self._sorted(codes)

    def conflict(self) -> Ints:
        return self._sorted(
            self._code(p, s)
            for p, person in enumerate(self.people)
            for organisation_id in person.funds
            for s in self.slots_of[organisation_id]
            if not self.slots[s].accepts_funders
        )

    def met(self) -> Ints:
        return self._sorted(
            self._code(p, s)
            for p, person in enumerate(self.people)
            for organisation_id in person.met
            for s in self.slots_of[organisation_id]
        )

    def asked(self) -> Ints:
        return self._sorted(
            self._code(self.person_row[person_id], s)
            for s, slot in enumerate(self.slots)
            for person_id in slot.asked_for
            if person_id in self.person_row
        )

    def preferences(self) -> dict[str, Ints]:
        """Codes of ranked pairs, their rank (from 0) and the length of the list they stand in."""
        rows: dict[int, tuple[int, int]] = {}
        for p, person in enumerate(self.people):
            for rank, offer_id in enumerate(person.preferences):
                if offer_id in self.slot_row:
                    rows.setdefault(self._code(p, self.slot_row[offer_id]), (rank, len(person.preferences)))
        codes = sorted(rows)
        return {
            "preferred": _ints(codes),
            "preference": _ints(rows[code][0] for code in codes),
            "preferences": _ints(rows[code][1] for code in codes),
        }


def _rows_by(things: Sequence[T], keys: Callable[[T], Iterable[str]]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, thing in enumerate(things):
        for key in keys(thing):
            rows[key].append(row)
    return rows
