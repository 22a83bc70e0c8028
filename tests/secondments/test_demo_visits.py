"""The demonstration's visits: made by the real verbs, in many states, once."""

from __future__ import annotations

import pytest

from partnerships import demo as people
from partnerships.ground.models import Event
from secondments.demo import visits
from secondments.models import HostOffer, Placement
from secondments.states import OfferState, PlacementState
from tests.factories import AT
from tests.secondments.helpers import miscounted

pytestmark = pytest.mark.django_db


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
