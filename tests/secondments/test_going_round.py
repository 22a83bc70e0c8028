"""Three go round in a round: each visits the next. From the match to the visits, and when one of the three says no."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from partnerships.models import User
from partnerships.states import Field, WhoAgrees
from secondments.actions.repairs import offer_repair
from secondments.emails.letters import facts_of
from secondments.matches.repairs import repair_of
from secondments.matches.replaying import replay
from secondments.models import Participation, Placement, PlacementSession, Round, Swap
from secondments.states import DecisionKind, PlacementState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_round, make_user
from tests.secondments.helpers import miscounted
from tests.secondments.repairs import no, places, repaired, yes
from tests.secondments.rounds import join, matched, published

pytestmark = pytest.mark.django_db

ONWARDS = {Field.LOCAL_GOVERNMENT: "voluntary", Field.VOLUNTARY: "health", Field.HEALTH: "local_government"}


@pytest.fixture
def a_round(cast: Cast) -> Round:
    """A council's people visit charities, theirs a hospital, and its people the council: nobody can come back alone."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    a_round = make_round(cast.cvs)
    programme = a_round.programme
    programme.crossings = [[str(source), target] for source, target in ONWARDS.items()]
    programme.one_way, programme.largest_exchange = False, 3
    programme.save()
    return a_round


def show(a_round: Round, who: User, **said: Any) -> Participation:
    membership = who.memberships.select_related("organisation").get()
    home = membership.organisation
    home.who_agrees = WhoAgrees.SELF
    home.save()
    wants = [ONWARDS[Field(home.field)]]
    return join(a_round, membership, shows=f"A day with {who.name}", welcomes=True, wants=wants, **said)


@pytest.fixture
def three(cast: Cast, a_round: Round) -> list[User]:
    """Whoever shows something has somebody at home who answers for them."""
    nurse = make_user("Nura Nurse", "nura@elsewhere.example.org")
    make_membership(nurse, cast.elsewhere)
    three = [cast.visitor, cast.adviser, nurse]
    for who in three:
        show(a_round, who)
    return three


def goes_to() -> dict[User, User]:
    visits = Placement.objects.select_related("visitor", "offer__shown_by__membership__user")
    return {each.visitor: each.offer.shown_by.membership.user for each in visits if each.offer.shown_by}


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def visit_of(who: User) -> Placement:
    return Placement.objects.get(visitor=who)


def test_three_go_round_from_the_match_to_the_visits(cast: Cast, a_round: Round, three: list[User]) -> None:
    run = matched(cast, a_round)
    assert {match.exchange for match in run.matches.all()} == {1}
    assert run.matches.count() == 3
    assert replay(run) == []
    desk = enter(cast.broker).get(reverse("round-desk", args=[a_round.slug])).content.decode()
    assert (desk.count("Goes round with"), desk.count("Changes places with")) == (3, 0)
    person = run.matches.first().participation  # type: ignore[union-attr]  # there are three
    alone = enter(cast.broker).get(reverse("round-person", args=[a_round.slug, person.uuid])).content.decode()
    assert words(alone).count(" goes to ") == 2, "The other two visits of the round of three."
    assert published(a_round, cast.broker) == (3, 0)
    visitor, adviser, nurse = three
    assert goes_to() == {visitor: adviser, adviser: nurse, nurse: visitor}
    assert Swap.objects.get().placements.count() == 3
    # Nobody is away while somebody comes to see them.
    days = {who: set(PlacementSession.objects.filter(visitor=who).values_list("date", flat=True)) for who in three}
    assert all(not days[guest] & days[host] for guest, host in goes_to().items())
    assert miscounted() == []
    page = enter(visitor).get(visit_of(visitor).get_absolute_url()).content.decode()
    assert f"A day with {adviser.name}" in page


def test_the_figures_add_up_to_everybody_with_a_place(
    cast: Cast, a_round: Round, three: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secondments.views.desk.proposal.SMALL", 2)
    matched(cast, a_round)
    desk = words(enter(cast.broker).get(reverse("round-desk", args=[a_round.slug])).content.decode())
    assert "pairs change places 0 group of three goes round 1 visits go one way 0" in desk


def test_each_reads_with_whom_they_go_and_who_comes_to_them(cast: Cast, a_round: Round, three: list[User]) -> None:
    matched(cast, a_round)
    published(a_round, cast.broker)
    for guest, host in goes_to().items():
        comes = next(each for each, whom in goes_to().items() if whom == guest)
        page = words(enter(guest).get(visit_of(guest).get_absolute_url()).content.decode())
        go, come = page.split(" in exchange ")
        assert f"With {host.name} A day with {host.name}" in go
        home = visit_of(guest).home.name
        assert come.startswith(f"They come {home} {comes.name} {visit_of(comes).when_words()} Asked")
        where = next(fact.value for fact in facts_of(visit_of(guest)) if fact.key == "Where")
        assert where == f"With {host.name}, {visit_of(guest).offer.organisation.name}"
        joined = words(enter(guest).get(a_round.get_absolute_url()).content.decode())
        assert f"With {host.name}, " in joined
    # The host of one is at home somewhere else than where theirs goes.
    visitor, adviser, _nurse = three
    page = words(enter(cast.host).get(visit_of(visitor).get_absolute_url()).content.decode())
    assert page.split(" in exchange ")[1].startswith(f"You go {cast.elsewhere.name} {adviser.name} ")


def test_where_one_of_three_does_not_go_the_other_visits_stand_alone(
    cast: Cast, a_round: Round, three: list[User]
) -> None:
    matched(cast, a_round)
    published(a_round, cast.broker)
    visitor, adviser, nurse = three
    no(visit_of(nurse), DecisionKind.VISITOR, nurse)
    page = words(enter(visitor).get(visit_of(visitor).get_absolute_url()).content.decode())
    assert "They come" not in page
    assert "calls it due" not in page
    assert "They come" in words(enter(adviser).get(visit_of(adviser).get_absolute_url()).content.decode())


def test_all_three_are_named_though_a_page_ends_between_them(
    cast: Cast, a_round: Round, three: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    matched(cast, a_round)
    monkeypatch.setattr("secondments.views.desk.proposal.PAGE_SIZE", 2)
    desk = reverse("round-desk", args=[a_round.slug])
    on_both = "".join(enter(cast.broker).get(desk, {"page": number}).content.decode() for number in (1, 2))
    named = {frozenset(pair) for pair in re.findall(r"Goes round with ([\w ]+) and ([\w ]+)\s*<", on_both)}
    assert named == {frozenset(user.name for user in three if user != who) for who in three}


def test_a_no_of_one_takes_no_visit_from_the_other_two(cast: Cast, a_round: Round, three: list[User]) -> None:
    matched(cast, a_round)
    published(a_round, cast.broker)
    visitor, adviser, nurse = three
    yes(visit_of(adviser))
    no(visit_of(visitor), DecisionKind.VISITOR, visitor)
    repair = repair_of(a_round, seed=1, at=AT)
    assert {one.exchange for one in repair.problem.rules.fixed} == {""}
    assert len(repair.problem.rules.fixed) == 2
    assert repaired(a_round) is None, "Nobody else could close the ring."
    assert visit_of(adviser).state == PlacementState.CONFIRMED
    assert visit_of(nurse).state == PlacementState.REQUESTED


def test_rings_that_stand_stay_rings_and_who_is_free_may_go_round_anew(
    cast: Cast, a_round: Round, three: list[User]
) -> None:
    """Two rings, of which one comes to nothing, and two who wait: with one of the three they close another."""
    others = [make_user(name) for name in ("Una", "Viv", "Wyn", "Xia", "Yan")]
    homes = [cast.council, cast.advice, cast.elsewhere, cast.council, cast.elsewhere]
    for who, home in zip(others, homes, strict=True):
        make_membership(who, home)
        show(a_round, who)
    run = matched(cast, a_round)
    assert run.matches.count() == 6
    assert published(a_round, cast.broker) == (6, 0)
    waiting = {each.participation.membership.user for each in run.not_placed.with_people()}
    rings: dict[int | None, list[Placement]] = {}
    for match in run.matches.with_people():
        assert match.placement is not None
        rings.setdefault(match.exchange, []).append(match.placement)
    given_up = {placement.home: placement for placement in rings[2]}
    at_council = given_up.pop(cast.council)
    no(at_council, DecisionKind.VISITOR, at_council.visitor)
    fixed = repair_of(a_round, seed=1, at=AT).problem.rules.fixed
    assert sorted(bool(one.exchange) for one in fixed) == [False, False, True, True, True]
    assert repaired(a_round) is None, "The two who are left keep their visits, and so they are not free."
    for placement in given_up.values():
        no(placement, DecisionKind.VISITOR, placement.visitor)
    again = repaired(a_round)
    assert again is not None
    assert set(places(again)) == {*waiting, given_up[cast.advice].visitor}
    [ring] = {match.exchange for match in again.matches.all()}
    assert ring is not None, "The three go round, and are not three visits one way."
    assert replay(again) == []
    page = enter(cast.broker).get(reverse("round-repair", args=[a_round.slug, again.uuid])).content.decode()
    assert "(A visit in return)" not in page, "It is named by whose day it is."
    assert offer_repair(run=again, by=cast.broker, at=AT).asked == 3
    assert Swap.objects.count() == 3
    assert miscounted() == []
