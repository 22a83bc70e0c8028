"""An invitation that a broker writes for a host: the host says whether it may be shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from partnerships.ground.models import OutboxMail
from secondments.actions.offers_for_others import enter_offer
from secondments.emails.links import offer_link
from secondments.models import HostOffer, Round
from secondments.states import Dating, OfferState
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_organisation, make_round
from tests.secondments.entered import link_to, stranger
from tests.secondments.proposals import refusal

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "A morning of calls",
    "what_you_will_see": "The phones, and who calls.",
    "mode": "in_person",
    "places": "2",
    "notice_days": "7",
    "payment": "40",
    "checks": ["confidentiality"],
}


@pytest.fixture
def a_round(cast: Cast) -> Round:
    return make_round(cast.cvs)


def write(cast: Cast, a_round: Round, **fields: object) -> HostOffer:
    values = {"title": "A morning of calls", "what_you_will_see": "The phones, and who calls."}
    return enter_offer(a_round=a_round, organisation=cast.advice, by=cast.broker, fields={**values, **fields})


def test_a_broker_writes_it_and_nobody_else_sees_it_before_the_host_says_yes(cast: Cast, a_round: Round) -> None:
    browser = enter(cast.broker)
    chosen = {"organisation": "Test Advice", "text": "advice-centre"}
    address = browser.post(reverse("round-host", args=[a_round.slug]), chosen)["Location"]
    assert "What a visitor would see at Test Advice" in browser.get(address).content.decode()
    answer = browser.post(address, TYPED, follow=True).content.decode()
    assert "Whoever looks after Test Advice has a mail" in answer
    offer = HostOffer.objects.get(title="A morning of calls")
    assert (offer.state, offer.dating, offer.payment_pence) == (OfferState.TO_CONFIRM, Dating.ASK_US, 4000)
    page = reverse("offer", args=[offer.slug])
    assert [enter(user).get(page).status_code for user in (cast.host, cast.visitor, cast.outsider)] == [200, 404, 404]
    assert offer not in HostOffer.objects.open()

    link = link_to(cast.host.email or "")
    text = stranger().get(link).content.decode()
    assert "Bron Broker has written this for Test Advice" in text
    assert "The phones, and who calls." in text
    offer.refresh_from_db()
    assert offer.state == OfferState.TO_CONFIRM
    assert "It is open to visitors" in stranger().post(link, {"answer": "yes"}, follow=True).content.decode()
    assert offer in HostOffer.objects.open()
    stranger().post(link, {"answer": "no"})
    assert offer in HostOffer.objects.open()


def test_sent_twice_the_host_is_asked_once(cast: Cast, a_round: Round) -> None:
    first = write(cast, a_round)
    mails = OutboxMail.objects.count()
    assert write(cast, a_round) == first
    assert OutboxMail.objects.count() == mails
    assert write(cast, a_round, title="Another day") != first


def test_a_no_closes_it_and_the_host_may_still_open_it(cast: Cast, a_round: Round) -> None:
    offer = write(cast, a_round)
    assert (
        "It is not shown"
        in stranger().post(link_to(cast.host.email or ""), {"answer": "no"}, follow=True).content.decode()
    )
    offer.refresh_from_db()
    assert offer.state == OfferState.CLOSED
    enter(cast.host).post(reverse("offer-publish", args=[offer.slug]))
    assert offer in HostOffer.objects.open()


def test_the_host_answers_signed_in_and_changes_it_first(cast: Cast, a_round: Round) -> None:
    offer = write(cast, a_round)
    host = enter(cast.host)
    assert "May “A morning of calls” be shown?" in host.get(reverse("next-steps")).content.decode()
    page = host.get(reverse("offer", args=[offer.slug])).content.decode()
    assert "Bron Broker has written this for you" in page
    assert "Yes, show it" in page
    edited = {**TYPED, "title": "An afternoon of calls", "dating": "ask_us"}
    host.post(reverse("offer-edit", args=[offer.slug]), edited)
    host.post(reverse("offer-publish", args=[offer.slug]))
    offer.refresh_from_db()
    assert (offer.title, offer.state) == ("An afternoon of calls", OfferState.PUBLISHED)


def test_the_broker_who_wrote_it_cannot_say_yes_for_the_host(cast: Cast, a_round: Round) -> None:
    offer = write(cast, a_round)
    browser = enter(cast.broker)
    assert browser.get(reverse("offer", args=[offer.slug])).status_code == 200
    for name in ("offer-publish", "offer-edit", "offer-close"):
        assert browser.post(reverse(name, args=[offer.slug]), TYPED).status_code == 404
    forged = "/" + offer_link(offer, cast.broker.email or "").split("/", 3)[3]
    assert stranger().post(forged, {"answer": "yes"}).status_code == 410
    offer.refresh_from_db()
    assert offer.state == OfferState.TO_CONFIRM


def test_what_was_typed_stays_when_something_is_missing(cast: Cast, a_round: Round) -> None:
    address = reverse("round-host-write", args=[a_round.slug, cast.advice.slug, "advice-centre"])
    text = enter(cast.broker).post(address, {**TYPED, "title": ""}).content.decode()
    assert "There is a problem" in text
    assert "The phones, and who calls." in text
    assert 'name="asks_for"' not in text


def test_only_for_hosts_of_the_programme_that_somebody_looks_after(cast: Cast, a_round: Round) -> None:
    with refusal("crossing"):
        enter_offer(a_round=a_round, organisation=cast.elsewhere, by=cast.broker, fields=TYPED)
    nobody = make_organisation("Nobody’s Trust")
    with refusal("nobody_stands_in"):
        enter_offer(a_round=a_round, organisation=nobody, by=cast.broker, fields=TYPED)
    with refusal("not_allowed"):
        enter_offer(a_round=a_round, organisation=cast.advice, by=cast.outsider, fields=TYPED)
    chosen = {"organisation": "Nobody’s Trust", "text": "advice-centre"}
    page = enter(cast.broker).post(reverse("round-host", args=[a_round.slug]), chosen).content.decode()
    assert "Enter somebody of it first" in page
    assert "Nobody’s Trust" in page


def test_pressing_nothing_asks_again(cast: Cast, a_round: Round) -> None:
    write(cast, a_round)
    assert "Press yes or no" in stranger().post(link_to(cast.host.email or "")).content.decode()
