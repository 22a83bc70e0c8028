"""Rounds in which anybody may say no at any time: whatever is drawn, what must never be is not."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from partnerships.ground import jobs
from partnerships.ground.models import Job
from partnerships.states import Field, WhoAgrees
from secondments import actions
from secondments.actions.repairs import offer_repair, put_repair_aside
from secondments.matches.replaying import replay
from secondments.models import Match, Participation, Placement, Round
from secondments.permissions import addresses_asked
from secondments.states import CAME_TO_NOTHING, PlacementState
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.helpers import miscounted
from tests.secondments.repairs import repaired, yes
from tests.secondments.rounds import first_week, join, matched, published

pytestmark = pytest.mark.django_db


def drawn_round(cast: Cast, draw: random.Random) -> Round:
    """People of the council and of charities, some of whom show something, and four offers of one place."""
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    a_round = make_round(cast.cvs)
    a_round.programme.largest_exchange = 2
    a_round.programme.save()
    first = first_week(a_round)
    weeks = [first + timedelta(weeks=week) for week in range(3)]
    charities = [make_organisation(field=Field.VOLUNTARY, who_agrees=WhoAgrees.SELF) for _ in range(4)]
    for number, charity in enumerate(charities):
        make_membership(make_user(), charity, is_coordinator=True)
        make_offer(charity, cast.host, title=f"Offer {number}", usual_weekdays=[draw.randrange(5)])
    for number in range(10):
        home = cast.council if number < 7 else draw.choice(charities)
        wants = ["voluntary"] if home == cast.council else ["local_government"]
        shows = "A day" if draw.random() < 0.5 else ""
        chosen = draw.sample(weeks, draw.randrange(1, 4))
        who = make_membership(make_user(), home)
        join(a_round, who, weeks=chosen, shows=shows, welcomes=bool(shows), wants=wants)
    return a_round


def something_happens(draw: random.Random) -> None:
    """Somebody who is asked says no or yes, withdraws, or is called off."""
    live = list(Placement.objects.live().order_by("id"))
    if not live:
        return
    placement = draw.choice(live)
    waiting = list(placement.decisions.waiting())
    what = draw.choice(["no", "no", "yes", "withdraw", "cancel"])
    if what == "no" and waiting:
        decision = draw.choice(waiting)
        actions.decide(decision=decision, yes=False, address=addresses_asked(decision)[0], at=AT)
    elif what == "withdraw":
        actions.withdraw(placement=placement, by=placement.visitor, at=AT)
    elif what == "cancel":
        actions.cancel(placement=placement, by=None, at=AT)
    else:
        yes(placement)


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_that_stands_moves_and_nobody_is_asked_twice_by_the_same_host(cast: Cast, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - what is drawn has to come again
    a_round = drawn_round(cast, draw)
    matched(cast, a_round)
    published(a_round, cast.broker)
    offered = 0
    for _ in range(12):
        something_happens(draw)
        stood = set(Match.objects.standing().values_list("pk", "placement__state"))
        run = repaired(a_round) if draw.random() < 0.6 else None
        if run is not None and draw.random() < 0.8:
            assert replay(run) == []
            offered += offer_repair(run=run, by=cast.broker, at=AT).asked
            jobs.run_due()
        elif run is not None:
            put_repair_aside(run=run, by=cast.broker, at=AT)
        standing = Match.objects.standing()
        assert stood <= set(standing.values_list("pk", "placement__state"))
        people = list(standing.values_list("participation", flat=True))
        assert len(people) == len(set(people)), "Nobody has two visits of one round."
        pairs = list(
            Match.objects.told()
            .filter(offer__shown_by=None)
            .exclude(placement=None)
            .values_list("participation", "offer__organisation")
        )
        assert len(pairs) == len(set(pairs)), "Nobody is found the same host twice."
        shown = list(standing.exclude(offer__shown_by=None).values_list("offer", flat=True))
        assert len(shown) == len(set(shown)), "Nobody shows the same thing to two."
        assert miscounted() == []
    assert offered
    assert not Job.objects.failed().exists()
    withdrew = Placement.objects.filter(state=PlacementState.WITHDRAWN).values("match__participation")
    assert not Participation.objects.joined().filter(pk__in=withdrew).exists()
    assert Placement.objects.filter(state__in=CAME_TO_NOTHING).count() >= offered
