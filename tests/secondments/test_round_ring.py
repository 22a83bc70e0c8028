"""Three whom a broker sends round by hand: who could, what it would cost, and what becomes of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs
from secondments.actions.proposals import change_by_hand, take_back_change
from secondments.actions.rounds import put_proposal_aside, reopen_round
from secondments.matches.by_hand import problem_now
from secondments.matches.replaying import replay
from secondments.models import Adjustment, HostOffer, Participation, Swap, Trial
from secondments.states import AdjustmentState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_user
from tests.secondments.places import GoingRound
from tests.secondments.proposals import refusal
from tests.secondments.rounds import join, matched, published

pytestmark = pytest.mark.django_db
SAID = {"reason": "they_said_so", "note": "All three rang me."}


@pytest.fixture
def three(cast: Cast) -> GoingRound:
    return GoingRound(cast)


def address(three: GoingRound, *people: Participation) -> str:
    named = people or (three.waiting, three.adviser, three.nurse)
    return reverse("round-ring", args=[three.a_round.slug, *(each.uuid for each in named)])


def around(three: GoingRound, person: Participation | None = None) -> str:
    return reverse("round-around", args=[three.a_round.slug, (person or three.waiting).uuid])


def name(person: Participation) -> str:
    return person.membership.user.name


def keep(three: GoingRound, person: Participation) -> None:
    match = three.run.matches.get(participation=person)
    change(three, "keep", person, match.offer, match.week)


def change(three: GoingRound, kind: str, who: Participation, offer: HostOffer, week: date | None = None) -> None:
    change_by_hand(
        a_round=three.a_round,
        kind=kind,
        participation=who,
        offer=offer,
        week=week,
        reason="other",
        by=three.cast.broker,
        at=AT,
    )


def test_three_are_found_sent_round_matched_around_and_published(cast: Cast, three: GoingRound) -> None:
    client = enter(cast.broker)
    person = client.get(reverse("round-person", args=[three.a_round.slug, three.waiting.uuid])).content.decode()
    assert around(three) in person
    page = client.get(around(three)).content.decode()
    assert f"{name(three.waiting)} to {name(three.adviser)}: Shows what was asked for" in page
    assert f"{name(three.adviser)} to {name(three.nurse)}: Shows what was asked for" in page
    assert f"{name(three.nurse)} to {name(three.waiting)}: Shows what was asked for" in page
    assert address(three) in page

    page = client.get(address(three)).content.decode()
    assert "Let these three go round?" in page
    assert f"{name(three.chosen)} would have no place." in page
    assert f"{name(three.waiting)} would get a place." in page
    assert not Adjustment.objects.exists()

    answer = client.post(address(three), SAID, follow=True).content.decode()
    assert "Next: match again around your 3 changes" in answer
    assert answer.count("These three go round. Their visits are taken back together.") == 3
    assert len(set(Adjustment.objects.values_list("exchange", flat=True))) == 1

    client.post(reverse("round-match", args=[three.a_round.slug]))
    jobs.run_due()
    run = three.a_round.runs.get(number=2)
    found = list(run.matches.with_people())
    assert {match.participation: match.offer.shown_by for match in found} == {
        three.waiting: three.adviser,
        three.adviser: three.nurse,
        three.nurse: three.waiting,
    }
    assert all(match.facts["by_hand"] for match in found)
    assert replay(run) == []
    three.a_round.refresh_from_db()
    assert published(three.a_round, cast.broker) == (3, 0)
    assert Swap.objects.get().placements.count() == 3


def test_the_other_two_are_chosen(cast: Cast, three: GoingRound) -> None:
    client = enter(cast.broker)
    for asked in ({"to": str(three.adviser.uuid)}, {"back": str(three.nurse.uuid)}, {"to": "", "back": ""}):
        assert address(three) in client.get(around(three), asked).content.decode()
    for asked in ({"to": str(three.nurse.uuid)}, {"back": str(three.adviser.uuid)}, {"to": "nonsense"}):
        page = client.get(around(three), asked).content.decode()
        assert "No three could go round" in page
        assert address(three) not in page


def test_who_is_settled_goes_round_with_nobody(cast: Cast, three: GoingRound) -> None:
    keep(three, three.adviser)
    client = enter(cast.broker)
    assert "No three could go round" in client.get(around(three)).content.decode()
    assert "These three cannot go round" in client.get(address(three)).content.decode()
    with refusal("person_settled"):
        three.send()


def test_who_is_kept_with_others_is_not_taken_from_them(cast: Cast, three: GoingRound) -> None:
    """Keeping one visit of a ring keeps all three: the nurse is settled, without a change of her own."""
    keep(three, three.chosen)
    with refusal("person_settled"):
        three.send()
    with refusal("person_settled"):
        change(three, "keep", three.nurse, three.chosen.shown, three.run.matches.get(participation=three.nurse).week)


def test_they_go_round_one_way_only(cast: Cast, three: GoingRound) -> None:
    turned = [three.waiting, three.nurse, three.adviser]
    assert "These three cannot go round" in enter(cast.broker).get(address(three, *turned)).content.decode()
    with refusal("no_room"):
        three.send(people=turned)


def test_nobody_goes_round_with_themselves(cast: Cast, three: GoingRound) -> None:
    twice = [three.waiting, three.adviser, three.waiting]
    assert "These three cannot go round" in enter(cast.broker).get(address(three, *twice)).content.decode()
    with refusal("no_room"):
        three.send(people=twice)


def test_where_only_two_change_places_three_do_not_go_round(cast: Cast, three: GoingRound) -> None:
    three.a_round.programme.largest_exchange = 2
    three.a_round.programme.save()
    client = enter(cast.broker)
    person = reverse("round-person", args=[three.a_round.slug, three.waiting.uuid])
    assert around(three) not in client.get(person).content.decode()
    assert client.get(around(three)).headers["Location"] == person
    assert "These three cannot go round" in client.get(address(three)).content.decode()
    with refusal("no_room"):
        three.send()


def test_weeks_are_chosen(cast: Cast, three: GoingRound) -> None:
    later = three.week + timedelta(weeks=2)
    client = enter(cast.broker)
    client.post(f"{address(three)}?week={three.week}&on={later}&back={three.week}", SAID)
    weeks = dict(Adjustment.objects.values_list("participation", "week"))
    assert weeks == {three.waiting.pk: three.week, three.adviser.pk: later, three.nurse.pk: three.week}


def test_long_visits_do_not_share_a_week(cast: Cast) -> None:
    three = GoingRound(cast, days=2)
    with refusal("same_week"):
        three.send()
    enter(cast.broker).post(address(three), SAID)
    assert len(set(Adjustment.objects.values_list("week", flat=True))) == 3


def test_all_three_are_taken_back_together(cast: Cast, three: GoingRound) -> None:
    made = three.send()
    take_back_change(adjustment=made[1], by=cast.broker, at=AT)
    assert set(Adjustment.objects.values_list("state", flat=True)) == {AdjustmentState.TAKEN_BACK}
    assert problem_now(three.a_round.latest_run()).rules.fixed == ()


def test_a_large_round_is_worked_out_beside_the_page(
    cast: Cast, three: GoingRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secondments.views.desk.trying.SMALL_WITH_RINGS", 1)
    client = enter(cast.broker)
    client.post(address(three), {"try": "yes"})
    assert len(Trial.objects.get().asked["visits"]) == 3
    jobs.run_due()
    assert f"{name(three.chosen)} would have no place." in client.get(address(three)).content.decode()


def test_nothing_is_changed_after_publishing(cast: Cast, three: GoingRound) -> None:
    published(three.a_round, cast.broker)
    with refusal("not_proposed"):
        three.send()
    for page in (around(three), address(three)):
        answer = enter(cast.broker).get(page, follow=True).content.decode()
        assert "while a proposal waits to be published" in answer


def test_only_the_programmes_brokers_may(cast: Cast, three: GoingRound) -> None:
    stranger = make_user("Strange Broker")
    make_membership(stranger, cast.elsewhere, is_broker=True)
    with refusal("not_allowed"):
        three.send(by=stranger)
    for page in (around(three), address(three)):
        assert enter(stranger).get(page).status_code == 404


def test_pages_cost_no_more_for_many_than_for_few(cast: Cast, three: GoingRound) -> None:
    """The most that they may cost: something holds by hand that the proposal does not know of."""
    client = enter(cast.broker)
    counts = []
    for more in (0, 8):
        put_proposal_aside(a_round=three.a_round, by=cast.broker, at=AT)
        reopen_round(a_round=three.a_round, by=cast.broker, at=AT)
        for home in (cast.council, cast.elsewhere) * more:
            guest = make_membership(make_user(), home)
            join(three.a_round, guest, shows="A day", welcomes=True, wants=["voluntary", "health"])
        matched(cast, three.a_round)
        change(three, "forbid", three.chosen, three.adviser.shown if more else three.nurse.shown)
        cost = []
        for page in (around(three), address(three)):
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert "What it would change" in client.get(page).content.decode()
            cost.append(len(queries))
        counts.append(cost)
    # Names are asked for where there is anybody to name.
    assert all(many <= few for few, many in zip(*counts, strict=True))
    assert max(counts[0]) <= 15
