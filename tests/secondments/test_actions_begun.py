"""Making a thing is an event too: nothing that a visit or a round is made of stands there without one."""

from __future__ import annotations

import pytest
from django.db import models

from partnerships.ground.models import Event
from secondments.models import Check, Decision, Match, MatchRun, Participation, Placement, Swap
from secondments.states import CheckKind, CheckState, DecisionState
from tests.cast import Cast
from tests.factories import make_offer, make_round
from tests.secondments.helpers import ask
from tests.secondments.rounds import join, matched, published

pytestmark = pytest.mark.django_db

MAKING = ("create", "join_round", "request_placement")


def begun(model: type[models.Model]) -> dict[int, str]:
    """Key of each that has one first event → the state in which it began."""
    first = Event.objects.filter(thing_type=model._meta.label_lower, from_state="", verb__in=MAKING)
    return dict(first.values_list("thing_id", "to_state"))


def test_all_of_a_visit_has_begun(cast: Cast) -> None:
    cast.offer.checks = [CheckKind.CONFIDENTIALITY, CheckKind.LETTER_OF_ASSURANCE]
    cast.offer.save()
    placement = ask(cast, wants_return=True)
    assert begun(Placement) == {placement.pk: placement.state}
    assert begun(Swap) == {placement.swap_id: "open"}
    assert begun(Decision) == dict(placement.decisions.values_list("pk", "state"))
    assert set(begun(Decision).values()) == {DecisionState.YES, DecisionState.WAITING}
    assert begun(Check) == dict(placement.checks.values_list("pk", "state"))
    assert set(begun(Check).values()) == {CheckState.DONE, CheckState.NEEDED}


def test_all_of_a_round_has_begun(cast: Cast) -> None:
    a_round = make_round(cast.cvs)
    make_offer(cast.advice, cast.host, places=2)
    for person in (cast.visitor, cast.colleague):
        join(a_round, person.memberships.get())
    matched(cast, a_round)
    assert published(a_round, cast.broker) == (2, 0)
    for model in (Participation, MatchRun, Match, Placement, Decision):
        assert begun(model).keys() == set(model._base_manager.values_list("pk", flat=True)), model
        assert begun(model)
