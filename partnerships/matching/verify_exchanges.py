"""The independent check of exchanges, in plain Python from the problem alone, as `verify` is of everything else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import product

from .types import Allocation, Exchange, Person, Problem, Slot
from .verify_near import Near

WeeksOf = Callable[[Person, Slot], tuple[int, ...]]


class Forms:
    """In which forms a visit is possible: one way, and in an exchange."""

    def __init__(self, problem: Problem) -> None:
        self.rules = problem.rules
        self.people = {person.id: person for person in problem.people}
        placed = {one.person_id for one in self.rules.fixed}
        visitors = Counter(one.offer_id for one in self.rules.fixed)
        self.exchanged = {
            slot.id
            for slot in problem.slots
            if slot.shown_by
            and self.rules.largest_exchange > 1
            and slot.shown_by not in placed
            and max(slot.places.values(), default=0) > 0
            and (slot.places_in_all is None or slot.places_in_all > visitors[slot.id])
        }
        self.shown: dict[str, list[Slot]] = defaultdict(list)
        for slot in problem.slots:
            if slot.id in self.exchanged:
                self.shown[slot.shown_by].append(slot)

    def one_way(self, slot: Slot) -> bool:
        """Whether anybody may come without a visit in return."""
        return self.rules.one_way and (not slot.shown_by or slot.also_one_way)

    def in_exchange(self, person: Person, slot: Slot) -> bool:
        """Whether the visit may be part of an exchange, if the others close it."""
        return slot.id in self.exchanged and person.id in self.shown and slot.shown_by != person.id

    def possible(self, person: Person, slot: Slot) -> bool:
        return self.one_way(slot) or self.in_exchange(person, slot)


def faults(problem: Problem, allocation: Allocation, forms: Forms) -> Iterator[tuple[str, str]]:
    """What is wrong with how the visits are joined: a code, and where."""
    slots = {slot.id: slot for slot in problem.slots}
    for hosting in allocation.hostings:
        if not hosting.fixed and not forms.one_way(slots[hosting.leg.offer_id]):
            yield "not_one_way", f"{hosting.leg.person_id} at {hosting.leg.offer_id}"
    for exchange in allocation.exchanges:
        names = [leg.person_id for leg in exchange.legs]
        if len(names) not in (2, 3) or (len(names) > problem.rules.largest_exchange and not exchange.fixed):
            yield "exchange_size", ", ".join(names)
        shown_to = [slots[leg.offer_id].shown_by for leg in exchange.legs]
        if shown_to != names[1:] + names[:1] or len(set(names)) != len(names):
            yield "exchange_open", ", ".join(names)
        if not exchange.fixed and any(leg.offer_id not in forms.exchanged for leg in exchange.legs):
            yield "not_exchanged", ", ".join(names)
        weeks = [leg.week for leg in exchange.legs]
        if problem.rules.apart and not exchange.fixed and len(set(weeks)) != len(weeks):
            yield "weeks_together", ", ".join(names)
    yield from _fixed_joined(problem, allocation)


def _fixed_joined(problem: Problem, allocation: Allocation) -> Iterator[tuple[str, str]]:
    joined: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    for one in problem.rules.fixed:
        if one.exchange:
            joined[one.exchange].add((one.person_id, one.offer_id, one.week))
    got = [_visits(exchange) for exchange in allocation.exchanges if exchange.fixed]
    for name, visits in joined.items():
        if visits not in got:
            yield "fixed_exchange_lost", name
    for visits in got:
        if visits not in joined.values():
            yield "fixed_exchange_invented", str(sorted(visits))


def _visits(exchange: Exchange) -> set[tuple[str, str, int]]:
    return {(leg.person_id, leg.offer_id, leg.week) for leg in exchange.legs}


def answered(
    problem: Problem, forms: Forms, near: Near, person: Person, suitable: list[Slot], weeks_of: WeeksOf
) -> int:
    """How many of the offers that suit a person some answer could give them."""
    coming: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for slot in forms.shown.get(person.id, []):
        for one in near.people(slot):
            if forms.in_exchange(one, slot) and (weeks := weeks_of(one, slot)):
                coming[one.id].append(weeks)

    def can_all_be(*weeks: tuple[int, ...]) -> bool:
        if not problem.rules.apart:
            return all(weeks)
        return any(len(set(each)) == len(each) for each in product(*weeks))

    def closed(host: Person, going: tuple[int, ...]) -> bool:
        if any(can_all_be(going, back) for back in coming.get(host.id, ())):
            return True
        return problem.rules.largest_exchange > 2 and any(
            can_all_be(going, weeks_of(host, shown), back)
            for third, backs in coming.items()
            if third not in (host.id, person.id)
            for shown in forms.shown[third]
            if forms.in_exchange(host, shown)
            for back in backs
        )

    return sum(
        forms.one_way(slot)
        or (forms.in_exchange(person, slot) and closed(forms.people[slot.shown_by], weeks_of(person, slot)))
        for slot in suitable
    )
