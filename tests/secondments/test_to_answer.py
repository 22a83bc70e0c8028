"""/visits/booked/to-answer/: every yes or no that waits for one person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import User
from secondments.models import Placement
from secondments.next_steps import steps
from secondments.states import Dating, DecisionKind, HowBegan
from secondments.views.to_answer import PAGE_SIZE
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_session, make_user
from tests.secondments.helpers import ask, free_half_days, say

pytestmark = pytest.mark.django_db

ADDRESS = reverse("to-answer")


def page(user: User) -> str:
    return enter(user).get(ADDRESS).content.decode()


def asked_for(cast: Cast, many: int, how_began: str = HowBegan.BOOKED) -> list[Placement]:
    """So many people of the council ask to come to one half-day; the same manager is to agree to all of them."""
    offer = make_offer(cast.advice, cast.host, places=20, dating=Dating.DATED)
    make_session(offer, AT.date() + timedelta(days=14), places=50)
    half_days = free_half_days(offer, 1)
    placements = []
    for number in range(many):
        person = make_user(f"Colleague {number:02}")
        membership = make_membership(person, cast.council)
        by = cast.broker if how_began == HowBegan.MATCHED else person
        placements.append(
            ask(cast, offer=offer, membership=membership, by=by, half_days=half_days, how_began=how_began)
        )
    return placements


def test_each_finds_what_is_asked_of_them(cast: Cast) -> None:
    placement = ask(cast)
    for person, kind in ((cast.host, "host"), (cast.manager, "home_approver")):
        text = page(person)
        assert "1 visit waits for your answer" in text
        assert reverse("placement-decide", args=[placement.uuid, kind]) in text
        assert "Vera Visitor" in text
    for person in (cast.visitor, cast.home_coordinator, cast.outsider, cast.administrator, cast.newcomer):
        assert "No visit waits for your answer" in page(person)


def test_what_is_answered_or_over_is_gone(cast: Cast) -> None:
    placement = ask(cast)
    say(placement, DecisionKind.HOME_APPROVER, cast)
    assert "No visit waits" in page(cast.manager)
    say(placement, DecisionKind.HOST, cast, yes=False)
    assert "No visit waits" in page(cast.host)


def test_after_one_answer_the_others_are_one_press_away(cast: Cast) -> None:
    first, *_others = asked_for(cast, 3)
    address = reverse("placement-decide", args=[first.uuid, "home_approver"])
    browser = enter(cast.manager)
    assert "more wait for your answer" not in browser.get(address).content.decode()
    text = browser.post(address, {"answer": "yes"}, follow=True).content.decode()
    assert f'<a class="govuk-link" href="{ADDRESS}">2 more wait for your answer</a>' in text


def titles(user: User) -> list[str]:
    return [step.title for step in steps(User.objects.get(pk=user.pk), AT)]


def test_many_answers_are_one_next_step(cast: Cast) -> None:
    asked_for(cast, 2)
    assert titles(cast.manager) == ["Answer Colleague 00 of Test Council", "Answer Colleague 01 of Test Council"]
    ask(cast)
    (step,) = steps(cast.manager, AT)
    assert step.title == "Three of your team would like to go: answer them"
    assert (step.url, step.by) == (ADDRESS, cast.visitor.placements.get().answer_by)
    assert titles(cast.host) == ["Three people would like to visit you: answer them"]


def test_a_round_asks_a_manager_about_all_of_their_team_at_once(cast: Cast) -> None:
    asked_for(cast, 6, HowBegan.MATCHED)
    assert titles(cast.manager) == ["Six of your team have a place: answer them"]


def test_whether_one_goes_oneself_is_never_folded_away(cast: Cast) -> None:
    asked_for(cast, 3, HowBegan.MATCHED)
    assert titles(User.objects.get(name="Colleague 00"))[0].startswith("Say whether you would like to go")


def test_it_has_pages(cast: Cast) -> None:
    asked_for(cast, PAGE_SIZE + 1)
    text = page(cast.manager)
    assert f"{PAGE_SIZE + 1} visits wait for your answer" in text
    assert text.count("/decide/home_approver/") == PAGE_SIZE
    assert enter(cast.manager).get(ADDRESS, {"page": 2}).content.decode().count("/decide/home_approver/") == 1


def test_it_costs_the_same_for_one_and_for_ten(cast: Cast) -> None:
    counts = []
    for many in (1, 9):
        asked_for(cast, many)
        browser = enter(cast.manager)
        with CaptureQueriesContext(connection) as queries:
            browser.get(ADDRESS)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
