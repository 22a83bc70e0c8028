"""A change by hand is taken back by one press."""

from __future__ import annotations

import pytest
from django.urls import reverse

from secondments.models import Adjustment
from secondments.states import AdjustmentState
from tests.cast import Cast
from tests.client import enter
from tests.secondments.proposals import Proposal
from tests.secondments.rounds import published

pytestmark = pytest.mark.django_db


def address(change: Adjustment) -> str:
    return reverse("round-take-back", args=[change.run.round.slug, change.uuid])


def test_it_holds_no_more(cast: Cast) -> None:
    change = Proposal(cast).change()
    client = enter(cast.broker)
    page = client.post(address(change), follow=True).content.decode()
    change.refresh_from_db()
    assert change.state == AdjustmentState.TAKEN_BACK
    assert "Taken back." in page
    assert "Changed by hand" not in page
    assert "Tell everyone" in page
    assert client.post(address(change)).status_code == 404


def test_it_stands_once_everyone_is_told(cast: Cast) -> None:
    proposal = Proposal(cast)
    change = proposal.change()
    proposal.again()
    published(proposal.a_round, cast.broker)
    page = enter(cast.broker).post(address(change), follow=True).content.decode()
    assert "while a proposal waits to be published" in page
    change.refresh_from_db()
    assert change.state == AdjustmentState.STANDING
