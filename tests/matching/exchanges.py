"""Small worlds with exchanges: problems of a few people who show each other something, drawn ones, and brute force."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from partnerships.matching.types import Allocation, Fixed, Person, Problem, Rules, Slot

from .worlds import Choice, all_answers, person, problem, problems, slot


def showing(name: str, field: str, **changes: Any) -> tuple[Person, Slot]:
    """Somebody of an organisation of their own, free in weeks 1 to 3, who shows something in weeks 1 to 3.

    Words that begin with `slot_` go to what they show.
    """
    shows = {key.removeprefix("slot_"): changes.pop(key) for key in list(changes) if key.startswith("slot_")}
    home = changes.pop("organisation_id", f"{name}'s")
    given: dict[str, Any] = {"places": {1: 1, 2: 1, 3: 1}, "shown_by": name, **shows}
    return (
        person(name, organisation_id=home, field=field, sector=field, **changes),
        slot(f"{name}-shows", organisation_id=home, field=field, sector=field, **given),
    )


def exchange_round(*shown: tuple[Person, Slot], hosts: tuple[Slot, ...] = (), **changes: Any) -> Problem:
    """A round of these people, who are placed in exchanges alone unless the words to the rules say otherwise."""
    people, slots = (tuple(each) for each in zip(*shown, strict=True))
    return problem(people, (*slots, *hosts), **{"largest_exchange": 2, "one_way": False, **changes})


@st.composite
def exchange_problems(draw: st.DrawFn, *, people: int = 4, limits: bool = True) -> Problem:
    """A problem of people most of whom show something, beside offers of organisations, small enough for brute force."""
    base = draw(problems(people=people, away=limits))
    fields = {one.organisation_id: one.field for one in base.slots} | {
        one.organisation_id: one.field for one in base.people
    }
    few = st.dictionaries(st.integers(1, 3), st.integers(0, 1), min_size=1, max_size=2)
    shown = tuple(
        dataclasses.replace(
            draw(st.sampled_from(base.slots)),
            id=f"x{one.id}",
            organisation_id=one.organisation_id,
            field=fields[one.organisation_id],
            shown_by=one.id,
            places=draw(few),
            also_one_way=draw(st.sampled_from((False, False, False, True))),
            people=frozenset(),
            avoids_people=frozenset(),
            payment_pence=0,
        )
        for one in base.people
        if draw(st.sampled_from((True, True, True, False)))
    )
    offers = (*shown, *(one for one in base.slots if draw(st.booleans())))
    offers = offers or base.slots
    known = {one.id for one in offers}
    visitors = tuple(
        dataclasses.replace(
            one,
            weeks=one.weeks | {draw(st.integers(1, 3))},
            listed_only=draw(st.sampled_from((False, False, False, False, True))),
            preferences=tuple(draw(st.permutations(sorted(known))))[: draw(st.integers(0, 3))],
        )
        for one in base.people
    )
    rules = dataclasses.replace(
        base.rules,
        largest_exchange=draw(st.sampled_from((2, 3, 3))),
        one_way=draw(st.booleans()),
        apart=draw(st.booleans()),
        fixed=_fixed(draw, visitors, offers),
        proposed={one.id: draw(st.sampled_from(offers)).id for one in visitors if draw(st.booleans())},
    )
    return dataclasses.replace(base, people=visitors, slots=offers, rules=rules)


def _fixed(draw: st.DrawFn, people: tuple[Person, ...], slots: tuple[Slot, ...]) -> tuple[Fixed, ...]:
    """Rarely an exchange of two that stands."""
    shown = {one.shown_by: one for one in slots if one.shown_by and any(one.places.values())}
    if len(shown) < 2 or draw(st.integers(0, 5)):
        return ()
    first, second = sorted(shown)[:2]

    def stands(who: str, where: Slot) -> Fixed:
        week = next(week for week, places in sorted(where.places.items()) if places)
        return Fixed(who, where.id, week, exchange="e1")

    return (stands(first, shown[second]), stands(second, shown[first]))


def joined_answers(problem: Problem) -> Iterator[dict[str, Choice]]:
    """Every valid answer: whoever is where nobody may come one way is on a ring that the rules allow."""
    slots = {one.id: one for one in problem.slots}
    rules = problem.rules
    standing = {one.person_id for one in rules.fixed}
    alone = {one.id for one in problem.slots if rules.one_way and (not one.shown_by or one.also_one_way)}
    for answer in all_answers(problem):
        onward = {who: slots[choice[0]].shown_by for who, choice in answer.items() if choice}
        if all(
            who in standing or choice is None or choice[0] in alone or on_a_ring(who, onward, standing, rules, answer)
            for who, choice in answer.items()
        ):
            yield answer


def on_a_ring(who: str, onward: dict[str, str], standing: set[str], rules: Rules, answer: dict[str, Choice]) -> bool:
    at, weeks = who, []
    for _ in range(rules.largest_exchange):
        weeks.append(choice[1] if (choice := answer.get(at)) else 0)
        at = onward.get(at, "")
        if at in standing:
            return False
        if at == who:
            return onward[who] != who and not (rules.apart and len(set(weeks)) < len(weeks))
    return False


def as_choices(problem: Problem, allocation: Allocation) -> dict[str, Choice]:
    """What everybody got."""
    none: dict[str, Choice] = {person.id: None for person in problem.people}
    return none | {leg.person_id: (leg.offer_id, leg.week) for leg in allocation.legs()}
