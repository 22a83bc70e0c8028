"""/it-happened/<token>/ and the same page signed in: the host's second and last touch."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.ground.models import OutboxMail
from secondments import actions, emails
from secondments.emails.links import OUTCOME, outcome_link
from secondments.models import Placement
from secondments.states import PlacementState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT
from tests.secondments.helpers import ask, confirm, link_in

pytestmark = pytest.mark.django_db

FIRST_DAY = AT + timedelta(days=14)


@pytest.fixture
def placement(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Placement:
    """Under way, on its first and last day."""
    placement = confirm(cast)
    actions.start(placement=placement, at=FIRST_DAY)
    emails.did_it_happen(placement)
    monkeypatch.setattr("partnerships.ground.clock.now", lambda: FIRST_DAY)
    return placement


def mailed(cast: Cast) -> str:
    return link_in(OutboxMail.objects.filter(to=cast.host.email).latest("id"))


def test_it_happened_and_took_so_many_hours(cast: Cast, placement: Placement, client: Client) -> None:
    link = mailed(cast)
    words = client.get(link).content.decode()
    assert "Did it happen? Vera Visitor’s visit" in words
    assert "chair with arms" not in words
    assert client.post(link, {"outcome": "happened", "hours": "2.5"})["Location"] == link
    placement.refresh_from_db()
    assert (placement.state, placement.host_minutes) == (PlacementState.COMPLETED, 150)
    assert "You gave 2.5 hours of your time" in client.get(link).content.decode()


def test_it_did_not_happen(cast: Cast, placement: Placement, client: Client) -> None:
    link = mailed(cast)
    client.post(link, {"outcome": "did_not"})
    placement.refresh_from_db()
    assert placement.state == PlacementState.DID_NOT_HAPPEN
    assert "There is nothing more for you to do" in client.get(link).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"outcome": ""}, "Say whether it happened"),
        ({"outcome": "happened"}, "Enter how many hours it took"),
        ({"outcome": "happened", "hours": "0"}, "greater than or equal to 0.25"),
        ({"outcome": "happened", "hours": "three"}, "Enter a number"),
    ],
)
def test_what_is_missing_is_said(
    cast: Cast, placement: Placement, client: Client, typed: dict[str, str], sentence: str
) -> None:
    assert sentence in client.post(mailed(cast), typed).content.decode()
    placement.refresh_from_db()
    assert placement.state == PlacementState.UNDER_WAY


def test_before_the_first_day_it_is_too_early(cast: Cast, client: Client) -> None:
    placement = confirm(cast)
    link = outcome_link(placement, cast.host.email or "").split("8000", 1)[1]
    for answer in (client.get(link), client.post(link, {"outcome": "happened", "hours": "1"})):
        assert "The visit begins on Monday 18 January" in answer.content.decode()


def test_a_visit_that_does_not_take_place_has_no_outcome(cast: Cast, placement: Placement, client: Client) -> None:
    actions.cancel(placement=placement, by=cast.host, at=AT)
    link = outcome_link(placement, cast.host.email or "").split("8000", 1)[1]
    assert "This visit does not take place" in client.get(link).content.decode()


def test_links_that_are_no_good(cast: Cast, placement: Placement, client: Client) -> None:
    link = mailed(cast)
    cast.host.memberships.update(is_coordinator=False)
    assert client.post(link, {"outcome": "did_not"}).status_code == 410
    assert client.get(f"/it-happened/{OUTCOME.sign_object(['0' * 32, 'x'])}/").status_code == 410
    assert client.get("/it-happened/nonsense/").status_code == 404


def test_signed_in_it_is_for_the_hosts_coordinators(cast: Cast, placement: Placement) -> None:
    address = reverse("placement-outcome", args=[placement.uuid])
    for person in (cast.visitor, cast.home_coordinator, cast.adviser, cast.outsider, cast.administrator):
        assert enter(person).get(address).status_code == 404
    answer = enter(cast.host).post(address, {"outcome": "happened", "hours": "1"})
    assert answer["Location"] == placement.get_absolute_url()


def test_a_visit_that_was_only_asked_for_has_none_either(cast: Cast) -> None:
    address = reverse("placement-outcome", args=[ask(cast).uuid])
    page = enter(cast.host).post(address, {"outcome": "did_not"})
    assert "The visit begins on" in page.content.decode()
