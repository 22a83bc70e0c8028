"""Stopping, progress, fixed placements, limits, faults in what is asked, and the words."""

import dataclasses
import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from partnerships.matching import engine, prices, program, sentences, validate, whole
from partnerships.matching.types import Fixed, InvalidProblem, Organisation, Problem, Sentence

from .worlds import person, problem, slot

NEVER_SHOWN = re.compile(r"\b(leg|rotation|allocation|participation|unmatched|outweighed|no-show|provider|VCSE)", re.I)


def crowd(**changes: Any) -> Problem:
    people = tuple(person(f"p{i}", organisation_id=f"town{i % 2}", compulsory=i % 3 == 0) for i in range(9))
    slots = tuple(slot(f"s{i}", places={1: 1, 2: 1}) for i in range(3))
    return problem(people, slots, criteria=("compulsory", "placed", "kept", "hosts", "fit"), **changes)


def away(**changes: Any) -> Problem:
    return crowd(organisations=tuple(Organisation(f"town{i}", away_per_week=1) for i in range(2)), **changes)


def after(asked: int) -> Callable[[], bool]:
    times = count(1)
    return lambda: next(times) > asked


def test_progress_hears_every_stage_in_order() -> None:
    heard: list[str] = []
    engine.solve(crowd(), progress=heard.append)
    assert heard == ["candidates", "score", "placed", "fit", "explain", "verify"]
    heard.clear()
    engine.solve(away(), progress=heard.append)
    assert heard[4:-2] == ["compulsory", "placed", "kept", "hosts", "fit"]


def test_what_is_reached_is_said_before_the_rest_is_worked_on() -> None:
    """Bob's visit stands already and counts; where limits cut across, nothing is sure before the end."""
    pinned = (Fixed("bob", "s0", 1, "pinned"),)
    made = crowd(fixed=pinned)
    made = dataclasses.replace(made, people=(*made.people, person("bob", organisation_id="town0")))
    heard: list[object] = []
    answer = engine.solve(made, progress=heard.append, reached=heard.append)
    assert heard[heard.index("placed") + 1 : heard.index("fit")] == list(answer.criteria[:2])
    assert heard[heard.index("fit") + 1 : heard.index("explain")] == list(answer.criteria)
    heard.clear()
    answer = engine.solve(away(), progress=heard.append, reached=heard.append)
    assert [event for event in heard if not isinstance(event, str)] == list(answer.criteria)


@pytest.mark.parametrize("made", [crowd, away])
@pytest.mark.parametrize("asked", range(7))
def test_stopping_leaves_a_valid_answer_that_claims_no_more_than_it_knows(
    asked: int, made: Callable[[], Problem]
) -> None:
    best = {result.name: result.value for result in engine.solve(made()).criteria}
    answer = engine.solve(made(), stop=after(asked))
    values = {result.name: result.value for result in answer.criteria}
    assert all(result.bound >= result.value for result in answer.criteria)
    assert answer.stopped or values == best
    assert next(result.bound for result in answer.criteria if result.name == "placed") >= best["placed"]
    if asked == 0:
        assert answer.hostings == ()
        assert {reason.code for reason in answer.reasons} == {"not_reached"}
    assert len(answer.reasons) == 9


def test_when_the_effort_runs_out_the_answer_is_valid_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "choose", lambda *args: whole.Found(None, finished=False, most=1 << 60))
    answer = engine.solve(away(effort=0))
    assert not answer.stopped
    assert all(result.bound >= result.value for result in answer.criteria)
    assert not all(result.proven for result in answer.criteria)


def test_a_problem_with_nobody_or_nowhere_has_an_empty_answer() -> None:
    assert engine.solve(problem((), ())).hostings == ()
    lonely = engine.solve(problem((person(),), ()))
    assert [reason.code for reason in lonely.reasons] == ["no_host"]
    assert all(result.proven and result.value == 0 for result in lonely.criteria)


def test_what_is_fixed_stands_and_counts_whatever_the_rules_say() -> None:
    """Bob is confirmed in a week that he did not offer; his place is gone, and he counts as placed."""
    people = (person("ann", weeks=frozenset({1})), person("bob", weeks=frozenset()))
    host = Organisation("foodbank", asked_for_more=True, visits_per_week=1)
    pinned = Fixed("bob", "foodbank", 1, "pinned")
    answer = engine.solve(problem(people, (slot(),), organisations=(host,), fixed=(pinned,)))
    assert [(one.leg.person_id, one.fixed) for one in answer.hostings] == [("bob", "pinned")]
    assert [(result.name, result.value) for result in answer.criteria][:2] == [("placed", 1), ("hosts", 12)]
    assert {reason.person_id: reason.code for reason in answer.reasons} == {"ann": "no_host", "bob": "fixed"}


def test_a_host_below_nobody_gets_visitors_spread_from_fewest_up() -> None:
    people = tuple(person(f"p{i}") for i in range(6))
    hosts = tuple(slot(name, places={1: 9}) for name in "abc")
    had = {"a": 0, "b": 2, "c": 30}
    organisations = tuple(Organisation(name, asked_for_more=True, visitors_had=n) for name, n in had.items())
    answer = engine.solve(problem(people, hosts, organisations=organisations))
    visitors = [one.leg.offer_id for one in answer.hostings]
    assert {name: visitors.count(name) for name in "abc"} == {"a": 4, "b": 2, "c": 0}


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_the_total_of_one_offer_of_several_holds_beside_the_limit_of_the_week(names: tuple[str, str]) -> None:
    """Such a total cuts across the organisation's weeks, so no network carries it: the integer program does."""
    total, other = names
    people = tuple(person(f"p{i}", weeks=frozenset({1, 2})) for i in range(9))
    hosts = (
        slot(total, organisation_id="centre", places={1: 2, 2: 2}, places_in_all=1),
        slot(other, organisation_id="centre", places={1: 1}),
    )
    centre = Organisation("centre", visits_per_week=2)
    answer = engine.solve(problem(people, hosts, organisations=(centre,)))
    assert sorted(one.leg.offer_id for one in answer.hostings) == ["a", "b"]
    assert all(result.proven for result in answer.criteria)


def test_each_criterion_is_held_where_limits_need_the_integer_program() -> None:
    """One of the two may be away, and the one who has to go does, though the other would fit better."""
    people = (person("ann", compulsory=True), person("bob", wants=frozenset({"rotas"})))
    hosts = (slot("a", tags=frozenset({"rotas"})), slot("b", tags=frozenset({"rotas"})))
    town = Organisation("town", away_per_week=1)
    answer = engine.solve(
        problem(people, hosts, organisations=(town,), criteria=("placed", "compulsory", "fit")),
    )
    assert [one.leg.person_id for one in answer.hostings] == ["ann"]


def test_keeping_what_was_proposed_comes_before_a_better_fit() -> None:
    hosts = (slot("plain"), slot("shows", tags=frozenset({"rotas"})))
    base = problem((person(wants=frozenset({"rotas"})),), hosts, criteria=("placed", "kept", "fit"))
    assert engine.solve(base).hostings[0].leg.offer_id == "shows"
    kept = dataclasses.replace(base, rules=dataclasses.replace(base.rules, proposed={"ann": "plain"}))
    assert engine.solve(kept).hostings[0].leg.offer_id == "plain"


def _faulty() -> dict[str, Problem]:
    ann, food = person(), slot()
    good = problem((ann,), (food,))
    return {
        "id_twice": problem((ann, ann), (food,)),
        "unknown_organisation": dataclasses.replace(good, organisations=()),
        "criteria_order": problem((ann,), (food,), criteria=("fit", "placed")),
        "number_out_of_range": problem((person(max_km=-1),), (food,)),
        "fixed_twice": problem((ann,), (slot(places={1: 2}),), fixed=(Fixed("ann", "foodbank", 1),) * 2),
        "fixed_unknown": problem((ann,), (food,), fixed=(Fixed("ghost", "nowhere", 1),)),
        "fixed_over_places": problem((ann,), (food,), fixed=(Fixed("ann", "foodbank", 2),)),
        "too_many_weeks": problem((ann,), (slot(places=dict.fromkeys(range(521), 1)),)),
    }


@pytest.mark.parametrize("code", _faulty())
def test_a_problem_that_contradicts_itself_is_refused_with_every_fault(code: str) -> None:
    with pytest.raises(InvalidProblem) as caught:
        engine.solve(_faulty()[code])
    assert {fault.code for fault in caught.value.faults} == {code}
    assert all(sentences.text(fault).endswith(".") for fault in caught.value.faults)
    assert code in str(caught.value)


@pytest.mark.parametrize(
    "criteria",
    [
        (),
        ("placed",),
        ("fit",),
        ("hosts", "placed", "fit"),
        ("placed", "hosts", "compulsory", "fit"),
        ("placed", "placed", "fit"),
        ("placed", "luck", "fit"),
        ("placed", "fit", "hosts"),
    ],
)
def test_criteria_in_an_order_that_is_not_offered_are_refused(criteria: tuple[str, ...]) -> None:
    with pytest.raises(InvalidProblem):
        validate.check(problem((person(),), (slot(),), criteria=criteria))


def test_weights_too_large_to_be_exact_are_refused_rather_than_rounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "_MOST_COST", 1)
    with pytest.raises(InvalidProblem, match="too_large_for_exact_weights"):
        engine.solve(crowd())


@pytest.mark.parametrize("weeks", [63, 64, 65, 104, 129])
def test_years_of_weeks_are_solved_together(weeks: int) -> None:
    """Weeks are bits of as many words as it takes: nothing changes at the edge of one."""
    people = tuple(person(f"p{week}", weeks=frozenset({week})) for week in (0, weeks - 1, weeks))
    host = slot(places=dict.fromkeys(range(weeks), 1), checks={"dbs": weeks - 1})
    people = (*people[:1], *(dataclasses.replace(one, checks={"dbs": weeks - 1}) for one in people[1:]))
    answer = engine.solve(problem(people, (host,)))
    assert [one.leg.week for one in answer.hostings] == [weeks - 1]
    reasons = {reason.person_id: reason for reason in answer.reasons}
    assert [change.change for change in reasons["p0"].relaxations] == ["week", "check"]
    assert reasons["p0"].relaxations[0].amount == weeks - 1
    assert [removed.code for removed in reasons[f"p{weeks}"].removed] == ["no_common_week"]


def test_no_sentence_uses_a_word_that_is_never_shown() -> None:
    for code, found in sentences.TEXTS.items():
        for form in (found,) if isinstance(found, str) else found:
            assert not NEVER_SHOWN.search(form), code
            assert form.endswith(".")


def test_one_and_many_have_their_own_words() -> None:
    assert sentences.text(Sentence("removed.too_far", {"count": 1})) == "1 host is too far away."
    assert sentences.text(Sentence("removed.too_far", {"count": 2})) == "2 hosts are too far away."
