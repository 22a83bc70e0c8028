"""A problem as numpy arrays: the one place where people and offers become rows and columns.

Rows stand in an order drawn by hash from the seed and the ids, so that where answers tie, neither the order in which
things came nor the alphabet decides. Weeks, tags and needs are bits (`arrays`).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TypeVar

import numpy as np

from .arrays import UNLIMITED, Bits, Bools, Ints, bools, ints, pack, sets
from .calendars import calendars, weeks_offered
from .limits import Limits
from .named import NamedPairs
from .types import Organisation, Person, Point, Problem, Slot

T = TypeVar("T", Person, Slot, Organisation)


def lot(seed: int, kind: str, thing_id: str) -> bytes:
    """The draw that breaks ties: a hash of seed, kind and id."""
    return _ended(_begun(seed, kind), thing_id)


def _begun(seed: int, kind: str) -> hashlib.blake2b:
    return hashlib.blake2b(f"{seed}|{kind}|".encode(), digest_size=16)


def _ended(begun: hashlib.blake2b, thing_id: str) -> bytes:
    draw = begun.copy()
    draw.update(thing_id.encode())
    return draw.digest()


def _drawn(seed: int, kind: str, things: Iterable[T]) -> tuple[T, ...]:
    begun = _begun(seed, kind)
    return tuple(sorted(things, key=lambda thing: (_ended(begun, thing.id), thing.id)))


@dataclass(frozen=True, slots=True)
class Tables:
    """Arrays by person (p_…) and by offer (s_…). Codes of pairs are person × number of offers + offer.

    `left`: places left by offer and week, after what is fixed. `p_check`, `s_check`, by kind: position of the first
    week from which that check can be held; the number of weeks where never. `…_week_left`, `…_quarter_left`: what is
    left of each organisation's limits. `preference`: rank from 0 of the pairs in `preferred`, in lists of
    `preferences`. `elsewhere_weeks`: weeks in which the pairs in `elsewhere` cannot meet.
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
    elsewhere: Ints
    elsewhere_weeks: Bits
    left: Ints
    left_in_all: Ints
    visits_week_left: Ints
    visits_quarter_left: Ints
    away_week_left: Ints
    away_quarter_left: Ints

    def pair(self, person: Ints, slot: Ints) -> Ints:
        """The codes of pairs, to look them up in sorted arrays of codes."""
        return person * len(self.slots) + slot


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

    week_list = sorted(weeks_offered(slots))
    position = {week: bit for bit, week in enumerate(week_list)}
    quarter_of = np.array([bisect_right(sorted(rules.quarters), week) for week in week_list], dtype=np.int64)

    pairs = NamedPairs(problem, people, slots, person_row, slot_row)
    elsewhere, elsewhere_weeks = pairs.elsewhere(position)
    kinds = tuple(sorted({kind for slot in slots for kind in slot.checks}))
    p_point, p_known = _points([person.point for person in people])
    s_point, s_known = _points([slot.point for slot in slots])
    p_needs, s_access = _shared([person.access_needs for person in people], [slot.access for slot in slots])
    p_wants, s_tags = _shared([person.wants for person in people], [slot.tags for slot in slots])
    offered = _offered(slots, week_list)
    left, left_in_all = _places_left(problem, slots, offered, slot_row, position)
    limits = Limits(problem, organisations, org_row, slot_row, week_list, quarter_of)
    return Tables(
        problem=problem,
        people=people,
        slots=slots,
        organisations=organisations,
        weeks=ints(week_list),
        quarter_of=quarter_of,
        p_home=ints(org_row[person.organisation_id] for person in people),
        s_host=ints(org_row[slot.organisation_id] for slot in slots),
        p_field=ints(field_row[person.field] for person in people),
        s_field=ints(field_row[slot.field] for slot in slots),
        crossing=crossing,
        p_free=~np.isin(np.arange(len(people)), [person_row[fixed.person_id] for fixed in rules.fixed]),
        p_weeks=sets(position, [person.weeks for person in people]),
        s_weeks=pack(offered > 0),
        p_point=p_point,
        s_point=s_point,
        p_known=p_known,
        s_known=s_known,
        p_reach_m=ints(_reach_m(person.max_km, rules.max_km) for person in people),
        p_remote=bools(person.remote_ok for person in people),
        p_in_person=bools(person.in_person_ok for person in people),
        s_remote=bools(slot.remote for slot in slots),
        s_in_person=bools(slot.in_person for slot in slots),
        p_needs=p_needs,
        s_access=s_access,
        p_wants=p_wants,
        s_tags=s_tags,
        kinds=kinds,
        p_check=_check_positions(week_list, [[person.checks.get(kind) for kind in kinds] for person in people], kinds),
        s_check=_check_positions(week_list, [_from_week(slot, kinds, rules.first_week) for slot in slots], kinds),
        p_pays=ints(person.pays_up_to_pence for person in people),
        p_cover=ints(person.cover_pence for person in people),
        s_payment=ints(slot.payment_pence for slot in slots),
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
        elsewhere=elsewhere,
        elsewhere_weeks=elsewhere_weeks,
    )


def _offered(slots: Sequence[Slot], week_list: Sequence[int]) -> Ints:
    """Places by offer and week."""
    rows = {key: list(map(places.get, week_list, repeat(0))) for key, places in calendars(slots).items()}
    return np.array([rows[id(slot.places)] for slot in slots], dtype=np.int64).reshape(len(slots), len(week_list))


def _reach_m(own_km: int | None, programme_km: int | None) -> int:
    limits = [km for km in (own_km, programme_km) if km is not None]
    return min(limits) * 1000 if limits else UNLIMITED


def _points(points: Sequence[Point | None]) -> tuple[Ints, Bools]:
    rows = np.array([(0, 0) if p is None else (p.east_m, p.north_m) for p in points], dtype=np.int64).reshape(-1, 2)
    return rows.T.copy(), bools(point is not None for point in points)


def _shared(left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> tuple[Bits, Bits]:
    """Two lists of sets over the words of the first."""
    bit = {name: at for at, name in enumerate(sorted(frozenset().union(*left)))}
    return sets(bit, left), sets(bit, right)


def _from_week(slot: Slot, kinds: Sequence[str], first_week: int) -> list[int | None]:
    """First week in which each check that the offer asks can be had by applying; any week where it is not asked."""
    weeks: list[int | None] = []
    for kind in kinds:
        lead = slot.checks.get(kind, 0)
        weeks.append(-UNLIMITED if kind not in slot.checks else None if lead is None else first_week + lead)
    return weeks


def _check_positions(week_list: Sequence[int], rows: list[list[int | None]], kinds: Sequence[str]) -> Ints:
    by_week = [[UNLIMITED if week is None else week for week in row] for row in rows]
    positions = np.searchsorted(ints(week_list), np.array(by_week, dtype=np.int64).reshape(len(rows), len(kinds)).T)
    return positions.astype(np.int64)


def _places_left(
    problem: Problem, slots: Sequence[Slot], offered: Ints, slot_row: Mapping[str, int], position: Mapping[int, int]
) -> tuple[Ints, Ints]:
    left = np.maximum(offered, 0)
    in_all = ints(UNLIMITED if slot.places_in_all is None else slot.places_in_all for slot in slots)
    for fixed in problem.rules.fixed:
        left[slot_row[fixed.offer_id], position[fixed.week]] -= 1
        in_all[slot_row[fixed.offer_id]] -= 1
    return left, np.maximum(in_all, 0)
