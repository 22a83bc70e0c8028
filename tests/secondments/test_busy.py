"""A row that somebody else is changing at the moment: the buttons of rounds say so too, and none ends in an error."""

from __future__ import annotations

import pytest
from django.urls import reverse

from partnerships.ground import locks
from secondments.actions.brokering import put_on_shortlist, write_note
from secondments.models import Note, Participation, Shortlisted
from secondments.states import ShortlistState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_offer, make_round
from tests.partnerships.test_busy import held
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Participation:
    person = join(make_round(cast.cvs), cast.visitor_membership)
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_MS", 100)
    return person


def test_wanting_no_more_letters(cast: Cast, person: Participation) -> None:
    address, browser = reverse("round-letters", args=[person.round.slug]), enter(cast.visitor)
    with held(person):
        answer = browser.post(address, {"letters": "no"}, follow=True)
    assert "try again" in answer.content.decode()
    person.refresh_from_db()
    assert person.takes_letters
    assert "no more group letters" in browser.post(address, {"letters": "no"}, follow=True).content.decode()


def test_removing_a_note(cast: Cast, person: Participation) -> None:
    note = write_note(about=person, text="Ring before ten", by=cast.broker, at=AT)
    address, browser = reverse("note-remove", args=[note.uuid]), enter(cast.broker)
    with held(note):
        answer = browser.post(address, follow=True)
    assert "try again" in answer.content.decode()
    assert Note.objects.exists()


@pytest.mark.parametrize("act", ["spoken", "aside"])
def test_moving_a_host_that_somebody_has_in_mind(cast: Cast, person: Participation, act: str) -> None:
    """Without an end to the wait the page would hang for as long as whoever holds the row."""
    put_on_shortlist(participation=person, offer=make_offer(cast.advice, cast.host), by=cast.broker, at=AT)
    listed = Shortlisted.objects.get()
    with held(listed):
        answer = enter(cast.broker).post(reverse("shortlist-move", args=[listed.uuid, act]), follow=True)
    assert "try again" in answer.content.decode()
    listed.refresh_from_db()
    assert listed.state == ShortlistState.LISTED
