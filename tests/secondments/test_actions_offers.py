"""Writing an offer, naming its days, opening and closing it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from partnerships.ground.models import Event
from partnerships.ground.problems import Refused
from partnerships.states import OrganisationState
from secondments import actions
from secondments.models import HostOffer, OfferSession
from secondments.models.days import HalfDay, weekly
from secondments.states import Dating, Half, Mode, OfferState
from tests.cast import Cast
from tests.factories import AT
from tests.secondments.helpers import ask, free_half_days, miscounted

pytestmark = pytest.mark.django_db

SAID: dict[str, Any] = {
    "title": "A day at the front desk",
    "what_you_will_see": "The queue.",
    "mode": Mode.IN_PERSON,
    "places": 1,
    "dating": Dating.DATED,
    "notice_days": 7,
}
TUESDAY = (AT + timedelta(days=15)).date()


def write(cast: Cast, **changes: Any) -> HostOffer:
    return actions.create_offer(organisation=cast.advice, by=cast.host, fields=SAID | changes, at=AT)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return refused.value.codes


def test_an_offer_begins_as_a_draft_with_an_address_of_its_own(cast: Cast) -> None:
    offer, second = write(cast), write(cast)
    assert (offer.state, offer.slug) == (OfferState.DRAFT, "a-day-at-the-front-desk-test-advice")
    assert second.slug == "a-day-at-the-front-desk-test-advice-2"
    assert [event.verb for event in Event.objects.about(offer)] == ["create_offer"]


def test_an_address_is_never_a_word_of_ours(cast: Cast) -> None:
    cast.advice.name = ""
    cast.advice.save()
    assert write(cast, title="New").slug == "new-2"
    assert write(cast, title="???").slug == "visit"


@pytest.mark.parametrize("person", ["adviser", "outsider", "visitor", "administrator"])
def test_only_its_coordinators_write_for_an_organisation(cast: Cast, person: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.create_offer(organisation=cast.advice, by=getattr(cast, person), fields=SAID, at=AT)
    assert codes(refused) == {"not_allowed"}


def test_a_dated_offer_needs_a_day_before_it_opens(cast: Cast) -> None:
    offer = write(cast)
    with pytest.raises(Refused) as refused:
        actions.publish_offer(offer=offer, by=cast.host, at=AT)
    assert codes(refused) == {"no_days"}
    assert actions.add_sessions(offer=offer, half_days=weekly(TUESDAY, Half.values, 3), by=cast.host, at=AT) == 6
    actions.publish_offer(offer=offer, by=cast.host, at=AT)
    assert (offer.state, offer.published_at) == (OfferState.PUBLISHED, AT)


def test_an_organisation_that_waits_prepares_and_is_told_what_is_missing(cast: Cast) -> None:
    cast.advice.state = OrganisationState.TO_BE_CONFIRMED
    cast.advice.save()
    offer = write(cast, dating=Dating.ASK_US)
    with pytest.raises(Refused) as refused:
        actions.publish_offer(offer=offer, by=cast.host, at=AT)
    assert codes(refused) == {"organisation_not_acting"}
    assert "a broker in your area can vouch for you" in str(refused.value)
    assert not HostOffer.objects.open().filter(pk=offer.pk).exists()


def test_it_is_paused_opened_again_and_closed(cast: Cast) -> None:
    offer = cast.offer
    for verb, state in (
        (actions.pause_offer, OfferState.PAUSED),
        (actions.reopen_offer, OfferState.PUBLISHED),
        (actions.close_offer, OfferState.CLOSED),
        (actions.reopen_offer, OfferState.PUBLISHED),
    ):
        with pytest.raises(Refused):
            verb(offer=offer, by=cast.outsider, at=AT)
        verb(offer=offer, by=cast.host, at=AT)
        assert offer.state == state


def test_what_was_asked_for_outlives_a_closed_offer(cast: Cast) -> None:
    placement = ask(cast)
    actions.close_offer(offer=cast.offer, by=cast.host, at=AT)
    actions.decide(decision=placement.decisions.get(kind="host"), yes=True, by=cast.host, at=AT)


def test_changing_it_leaves_what_was_agreed(cast: Cast) -> None:
    placement = ask(cast)
    actions.edit_offer(offer=cast.offer, by=cast.host, fields={"payment_pence": 5000, "places": 2}, at=AT)
    placement.refresh_from_db()
    assert placement.payment_pence is None
    assert set(cast.offer.sessions.values_list("places", flat=True)) == {2}
    events = Event.objects.about(cast.offer).count()
    actions.edit_offer(offer=cast.offer, by=cast.host, fields={"places": 2}, at=AT)
    assert Event.objects.about(cast.offer).count() == events, "nothing changed, nothing happened"


def test_fewer_places_never_take_one_from_who_has_it(cast: Cast) -> None:
    actions.edit_offer(offer=cast.offer, by=cast.host, fields={"places": 2}, at=AT)
    ask(cast)
    ask(cast, membership=cast.colleague.memberships.get(), by=cast.colleague)
    actions.edit_offer(offer=cast.offer, by=cast.host, fields={"places": 1}, at=AT)
    assert [session.places for session in cast.offer.sessions.all()[:3]] == [2, 2, 1]
    assert miscounted() == []


def test_only_the_host_changes_it(cast: Cast) -> None:
    for act in (
        lambda: actions.edit_offer(offer=cast.offer, by=cast.outsider, fields={"places": 2}, at=AT),
        lambda: actions.add_sessions(offer=cast.offer, half_days=weekly(TUESDAY, ["am"]), by=cast.outsider, at=AT),
        lambda: actions.remove_session(session=cast.offer.sessions.all()[0], by=cast.outsider, at=AT),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == {"not_allowed"}


@pytest.mark.parametrize(
    ("half_days", "code"),
    [
        ([], "no_days"),
        ([HalfDay(AT.date(), "am")], "past"),
        (weekly(TUESDAY, ["am"], 41), "too_many"),
        ([HalfDay(AT.date() + timedelta(days=600), "am")], "too_far_ahead"),
    ],
)
def test_days_that_cannot_be_named(cast: Cast, half_days: list[HalfDay], code: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.add_sessions(offer=cast.offer, half_days=half_days, by=cast.host, at=AT)
    assert codes(refused) == {code}


def test_days_that_are_named_already_stay_as_they_are(cast: Cast) -> None:
    ask(cast)
    assert actions.add_sessions(offer=cast.offer, half_days=free_half_days(cast.offer), by=cast.host, at=AT) == 0
    assert miscounted() == []


def test_a_day_that_somebody_holds_cannot_be_taken_back(cast: Cast) -> None:
    placement = ask(cast)
    session = cast.offer.sessions.all()[0]
    with pytest.raises(Refused) as refused:
        actions.remove_session(session=session, by=cast.host, at=AT)
    assert codes(refused) == {"session_held"}
    actions.withdraw(placement=placement, by=cast.visitor, at=AT)
    actions.remove_session(session=session, by=cast.host, at=AT)
    session.refresh_from_db()
    assert session.places == 0, "its history stays, nobody can ask for it"
    with pytest.raises(Refused) as refused:
        ask(cast)
    assert codes(refused) == {"full"}
    assert actions.add_sessions(offer=cast.offer, half_days=free_half_days(cast.offer), by=cast.host, at=AT) == 1


def test_a_day_that_nobody_held_goes_for_good(cast: Cast) -> None:
    session = cast.offer.sessions.all()[0]
    actions.remove_session(session=session, by=cast.host, at=AT)
    assert cast.offer.sessions.count() == 9


def test_a_host_who_takes_fewer_gets_the_place_back_once_its_visitor_does_not_come(cast: Cast) -> None:
    actions.edit_offer(offer=cast.offer, by=cast.host, fields={"places": 2}, at=AT)
    stays = ask(cast)
    goes = ask(cast, membership=cast.colleague.memberships.get(), by=cast.colleague)
    actions.edit_offer(offer=cast.offer, by=cast.host, fields={"places": 1}, at=AT)
    held = OfferSession.objects.filter(holders__placement=stays)
    assert set(held.values_list("places", "booked")) == {(2, 2)}
    actions.withdraw(placement=goes, by=cast.colleague, at=AT)
    assert set(held.values_list("places", "booked")) == {(1, 1)}
    assert miscounted() == []
