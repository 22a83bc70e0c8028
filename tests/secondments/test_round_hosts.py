"""The best hosts at this moment for one person at the desk, the broker's shortlist, and introducing them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import Organisation
from partnerships.states import OrganisationState
from secondments.actions.brokering import put_on_shortlist
from secondments.models import HostOffer, Participation, Placement, Shortlisted
from secondments.states import Mode, OfferState, RoundState, ShortlistState
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_offer, make_organisation, make_round
from tests.secondments.rounds import first_week, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> HostOffer:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    return make_offer(cast.advice, cast.host, title="The near desk")


@pytest.fixture
def person(cast: Cast, desk: HostOffer) -> Participation:
    return join(make_round(cast.cvs), cast.visitor_membership)


def hosts(person: Participation) -> str:
    return reverse("round-hosts", args=[person.round.slug, person.uuid])


def test_whom_to_think_of_and_why(cast: Cast, person: Participation) -> None:
    make_offer(cast.advice, cast.host, title="On a screen", mode=Mode.REMOTE)
    page = enter(cast.broker).get(hosts(person)).content.decode()
    assert page.count("1 host suits Vera Visitor now") == 2, "In the title, and as the heading."
    assert "The near desk" in page
    assert "In the same place" in page
    assert "points" in page
    assert "1 host meets the other way" in page
    assert "If a visit online would do, 1 more host would suit." in page


def test_nothing_private_stands_there(cast: Cast, person: Participation) -> None:
    person.avoids.add(cast.advice)
    Participation.objects.update(avoid_reason="We were married.", needs="A ground floor")
    page = enter(cast.broker).get(hosts(person)).content.decode()
    assert "1 host is not to meet this person." in page
    for private in ("married", "ground floor", "Test Advice"):
        assert private not in page


def test_a_host_on_the_list_who_takes_no_visitors_any_more_has_no_page_to_lead_to(
    cast: Cast, desk: HostOffer, person: Participation
) -> None:
    put_on_shortlist(participation=person, offer=desk, by=cast.broker)
    link, browser = f'href="{desk.get_absolute_url()}"', enter(cast.broker)
    assert link in browser.get(hosts(person)).content.decode()
    for offer, host in (
        ({"state": OfferState.PAUSED}, {}),
        ({"state": OfferState.PUBLISHED}, {"state": OrganisationState.SUSPENDED}),
    ):
        HostOffer.objects.filter(pk=desk.pk).update(**offer)
        Organisation.objects.filter(pk=cast.advice.pk).update(**host)
        assert browser.get(desk.get_absolute_url()).status_code == 404
        page = browser.get(hosts(person)).content.decode()
        assert "The near desk" in page
        assert link not in page


def test_on_the_list_spoken_to_and_put_aside(cast: Cast, desk: HostOffer, person: Participation) -> None:
    client = enter(cast.broker)
    page = client.post(reverse("shortlist-add", args=[person.round.slug, person.uuid, desk.slug]), follow=True)
    assert "The near desk is on the shortlist. Nobody is told." in page.content.decode()
    assert "On your list" in page.content.decode()
    listed = Shortlisted.objects.get()
    page = client.post(reverse("shortlist-move", args=[listed.uuid, "spoken"]), follow=True)
    assert "Spoken to" in page.content.decode()
    client.post(reverse("shortlist-move", args=[listed.uuid, "aside"]))
    listed.refresh_from_db()
    assert listed.state == ShortlistState.PUT_ASIDE
    again = client.post(reverse("shortlist-move", args=[listed.uuid, "spoken"]), follow=True).content.decode()
    assert "has changed since" in again
    assert "Put on the list" in again, "It can come back."
    assert client.post(reverse("shortlist-move", args=[listed.uuid, "elsewhere"])).status_code == 404


def test_introducing_asks_them(cast: Cast, desk: HostOffer, person: Participation) -> None:
    listed = put_on_shortlist(participation=person, offer=desk, by=cast.broker)
    client, week = enter(cast.broker), first_week(person.round)
    address = reverse("shortlist-introduce", args=[listed.uuid])
    page = client.get(address).content.decode()
    assert "Introduce Vera Visitor to Test Advice" in page
    assert "How a front desk copes" in page
    assert not Placement.objects.exists()
    assert "There is a problem" in client.post(address, {"week": "next week"}).content.decode()
    page = client.post(address, {"week": week.isoformat()}, follow=True).content.decode()
    assert "Asked: Vera Visitor, " in page
    assert Placement.objects.get().asked_by == cast.broker
    assert "This host was asked already" in client.get(address).content.decode()


def test_a_week_that_was_taken_meanwhile_is_said(cast: Cast, desk: HostOffer, person: Participation) -> None:
    listed = put_on_shortlist(participation=person, offer=desk, by=cast.broker)
    cast.advice.most_visits_per_week = 0
    cast.advice.save()
    page = enter(cast.broker).get(reverse("shortlist-introduce", args=[listed.uuid])).content.decode()
    assert "No week suits both" in page


def test_before_a_round_is_published_the_broker_is_warned(cast: Cast, desk: HostOffer, person: Participation) -> None:
    listed = put_on_shortlist(participation=person, offer=desk, by=cast.broker)
    address = reverse("shortlist-introduce", args=[listed.uuid])
    client = enter(cast.broker)
    assert "before anybody hears" not in client.get(address).content.decode()
    type(person.round).objects.update(state=RoundState.PROPOSED)
    assert "before anybody hears" in client.get(address).content.decode()


def test_who_is_not_open_is_not_listed(cast: Cast, desk: HostOffer, person: Participation) -> None:
    HostOffer.objects.update(state="paused")
    page = enter(cast.broker).post(
        reverse("shortlist-add", args=[person.round.slug, person.uuid, desk.slug]), follow=True
    )
    assert "takes no visitors at the moment" in page.content.decode()
    assert "No host suits at this moment" in page.content.decode()
    assert "<title>No host suits " in page.content.decode()


def test_it_costs_the_same_for_one_host_and_for_ten(cast: Cast, person: Participation) -> None:
    client = enter(cast.broker)
    counts = []
    for _ in range(2):
        client.get(hosts(person))
        with CaptureQueriesContext(connection) as queries:
            client.get(hosts(person))
        counts.append(len(queries))
        for number in range(10):
            offer = make_offer(make_organisation(place=cast.advice.place), cast.host, title=f"Another {number}")
            put_on_shortlist(participation=person, offer=offer, by=cast.broker)
    assert counts[0] == counts[1] <= 20
