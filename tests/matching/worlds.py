"""Small worlds: builders with everything said that a test does not care about, drawn problems, and brute force."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from partnerships.matching import verify_visits
from partnerships.matching.codec import canonical
from partnerships.matching.types import (
    Fixed,
    Organisation,
    Person,
    Point,
    Problem,
    Rules,
    Slot,
    Weights,
)

FIELDS = ("health", "council", "vcse")
CROSSINGS = frozenset((a, b) for a in FIELDS for b in FIELDS if a != b)
Choice = tuple[str, int] | None


def person(name: str = "ann", **changes: Any) -> Person:
    """Somebody from the council, free in weeks 1 to 3."""
    given: dict[str, Any] = {"field": "council", "sector": "public", "weeks": frozenset({1, 2, 3})}
    return Person(**{"id": name, "organisation_id": "town", **given, **changes})


def slot(name: str = "foodbank", **changes: Any) -> Slot:
    """A host in the voluntary sector with one place in week 1."""
    given: dict[str, Any] = {"field": "vcse", "sector": "vcse", "places": {1: 1}}
    return Slot(**{"id": name, "organisation_id": name, **given, **changes})


def problem(people: tuple[Person, ...], slots: tuple[Slot, ...], **changes: Any) -> Problem:
    """A problem of these; organisations that nothing is said of are made, the rest of the words go to the rules."""
    named = {one.id: one for one in changes.pop("organisations", ())}
    ids = {one.organisation_id for one in people} | {one.organisation_id for one in slots}
    organisations = tuple(named.get(name, Organisation(name)) for name in sorted(ids | set(named)))
    outer = {name: changes.pop(name) for name in ("weights", "seed", "effort") if name in changes}
    return Problem(people, slots, organisations, Rules(**{"crossings": CROSSINGS, **changes}), **outer)


# Few distinct values, so that ties, clashes and limits that bind are the rule rather than the exception.
_few = st.integers(0, 2)
_weeks = st.frozensets(st.integers(1, 4), max_size=4)
_tags = st.frozensets(st.sampled_from("abc"), max_size=2)
_place = st.none() | st.builds(Point, st.integers(0, 3).map(lambda km: km * 10_000), st.just(0))
_limit = st.none() | st.integers(0, 2)
_lead_weeks = st.dictionaries(st.sampled_from(("dbs", "id")), st.none() | _few, max_size=2)
_rare = st.sampled_from((False, False, False, True))
_often = st.sampled_from((True, True, True, False))


@st.composite
def problems(draw: st.DrawFn, *, away: bool = True, people: int = 4, criteria: bool = True) -> Problem:
    """A problem small enough for brute force. `away`: limits that no network can carry may occur."""
    organisations = tuple(
        Organisation(
            f"o{i}",
            small=draw(st.booleans()),
            asked_for_more=draw(st.booleans()),
            visitors_had=draw(st.sampled_from((0, 0, 1, 11, 12))),
            visits_per_week=draw(_limit),
            visits_per_quarter=draw(st.none() | st.integers(0, 3)),
            away_per_week=draw(_limit) if away else None,
            away_per_quarter=draw(_limit) if away else None,
            booked_visits=draw(st.dictionaries(st.integers(1, 4), st.integers(0, 1), max_size=2)),
            booked_away=draw(st.dictionaries(st.integers(1, 4), st.integers(0, 1), max_size=1)),
        )
        for i in range(3)
    )
    slots = tuple(_slot(draw, f"s{i}", away) for i in range(draw(st.integers(1, 4))))
    visitors = tuple(_person(draw, f"p{i}", [one.id for one in slots]) for i in range(draw(st.integers(1, people))))
    orders = (
        ("placed", "hosts", "fit"),
        ("placed", "fit"),
        ("compulsory", "placed", "hosts", "fit"),
        ("placed", "compulsory", "kept", "hosts", "fit"),
        ("placed", "hosts", "kept", "fit"),
    )
    rules = Rules(
        crossings=CROSSINGS if draw(_often) else frozenset(sorted(CROSSINGS)[:4]),
        criteria=draw(st.sampled_from(orders)) if criteria else orders[0],
        first_week=1,
        quarters=draw(st.sampled_from(((), (3,)))),
        max_km=draw(st.sampled_from((None, None, 20))),
        pays_up_to_pence=draw(st.sampled_from((0, 500))),
        pays_cover_up_to_pence=500,
        forbidden=frozenset({("p0", "s0")}) if draw(_rare) else frozenset(),
        fixed=_fixed(draw, visitors, slots),
        proposed={one.id: draw(st.sampled_from(slots)).id for one in visitors if draw(st.booleans())},
        proposed_weeks={one.id: draw(st.integers(1, 4)) for one in visitors if draw(st.booleans())},
    )
    weights = Weights() if draw(_often) else Weights(*(draw(_few) for _ in range(8)))
    return Problem(visitors, slots, organisations, rules, weights, seed=draw(st.integers(0, 3)))


def _slot(draw: st.DrawFn, name: str, cutting: bool) -> Slot:
    owner = draw(st.integers(0, 2))
    return Slot(
        id=name,
        organisation_id=f"o{owner}",
        field=FIELDS[owner],
        sector="x",
        places=draw(st.dictionaries(st.integers(1, 4), st.integers(0, 2), min_size=1, max_size=3)),
        places_in_all=draw(st.none() | st.integers(0, 2)) if cutting else None,
        point=draw(_place),
        in_person=draw(_often),
        remote=draw(_rare),
        tags=draw(_tags),
        access=frozenset({"step-free"}) if draw(_often) else frozenset(),
        checks=draw(st.dictionaries(st.sampled_from(("dbs", "id")), st.none() | _few, max_size=2))
        if draw(_rare)
        else {},
        payment_pence=draw(st.sampled_from((0, 0, 500))),
        accepts_funders=draw(st.booleans()),
        people=frozenset({"host"}) if draw(_rare) else frozenset(),
        asked_for=frozenset({"p1"}) if draw(_rare) else frozenset(),
        avoids_people=frozenset({"p0"}) if draw(_rare) else frozenset(),
        avoids_organisations=frozenset({"o1"}) if draw(_rare) else frozenset(),
    )


def _person(draw: st.DrawFn, name: str, offers: list[str]) -> Person:
    home = draw(st.integers(0, 2))
    return Person(
        id=name,
        organisation_id=f"o{home}",
        field=FIELDS[home],
        sector="x",
        weeks=draw(_weeks),
        point=draw(_place),
        max_km=draw(st.sampled_from((None, None, 10, 20))),
        in_person_ok=draw(_often),
        remote_ok=draw(_rare),
        wants=draw(_tags),
        access_needs=frozenset({"step-free"}) if draw(_rare) else frozenset(),
        compulsory=draw(st.booleans()),
        checks=draw(st.dictionaries(st.sampled_from(("dbs", "id")), st.integers(0, 4), max_size=2)),
        preferences=tuple(draw(st.permutations(offers)))[: draw(_few)],
        met=frozenset({"o2"}) if draw(_rare) else frozenset(),
        funds=frozenset({"o2"}) if draw(_rare) else frozenset(),
        avoids_people=frozenset({"host"}) if draw(_rare) else frozenset(),
        avoids_organisations=frozenset({"o0"}) if draw(_rare) else frozenset(),
        pays_up_to_pence=draw(st.sampled_from((0, 500))),
        cover_pence=draw(st.sampled_from((0, 0, 0, 900))),
        elsewhere=draw(st.dictionaries(st.sampled_from((*offers, "gone")), _weeks, max_size=2)) if draw(_rare) else {},
    )


def _fixed(draw: st.DrawFn, people: tuple[Person, ...], slots: tuple[Slot, ...]) -> tuple[Fixed, ...]:
    cells = [(one.id, week) for one in slots for week, places in one.places.items() if places]
    if not cells or not draw(_rare):
        return ()
    offer, week = draw(st.sampled_from(cells))
    return (Fixed(people[-1].id, offer, week),)


def options(problem: Problem) -> dict[str, list[Choice]]:
    """For each person, every offer and week that no rule forbids, or their fixed placement alone."""
    fixed: dict[str, list[Choice]] = {one.person_id: [(one.offer_id, one.week)] for one in problem.rules.fixed}
    return {
        who.id: fixed.get(who.id)
        or [
            None,
            *(
                (where.id, week)
                for where in problem.slots
                for week in sorted(where.places)
                if not verify_visits.impossible(problem, who, where, week)
            ),
        ]
        for who in problem.people
    }


def all_answers(problem: Problem) -> Iterator[dict[str, Choice]]:
    """Every valid answer."""
    problem = canonical(problem)
    choices = options(problem)
    names = list(choices)
    for combination in itertools.product(*choices.values()):
        answer = dict(zip(names, combination, strict=True))
        if within(problem, answer):
            yield answer


def within(problem: Problem, answer: dict[str, Choice]) -> bool:
    """Every capacity and limit, except that what is fixed may stand above one to which nothing is added."""
    host = {one.id: one.organisation_id for one in problem.slots}
    home = {one.id: one.organisation_id for one in problem.people}
    organisations = {one.id: one for one in problem.organisations}
    standing = {one.person_id for one in problem.rules.fixed}

    def quarter(week: int) -> int:
        return sum(first <= week for first in problem.rules.quarters)

    used: Counter[tuple[Any, ...]] = Counter()
    added: set[tuple[Any, ...]] = set()
    for one in problem.organisations:
        for kind, booked in (("visits", one.booked_visits), ("away", one.booked_away)):
            for week, times in booked.items():
                used[kind, one.id, "week", week] += times
                used[kind, one.id, "quarter", quarter(week)] += times
    for who, choice in answer.items():
        if choice is None:
            continue
        offer, week = choice
        keys = [("places", offer, "week", week), ("places", offer, "all", 0)]
        for kind, owner in (("visits", host[offer]), ("away", home[who])):
            keys += [(kind, owner, "week", week), (kind, owner, "quarter", quarter(week))]
        used.update(keys)
        if who not in standing:
            added.update(keys)
    slots = {one.id: one for one in problem.slots}
    for kind, owner, span, when in added:
        if kind == "places":
            most = slots[owner].places[when] if span == "week" else slots[owner].places_in_all
        else:
            most = getattr(organisations[owner], f"{kind}_per_{span}")
        if most is not None and used[kind, owner, span, when] > most:
            return False
    return True


def values(problem: Problem, answer: dict[str, Choice]) -> tuple[int, ...]:
    """The criteria of an answer in their order: greater is better."""
    people = {one.id: one for one in problem.people}
    slots = {one.id: one for one in problem.slots}
    organisations = {one.id: one for one in problem.organisations}
    placed = {who: choice for who, choice in answer.items() if choice}
    visitors = Counter(slots[offer].organisation_id for offer, _ in placed.values())
    fixed = {one.person_id for one in problem.rules.fixed}
    fit = 0
    for who, (offer, _) in placed.items():
        small = organisations[slots[offer].organisation_id].small
        weeks = 1 if who in fixed else len(open_weeks(problem, who, offer))
        fit += sum(verify_visits.fit(problem, people[who], slots[offer], weeks, small=small).values())
    found = {
        "placed": len(placed),
        "compulsory": sum(people[who].compulsory for who in placed),
        "kept": sum(problem.rules.proposed.get(who) == offer for who, (offer, _) in placed.items()),
        "hosts": sum(
            max(1, 12 - one.visitors_had - nth)
            for one in problem.organisations
            if one.asked_for_more
            for nth in range(visitors[one.id])
        ),
        "fit": fit,
    }
    return tuple(found[name] for name in problem.rules.criteria)


def open_weeks(problem: Problem, who: str, offer: str) -> list[int]:
    """The weeks in which these two could meet if nobody else, but those fixed, went anywhere."""
    alone = {one.person_id: (one.offer_id, one.week) for one in problem.rules.fixed}
    return [
        week
        for choice_offer, week in (choice for choice in options(problem)[who] if choice)
        if choice_offer == offer and within(problem, {**alone, who: (offer, week)})
    ]


def replaced(problem: Problem, who: str, **changes: Any) -> Problem:
    """The problem with one person changed."""
    people = tuple(dataclasses.replace(one, **changes) if one.id == who else one for one in problem.people)
    return dataclasses.replace(problem, people=people)
