"""Reasons are true: what is said to help does help, what is said to be in the way is; and they keep secrets."""

import dataclasses
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from partnerships.matching import engine, hosting, sentences
from partnerships.matching.types import Allocation, Organisation, Point, Problem, Reason

from .worlds import person, problem, problems, replaced, slot

few = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def reason_of(allocation: Allocation, who: str) -> Reason:
    return next(reason for reason in allocation.reasons if reason.person_id == who)


def said(allocation: Allocation, who: str, *, broker: bool = False) -> list[str]:
    tell = sentences.for_broker if broker else sentences.for_participant
    return [sentences.text(sentence) for sentence in tell(reason_of(allocation, who), allocation)]


def suitable(given_problem: Problem, who: str) -> int:
    return len(engine.best_hosts(given_problem, who, most=99))


@few
@given(problems())
def test_every_change_that_is_said_to_help_opens_just_so_many_hosts(drawn: Problem) -> None:
    for reason in engine.solve(drawn).reasons:
        who = next(one for one in drawn.people if one.id == reason.person_id)
        for change in reason.relaxations:
            changed: dict[str, dict[str, Any]] = {
                "week": {"weeks": who.weeks | {change.amount}},
                "km": {"max_km": (who.max_km or 0) + change.amount},
                "check": {"checks": {**who.checks, change.kind: -99}},
                "payment": {"pays_up_to_pence": who.pays_up_to_pence + change.amount},
                "cover": {"cover_pence": who.cover_pence - change.amount},
                "remote": {"remote_ok": True},
                "in_person": {"in_person_ok": True},
            }
            opened = suitable(replaced(drawn, who.id, **changed[change.change]), who.id) - reason.suitable
            assert opened == change.hosts > 0
            assert 0 <= change.free <= change.hosts


@few
@given(problems())
def test_what_is_said_to_be_free_has_room_in_the_answer(drawn: Problem) -> None:
    """Whoever is told of a host with a place left could be added there by that one change, all else as it stands."""
    answer = engine.solve(drawn)
    for reason in answer.reasons:
        who = next(one for one in drawn.people if one.id == reason.person_id)
        for change in reason.relaxations:
            if change.change == "week" and change.free:
                helped = replaced(drawn, who.id, weeks=who.weeks | {change.amount})
                assert _placed(engine.solve(helped)) > _placed(answer)


def _placed(allocation: Allocation) -> int:
    return next(result.value for result in allocation.criteria if result.name == "placed")


def test_a_small_round_says_why_in_words() -> None:
    wanting = person("ann", wants=frozenset({"rotas"}))
    other = person("bob")
    abroad = person("cat", point=Point(0, 0), max_km=10, access_needs=frozenset({"hoist"}), weeks=frozenset({1}))
    host = slot(tags=frozenset({"rotas"}), point=Point(15_000, 0), access=frozenset({"hoist"}))
    answer = engine.solve(problem((wanting, other, abroad), (host,)))
    assert said(answer, "ann")[0] == "What you want to see and learn is shown there: 350 of 350 points."
    assert said(answer, "bob") == [
        "1 host suited you, but others have its places.",
        "2 people could only go to hosts that had 1 place for them.",
        "Placing you would have made the matches as a whole fit less well.",
    ]
    assert said(answer, "bob", broker=True)[2:] == [
        "They all can go only to these hosts: ann, bob for foodbank.",
        "Placing you would have made the matches as a whole fit less well.",
        "Placing this person would take the place of ann.",
    ]
    assert said(answer, "cat") == [
        "No host in this round suited what you told us.",
        "1 host is too far away.",
        "If you could go 5 km further, 1 more host would suit you.",
        "0 of these still have a place.",
    ]


@pytest.mark.parametrize(
    ("criteria", "first", "second", "hosts", "lost_by"),
    [
        (("compulsory", "placed", "fit"), {"compulsory": True}, {"wants": frozenset({"rotas"})}, (), "compulsory"),
        (("placed", "kept", "fit"), {}, {"wants": frozenset({"rotas"})}, (), "kept"),
        (("placed", "hosts", "fit"), {}, {"wants": frozenset({"rotas"})}, ("foodbank",), "lot"),
    ],
)
def test_the_criterion_that_decided_is_named(
    criteria: tuple[str, ...], first: Any, second: Any, hosts: tuple[str, ...], lost_by: str
) -> None:
    answer = engine.solve(
        problem(
            (person("ann", **first), person("bob", **second)),
            (slot(tags=frozenset({"rotas"}) if lost_by != "lot" else frozenset()),),
            criteria=criteria,
            proposed={"ann": "foodbank"},
            organisations=tuple(Organisation(name, asked_for_more=True) for name in hosts),
        )
    )
    (loser,) = [reason for reason in answer.reasons if reason.code == "places_taken"]
    assert loser.lost_by == lost_by
    assert lost_by == "lot" or (loser.person_id, loser.instead_of) == ("bob", "ann")


def test_hosts_that_asked_and_have_had_fewest_come_before_fit() -> None:
    """Ann could go to either host; the one that has had nobody gets her although the other shows what she wants."""
    hosts = (slot("new"), slot("popular", tags=frozenset({"rotas"})))
    organisations = (
        Organisation("new", asked_for_more=True),
        Organisation("popular", asked_for_more=True, visitors_had=3),
    )
    answer = engine.solve(problem((person(wants=frozenset({"rotas"})),), hosts, organisations=organisations))
    assert answer.hostings[0].leg.offer_id == "new"
    reason = reason_of(answer, "ann")
    assert (reason.suitable, reason.better, reason.best_offer_id) == (2, 1, "popular")
    assert said(answer, "ann")[-1].startswith("1 host fitted you better")
    assert said(answer, "ann", broker=True)[-1] == "The best of these was popular."


def test_placing_somebody_at_a_cost_to_hosts_is_said_so() -> None:
    """One away a quarter is no network matter; here two people, one place each at two hosts of which one asked."""
    people = (person("ann", weeks=frozenset({1})), person("bob", weeks=frozenset({1}), field="health"))
    hosts = (slot("asked"), slot("other", field="council"))
    answer = engine.solve(
        problem(
            people,
            tuple(dataclasses.replace(one, organisation_id="centre") for one in hosts),
            organisations=(Organisation("centre", visits_per_week=1, asked_for_more=True),),
            criteria=("placed", "hosts", "fit"),
            crossings=frozenset({("council", "vcse"), ("health", "council")}),
        )
    )
    assert [reason.lost_by for reason in answer.reasons if reason.code == "places_taken"] == ["lot"]
    assert answer.contests[0].places == 1


def within_a_limit(**words: Any) -> Allocation:
    """Two of a town that lets one be away a week, which no network carries."""
    people = (person("ann"), person("bob"))
    organisations = (Organisation("town", away_per_week=1),)
    return engine.solve(problem(people, (slot("a"), slot("b")), organisations=organisations), **words)


def test_within_a_limit_that_no_network_carries_it_is_said_by_what_somebody_lost() -> None:
    (loser,) = [reason for reason in within_a_limit().reasons if reason.code == "places_taken"]
    assert (loser.lost_by, loser.contest, loser.instead_of) == ("lot", None, "")


def test_where_that_is_not_known_the_limit_is_named_as_such() -> None:
    """Not asked for; or somebody said stop after the answer was proven, and before it was explained."""
    stages: list[str] = []
    answers = (
        within_a_limit(explained=False),
        within_a_limit(progress=stages.append, stop=lambda: "explain" in stages),
    )
    for answer in answers:
        assert all(result.proven for result in answer.criteria)
        assert not answer.stopped
        (loser,) = [reason for reason in answer.reasons if reason.code == "places_taken"]
        assert (loser.lost_by, loser.contest, loser.instead_of) == ("limits", None, "")
        assert "within the limits that organisations set" in said(answer, loser.person_id)[-1]


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ({"avoids_organisations": frozenset({"foodbank"})}, {}),
        ({}, {"avoids_people": frozenset({"ann"})}),
        ({"funds": frozenset({"foodbank"})}, {}),
        ({"access_needs": frozenset({"hoist"})}, {}),
    ],
    ids=["person avoids", "host avoids", "conflict", "access"],
)
def test_a_participant_cannot_tell_who_avoids_whom(who: Any, where: Any) -> None:
    answer = engine.solve(problem((person(**who),), (slot(**where),)))
    assert said(answer, "ann") == [
        "No host in this round suited what you told us.",
        "Some hosts were not available to you.",
    ]
    assert len(said(answer, "ann", broker=True)) == 2
    assert "not available to you" not in " ".join(said(answer, "ann", broker=True))


@few
@given(problems())
def test_a_participant_never_reads_an_id(drawn: Problem) -> None:
    marked = dataclasses.replace(
        drawn,
        people=tuple(dataclasses.replace(one, id=f"SECRET-{one.id}") for one in drawn.people),
        rules=dataclasses.replace(drawn.rules, fixed=(), proposed={}, forbidden=frozenset()),
    )
    answer = engine.solve(marked)
    for reason in answer.reasons:
        assert not any("SECRET" in sentence for sentence in said(answer, reason.person_id))
        assert all(said(answer, reason.person_id, broker=True))


def test_an_answer_that_is_not_the_best_is_not_explained_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search for who gives way meets a change that gains, and says so."""
    monkeypatch.setattr(
        hosting, "_cheapest", lambda network, price, bounds: hosting._most_placed(network, only_first=False)
    )
    people = tuple(person(f"p{i}", wants=frozenset({"rotas"} if i % 2 else {"games"})) for i in range(9))
    hosts = tuple(slot(f"s{i}", tags=frozenset({"rotas"} if i % 2 else {"games"})) for i in range(6))
    with pytest.raises(RuntimeError, match="would gain"):
        engine.solve(problem(people, hosts))


def test_whoever_gives_way_is_somebody_who_competes_for_the_same_places() -> None:
    """Ten rounds in one that have nothing to do with each other, with two losers each."""
    people = tuple(
        person(f"p{week}-{i}", weeks=frozenset({week}), wants=frozenset({"rotas"} if i == week % 3 else ()))
        for week in range(10)
        for i in range(3)
    )
    hosts = tuple(slot(f"s{week}", places={week: 1}, tags=frozenset({"rotas"})) for week in range(10))
    answer = engine.solve(problem(people, hosts))
    losers = [reason for reason in answer.reasons if reason.code == "places_taken"]
    assert len(losers) == 20
    for reason in losers:
        week = int(reason.person_id[1])
        assert reason.instead_of == f"p{week}-{week % 3}"
        assert reason.contest is not None
        assert answer.contests[reason.contest].people == tuple(f"p{week}-{i}" for i in range(3))
    assert len(answer.contests) == 10


def test_a_later_week_helps_where_a_check_takes_too_long() -> None:
    host = slot(places={1: 1, 3: 1}, checks={"dbs": 2})
    answer = engine.solve(problem((person(weeks=frozenset({1})),), (host,), first_week=1))
    assert said(answer, "ann")[2:] == [
        "If you could also go in week 3, 1 more host would suit you.",
        "1 of these still has a place.",
        "If you held this check, 1 more host would suit you: dbs.",
        "1 of these still has a place.",
    ]
