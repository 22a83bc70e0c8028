"""/programmes/…/dates/ and /programmes/…/edit/: what a broker may still change, and what stands."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from partnerships.ground.models import Event
from partnerships.ground.problems import Refused
from secondments.actions.programmes import edit_programme, open_round
from secondments.models import Programme, Round
from secondments.states import CheckKind, RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_round
from tests.secondments.repairs import Published

pytestmark = pytest.mark.django_db


def typed_dates(**days: date | None) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for name, day in days.items():
        form |= {
            f"{name}-day": day.day if day else "",
            f"{name}-month": day.month if day else "",
            f"{name}-year": day.year if day else "",
        }
    return form


def typed_rules(**said: Any) -> dict[str, Any]:
    return {
        "name": "Walk in their shoes",
        "about": "A week in the other sector.",
        "crossings": ["out", "back"],
        "criteria": "placed hosts fit",
        "days": "1",
        "most_km": "40",
        "pays_pounds": "0",
        "answer_days": "7",
        "who": "anybody",
        "ways": ["one_way"],
        **said,
    }


def test_a_broker_changes_the_dates(cast: Cast) -> None:
    a_round = make_round(cast.cvs)
    address = reverse("round-dates", args=[a_round.slug])
    desk = enter(cast.broker)
    page = desk.get(address).content.decode()
    assert f'value="{a_round.join_by.day}"' in page
    assert enter(cast.host).get(address).status_code == 403

    days = {
        "opens_on": None,
        "join_by": a_round.join_by + timedelta(days=7),
        "match_on": a_round.join_by + timedelta(days=8),
        "starts_on": a_round.starts_on,
        "ends_on": a_round.ends_on,
    }
    wrong = desk.post(address, typed_dates(**days | {"match_on": a_round.join_by})).content.decode()
    assert "Match after the last day to join" in wrong
    answer = desk.post(address, typed_dates(**days), follow=True).content.decode()
    assert "The dates are changed" in answer
    a_round.refresh_from_db()
    assert (a_round.join_by, a_round.match_on) == (days["join_by"], days["match_on"])
    assert "everybody is matched on" in answer


def test_when_a_closed_round_is_matched_can_still_be_put_off(cast: Cast) -> None:
    """Its last day to join is over, and stays; another one has to be to come, for people to join until then."""
    yesterday = AT.date() - timedelta(days=1)
    a_round = make_round(cast.cvs, state=RoundState.CLOSED, join_by=yesterday, match_on=AT.date() + timedelta(days=1))
    address, desk = reverse("round-dates", args=[a_round.slug]), enter(cast.broker)
    days = {
        "opens_on": None,
        "join_by": yesterday,
        "match_on": AT.date() + timedelta(days=4),
        "starts_on": a_round.starts_on,
        "ends_on": a_round.ends_on,
    }
    assert "The dates are changed" in desk.post(address, typed_dates(**days), follow=True).content.decode()
    a_round.refresh_from_db()
    assert (a_round.join_by, a_round.match_on) == (yesterday, days["match_on"])
    said = "Let people join until today or later."
    earlier = days | {"join_by": yesterday - timedelta(days=1)}
    assert said in desk.post(address, typed_dates(**earlier)).content.decode()
    Round.objects.update(state=RoundState.DRAFT)
    assert said in desk.post(address, typed_dates(**days)).content.decode()


def test_a_draft_says_when_it_opens_and_is_opened_by_hand(cast: Cast) -> None:
    a_round = make_round(cast.cvs, state=RoundState.DRAFT, opens_on=AT.date() + timedelta(days=3))
    desk = enter(cast.broker)
    page = desk.get(reverse("round-desk", args=[a_round.slug])).content.decode()
    assert "It opens on Thursday 7 January" in page
    answer = desk.post(reverse("round-open", args=[a_round.slug]), follow=True).content.decode()
    assert "The round is open" in answer
    assert Round.objects.get().state == RoundState.OPEN


def test_a_round_is_put_away_from_its_desk(cast: Cast) -> None:
    told, broker = Published(cast), enter(cast.broker)
    desk, archive = (reverse(name, args=[told.a_round.slug]) for name in ("round-desk", "round-archive"))
    assert "Archive this round" not in broker.get(desk).content.decode()
    assert "Archive it after that." in broker.post(archive, follow=True).content.decode()
    assert Round.objects.get().state == RoundState.PUBLISHED
    over = AT.date() - timedelta(days=1)
    Round.objects.update(starts_on=over - timedelta(days=30), ends_on=over, settled_at=AT)
    page = broker.get(desk).content.decode()
    assert "Next: archive this round" in page
    assert "Winter round · Archived" not in page
    page = broker.post(archive, follow=True).content.decode()
    assert "Winter round · Archived" in page
    assert "Archive this round" not in page
    assert Round.objects.get().state == RoundState.ARCHIVED


def test_a_programme_is_given_no_name_that_another_has(cast: Cast) -> None:
    first, other = make_round(cast.cvs, state=RoundState.DRAFT), make_round(cast.cvs, state=RoundState.DRAFT)
    Programme.objects.filter(pk=first.programme.pk).update(name="A day in their shoes")
    address, desk = reverse("round-edit", args=[other.slug]), enter(cast.broker)
    page = desk.post(address, typed_rules(name="a day in Their shoes")).content.decode()
    assert "There is one of this name already." in page
    assert Programme.objects.get(pk=other.programme.pk).name == "Walk in their shoes"
    assert desk.post(address, typed_rules(about="Two days in the other sector.")).status_code == 302


def test_a_programme_is_changed_until_its_rules_are_published(cast: Cast) -> None:
    a_round = make_round(cast.cvs, state=RoundState.DRAFT)
    address = reverse("round-edit", args=[a_round.slug])
    desk = enter(cast.broker)
    assert "A week in the other sector." in desk.get(address).content.decode()
    desk.post(
        address,
        typed_rules(
            criteria="compulsory placed hosts fit",
            checks=[CheckKind.CONFIDENTIALITY],
            requirement="One visit and a written reflection",
            **typed_dates(required_by=date(2027, 12, 31)),
        ),
    )
    a_round = Round.objects.get()
    assert a_round.criteria == ["compulsory", "placed", "hosts", "fit"]
    assert a_round.programme.checks == [CheckKind.CONFIDENTIALITY]
    open_round(a_round=a_round, by=cast.broker, at=AT)
    assert Round.objects.get().opened_at == AT
    page = enter(cast.visitor).get(a_round.get_absolute_url()).content.decode()
    assert "One visit and a written reflection" in page
    assert "31 December 2027" in page
    assert "Promise of confidentiality" in page

    assert "so they stand" in desk.get(address).content.decode()
    wrong = desk.post(address, typed_rules()).content.decode()
    assert "so they stand" in wrong
    assert Round.objects.get().criteria == ["compulsory", "placed", "hosts", "fit"]
    kept = typed_rules(
        about="Clearer words.", criteria="compulsory placed hosts fit", checks=[CheckKind.CONFIDENTIALITY]
    )
    desk.post(address, kept)
    assert Round.objects.get().programme.about == "Clearer words."


def test_a_broker_says_whether_people_change_places(cast: Cast) -> None:
    a_round = make_round(cast.cvs, state=RoundState.DRAFT)
    address = reverse("round-edit", args=[a_round.slug])
    desk = enter(cast.broker)
    for ways, stored in ((["two"], (False, 2)), (["one_way", "three"], (True, 3)), (["one_way"], (True, 1))):
        desk.post(address, typed_rules(ways=ways))
        programme = Round.objects.get().programme
        assert (programme.one_way, programme.largest_exchange) == stored
        page = desk.get(address).content.decode()
        assert all(re.search(rf'value="{way}"[^>]* checked', page) for way in ways)
    assert "Choose at least one way" in desk.post(address, typed_rules(ways=[])).content.decode()


def test_saying_the_same_again_is_no_event(cast: Cast) -> None:
    a_round = make_round(cast.cvs, state=RoundState.DRAFT)
    rules: dict[str, Any] = {
        "name": a_round.programme.name,
        "about": a_round.programme.about,
        "crossings": [tuple(pair) for pair in a_round.programme.crossings],
        "most_km": 40,
        "days": 1,
        "pays_pence": 0,
    }
    edit_programme(a_round=a_round, criteria=["placed", "hosts", "fit"], by=cast.broker, at=AT, **rules)
    assert not Event.objects.filter(verb="edit_programme").exists()
    edit_programme(a_round=a_round, criteria=["placed", "fit"], by=cast.broker, at=AT, **rules)
    assert [event.thing_type for event in Event.objects.filter(verb="edit_programme")] == ["secondments.round"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"one_way": False}, "ways"),
        ({"by_enrolment": True, "terms": " "}, "terms"),
        ({"crossings": []}, "crossings"),
    ],
)
def test_rules_that_cannot_work_are_refused(cast: Cast, change: dict[str, Any], code: str) -> None:
    a_round = make_round(cast.cvs, state=RoundState.DRAFT)
    rules: dict[str, Any] = {
        "name": "Walk",
        "about": "",
        "crossings": [("health", "voluntary")],
        "most_km": 40,
        "days": 1,
        "pays_pence": 0,
    }
    with pytest.raises(Refused) as refused:
        edit_programme(a_round=a_round, criteria=["placed"], by=cast.broker, at=AT, **(rules | change))
    assert refused.value.codes == {code}
    with pytest.raises(Refused):
        edit_programme(a_round=a_round, criteria=["placed"], by=cast.host, at=AT, **rules)


def test_an_exchange_is_of_three_people_at_most(cast: Cast) -> None:
    a_round = make_round(cast.cvs, state=RoundState.DRAFT)
    rules: dict[str, Any] = {
        "name": "Walk",
        "about": "",
        "crossings": [("health", "voluntary")],
        "most_km": 40,
        "days": 1,
        "pays_pence": 0,
        "one_way": False,
        "largest_exchange": 3,
    }
    edit_programme(a_round=a_round, criteria=["placed"], by=cast.broker, at=AT, **rules)
    programme = Round.objects.get().programme
    assert (programme.one_way, programme.largest_exchange) == (False, 3)
