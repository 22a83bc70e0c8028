"""An independent check of an answer, in plain Python, sharing no code with what made it.

Every rule, every capacity, every limit, the parts of every fit, the criteria, and the claims of the explanations are
worked out again from the problem alone. It imports the types and nothing else of the engine. It returns what is wrong;
an answer with any fault must not be used.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from . import verify_exchanges
from .types import Allocation, Contest, Hosting, Organisation, Person, Problem, Reason, Slot
from .verify_near import Near
from .verify_visits import barred, fit, impossible, unchecked

# Above so many pairs of a person and an offer, claims that nobody suits are checked for every n-th person.
_EVERY_PAIR = 250_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with an answer: a code, and where."""

    code: str
    detail: str


def verify(problem: Problem, allocation: Allocation) -> tuple[Fault, ...]:
    """Every fault found; none if the answer stands."""
    return tuple(_Check(problem, allocation).faults())


class _Check:
    def __init__(self, problem: Problem, allocation: Allocation) -> None:
        self.problem, self.allocation = problem, allocation
        self.forms = verify_exchanges.Forms(problem)
        self.near = Near(problem)
        self.visits = (
            *allocation.hostings,
            *(Hosting(leg, one.fixed) for one in allocation.exchanges for leg in one.legs),
        )
        self.people = {person.id: person for person in problem.people}
        self.slots = {slot.id: slot for slot in problem.slots}
        self.organisations = {organisation.id: organisation for organisation in problem.organisations}
        self.most = asdict(problem.weights)
        self.quarters = sorted(problem.rules.quarters)
        self.fixed = {(one.person_id, one.offer_id, one.week): one.why for one in problem.rules.fixed}
        self.fixed_people = {one.person_id for one in problem.rules.fixed}
        self.fixed_in_week = Counter((one.offer_id, one.week) for one in problem.rules.fixed)
        self.fixed_in_all = Counter(one.offer_id for one in problem.rules.fixed)
        self.used = self._used_by_others()
        self.answers_checked = 0
        self.weeks_of: dict[tuple[str, str], tuple[int, ...]] = {}
        self.limits = dict(self._limited())
        self.competing = [(frozenset(one.people), frozenset(one.offers)) for one in allocation.contests]

    def faults(self) -> Iterator[Fault]:
        known = list(self._known())
        yield from known
        if known:
            return
        yield from self._each_once()
        yield from self._fixed_kept()
        for code, detail in verify_exchanges.faults(self.problem, self.allocation, self.forms):
            yield Fault(code, detail)
        for hosting in self.visits:
            yield from self._hosting(hosting)
        yield from self._capacities()
        yield from self._limits()
        yield from self._criteria()
        yield from self._reasons()
        yield from self._contests()

    def _known(self) -> Iterator[Fault]:
        for hosting in self.visits:
            if hosting.leg.person_id not in self.people:
                yield Fault("unknown_person", hosting.leg.person_id)
            if hosting.leg.offer_id not in self.slots:
                yield Fault("unknown_offer", hosting.leg.offer_id)
        if self.allocation.seed != self.problem.seed:
            yield Fault("seed", str(self.allocation.seed))

    def _each_once(self) -> Iterator[Fault]:
        for person_id, times in Counter(one.leg.person_id for one in self.visits).items():
            if times > 1:
                yield Fault("person_twice", person_id)

    def _fixed_kept(self) -> Iterator[Fault]:
        got = {(one.leg.person_id, one.leg.offer_id, one.leg.week): one.fixed for one in self.visits}
        for key, why in self.fixed.items():
            if got.get(key) != why:
                yield Fault("fixed_lost", str(key))
        for key, fixed in got.items():
            if fixed and key not in self.fixed:
                yield Fault("fixed_invented", str(key))

    def _hosting(self, hosting: Hosting) -> Iterator[Fault]:
        leg = hosting.leg
        person, slot = self.people[leg.person_id], self.slots[leg.offer_id]
        if leg.organisation_id != slot.organisation_id:
            yield Fault("wrong_organisation", leg.organisation_id)
        open_weeks = (leg.week,) if hosting.fixed else self._open_weeks(person, slot)
        if leg.week not in open_weeks:
            why = impossible(self.problem, person, slot, leg.week) or "full or at a limit"
            yield Fault("rule_crossed", f"{person.id} at {slot.id} in {leg.week}: {why}")
        if leg.weeks != open_weeks:
            yield Fault("wrong_weeks", f"{person.id} at {slot.id}")
        small = self.organisations[slot.organisation_id].small
        parts = fit(self.problem, person, slot, len(open_weeks), small=small)
        if {part.name: part.points for part in leg.parts} != parts or len(leg.parts) != len(parts):
            yield Fault("wrong_parts", f"{person.id} at {slot.id}")
        if {part.name: part.out_of for part in leg.parts} != self.most:
            yield Fault("wrong_weight", f"{person.id} at {slot.id}")
        if leg.fit != sum(parts.values()):
            yield Fault("wrong_fit", f"{person.id} at {slot.id}")

    def _open_weeks(self, person: Person, slot: Slot) -> tuple[int, ...]:
        """Weeks in which the pair could meet if nobody but those fixed went anywhere. Many pairs are asked of twice."""
        found = self.weeks_of.get((person.id, slot.id))
        if found is None:
            found = self.weeks_of[person.id, slot.id] = self._weeks(person, slot)
        return found

    def _weeks(self, person: Person, slot: Slot) -> tuple[int, ...]:
        shared = person.weeks.intersection(slot.places)
        if not shared or not self.forms.possible(person, slot):
            return ()
        if barred(self.problem, person, slot) or self._full(slot):
            return ()
        open_weeks = [
            week
            for week in sorted(shared.difference(person.elsewhere.get(slot.id, ())))
            if slot.places[week] > self.fixed_in_week.get((slot.id, week), 0)
            and not unchecked(self.problem, person, slot, week)
        ]
        if not self.limits:
            return tuple(open_weeks)
        sides = ("host", slot.organisation_id), ("home", person.organisation_id)
        limited = [(*side, *limit) for side in sides if side in self.limits for limit in self.limits[side]]
        return tuple(week for week in open_weeks if not self._at_a_limit(limited, week))

    def _full(self, slot: Slot) -> bool:
        """Whether what is fixed takes all that the offer gives over the weeks."""
        return slot.places_in_all is not None and self.fixed_in_all.get(slot.id, 0) >= slot.places_in_all

    def _at_a_limit(self, limited: list[tuple[str, str, bool, int]], week: int) -> bool:
        return any(
            self.used[side, owner, by_quarter, self._period(week, by_quarter)] >= limit
            for side, owner, by_quarter, limit in limited
        )

    def _period(self, week: int, by_quarter: bool) -> int:
        return bisect_right(self.quarters, week) if by_quarter else week

    def _used_by_others(self) -> Counter[tuple[str, str, bool, int]]:
        """What other bookings and fixed placements use of each organisation, by side and period."""
        used: Counter[tuple[str, str, bool, int]] = Counter()
        for by_quarter in (False, True):
            for one in self.problem.organisations:
                for side, booked in (("host", one.booked_visits), ("home", one.booked_away)):
                    for week, times in booked.items():
                        used[side, one.id, by_quarter, self._period(week, by_quarter)] += times
            for person_id, offer_id, week in self.fixed:
                for side in ("host", "home"):
                    owner = self._owner(side, person_id, offer_id)
                    used[side, owner, by_quarter, self._period(week, by_quarter)] += 1
        return used

    def _owner(self, side: str, person_id: str, offer_id: str) -> str:
        return self.slots[offer_id].organisation_id if side == "host" else self.people[person_id].organisation_id

    def _limited(self) -> Iterator[tuple[tuple[str, str], list[tuple[bool, int]]]]:
        """The limits of the organisations that have any: by side and organisation, of a quarter or of a week."""
        for one in self.problem.organisations:
            for side in ("host", "home"):
                both = [(by_quarter, _limit_of(one, side, by_quarter)) for by_quarter in (False, True)]
                given = [(by_quarter, limit) for by_quarter, limit in both if limit is not None]
                if given:
                    yield (side, one.id), given

    def _capacities(self) -> Iterator[Fault]:
        legs = [hosting.leg for hosting in self.visits]
        for (offer_id, week), visitors in Counter((leg.offer_id, leg.week) for leg in legs).items():
            if visitors > self.slots[offer_id].places.get(week, 0):
                yield Fault("too_many_in_week", f"{offer_id} in {week}")
        standing = Counter(offer_id for _, offer_id, _ in self.fixed)
        for offer_id, visitors in Counter(leg.offer_id for leg in legs).items():
            most = self.slots[offer_id].places_in_all
            if most is not None and visitors > max(most, standing[offer_id]):
                yield Fault("too_many_in_all", offer_id)

    def _limits(self) -> Iterator[Fault]:
        """What is fixed may stand above a limit; nothing may be added to it then."""
        if not self.limits:
            return
        for side in ("host", "home"):
            for by_quarter in (False, True):
                new: Counter[tuple[str, int]] = Counter()
                for hosting in self.visits:
                    owner = self._owner(side, hosting.leg.person_id, hosting.leg.offer_id)
                    if not hosting.fixed and (side, owner) in self.limits:
                        new[owner, self._period(hosting.leg.week, by_quarter)] += 1
                for (owner, period), people in new.items():
                    limit = _limit_of(self.organisations[owner], side, by_quarter)
                    if limit is not None and self.used[side, owner, by_quarter, period] + people > limit:
                        when = "quarter" if by_quarter else "week"
                        yield Fault(f"limit_{side}_{when}", f"{owner} in {period}")

    def _criteria(self) -> Iterator[Fault]:
        results = self.allocation.criteria
        if tuple(result.name for result in results) != self.problem.rules.criteria:
            yield Fault("criteria_order", ", ".join(result.name for result in results))
        values = self._values()
        for result in results:
            if result.value != values.get(result.name):
                yield Fault("criterion_value", f"{result.name} {result.value}")
            if result.bound < result.value or result.proven != (result.bound == result.value):
                yield Fault("criterion_bound", f"{result.name} {result.bound}")
        if "placed" in values and any(r.name == "placed" and r.bound > len(self.people) for r in results):
            yield Fault("criterion_bound", "placed above the number of people")

    def _values(self) -> dict[str, int]:
        legs = [hosting.leg for hosting in self.visits]
        visitors = Counter(self.slots[leg.offer_id].organisation_id for leg in legs)
        points = 0
        for organisation in self.problem.organisations:
            if organisation.asked_for_more:
                for visitor in range(visitors[organisation.id]):
                    points += max(1, 12 - organisation.visitors_had - visitor)
        return {
            "placed": len(legs),
            "compulsory": sum(self.people[leg.person_id].compulsory for leg in legs),
            "kept": sum(self.problem.rules.proposed.get(leg.person_id) == leg.offer_id for leg in legs),
            "hosts": points,
            "fit": sum(leg.fit for leg in legs),
        }

    def _reasons(self) -> Iterator[Fault]:
        reasons = self.allocation.reasons
        if sorted(reason.person_id for reason in reasons) != sorted(self.people):
            yield Fault("reasons", "not one for each person")
            return
        placed = {hosting.leg.person_id: hosting for hosting in self.visits}
        stride = max(1, len(self.people) * len(self.slots) // _EVERY_PAIR)
        for at, reason in enumerate(sorted(reasons, key=lambda one: one.person_id)):
            hosting = placed.get(reason.person_id)
            if reason.code not in self._codes(hosting):
                yield Fault("reason_code", f"{reason.person_id} {reason.code}")
            elif at % stride == 0 and reason.code != "fixed":
                yield from self._suitable(reason)
            if reason.contest is not None or reason.instead_of:
                yield from self._in_contest(reason)

    def _codes(self, hosting: Hosting | None) -> tuple[str, ...]:
        if hosting is not None:
            return ("fixed",) if hosting.fixed else ("placed",)
        codes = ("no_host", "no_return", "places_taken", "others_chosen")
        return (*codes, "not_reached") if self.allocation.stopped else codes

    def _suitable(self, reason: Reason) -> Iterator[Fault]:
        person = self.people[reason.person_id]
        suits = [slot for slot in self.near.slots(person) if self._open_weeks(person, slot)]
        if len(suits) != reason.suitable:
            yield Fault("reason_suitable", f"{reason.person_id}: {reason.suitable}, not {len(suits)}")
        if (reason.code == "no_host") != (not suits):
            yield Fault("reason_code", f"{reason.person_id} {reason.code}")
        alone = any(self.forms.one_way(slot) for slot in suits)
        if (reason.code == "places_taken" and not alone) or (reason.code in ("no_return", "others_chosen") and alone):
            yield Fault("reason_code", f"{reason.person_id} {reason.code}")
        if self.problem.rules.largest_exchange > 1:
            yield from self._answered(reason, person, suits)

    def _answered(self, reason: Reason, person: Person, suits: list[Slot]) -> Iterator[Fault]:
        """Checked of fewer, since it looks at everybody who could come in return."""
        self.answers_checked += len(self.people) + len(suits)
        if self.answers_checked > _EVERY_PAIR:
            return

        count = verify_exchanges.answered(self.problem, self.forms, self.near, person, suits, self._open_weeks)
        if count != reason.answered:
            yield Fault("reason_answered", f"{reason.person_id}: {reason.answered}, not {count}")
        if suits and (reason.code == "no_return") != (count == 0):
            yield Fault("reason_code", f"{reason.person_id} {reason.code}")

    def _in_contest(self, reason: Reason) -> Iterator[Fault]:
        if reason.contest is None or not 0 <= reason.contest < len(self.competing):
            yield Fault("contest_missing", reason.person_id)
            return
        people, _ = self.competing[reason.contest]
        if reason.person_id not in people:
            yield Fault("contest_without_person", reason.person_id)
        elif reason.instead_of and reason.instead_of not in people:
            yield Fault("instead_of_outside", reason.person_id)

    def _contests(self) -> Iterator[Fault]:
        offer_of = {one.leg.person_id: one.leg.offer_id for one in self.allocation.hostings if not one.fixed}
        everybody = sum(len(contest.people) for contest in self.allocation.contests)
        stride = max(1, everybody * len(self.slots) // _EVERY_PAIR)
        for contest, (_, offers) in zip(self.allocation.contests, self.competing, strict=True):
            inside = [person_id for person_id in contest.people if offer_of.get(person_id) in offers]
            if len(contest.people) <= contest.places or len(inside) != contest.places:
                yield Fault("contest_count", f"{len(contest.people)} people, {contest.places} places")
            if not set(contest.people) <= self.people.keys() - self.fixed_people:
                yield Fault("contest_people", ", ".join(contest.people[:3]))
            else:
                yield from self._nowhere_else(contest, offers, stride)

    def _nowhere_else(self, contest: Contest, offers: frozenset[str], stride: int) -> Iterator[Fault]:
        for person_id in contest.people[::stride]:
            person = self.people[person_id]
            for slot in self.near.slots(person):
                if slot.id not in offers and self._open_weeks(person, slot):
                    yield Fault("contest_elsewhere", f"{person_id} could go to {slot.id}")


def _limit_of(organisation: Organisation, side: str, by_quarter: bool) -> int | None:
    if by_quarter:
        return organisation.visits_per_quarter if side == "host" else organisation.away_per_quarter
    return organisation.visits_per_week if side == "host" else organisation.away_per_week
