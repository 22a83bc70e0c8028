"""The demonstration's visits: made by the real verbs, in many states, once."""

from __future__ import annotations

import pytest
from django.db import transaction

from partnerships import demo as people
from partnerships.ground import clock
from partnerships.ground.models import Event
from secondments.demo import visits
from secondments.models import HostOffer, Placement
from secondments.states import OfferState, PlacementState
from tests.factories import AT
from tests.secondments.helpers import miscounted

pytestmark = pytest.mark.django_db


def test_it_can_be_loaded_on_any_day_of_the_week_and_after_a_month_that_a_host_avoids(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people.load(AT.replace(month=9))
    for day in range(6, 13):
        moment = AT.replace(month=9, day=day)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        with transaction.atomic():
            assert visits.load(moment)
            transaction.set_rollback(True)


def test_it_shows_visits_in_many_states_and_loading_twice_is_loading_once() -> None:
    people.load(AT)
    assert visits.load(AT)
    states = set(Placement.objects.values_list("state", flat=True))
    assert states == {
        PlacementState.COMPLETED,
        PlacementState.DECLINED,
        PlacementState.CONFIRMED,
        PlacementState.WITHDRAWN,
        PlacementState.REQUESTED,
    }
    assert HostOffer.objects.open().count() == 7
    assert HostOffer.objects.filter(state=OfferState.DRAFT).count() == 1
    assert miscounted() == []
    assert not Event.objects.filter(at__gt=AT).exists(), "nothing of it lies in the future"
    count = Event.objects.count()
    assert visits.load(AT) == ""
    assert Event.objects.count() == count
