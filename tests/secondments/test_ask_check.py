"""The second and third page of asking: what one wants and who agrees; check and send."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from partnerships.ground.models import OutboxMail
from partnerships.states import WhoAgrees
from secondments.models import HostOffer, Placement
from secondments.states import SwapState, Tie
from secondments.views.calendar import value_of
from secondments.views.drafts import PLACE
from tests.cast import Cast
from tests.client import HouseClient, enter
from tests.factories import make_membership, make_user
from tests.secondments.helpers import ask, free_half_days

pytestmark = pytest.mark.django_db

SAID: dict[str, Any] = {
    "tie": "none",
    "learn": "What happens at the front desk.",
    "needs": "A chair with arms.",
    "agrees_email": "manu@council.example.org",
}


def about(offer: HostOffer) -> str:
    return reverse("ask-about", args=[offer.slug])


def check(offer: HostOffer) -> str:
    return reverse("ask-check", args=[offer.slug])


@pytest.fixture
def asker(cast: Cast) -> HouseClient:
    return with_days(enter(cast.visitor), cast.offer)


def with_days(asker: HouseClient, offer: HostOffer) -> HouseClient:
    asker.post(reverse("ask-days", args=[offer.slug]), {"days": [value_of(each) for each in free_half_days(offer)]})
    return asker


def key_on(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_without_days_one_begins_at_the_beginning(cast: Cast) -> None:
    asker = enter(cast.visitor)
    for address in (about(cast.offer), check(cast.offer)):
        assert asker.get(address)["Location"] == reverse("ask-days", args=[cast.offer.slug])


def test_the_third_page_waits_for_the_second(cast: Cast, asker: HouseClient) -> None:
    assert asker.get(check(cast.offer))["Location"] == about(cast.offer)


def test_who_agrees_is_filled_in(cast: Cast, asker: HouseClient) -> None:
    assert 'value="manu@council.example.org"' in asker.get(about(cast.offer)).content.decode()
    of_colleague = cast.colleague.memberships.get()
    ask(cast, membership=of_colleague, by=cast.colleague, agrees_email=cast.home_coordinator.email)
    days = {"days": [value_of(each) for each in free_half_days(cast.offer, 4)[2:]]}
    again = enter(cast.colleague)
    again.post(reverse("ask-days", args=[cast.offer.slug]), days)
    assert 'value="cora@council.example.org"' in again.get(about(cast.offer)).content.decode()


def test_what_was_typed_is_there_again_right_or_wrong(cast: Cast, asker: HouseClient) -> None:
    page = asker.post(about(cast.offer), {**SAID, "tie": "", "agrees_email": "not an address"}).content.decode()
    assert "Say whether one of you funds, buys from or inspects the other" in page
    assert "A chair with arms." in page
    again = asker.get(about(cast.offer)).content.decode()
    assert "A chair with arms." in again
    assert "not an address" in again


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"agrees_email": "vera@council.example.org"}, "Somebody else has to agree"),
        ({"agrees_email": "friend@elsewhere.example"}, "Enter a work email address at Test Council"),
        ({"tie": "visitor_funds"}, "does not take visitors whose team funds"),
        ({"learn": ""}, "Say what you hope to learn"),
    ],
)
def test_what_stands_against_it_is_said_on_this_page(
    cast: Cast, asker: HouseClient, changed: dict[str, str], sentence: str
) -> None:
    page = asker.post(about(cast.offer), SAID | changed).content.decode()
    assert sentence in page
    assert "A chair with arms." in page


def test_where_each_decides_alone_nobody_is_asked_for(cast: Cast, asker: HouseClient) -> None:
    cast.council.who_agrees = WhoAgrees.SELF
    cast.council.save()
    assert "agrees_email" not in asker.get(about(cast.offer)).content.decode()
    assert asker.post(about(cast.offer), SAID).status_code == 302
    assert "You decide for yourself" in asker.get(check(cast.offer)).content.decode()


def test_where_a_coordinator_agrees_it_is_said(cast: Cast, asker: HouseClient) -> None:
    cast.council.who_agrees = WhoAgrees.COORDINATOR
    cast.council.save()
    asker.post(about(cast.offer), SAID)
    assert "A coordinator of Test Council" in asker.get(check(cast.offer)).content.decode()


def test_everything_is_checked_and_sent(cast: Cast, asker: HouseClient) -> None:
    cast.offer.payment_pence = 12000
    cast.offer.accepts_ties = True
    cast.offer.save()
    asker.post(about(cast.offer), SAID | {"wants_return": "on", "tie": Tie.VISITOR_FUNDS.value})
    page = asker.get(check(cast.offer)).content.decode()
    for said in ("Monday 18 January, all day", "A chair with arms.", "£120 a day", "because of what was said first"):
        assert said in page
    answer = asker.post(check(cast.offer), {"key": key_on(page), "promise": "on"})
    placement = Placement.objects.get()
    assert answer["Location"] == placement.get_absolute_url()
    assert str(placement.uuid) == key_on(page)
    assert (placement.needs, placement.tie, placement.payment_pence) == ("A chair with arms.", "visitor_funds", 12000)
    assert placement.swap is not None
    assert placement.swap.state == SwapState.OPEN
    assert "You have asked Test Advice" in asker.get(answer["Location"]).content.decode()
    assert asker.session[PLACE] == {}


def test_pressing_twice_asks_once(cast: Cast, asker: HouseClient) -> None:
    asker.post(about(cast.offer), SAID)
    key = key_on(asker.get(check(cast.offer)).content.decode())
    answers = {asker.post(check(cast.offer), {"key": key, "promise": "on"})["Location"] for _ in range(3)}
    assert answers == {Placement.objects.get().get_absolute_url()}
    assert OutboxMail.objects.filter(to=cast.host.email).count() == 1


def test_somebody_elses_key_shows_nothing(cast: Cast, asker: HouseClient) -> None:
    theirs = ask(cast, membership=cast.colleague.memberships.get(), by=cast.colleague)
    asker.post(about(cast.offer), SAID)
    answer = asker.post(check(cast.offer), {"key": str(theirs.uuid), "promise": "on"})
    assert answer.get("Location") != theirs.get_absolute_url()


def test_the_promise_is_needed_where_the_host_asks_for_it(cast: Cast, asker: HouseClient) -> None:
    asker.post(about(cast.offer), SAID)
    page = asker.post(check(cast.offer), {"key": "nonsense"}).content.decode()
    assert "Tick the box to go on" in page
    assert not Placement.objects.exists()
    cast.offer.checks = []
    cast.offer.save()
    assert "What I see and hear" not in asker.get(check(cast.offer)).content.decode()


def test_a_place_that_went_meanwhile_is_said_and_nothing_is_lost(cast: Cast, asker: HouseClient) -> None:
    asker.post(about(cast.offer), SAID)
    ask(cast, membership=cast.colleague.memberships.get(), by=cast.colleague)
    for page in (asker.get(check(cast.offer)), asker.post(check(cast.offer), {"promise": "on"})):
        assert "These are taken: Monday 18 January, morning" in page.content.decode()
    assert "A chair with arms." in asker.get(check(cast.offer)).content.decode()
    assert Placement.objects.count() == 1


def test_a_coordinator_asks_for_a_colleague_without_email(cast: Cast) -> None:
    colleague = make_user("Noor Nomail", email="temp@example.org")
    colleague.email = None
    colleague.save()
    membership = make_membership(colleague, cast.council)
    asker = with_days(enter(cast.home_coordinator), cast.offer)
    assert "Noor Nomail, Test Council" in asker.get(about(cast.offer)).content.decode()
    assert "Choose who goes" in asker.post(about(cast.offer), SAID).content.decode()
    asker.post(about(cast.offer), SAID | {"who": str(membership.uuid)})
    page = asker.get(check(cast.offer)).content.decode()
    assert "Noor Nomail, Test Council" in page
    asker.post(check(cast.offer), {"key": key_on(page), "promise": "on"})
    placement = Placement.objects.get()
    assert (placement.visitor, placement.asked_by) == (colleague, cast.home_coordinator)


def test_nobody_else_can_be_sent(cast: Cast) -> None:
    asker = with_days(enter(cast.home_coordinator), cast.offer)
    asker.post(about(cast.offer), SAID | {"who": str(cast.visitor_membership.uuid)})
    page = asker.get(check(cast.offer)).content.decode()
    assert "Cora Coordinator" in page
    assert "Vera Visitor" not in page
