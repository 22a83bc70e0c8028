"""People change places in a round: what one shows is what the other sees, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.actions.accounts import close_account
from partnerships.actions.memberships import end_membership
from partnerships.ground import jobs
from partnerships.ground.models import Event, OutboxMail
from partnerships.models import User
from partnerships.states import WhoAgrees
from secondments.actions.joining import leave_round
from secondments.actions.proposals import change_by_hand
from secondments.actions.rounds import ask_for_match
from secondments.matches import problem_of, what_happened
from secondments.matches.replaying import replay
from secondments.models import HostOffer, Participation, Placement, PlacementSession, Round, Swap
from secondments.my_data import anonymise
from secondments.states import PlacementState, RunState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_round
from tests.secondments.helpers import mails_to
from tests.secondments.rounds import first_week, join, matched, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    """Nobody goes one way, and no organisation offers anything: there is nothing but changing places."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    a_round = make_round(cast.cvs)
    a_round.programme.one_way, a_round.programme.largest_exchange = False, 2
    a_round.programme.save()
    cast.advice.who_agrees = WhoAgrees.SELF
    cast.advice.save()
    return a_round


def show(a_round: Round, who: User, shows: str, **said: Any) -> Participation:
    return join(a_round, who.memberships.get(), shows=shows, welcomes=True, **said)


def leaves(cast: Cast) -> None:
    end_membership(membership=cast.adviser.memberships.get(), by=cast.adviser, at=AT)


def is_ended(cast: Cast) -> None:
    end_membership(membership=cast.adviser.memberships.get(), by=cast.host, at=AT)


def closes(cast: Cast) -> None:
    close_account(user=cast.adviser, by=cast.adviser, at=AT)


@pytest.mark.parametrize("go", [leaves, is_ended, closes])
def test_nobody_is_sent_to_whoever_has_left(cast: Cast, a_round: Round, go: Callable[[Cast], None]) -> None:
    show(a_round, cast.visitor, "A committee")
    show(a_round, cast.adviser, "A morning of calls", wants=["local_government"])
    matched(cast, a_round)
    go(cast)
    OutboxMail.objects.all().delete()
    assert published(a_round, cast.broker) == (0, 2)
    reasons = Event.objects.filter(verb="match_refused").values_list("reason", flat=True)
    assert set(reasons) == {"nobody_shows", "no_longer_there"}
    written = set(OutboxMail.objects.values_list("to", flat=True))
    assert written == {cast.visitor.email}, "Who has left wants no place, and nobody answers for them."


@pytest.mark.parametrize("go", [leaves, is_ended, closes])
def test_the_visit_to_whoever_leaves_is_called_off(cast: Cast, a_round: Round, go: Callable[[Cast], None]) -> None:
    show(a_round, cast.visitor, "A committee")
    show(a_round, cast.adviser, "A morning of calls", wants=["local_government"])
    matched(cast, a_round)
    assert published(a_round, cast.broker) == (2, 0)
    OutboxMail.objects.all().delete()
    go(cast)
    visit = Placement.objects.get(visitor=cast.visitor)
    assert visit.state == PlacementState.CANCELLED
    assert any("It cannot take place" in subject for subject in mails_to(str(cast.visitor.email)))
    assert not any("Vera Visitor is not coming" in subject for subject in mails_to(str(cast.host.email)))
    assert any("cannot take place" in subject for subject in mails_to(str(cast.home_coordinator.email)))


def test_two_who_show_something_change_places(cast: Cast, a_round: Round) -> None:
    show(a_round, cast.visitor, "A committee")
    show(a_round, cast.adviser, "A morning of calls", wants=["local_government"])
    run = matched(cast, a_round)
    assert {match.exchange for match in run.matches.all()} == {1}
    assert not run.not_placed.exists()
    assert published(a_round, cast.broker) == (2, 0)

    swap = Swap.objects.get()
    assert {
        visit.visitor: visit.offer.shown_by.membership.user for visit in swap.placements.all() if visit.offer.shown_by
    } == {
        cast.visitor: cast.adviser,
        cast.adviser: cast.visitor,
    }
    assert [event.verb for event in Event.objects.about(swap)] == ["create"]
    mine = Placement.objects.get(visitor=cast.visitor)
    page = enter(cast.visitor).get(mine.get_absolute_url()).content.decode()
    assert "A morning of calls" in page
    # It has no page, and so no link leads to one.
    assert mine.offer.get_absolute_url() not in page


def test_who_is_visited_is_there_and_not_away(cast: Cast, a_round: Round) -> None:
    only = [first_week(a_round)]
    show(a_round, cast.visitor, "A committee", weeks=only)
    show(a_round, cast.adviser, "A morning of calls", weeks=only, wants=["local_government"])
    matched(cast, a_round)
    assert published(a_round, cast.broker) == (2, 0)
    days: dict[str, set[date]] = {}
    for session in PlacementSession.objects.select_related("visitor"):
        days.setdefault(session.visitor.name, set()).add(session.date)
    one, other = days.values()
    assert not one & other


def test_a_swap_is_kept_whole_by_hand(cast: Cast, a_round: Round) -> None:
    """Whoever keeps one visit of a swap keeps the visit that answers it, though a third would fit as well."""
    vera = show(a_round, cast.visitor, "A committee")
    show(a_round, cast.adviser, "A morning of calls", wants=["local_government"])
    show(a_round, cast.colleague, "A housing panel")
    run = matched(cast, a_round)
    in_swap = {match.participation for match in run.matches.with_people()}
    kept = run.matches.get(participation__membership__user=cast.adviser)
    desk = enter(cast.broker).get(reverse("round-desk", args=[a_round.slug])).content.decode()
    names = {one.membership.user.name for one in in_swap}
    assert all(f"Changes places with {name}" in desk for name in names)
    assert f"{cast.adviser.name}, Test Advice" in desk
    person = enter(cast.broker).get(reverse("round-person", args=[a_round.slug, vera.uuid]))
    assert "Hosts that suit" not in person.content.decode(), "Nobody takes visitors one way here."
    address = reverse("round-change", args=[a_round.slug, kept.participation.uuid, "forbid", kept.offer.slug])
    apart = enter(cast.broker).get(address).content.decode()
    shown_by = kept.offer.shown_by
    assert shown_by is not None
    assert f"is never proposed to {shown_by.membership.user.name}, Test Council" in apart

    change_by_hand(
        a_round=a_round,
        kind="keep",
        participation=kept.participation,
        offer=kept.offer,
        week=kept.week,
        reason="they_said_so",
        by=cast.broker,
        at=AT,
    )
    again = ask_for_match(a_round=a_round, by=cast.broker, at=AT, seed=8)
    jobs.run_due()
    again.refresh_from_db()
    assert again.state == RunState.SOLVED
    assert {match.participation for match in again.matches.with_people()} == in_swap
    assert [match.facts["by_hand"] for match in again.matches.all()] == [True, True]
    assert replay(again) == []


def test_the_engine_is_told_what_each_shows_and_when(cast: Cast, a_round: Round) -> None:
    second = first_week(a_round) + timedelta(weeks=1)
    shown = show(a_round, cast.visitor, "A committee", weeks=[second], avoids=[cast.elsewhere])
    join(a_round, cast.adviser.memberships.get(), wants=["local_government"])
    problem = problem_of(a_round, seed=1, at=AT)
    (slot,) = problem.slots
    assert (slot.shown_by, slot.places_in_all, slot.also_one_way) == (str(shown.uuid), 1, False)
    assert list(slot.places) == sorted(problem.people[0].weeks)
    assert slot.avoids_organisations == problem.people[0].avoids_organisations
    assert len(slot.avoids_organisations) == 1


@pytest.mark.parametrize("how", ["left", "nobody can come", "one way only"])
def test_what_is_not_shown_any_more_is_not_matched(cast: Cast, a_round: Round, how: str) -> None:
    shown = show(a_round, cast.visitor, "A committee")
    assert len(problem_of(a_round, seed=1, at=AT).slots) == 1
    if how == "left":
        leave_round(participation=shown, by=cast.visitor, at=AT)
    elif how == "nobody can come":
        join(a_round, cast.visitor_membership, shows="A committee", welcomes=False)
    else:
        a_round.programme.one_way, a_round.programme.largest_exchange = True, 1
        a_round.programme.save()
    assert problem_of(a_round, seed=1, at=AT).slots == ()


def test_what_is_shown_is_said_anew_and_is_one(cast: Cast, a_round: Round) -> None:
    for words in ("A committee", "A committee and a site visit"):
        show(a_round, cast.visitor, words)
    assert HostOffer.objects.get().what_you_will_see == "A committee and a site visit"


def test_nobody_finds_what_a_person_shows(cast: Cast, a_round: Round, client: Client) -> None:
    show(a_round, cast.visitor, "A committee")
    offer = HostOffer.objects.get()
    assert cast.visitor.name not in offer.title
    ask_days = reverse("ask-days", args=[offer.slug])
    assert client.get(ask_days).headers["Location"].startswith("/accounts/login/")
    members = [enter(cast.home_coordinator), enter(cast.visitor)]
    for member in members:
        assert member.get(ask_days).status_code == 404
    for browser in (client, *members, enter(cast.administrator)):
        assert browser.get(offer.get_absolute_url()).status_code == 404
        assert offer.title not in browser.get(reverse("offers")).content.decode()
        assert offer.title not in browser.get(cast.council.get_absolute_url()).content.decode()
    assert offer.title not in enter(cast.home_coordinator).get(reverse("offers-ours")).content.decode()
    assert offer.title not in enter(cast.adviser).get(reverse("round-join", args=[a_round.slug])).content.decode()
    assert client.get("/api/v1/host-offers/").json()["count"] == 0


def test_an_organisation_that_one_of_them_avoids_reads_nothing_of_it(cast: Cast, a_round: Round) -> None:
    """A worker of an avoided organisation reads what they would read if the place had been taken."""
    show(a_round, cast.visitor, "A committee", avoids=[cast.advice], avoid_reason="An old quarrel")
    avoided = show(a_round, cast.adviser, "A morning of calls", wants=["local_government"])
    run = matched(cast, a_round)
    causes = run.not_placed.get(participation=avoided).causes
    assert ["avoid", 1] in causes["removed"]
    published(a_round, cast.broker)
    page = enter(cast.adviser).get(a_round.get_absolute_url()).content.decode()
    assert "Some hosts were not available to you." in page
    assert cast.council.name not in page
    everyday = [["full" if code == "avoid" else code, hosts] for code, hosts in causes["removed"]]
    assert what_happened(causes) == what_happened(causes | {"removed": everyday})


def test_what_somebody_showed_goes_with_them(cast: Cast, a_round: Round) -> None:
    show(a_round, cast.visitor, "A committee")
    anonymise(cast.visitor, AT)
    assert HostOffer.objects.get().what_you_will_see == ""
