"""The page by which somebody joins a round, and changes what they said."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import Organisation
from partnerships.states import WhoAgrees
from secondments.matches.days import mondays
from secondments.models import JoiningDraft, Participation, Round
from secondments.states import ParticipationState, RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.rounds import first_week, join, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    return make_round(cast.cvs)


@pytest.fixture
def address(a_round: Round) -> str:
    return reverse("round-join", args=[a_round.slug])


def test_somebody_joins_changes_and_leaves(cast: Cast, a_round: Round, address: str) -> None:
    member = enter(cast.visitor)
    assert "manu@council.example.org" in member.get(address).content.decode()
    answer = member.post(address, typed(a_round), follow=True)
    assert "You have joined" in answer.content.decode()
    joined = Participation.objects.get()
    assert (joined.learn, joined.most_km, joined.weeks) == ("How a front desk copes", 30, [first_week(a_round)])

    assert "How a front desk copes" in member.get(address).content.decode()
    member.post(address, typed(a_round, learn="Something else"))
    assert Participation.objects.get().learn == "Something else"

    answer = member.post(reverse("round-leave", args=[a_round.slug]), follow=True)
    assert "No reason is needed" in answer.content.decode()
    assert Participation.objects.get().state == ParticipationState.WITHDRAWN
    assert member.post(reverse("round-leave", args=[a_round.slug])).status_code == 404


def test_what_was_typed_stays_when_something_is_missing(cast: Cast, a_round: Round, address: str) -> None:
    page = enter(cast.visitor).post(address, typed(a_round, weeks=[], agrees_email="vera@council.example.org"))
    text = page.content.decode()
    assert "There is a problem" in text
    assert "How a front desk copes" in text
    assert not Participation.objects.exists()


def test_nobody_agrees_to_their_own_going(cast: Cast, a_round: Round, address: str) -> None:
    page = enter(cast.visitor).post(address, typed(a_round, agrees_email="vera@council.example.org"))
    assert "Somebody else has to agree" in page.content.decode()
    assert not Participation.objects.exists()


def test_where_no_manager_is_asked_none_is_named(cast: Cast, a_round: Round, address: str) -> None:
    cast.council.who_agrees = WhoAgrees.SELF
    cast.council.save()
    member = enter(cast.visitor)
    assert "who agrees to your going" not in member.get(address).content.decode()
    member.post(address, typed(a_round))
    assert Participation.objects.get().agrees_email == ""


def test_a_stranger_signs_in_first(address: str, client: Client) -> None:
    assert client.get(address)["Location"].startswith(reverse("account_login"))


def test_who_belongs_nowhere_says_where_they_work_and_comes_back(cast: Cast, address: str) -> None:
    newcomer = enter(make_user("Nina New", "nina@council.example.org"))
    asked = newcomer.get(address, follow=True)
    assert asked.redirect_chain[0][0].startswith(reverse("join-organisation"))
    assert newcomer.post(address).status_code == 302
    joins = reverse("ask-to-join", args=[cast.council.slug])
    assert newcomer.post(joins, {"job_title": "Officer"})["Location"] == address
    assert newcomer.get(address).status_code == 200


def test_weeks_stand_by_month_and_each_can_be_ticked(cast: Cast, a_round: Round, address: str) -> None:
    page = enter(cast.visitor).get(address).content.decode()
    every = list(mondays(a_round.starts_on, a_round.ends_on))
    assert page.count('name="weeks" type="checkbox"') == len(every)
    for month in {f"{monday:%B %Y}" for monday in every}:
        assert page.count(f'-group">{month}</p>') == 1
    assert page.count('role="group" aria-labelledby="id_weeks') == len({monday.month for monday in every})


def test_what_one_can_show_is_asked_where_somebody_could_come_back(cast: Cast, a_round: Round, address: str) -> None:
    programme = a_round.programme
    programme.largest_exchange = 2
    programme.save()
    member = enter(cast.visitor)
    assert "What you can show a visitor" in member.get(address).content.decode()
    refused = member.post(address, typed(a_round, welcomes="on"))
    assert "Say in a line what a visitor would see with you" in refused.content.decode()
    member.post(address, typed(a_round, welcomes="on", shows="A morning of calls"))
    said = Participation.objects.get()
    assert (said.shows, said.welcomes) == ("A morning of calls", True)

    for field, value in (("crossings", [["local_government", "voluntary"]]), ("largest_exchange", 1)):
        before = getattr(programme, field)
        setattr(programme, field, value)
        programme.save()
        assert "What you can show a visitor" not in member.get(address).content.decode()
        setattr(programme, field, before)


def test_wishes_are_of_what_one_could_be_matched_with_each_once(cast: Cast, a_round: Round, address: str) -> None:
    other = make_offer(make_organisation("Harbour Advice"), cast.host, title="A day on the door")
    make_offer(cast.elsewhere, cast.outsider, title="A night on the ward")
    make_offer(cast.council, cast.home_coordinator, title="A day at the town hall")
    member = enter(cast.visitor)
    page = member.get(address).content.decode()
    assert "A day on the door, Harbour Advice" in page
    assert "A night on the ward" not in page
    assert "A day at the town hall" not in page
    twice = member.post(address, typed(a_round, wish_1=other.slug, wish_2=other.slug)).content.decode()
    assert "You have chosen “A day on the door” already." in twice
    assert not Participation.objects.exists()

    # What was left out between two wishes is no wish.
    member.post(address, typed(a_round, wish_2=other.slug, wish_5=cast.offer.slug))
    said = Participation.objects.get()
    assert list(said.wishes.values_list("rank", "offer")) == [(1, other.pk), (2, cast.offer.pk)]
    assert f'<option value="{other.slug}" selected>' in member.get(address).content.decode()
    member.post(address, typed(a_round, wish_1=cast.offer.slug, wish_2=other.slug))
    assert list(said.wishes.values_list("offer", flat=True)) == [cast.offer.pk, other.pk]


def test_a_page_without_offers_asks_for_no_wish(cast: Cast, address: str) -> None:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    assert "First choice" not in enter(cast.visitor).get(address).content.decode()


@pytest.mark.parametrize(
    ("written", "avoided"),
    [
        ("Test Advice", ["Test Advice"]),
        ("  test   advice \n\nTEST ADVICE", ["Test Advice"]),
        ("Advice", ["Test Advice"]),
        ("Elsewhere Trust\r\nTest Advice", ["Elsewhere Trust", "Test Advice"]),
        ("Twin Club", ["Twin Club", "Twin Club"]),
    ],
)
def test_whom_one_must_not_meet_is_named_by_line(
    cast: Cast, a_round: Round, address: str, written: str, avoided: list[str]
) -> None:
    make_organisation("Twin Club")
    make_organisation("Twin Club")
    enter(cast.visitor).post(address, typed(a_round, avoids=written))
    assert list(Participation.objects.get().avoids.order_by("name").values_list("name", flat=True)) == avoided


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("Nobody Ever", "We know no organisation named “Nobody Ever”."),
        ("Test", "“Test” could be more than one organisation. Write the whole name, such as Test Advice or Test CVS"),
        ("\n".join(f"Name {number}" for number in range(11)), "Name at most 10 here"),
    ],
)
def test_a_name_that_says_too_little_is_asked_again(
    cast: Cast, a_round: Round, address: str, written: str, sentence: str
) -> None:
    page = enter(cast.visitor).post(address, typed(a_round, avoids=written)).content.decode()
    assert sentence in page
    # What is wrong is not folded away.
    assert '<details class="govuk-details" open>' in page
    assert not Participation.objects.exists()


def test_a_reason_is_never_shown_again_and_stays_until_it_is_replaced(cast: Cast, a_round: Round, address: str) -> None:
    member = enter(cast.visitor)
    member.post(address, typed(a_round, avoids="Test Advice", avoid_reason="He lives next door to me"))
    page = member.get(address).content.decode()
    assert "Test Advice" in page
    assert "next door" not in page
    assert "You gave a reason. It is kept" in page

    member.post(address, typed(a_round, avoids="Test Advice", learn="Something else"))
    assert Participation.objects.get().avoid_reason == "He lives next door to me"
    member.post(address, typed(a_round, avoids="Test Advice", avoid_reason="An old quarrel"))
    assert Participation.objects.get().avoid_reason == "An old quarrel"
    member.post(address, typed(a_round, avoids=""))
    said = Participation.objects.get()
    assert (said.avoid_reason, said.avoids.count()) == ("", 0)


def test_whom_one_avoids_stays_avoided_when_they_leave_the_directory(cast: Cast, a_round: Round, address: str) -> None:
    member = enter(cast.visitor)
    member.post(address, typed(a_round, avoids="Test Advice"))
    Organisation.objects.filter(pk=cast.advice.pk).update(state="suspended")
    member.post(address, typed(a_round, avoids="Test Advice", learn="Something else"))
    assert list(Participation.objects.get().avoids.all()) == [cast.advice]


def test_what_is_rare_is_folded_away_until_it_is_used(cast: Cast, a_round: Round, address: str) -> None:
    member = enter(cast.visitor)
    assert '<details class="govuk-details">' in member.get(address).content.decode()
    member.post(address, typed(a_round, needs="Step-free access"))
    assert '<details class="govuk-details" open>' in member.get(address).content.decode()


def test_what_was_wrong_is_there_again_on_another_day(cast: Cast, a_round: Round, address: str) -> None:
    enter(cast.visitor).post(address, typed(a_round, weeks=[], learn="How a queue works", most_km="far"))
    page = enter(cast.visitor).get(address).content.decode()
    assert "You began this on" in page
    assert "How a queue works" in page
    assert 'value="far"' in page
    enter(cast.visitor).post(address, typed(a_round))
    assert not JoiningDraft.objects.exists()


def test_whoever_belongs_to_two_organisations_changes_what_they_said_where_they_said_it(
    cast: Cast, a_round: Round, address: str
) -> None:
    Organisation.objects.update(who_agrees=WhoAgrees.SELF)
    join(a_round, make_membership(cast.visitor, cast.advice), wants=["local_government"])
    member = enter(cast.visitor)
    member.post(address, typed(a_round, wants=["local_government"], learn="Something else"))
    joined = Participation.objects.get()
    assert (joined.learn, joined.membership.organisation) == ("Something else", cast.advice)


def test_joining_twice_at_one_press_joins_once(cast: Cast, a_round: Round, address: str) -> None:
    member = enter(cast.visitor)
    for _press in range(2):
        assert member.post(address, typed(a_round)).status_code == 302
    assert Participation.objects.count() == 1


def test_a_round_that_has_closed_meanwhile_says_so_and_keeps_nothing(cast: Cast, a_round: Round, address: str) -> None:
    Round.objects.update(state=RoundState.CLOSED)
    member = enter(cast.broker)
    page = member.post(address, typed(a_round, wants=["local_government"])).content.decode()
    assert "This round is closed for joining." in page
    assert not JoiningDraft.objects.exists()


def test_the_page_costs_the_same_for_one_offer_and_for_ten(cast: Cast, address: str) -> None:
    member = enter(cast.visitor)
    member.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            member.get(address)
        counts.append(len(queries))
        for _ in range(9):
            make_offer(cast.advice, cast.host)
    assert counts[0] == counts[1]
