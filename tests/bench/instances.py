"""Rounds made from a seed, shaped as real ones are: towns, few hosts within reach, dates over half a year.

About twenty offers suit each person; 35 in a hundred have to go; a fifth of the offers are by small organisations;
there are fewer places than people where it matters. The same seed gives the same round on every machine.
"""

from __future__ import annotations

import dataclasses
import random

from partnerships.matching.types import Organisation, Person, Point, Problem, Rules, Slot

WEEKS = 26
CROSSINGS = frozenset(
    pair
    for public in ("local_government", "health", "policing")
    for pair in ((public, "voluntary"), ("voluntary", public))
)
_FIELDS = ("local_government", "health", "policing", "voluntary")
_SKILLS = tuple(f"skill-{number}" for number in range(24))
_OFFERS_IN_A_TOWN = 70
_MUTUAL_IN_A_TOWN = 36
_APART_M = 80_000


def one_way(people: int, offers: int, *, seed: int = 1, limited: float = 0.0) -> Problem:
    """A round of visits. `limited`: the share of organisations that set limits of their own, both ways."""
    draw = random.Random(f"one way {people} {offers} {seed}")  # noqa: S311 - a seeded instance, not a secret
    towns = _towns(draw, max(1, offers // _OFFERS_IN_A_TOWN))
    organisations = [_organisation(draw, number, limited) for number in range(max(len(_FIELDS), offers // 2))]
    homes = [draw.randrange(len(towns)) for _ in organisations]
    # Fields take turns, so that a tiny round has somebody of each.
    fields = [_FIELDS[number % 4] if draw.random() < 0.7 else "voluntary" for number in range(len(organisations))]
    rows = range(len(organisations))
    slots = tuple(
        _slot(draw, number, offers, organisations[row], fields[row], towns[homes[row]])
        for number, row in enumerate(_spread(draw, rows, offers, organisations))
    )
    visitors = tuple(
        _person(draw, number, organisations[row], fields[row], towns[homes[row]])
        for number, row in enumerate(draw.choices(rows, k=people))
    )
    rules = Rules(
        crossings=CROSSINGS,
        criteria=("compulsory", "placed", "hosts", "fit"),
        quarters=(0, 13),
        pays_up_to_pence=10_000,
        pays_cover_up_to_pence=20_000,
    )
    return Problem(visitors, slots, tuple(organisations), rules, seed=seed)


def _towns(draw: random.Random, count: int) -> list[Point]:
    """Far enough apart for most people to stay in their own, near enough for some to reach the next."""
    side = int(count**0.5) + 1
    cells = draw.sample([(column, row) for column in range(side) for row in range(side)], count)
    return [Point(column * _APART_M, row * _APART_M) for column, row in cells]


def _near(draw: random.Random, town: Point) -> Point:
    return Point(round(draw.gauss(town.east_m, 8_000)), round(draw.gauss(town.north_m, 8_000)))


def _organisation(draw: random.Random, number: int, limited: float) -> Organisation:
    limits = draw.random() < limited
    return Organisation(
        id=f"organisation-{number}",
        small=number % 5 == 0,
        asked_for_more=draw.random() < 0.3,
        visitors_had=draw.choice((0, 0, 0, 1, 2, 5)),
        visits_per_week=draw.choice((1, 2)) if limits else None,
        visits_per_quarter=draw.choice((3, 5, 8)) if limits else None,
        away_per_week=draw.choice((1, 2)) if limits else None,
        away_per_quarter=draw.choice((4, 6, 10)) if limits else None,
    )


def _spread(draw: random.Random, rows: range, offers: int, organisations: list[Organisation]) -> list[int]:
    """The organisation of each offer: one in five is small."""
    small = [row for row in rows if organisations[row].small]
    other = [row for row in rows if not organisations[row].small]
    return [draw.choice(small if number % 5 == 0 else other) for number in range(offers)]


def _slot(draw: random.Random, number: int, offers: int, organisation: Organisation, field: str, town: Point) -> Slot:
    weeks = sorted(draw.sample(range(WEEKS), draw.randint(3, 10)))
    return Slot(
        id=f"offer-{number}",
        organisation_id=organisation.id,
        field=field,
        sector="voluntary" if field == "voluntary" else "public",
        places={week: draw.choice((1, 1, 1, 2)) for week in weeks},
        places_in_all=draw.choice((2, 4, 6, None)),
        point=_near(draw, town),
        remote=draw.random() < min(0.01, 20 / offers),
        tags=frozenset(draw.sample(_SKILLS, 4)),
        access=frozenset({"step-free"} if draw.random() < 0.6 else ()),
        checks={"dbs": draw.choice((4, 8, None))} if draw.random() < 0.1 else {},
        payment_pence=draw.choice((0, 0, 0, 5_000, 15_000)),
        accepts_funders=draw.random() < 0.5,
    )


def _person(draw: random.Random, number: int, organisation: Organisation, field: str, town: Point) -> Person:
    return Person(
        id=f"person-{number}",
        organisation_id=organisation.id,
        field=field,
        sector="voluntary" if field == "voluntary" else "public",
        weeks=frozenset(draw.sample(range(WEEKS), draw.randint(3, 8))),
        point=_near(draw, town),
        max_km=draw.choice((15, 25, 25, 40, 60)),
        remote_ok=draw.random() < 0.3,
        wants=frozenset(draw.sample(_SKILLS, 3)),
        access_needs=frozenset({"step-free"} if draw.random() < 0.08 else ()),
        compulsory=draw.random() < 0.35,
        checks={"dbs": 0} if draw.random() < 0.3 else {},
        pays_up_to_pence=draw.choice((0, 0, 10_000)),
        cover_pence=draw.choice((0, 0, 0, 15_000)),
    )


def swaps(people: int, *, mutual: bool, largest: int = 2, seed: int = 1) -> Problem:
    """A round of exchanges: everybody shows something. `mutual`: whoever suits is suited by; otherwise low
    reciprocity: each goes only to their own 10 to 20 hosts of all that suit."""
    draw = random.Random(f"swaps {people} {mutual} {seed}")  # noqa: S311 - a seeded instance, not a secret
    towns = _towns(draw, max(1, people // (_MUTUAL_IN_A_TOWN if mutual else _OFFERS_IN_A_TOWN)))
    organisations = [_organisation(draw, number, 0.0) for number in range(max(8, people // 5))]
    homes = [draw.randrange(len(towns)) for _ in organisations]
    rows = draw.choices(range(len(organisations)), k=people)
    visitors, slots = [], []
    for number, row in enumerate(rows):
        # Four fields in equal parts, each of which may visit every other: rings of three are possible.
        organisation, field, town = organisations[row], _FIELDS[row % len(_FIELDS)], towns[homes[row]]
        visitor = dataclasses.replace(
            _person(draw, number, organisation, field, town), max_km=60, access_needs=frozenset()
        )
        weeks = visitor.weeks if mutual else frozenset(draw.sample(range(WEEKS), 8))
        visitors.append(visitor)
        slots.append(
            dataclasses.replace(
                _slot(draw, number, people, organisation, field, town),
                id=f"shown-{number}",
                shown_by=visitor.id,
                places=dict.fromkeys(weeks, 1),
                places_in_all=1,
                remote=False,
                checks={},
                payment_pence=0,
            )
        )
    if not mutual:
        visitors = _listing(draw, visitors, rows, homes)
    rules = Rules(
        crossings=frozenset((one, other) for one in _FIELDS for other in _FIELDS if one != other),
        criteria=("placed", "fit"),
        pays_cover_up_to_pence=20_000,
        largest_exchange=largest,
        one_way=False,
    )
    return Problem(tuple(visitors), tuple(slots), tuple(organisations), rules, seed=seed)


def _listing(draw: random.Random, people: list[Person], rows: list[int], homes: list[int]) -> list[Person]:
    """Each with a list of their own: 10 to 20 of what is shown in their town."""
    here: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        here.setdefault(homes[row], []).append(number)
    listed = []
    for number, person in enumerate(people):
        others = [other for other in here[homes[rows[number]]] if people[other].field != person.field]
        mine = draw.sample(others, min(len(others), draw.randint(10, 20)))
        preferences = tuple(f"shown-{other}" for other in mine)
        listed.append(dataclasses.replace(person, preferences=preferences, listed_only=True))
    return listed
