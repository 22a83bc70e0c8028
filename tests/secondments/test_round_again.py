"""/programmes/…/again/: another round of a programme, on the terms that were published."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from partnerships.ground.models import Event
from partnerships.ground.problems import Refused
from partnerships.models import User
from secondments.actions import programmes
from secondments.actions.programmes import create_round, edit_programme, open_round
from secondments.forms.programmes import BACK, CROSSINGS, OUT
from secondments.models import Programme, Round
from secondments.states import RoundState
from tests.at_once import first_and_meanwhile
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_round, make_user
from tests.secondments.proposals import refusal
from tests.secondments.test_round_dates import typed_dates, typed_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    criteria = ["compulsory", "placed", "hosts", "fit"]
    made = make_round(cast.cvs, state=RoundState.PUBLISHED, published_at=AT, opened_at=AT, criteria=criteria)
    Programme.objects.update(crossings=sorted(map(list, {*CROSSINGS[OUT], *CROSSINGS[BACK]})))
    return made


def dates(**changes: date | None) -> dict[str, Any]:
    start = AT.date()
    return {
        "opens_on": None,
        "join_by": start + timedelta(days=30),
        "match_on": None,
        "starts_on": start + timedelta(days=60),
        "ends_on": start + timedelta(days=120),
    } | changes


def test_only_a_name_and_dates_are_asked(cast: Cast, a_round: Round) -> None:
    desk = enter(cast.broker)
    address = reverse("round-again", args=[a_round.slug])
    page = desk.get(address).content.decode()
    assert "People who have to go" in page
    assert "crossings" not in page

    wrong = desk.post(address, {"name": "Summer 2027"} | typed_dates(**dates(starts_on=AT.date()))).content.decode()
    assert "Visits begin after the last day to join" in wrong
    assert "Summer 2027" in wrong

    answer = desk.post(address, {"name": "Summer 2027"} | typed_dates(**dates()), follow=True)
    made = Round.objects.exclude(pk=a_round.pk).get()
    assert answer.redirect_chain[0][0] == reverse("round-desk", args=[made.slug])
    assert "kept as a draft" in answer.content.decode()
    assert (made.programme, made.state, made.criteria) == (a_round.programme, RoundState.DRAFT, a_round.criteria)
    assert made.weights == a_round.weights
    assert made.opened_at is None
    assert [(event.verb, event.actor) for event in Event.objects.about(made)] == [("create", cast.broker)]


def test_what_comes_first_may_change_until_it_opens_and_the_rules_may_not(cast: Cast, a_round: Round) -> None:
    made = create_round(after=a_round, name="Summer 2027", by=cast.broker, at=AT, **dates())
    desk = enter(cast.broker)
    address = reverse("round-edit", args=[made.slug])
    assert "published with an earlier round" in desk.get(address).content.decode()
    rules = typed_rules(criteria="placed hosts fit")
    assert "so they stand" in desk.post(address, rules | {"most_km": "99"}).content.decode()
    assert desk.post(address, rules).status_code == 302
    made.refresh_from_db()
    assert made.criteria == ["placed", "hosts", "fit"]
    a_round.refresh_from_db()
    assert a_round.criteria == ["compulsory", "placed", "hosts", "fit"]

    desk.post(reverse("round-open", args=[made.slug]))
    made.refresh_from_db()
    assert made.opened_at == AT
    assert "Published on 4 January 2027" in enter(cast.visitor).get(made.get_absolute_url()).content.decode()
    assert "so it stands" in desk.post(address, typed_rules(criteria="compulsory placed hosts fit")).content.decode()


def test_what_is_published_stands_before_anybody_has_joined(cast: Cast) -> None:
    """The order of the criteria of an open round, and every rule of its programme; a draft has published nothing."""
    rules: dict[str, Any] = {
        "name": "Walk in their shoes",
        "about": "Clearer words.",
        "crossings": [("local_government", "voluntary"), ("voluntary", "local_government")],
        "most_km": 40,
        "days": 1,
        "pays_pence": 0,
    }
    draft = make_round(cast.cvs, state=RoundState.DRAFT)
    edit_programme(a_round=draft, criteria=["placed"], by=cast.broker, at=AT, **(rules | {"most_km": 99}))
    opened = make_round(cast.cvs)
    unchanged = opened.criteria
    edit_programme(a_round=opened, criteria=unchanged, by=cast.broker, at=AT, **rules)
    with refusal("criteria_stand"):
        edit_programme(a_round=opened, criteria=["placed"], by=cast.broker, at=AT, **rules)
    for change in ({"most_km": 41}, {"days": 2}, {"pays_pence": 1}, {"largest_exchange": 2}, {"one_way": False}):
        with pytest.raises(Refused) as refused:
            edit_programme(a_round=opened, criteria=unchanged, by=cast.broker, at=AT, **(rules | change))
        assert "rules_stand" in refused.value.codes or "ways" in refused.value.codes


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "without the lock"])
def test_rules_are_not_changed_while_another_round_of_theirs_opens(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """In the control the rules change under a round that has opened in the same moment."""
    draft = make_round(cast.cvs, state=RoundState.DRAFT)
    other = create_round(after=draft, name="Summer 2027", by=cast.broker, at=AT, **dates())
    rules: dict[str, Any] = {
        "name": draft.programme.name,
        "about": draft.programme.about,
        "crossings": [tuple(pair) for pair in draft.programme.crossings],
        "most_km": 99,
        "days": 1,
        "pays_pence": 0,
    }

    def edit() -> None:
        mine = Round.objects.get(pk=draft.pk)
        edit_programme(a_round=mine, criteria=mine.criteria, by=User.objects.get(pk=cast.broker.pk), at=AT, **rules)

    if not locked:
        monkeypatch.setattr(programmes, "lock", lambda *rows: None)
    heard = first_and_meanwhile(lambda: open_round(a_round=other, by=cast.broker, at=AT), edit)
    assert heard == ({"rules_stand"} if locked else set())
    assert Programme.objects.get().most_km == (40 if locked else 99)


def test_pressed_twice_one_round_is_made(cast: Cast, a_round: Round) -> None:
    create_round(after=a_round, name="Summer 2027", by=cast.broker, at=AT, **dates())
    with refusal("same_name"):
        create_round(after=a_round, name="summer 2027", by=cast.broker, at=AT, **dates())


def test_its_broker_alone_makes_another_round(cast: Cast, a_round: Round) -> None:
    address = reverse("round-again", args=[a_round.slug])
    stranger = make_user("Strange Broker")
    make_membership(stranger, cast.elsewhere, is_broker=True)
    assert enter(stranger).post(address, {"name": "Mine"} | typed_dates(**dates())).status_code == 404
    with refusal("not_allowed"):
        create_round(after=a_round, name="Mine", by=stranger, at=AT, **dates())
    assert Round.objects.count() == 1


def test_it_is_found_from_the_round_its_desk_and_the_list(cast: Cast, a_round: Round) -> None:
    address = reverse("round-again", args=[a_round.slug])
    desk = enter(cast.broker)
    for page in (a_round.get_absolute_url(), reverse("rounds")):
        assert address in desk.get(page).content.decode()
    assert address not in enter(cast.visitor).get(reverse("rounds")).content.decode()
