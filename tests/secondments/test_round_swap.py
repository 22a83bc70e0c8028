"""A broker lets two people change places by hand: first what it would cost, then why, then everybody else around it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from partnerships.ground import jobs
from partnerships.ground.models import Event
from secondments.actions.proposals import change_by_hand, take_back_change
from secondments.matches.by_hand import problem_now
from secondments.matches.replaying import replay
from secondments.models import Adjustment, Participation, Swap, Trial
from secondments.states import AdjustmentState, ParticipationState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_user
from tests.secondments.places import Places
from tests.secondments.proposals import refusal
from tests.secondments.rounds import published

pytestmark = pytest.mark.django_db
SAID = {"reason": "they_said_so", "note": "Both rang me."}


def address(places: Places, one: Participation | None = None, other: Participation | None = None) -> str:
    both = one or places.waiting, other or places.adviser
    return reverse("round-swap", args=[places.a_round.slug, *(each.uuid for each in both)])


@pytest.fixture
def places(cast: Cast) -> Places:
    return Places(cast)


def test_two_are_let_change_places_matched_around_and_published(cast: Cast, places: Places) -> None:
    client = enter(cast.broker)
    person = client.get(reverse("round-person", args=[places.a_round.slug, places.waiting.uuid])).content.decode()
    assert "People to change places with" in person
    assert address(places) in person

    page = client.get(address(places)).content.decode()
    assert "Let these two change places?" in page
    assert f"{places.chosen.membership.user.name} would have no place." in page
    assert f"{places.waiting.membership.user.name} would get a place." in page
    assert not Adjustment.objects.exists()

    answer = client.post(address(places), SAID, follow=True).content.decode()
    assert "Next: match again around your 2 changes" in answer
    assert "Both visits are taken back together" in answer
    one, other = Adjustment.objects.all()
    assert one.exchange == other.exchange
    assert {one.participation, other.participation} == {places.waiting, places.adviser}

    client.post(reverse("round-match", args=[places.a_round.slug]))
    jobs.run_due()
    run = places.a_round.runs.get(number=2)
    found = list(run.matches.with_people())
    assert {match.participation for match in found} == {places.waiting, places.adviser}
    assert {match.exchange for match in found} == {1}
    assert all(match.facts["by_hand"] for match in found)
    assert replay(run) == []
    places.a_round.refresh_from_db()
    assert published(places.a_round, cast.broker) == (2, 0)
    assert Swap.objects.get().placements.count() == 2


def test_who_goes_anyway_is_not_offered(cast: Cast, places: Places) -> None:
    person = reverse("round-person", args=[places.a_round.slug, places.chosen.uuid])
    assert address(places, places.chosen) not in enter(cast.broker).get(person).content.decode()


def test_weeks_are_chosen(cast: Cast, places: Places) -> None:
    later = places.week + timedelta(weeks=2)
    client = enter(cast.broker)
    assert "Take these weeks" in client.get(address(places)).content.decode()
    client.post(f"{address(places)}?week={later}&back={places.week}", SAID)
    weeks = dict(Adjustment.objects.values_list("participation", "week"))
    assert weeks == {places.waiting.pk: later, places.adviser.pk: places.week}
    run = places.again()
    assert dict(run.matches.values_list("participation", "week")) == weeks


def test_both_are_taken_back_together(cast: Cast, places: Places) -> None:
    made = places.swap()
    assert [Event.objects.about(each).get().verb for each in made] == ["change_places_by_hand"] * 2
    take_back_change(adjustment=made[0], by=cast.broker, at=AT)
    assert set(Adjustment.objects.values_list("state", flat=True)) == {AdjustmentState.TAKEN_BACK}
    assert problem_now(places.a_round.latest_run()).rules.fixed == ()


def test_an_exchange_of_which_one_has_left_is_left_out_whole(cast: Cast, places: Places) -> None:
    places.swap()
    Participation.objects.filter(pk=places.waiting.pk).update(state=ParticipationState.WITHDRAWN)
    run = places.again()
    assert {match.participation for match in run.matches.with_people()} == {places.chosen, places.adviser}
    desk = enter(cast.broker).get(reverse("round-desk", args=[places.a_round.slug])).content.decode()
    assert "It could not hold" in desk


def test_a_large_round_is_worked_out_beside_the_page(
    cast: Cast, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secondments.views.desk.trying.SMALL", 1)
    client = enter(cast.broker)
    for _ in range(2):
        client.post(address(places), {"try": "yes"})
    assert Trial.objects.get().asked["change"] == "together"
    jobs.run_due()
    assert f"{places.chosen.membership.user.name} would have no place." in client.get(address(places)).content.decode()


# What stands against it -----------------------------------------------------------------------------------------------


def test_only_the_programmes_brokers_may(cast: Cast, places: Places) -> None:
    stranger = make_user("Strange Broker")
    make_membership(stranger, cast.elsewhere, is_broker=True)
    with refusal("not_allowed"):
        places.swap(by=stranger)


def test_who_is_settled_is_not_settled_again(cast: Cast, places: Places) -> None:
    places.swap()
    with refusal("person_settled"):
        places.swap(people=[places.chosen, places.adviser])
    page = enter(cast.broker).get(address(places, places.chosen)).content.decode()
    assert "settled by hand" in page


def test_who_is_kept_with_somebody_is_not_taken_from_them(cast: Cast, places: Places) -> None:
    """Keeping one visit of an exchange keeps both: the other person is settled too, without a change of their own."""
    kept = places.run.matches.get(participation=places.chosen)
    change_by_hand(
        a_round=places.a_round,
        kind="keep",
        participation=kept.participation,
        offer=kept.offer,
        week=kept.week,
        reason="other",
        by=cast.broker,
        at=AT,
    )
    with refusal("person_settled"):
        places.swap()
    page = reverse("round-person", args=[places.a_round.slug, places.adviser.uuid])
    text = enter(cast.broker).get(page).content.decode()
    assert "somebody they change places with is kept by hand" in text
    assert "People to change places with" not in text


def test_two_of_one_side_do_not_change_places(cast: Cast, places: Places) -> None:
    with refusal("no_room"):
        places.swap(people=[places.waiting, places.chosen])
    assert "cannot change places" in enter(cast.broker).get(address(places, other=places.chosen)).content.decode()


def test_a_week_must_suit_both(places: Places) -> None:
    with refusal("no_room"):
        places.swap(weeks=[places.week - timedelta(weeks=1), places.week])


def test_who_has_left_changes_with_nobody(places: Places) -> None:
    Participation.objects.filter(pk=places.waiting.pk).update(state=ParticipationState.WITHDRAWN)
    with refusal("left_round"):
        places.swap()


def test_nothing_is_changed_after_publishing(cast: Cast, places: Places) -> None:
    published(places.a_round, cast.broker)
    with refusal("not_proposed"):
        places.swap()
    answer = enter(cast.broker).get(address(places), follow=True).content.decode()
    assert "while a proposal waits to be published" in answer


def test_long_visits_do_not_share_a_week(cast: Cast) -> None:
    places = Places(cast, days=3)
    with refusal("same_week"):
        places.swap()
    client = enter(cast.broker)
    client.post(address(places), SAID)
    assert len(set(Adjustment.objects.values_list("week", flat=True))) == 2


def test_where_people_only_go_one_way_nobody_changes_places(cast: Cast) -> None:
    places = Places(cast)
    places.a_round.programme.largest_exchange = 1
    places.a_round.programme.one_way = True
    places.a_round.programme.save()
    person = reverse("round-person", args=[places.a_round.slug, places.waiting.uuid])
    assert "People to change places with" not in enter(cast.broker).get(person).content.decode()
