"""/visits/<slug>/ask/: the first page of asking, which half-days."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from secondments.models import HostOffer
from secondments.states import OfferState
from secondments.views.calendar import value_of
from secondments.views.drafts import MOST_DRAFTS, PLACE
from tests.cast import Cast
from tests.client import HouseClient, enter
from tests.factories import make_membership, make_offer
from tests.secondments.helpers import ask, free_half_days

pytestmark = pytest.mark.django_db

FIVE_MONDAYS = {
    "first_day-day": "18",
    "first_day-month": "1",
    "first_day-year": "2027",
    "halves": ["am", "pm"],
    "weeks": "5",
}


def address(offer: HostOffer) -> str:
    return reverse("ask-days", args=[offer.slug])


def kept(asker: Client, offer: HostOffer) -> list[str]:
    days: list[str] = asker.session.get(PLACE, {}).get(offer.slug, {}).get("days", [])
    return days


@pytest.fixture
def asker(cast: Cast) -> HouseClient:
    return enter(cast.visitor)


@pytest.fixture
def ask_us(cast: Cast) -> HostOffer:
    return make_offer(cast.advice, cast.host, usual_weekdays=[0])


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(cast: Cast, client: Client) -> None:
    answer = client.get(address(cast.offer))
    assert answer["Location"].endswith(f"?next={quote(address(cast.offer))}")


def test_who_belongs_nowhere_is_sent_to_join_and_back(cast: Cast) -> None:
    answer = enter(cast.newcomer).get(address(cast.offer))
    assert answer["Location"].startswith(reverse("join-organisation"))
    assert quote(address(cast.offer), safe="") in answer["Location"]


def test_an_offer_that_is_not_open_is_not_there(cast: Cast, asker: HouseClient) -> None:
    cast.offer.state = OfferState.PAUSED
    cast.offer.save()
    assert asker.get(address(cast.offer)).status_code == 404


def test_days_are_ticked_and_kept(cast: Cast, asker: HouseClient) -> None:
    days = [value_of(each) for each in free_half_days(cast.offer, 3)]
    answer = asker.post(address(cast.offer), {"days": days})
    assert answer["Location"] == reverse("ask-about", args=[cast.offer.slug])
    assert kept(asker, cast.offer) == days
    page = asker.get(address(cast.offer)).content.decode()
    assert all(f'value="{day}" checked' in page for day in days)


def test_five_mondays_are_ticked_in_one_go(cast: Cast, asker: HouseClient) -> None:
    page = asker.post(address(cast.offer), FIVE_MONDAYS | {"act": "repeat"}).content.decode()
    assert "Ticked so far: Five Mondays." in page
    assert "There is a problem" not in page
    assert len(kept(asker, cast.offer)) == 10


def test_what_cannot_be_ticked_is_said_and_the_rest_is_kept(cast: Cast, asker: HouseClient) -> None:
    page = asker.post(address(cast.offer), FIVE_MONDAYS | {"act": "repeat", "weeks": "6"}).content.decode()
    assert "does not offer Monday 22 February, morning" in page
    assert len(kept(asker, cast.offer)) == 10
    page = asker.post(address(cast.offer), FIVE_MONDAYS | {"act": "repeat", "weeks": "x"}).content.decode()
    assert "Enter a whole number" in page


def test_nothing_ticked_is_said(cast: Cast, asker: HouseClient) -> None:
    page = asker.post(address(cast.offer), {}).content.decode()
    first = value_of(free_half_days(cast.offer, 1)[0])
    assert f'<a href="#day-{first}">Choose at least one morning or afternoon.</a>' in page
    assert f'id="day-{first}"' in page


def test_a_day_that_is_taken_meanwhile_is_not_kept(cast: Cast, asker: HouseClient) -> None:
    ask(cast, membership=cast.colleague.memberships.get(), by=cast.colleague)
    days = [value_of(each) for each in free_half_days(cast.offer, 2)]
    asker.post(address(cast.offer), {"days": days})
    assert kept(asker, cast.offer) == []


def test_days_that_nobody_offered_are_passed_over(cast: Cast, asker: HouseClient) -> None:
    asker.post(address(cast.offer), {"days": ["2027-01-18.am", "nonsense", "2027-13-45.pm", "2027-01-18.noon"]})
    assert kept(asker, cast.offer) == []


def test_an_offer_without_days_says_so(cast: Cast, asker: HouseClient) -> None:
    cast.offer.sessions.all().delete()
    assert "No day is open at the moment" in asker.get(address(cast.offer)).content.decode()


def test_ask_us_takes_a_first_day_and_weeks(ask_us: HostOffer, asker: HouseClient) -> None:
    assert "They usually take visitors on Mondays" in asker.get(address(ask_us)).content.decode()
    answer = asker.post(address(ask_us), FIVE_MONDAYS)
    assert answer["Location"] == reverse("ask-about", args=[ask_us.slug])
    assert len(kept(asker, ask_us)) == 10


def test_more_days_are_added_and_taken_away(ask_us: HostOffer, asker: HouseClient) -> None:
    one = FIVE_MONDAYS | {"weeks": "1", "act": "add"}
    assert asker.post(address(ask_us), one)["Location"] == address(ask_us)
    asker.post(address(ask_us), one | {"first_day-day": "25", "halves": ["am"]})
    assert kept(asker, ask_us) == ["2027-01-18.am", "2027-01-18.pm", "2027-01-25.am"]
    assert "Monday 25 January, morning" in asker.get(address(ask_us)).content.decode()
    asker.post(address(ask_us), {"act": "remove.2027-01-18.pm"})
    assert kept(asker, ask_us) == ["2027-01-18.am", "2027-01-25.am"]
    assert asker.post(address(ask_us), {})["Location"] == reverse("ask-about", args=[ask_us.slug])


def test_what_the_host_cannot_do_is_said_and_what_was_typed_stays(ask_us: HostOffer, asker: HouseClient) -> None:
    page = asker.post(address(ask_us), FIVE_MONDAYS | {"first_day-day": "19"}).content.decode()
    assert "takes visitors on other weekdays" in page
    assert 'value="19"' in page
    assert "Enter the first day" in asker.post(address(ask_us), {}).content.decode()
    assert kept(asker, ask_us) == []


def test_days_kept_too_long_are_said_to_be_past(ask_us: HostOffer, asker: HouseClient, cast: Cast) -> None:
    asker.post(address(ask_us), FIVE_MONDAYS)
    other = make_offer(cast.elsewhere, cast.outsider)
    ask(cast, offer=other, half_days=free_half_days(cast.offer))
    assert "You have asked to be elsewhere" in asker.post(address(ask_us), {}).content.decode()


def test_a_session_keeps_a_few_drafts_only(cast: Cast, asker: HouseClient) -> None:
    offers = [make_offer(cast.advice, cast.host) for _ in range(MOST_DRAFTS + 1)]
    for offer in offers:
        asker.post(address(offer), FIVE_MONDAYS)
    assert list(asker.session[PLACE]) == [offer.slug for offer in offers[1:]]


def test_who_belongs_to_two_organisations_may_ask_if_one_of_them_may(cast: Cast) -> None:
    make_membership(cast.visitor, cast.advice)
    days = [value_of(each) for each in free_half_days(cast.offer, 2)]
    answer = enter(cast.visitor).post(address(cast.offer), {"days": days})
    assert answer.status_code == 302
