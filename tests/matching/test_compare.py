"""What changes between two answers, and what a change by hand costs, are what counting gives."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.matching import engine
from partnerships.matching.compare import Changed, Difference, Forbid, NoRoom, Pin, Together, compare, price
from partnerships.matching.partners import partners
from partnerships.matching.types import Fixed, Organisation, Problem, Weights

from .exchanges import exchange_problems, exchange_round, showing
from .worlds import open_weeks, person, problem, problems, slot

few = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def test_gains_losses_and_moves_are_named() -> None:
    ann, bob = person("ann", wants=frozenset({"rotas"})), person("bob")
    cat = person("cat", weeks=frozenset({2}), wants=frozenset({"games"}))
    hosts = (slot("a", tags=frozenset({"rotas"})), slot("c", places={2: 1}, tags=frozenset({"games"})))
    first = problem((ann, bob, cat), hosts)
    second = dataclasses.replace(
        first, rules=dataclasses.replace(first.rules, forbidden=frozenset({("ann", "a"), ("cat", "c")}))
    )
    found = compare(first, engine.solve(first), engine.solve(second))
    assert (found.gained, found.lost) == (("bob",), ("cat",))
    assert found.moved == (Changed("ann", ("a", 1), ("c", 2)),)
    assert [(one.person_id, one.before, one.after) for one in found.changed] == [
        ("cat", ("c", 2), None),
        ("bob", None, ("a", 1)),
        ("ann", ("a", 1), ("c", 2)),
    ]
    assert [one.name for one in found.criteria] == ["placed", "hosts", "fit"]
    assert found.criteria[0] == Difference("placed", 2, 2)
    assert found.criteria[2].after < found.criteria[2].before


def test_other_weights_are_counted_by_the_problem_at_hand() -> None:
    ann = person("ann", wants=frozenset({"rotas"}))
    hosts = (slot("a", tags=frozenset({"rotas"})), slot("b"))
    shown = problem((ann,), hosts, organisations=(Organisation("b", small=True),))
    small = dataclasses.replace(shown, weights=Weights(learn=0, size=1000))
    found = compare(shown, engine.solve(shown), engine.solve(small))
    assert found.moved == (Changed("ann", ("a", 1), ("b", 1)),)
    assert found.criteria[2] == Difference("fit", 475, 225)
    assert [one for one in found.parts if one.before != one.after] == [
        Difference("learn", 100, 0),
        Difference("size", 0, 100),
    ]


@few
@given(problems())
def test_an_answer_beside_itself_changes_nothing(drawn: Problem) -> None:
    """Nor does the sum of its criteria, where nothing is fixed."""
    answer = engine.solve(drawn)
    found = compare(drawn, answer, answer)
    assert (found.gained, found.lost, found.moved) == ((), (), ())
    assert all(one.before == one.after for one in found.criteria)
    if not drawn.rules.fixed:
        assert [one.before for one in found.criteria] == [result.value for result in answer.criteria]


@few
@given(problems(), st.integers(0, 3), st.integers(0, 3))
def test_what_is_forbidden_costs_what_the_best_answer_without_it_lacks(drawn: Problem, who: int, where: int) -> None:
    change = Forbid(drawn.people[who % len(drawn.people)].id, drawn.slots[where % len(drawn.slots)].id)
    cost = price(drawn, change)
    assert (change.person_id, change.offer_id) not in {
        (o.leg.person_id, o.leg.offer_id) for o in cost.allocation.hostings
    }
    before, after = (tuple(getattr(one, side) for one in cost.criteria) for side in ("before", "after"))
    if not drawn.rules.fixed:
        assert after <= before
        assert after == tuple(result.value for result in engine.solve(cost.problem).criteria)


def test_a_pin_displaces_somebody_and_says_what_that_costs() -> None:
    ann, bob = person("ann", wants=frozenset({"rotas"})), person("bob", compulsory=True, weeks=frozenset({1}))
    hosts = (slot("a", tags=frozenset({"rotas"}), places={1: 1, 2: 1}), slot("b", places={2: 1}))
    round_ = problem((ann, bob), hosts, criteria=("placed", "fit"))
    free = engine.solve(round_)
    cost = price(round_, Pin("ann", "b"), without=free)
    assert [one.leg.offer_id for one in cost.allocation.hostings] == ["b", "a"]
    assert cost.criteria[0] == Difference("placed", 2, 2)
    assert cost.criteria[1].before - cost.criteria[1].after == 375  # what she wants to see, and a week less in common
    assert price(round_, Pin("ann", "a", 1)).criteria[0] == Difference("placed", 2, 1)
    assert price(round_, Pin("ann", "a")).criteria[0] == Difference("placed", 2, 2)


def test_a_pin_without_room_is_refused() -> None:
    round_ = problem((person("ann"), person("bob")), (slot(),), fixed=(Fixed("bob", "foodbank", 1),))
    for pin in (Pin("ann", "foodbank"), Pin("ann", "foodbank", 1), Pin("ann", "foodbank", 7)):
        with pytest.raises(NoRoom):
            price(round_, pin)


def test_a_pin_may_move_what_was_fixed_for_the_same_person() -> None:
    round_ = problem((person("ann"),), (slot("a"), slot("b")), fixed=(Fixed("ann", "a", 1),))
    assert [one.leg.offer_id for one in price(round_, Pin("ann", "b")).allocation.hostings] == ["b"]
    assert price(round_, Forbid("ann", "a")).allocation.hostings[0].leg.offer_id == "b"


# Exchanges ------------------------------------------------------------------------------------------------------------


def test_two_who_are_put_together_change_places_and_leave_who_they_had() -> None:
    """Bob could change places with Ann or with Cat, and fits Ann better; put together with Cat, he leaves Ann alone."""
    ann = showing("ann", "health", slot_tags=frozenset({"rotas"}))
    bob, cat = showing("bob", "vcse", wants=frozenset({"rotas"})), showing("cat", "health")
    round_ = exchange_round(ann, bob, cat)
    free = engine.solve(round_)
    assert {leg.person_id for leg in free.legs()} == {"ann", "bob"}
    cost = price(round_, Together((Pin("bob", "cat-shows", 1), Pin("cat", "bob-shows", 2))), without=free)
    assert {leg.person_id: (leg.offer_id, leg.week) for leg in cost.allocation.legs()} == {
        "bob": ("cat-shows", 1),
        "cat": ("bob-shows", 2),
    }
    assert cost.criteria[0] == Difference("placed", 2, 2)
    assert cost.criteria[-1].before - cost.criteria[-1].after == 350  # what Bob wants to see
    found = compare(round_, free, cost.allocation)
    assert (found.lost, found.gained) == (("ann",), ("cat",))


@few
@given(exchange_problems())
def test_an_answer_that_is_not_explained_is_the_same_answer(drawn: Problem) -> None:
    told, untold = engine.solve(drawn), engine.solve(drawn, explained=False)
    assert (untold.exchanges, untold.hostings, untold.criteria) == (told.exchanges, told.hostings, told.criteria)
    assert not any(reason.lost_by for reason in untold.reasons)


def test_an_exchange_that_stands_ends_whole_with_one_of_its_visits() -> None:
    shown = [showing(name, field) for name, field in (("ann", "health"), ("bob", "vcse"), ("cat", "health"))]
    stands = (Fixed("ann", "bob-shows", 1, exchange="e1"), Fixed("bob", "ann-shows", 1, exchange="e1"))
    round_ = exchange_round(*shown, fixed=stands)
    cost = price(round_, Together((Pin("bob", "cat-shows", 1), Pin("cat", "bob-shows", 1))))
    assert {leg.person_id for leg in cost.allocation.legs()} == {"bob", "cat"}
    assert {leg.person_id for leg in price(round_, Forbid("ann", "bob-shows")).allocation.legs()} == {"bob", "cat"}


def test_visits_that_take_most_of_a_week_are_put_in_different_ones() -> None:
    shown = [showing(name, field, slot_places={1: 1}) for name, field in (("ann", "health"), ("bob", "vcse"))]
    round_ = exchange_round(*shown, apart=True)
    with pytest.raises(NoRoom):
        price(round_, Together((Pin("ann", "bob-shows"), Pin("bob", "ann-shows"))))
    assert partners(round_, "ann") == ()


def test_what_is_shown_once_is_not_shown_twice() -> None:
    shown = [showing(name, field, slot_places_in_all=1) for name, field in (("ann", "health"), ("bob", "vcse"))]
    cat = showing("cat", "health", slot_places_in_all=1)
    stands = (Fixed("ann", "bob-shows", 1, exchange="e1"), Fixed("bob", "ann-shows", 1, exchange="e1"))
    round_ = exchange_round(*shown, cat, fixed=stands)
    with pytest.raises(NoRoom):
        price(round_, Pin("cat", "bob-shows", 2))


@few
@given(exchange_problems())
def test_an_answer_with_exchanges_beside_itself_changes_nothing(drawn: Problem) -> None:
    answer = engine.solve(drawn)
    found = compare(drawn, answer, answer)
    assert found.changed == ()
    assert all(one.before == one.after for one in found.criteria)
    if not drawn.rules.fixed:
        assert [one.before for one in found.criteria] == [result.value for result in answer.criteria]


@few
@given(exchange_problems(), st.integers(0, 3), st.integers(0, 6))
def test_what_is_forbidden_in_a_round_with_exchanges_costs_what_the_best_lacks(
    drawn: Problem, who: int, where: int
) -> None:
    change = Forbid(drawn.people[who % len(drawn.people)].id, drawn.slots[where % len(drawn.slots)].id)
    cost = price(drawn, change)
    assert (change.person_id, change.offer_id) not in {(leg.person_id, leg.offer_id) for leg in cost.allocation.legs()}
    before, after = (tuple(getattr(one, side) for one in cost.criteria) for side in ("before", "after"))
    if not drawn.rules.fixed:
        assert after <= before
        assert after == tuple(result.value for result in cost.allocation.criteria)


def test_in_a_ring_of_three_a_visit_that_is_forbidden_costs_all_three_their_places() -> None:
    shown = [
        showing(name, field, listed_only=True, preferences=(f"{host}-shows",))
        for name, field, host in (("ann", "council", "bob"), ("bob", "vcse", "cat"), ("cat", "health", "ann"))
    ]
    round_ = exchange_round(*shown, largest_exchange=3)
    cost = price(round_, Forbid("bob", "cat-shows"))
    assert cost.criteria[0] == Difference("placed", 3, 0)
    ring = Together((Pin("ann", "bob-shows", 1), Pin("bob", "cat-shows", 2), Pin("cat", "ann-shows", 3)))
    kept = price(round_, ring)
    assert all(one.before == one.after for one in kept.criteria if one.name == "placed")
    assert [leg.week for leg in kept.allocation.exchanges[0].legs] == [1, 2, 3]


@few
@given(exchange_problems(), st.integers(0, 3))
def test_whom_somebody_could_change_places_with(drawn: Problem, which: int) -> None:
    """Exactly those who are free, each of whom shows what suits the other, in the weeks that counting finds."""
    me = drawn.people[which % len(drawn.people)].id
    shown = {one.shown_by: one.id for one in drawn.slots if one.shown_by}
    standing = {one.person_id for one in drawn.rules.fixed}
    free = [who for who in shown if who not in standing]
    expected = {
        who: (open_weeks(drawn, me, shown[who]), open_weeks(drawn, who, shown[me]))
        for who in free
        if who != me and me in free
    }
    found = partners(drawn, me)
    assert {one.person_id: (list(one.there.weeks), list(one.back.weeks)) for one in found} == {
        who: weeks
        for who, weeks in expected.items()
        if all(weeks) and (not drawn.rules.apart or len({week for way in weeks for week in way}) > 1)
    }
    fits = [one.there.fit + one.back.fit for one in found]
    assert fits == sorted(fits, reverse=True)
