"""Asking and withdrawing without end: each time is a mail to a host and a manager."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerships.ground.problems import Refused
from secondments import actions
from secondments.models import Placement
from secondments.problems import ASKED_A_DAY
from secondments.states import HowBegan
from tests.cast import Cast
from tests.factories import AT
from tests.secondments.helpers import ask

pytestmark = pytest.mark.django_db


def test_so_many_visits_can_be_asked_for_in_a_day(cast: Cast) -> None:
    for _number in range(ASKED_A_DAY):
        actions.withdraw(placement=ask(cast), by=cast.visitor, at=AT)
    with pytest.raises(Refused, match="ask for more tomorrow") as refused:
        ask(cast)
    assert "asked_too_often" in refused.value.codes
    assert Placement.objects.count() == ASKED_A_DAY
    assert ask(cast, at=AT + timedelta(days=1)).how_began == HowBegan.BOOKED


def test_what_a_round_or_a_broker_began_does_not_count(cast: Cast) -> None:
    for _number in range(ASKED_A_DAY):
        actions.withdraw(placement=ask(cast), by=cast.visitor, at=AT)
    Placement.objects.update(how_began=HowBegan.MATCHED)
    assert ask(cast)
