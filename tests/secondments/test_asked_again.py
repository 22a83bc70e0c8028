"""What is said to be proven where the engine was asked again is so: nothing with days for all is better."""

from __future__ import annotations

import dataclasses
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import product

import pytest

from partnerships.matching import engine
from partnerships.matching.types import Organisation, Person, Problem, Rules, Slot, Weights
from secondments.matches.clashes import Clashes, Opening
from secondments.matches.days import Calendar
from tests.secondments.test_clashes import TUESDAY, WEEK, all_have_days, calendar

MONDAY = TUESDAY - timedelta(days=1)
WORKING_DAYS = [MONDAY + timedelta(days=ahead) for ahead in range(3)]
DAYS = 1

Going = tuple[str | None, ...]
"""For each person where they go."""


class Drawn:
    """A week at two or three hosts with few days each, and some people who are elsewhere on some of them."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)  # noqa: S311 - what is drawn has to come again
        self.offers = {f"f{number}": calendar(*(draw.randrange(2) for _day in WORKING_DAYS)) for number in range(3)}
        self.people = [f"p{number}" for number in range(5)]
        self.elsewhere: dict[str, list[date]] = {
            person: draw.sample(WORKING_DAYS, 2) for person in self.people if draw.random() < 0.8
        }
        self.clashes = Clashes({offer: Opening(one, DAYS) for offer, one in self.offers.items()}, self.elsewhere)
        wishes = {person: tuple(draw.sample(list(self.offers), 2)) for person in self.people}
        self.problem = self.clashes.left_out(
            Problem(
                people=tuple(
                    Person(person, "home", "health", "public", frozenset({WEEK}), preferences=wishes[person])
                    for person in self.people
                ),
                slots=tuple(self._slot(offer, one) for offer, one in self.offers.items()),
                organisations=(Organisation("home"), *map(Organisation, self.offers)),
                rules=Rules(crossings=frozenset({("health", "voluntary")}), criteria=("placed", "fit")),
                weights=Weights(dates=0),
            )
        )

    def _slot(self, offer: str, one: Calendar) -> Slot:
        places = one.visitors_in(WEEK, DAYS)
        return Slot(offer, offer, "voluntary", "vcse", places={WEEK: places} if places else {})

    def fits(self) -> Mapping[tuple[str, str], int]:
        """Of each pair that the rules allow."""
        return {
            (person, one.offer_id): one.fit
            for person in self.people
            for one in engine.best_hosts(self._alone(person), person)
        }

    def _alone(self, person: str) -> Problem:
        return dataclasses.replace(self.problem, people=tuple(one for one in self.problem.people if one.id == person))

    def ways(self, fits: Mapping[tuple[str, str], int]) -> Iterator[Going]:
        """Every way in which all who go find days."""
        open_to = [[None, *(offer for offer in self.offers if (person, offer) in fits)] for person in self.people]
        for way in product(*open_to):
            there: dict[str, list[Sequence[date]]] = defaultdict(list)
            for person, offer in zip(self.people, way, strict=True):
                if offer is not None:
                    there[offer].append(self.elsewhere.get(person, ()))
            if all(all_have_days(self.offers[offer], DAYS, away) for offer, away in there.items()):
                yield way

    def best(self) -> tuple[int, int]:
        """The most people, and then the most points, that there can be."""
        fits = self.fits()

        def reached(way: Going) -> tuple[int, int]:
            going = [(person, offer) for person, offer in zip(self.people, way, strict=True) if offer is not None]
            return len(going), sum(fits[pair] for pair in going)

        return max(map(reached, self.ways(fits)))


@pytest.mark.parametrize("seed", range(40))
def test_no_bound_is_less_than_what_there_can_be(seed: int) -> None:
    """Tried in every way. As long as all criteria before are the best, so is what is said of the next."""
    drawn = Drawn(seed)
    _problem, answer, criteria = drawn.clashes.solved(drawn.problem, partial(engine.solve, explained=False))
    assert tuple(one.value for one in criteria) == tuple(one.value for one in answer.criteria)
    for one, most in zip(criteria, drawn.best(), strict=True):
        assert one.value <= most <= one.bound
        assert one.proven == (one.value == one.bound)
        if one.value < most:
            break


def test_among_what_was_drawn_are_answers_that_are_not_the_best() -> None:
    """Else the comparison above would compare nothing. What the engine itself proves of them is no proof."""
    seen = set()
    for seed in range(40):
        drawn = Drawn(seed)
        _problem, answer, criteria = drawn.clashes.solved(drawn.problem, partial(engine.solve, explained=False))
        best = criteria[0].value == drawn.best()[0]
        seen.add((best, answer.criteria[0].proven, criteria[0].proven))
    assert seen >= {(True, True, True), (False, True, False)}
