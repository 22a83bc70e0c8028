"""Two brokers ask the same question, and put the same people together, at the same moment."""

from __future__ import annotations

import pytest

from partnerships.ground.models import Job
from partnerships.models import User
from secondments.actions.proposals import change_places_by_hand
from secondments.actions.trials import try_out
from secondments.matches.trials import weights_as_asked
from secondments.models import Adjustment, MatchRun, Participation, Round, Trial
from secondments.models.weights import usual_weights
from tests.at_once import first_and_meanwhile
from tests.cast import Cast
from tests.factories import AT
from tests.secondments.places import Places

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def places(cast: Cast) -> Places:
    return Places(cast)


# Rows of their own: the other thread must not see what the first has changed in memory.


def ask(places: Places) -> None:
    try_out(
        a_round=Round.objects.get(pk=places.a_round.pk),
        run=MatchRun.objects.get(pk=places.run.pk),
        asked=weights_as_asked(usual_weights() | {"learn": 34, "new": 6}),
        by=User.objects.get(pk=places.cast.broker.pk),
        at=AT,
    )


def swap(places: Places, council: Participation) -> None:
    change_places_by_hand(
        a_round=Round.objects.get(pk=places.a_round.pk),
        people=[Participation.objects.get(pk=each.pk) for each in (council, places.adviser)],
        weeks=[places.week, places.week],
        reason="other",
        by=User.objects.get(pk=places.cast.broker.pk),
        at=AT,
    )


def test_one_question_is_one_trial(places: Places) -> None:
    refused = first_and_meanwhile(lambda: ask(places), lambda: ask(places))
    assert refused == set()
    assert Trial.objects.count() == Job.objects.of_kind("try_out").count() == 1


def test_nobody_is_put_together_with_two(places: Places) -> None:
    refused = first_and_meanwhile(lambda: swap(places, places.waiting), lambda: swap(places, places.chosen))
    assert refused == {"person_settled"}
    settled = set(Adjustment.objects.values_list("participation", flat=True))
    assert settled == {places.waiting.pk, places.adviser.pk}
