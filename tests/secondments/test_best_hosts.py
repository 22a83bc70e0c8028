"""One person against every open offer: the same as a round with nobody else in it, and quick with thousands."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from partnerships.states import Field, SizeBand
from secondments.matches import problem_of
from secondments.matches.by_hand import hosts_for
from secondments.matches.days import mondays
from secondments.matches.for_one import (
    outlook_in_round,
)
from secondments.models import OfferSession, Participation
from secondments.states import Dating, Half, Mode
from tests.cast import Cast
from tests.factories import AT, make_offer, make_organisation, make_place, make_round
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db

FIELDS = [Field.VOLUNTARY, Field.COMMUNITY, Field.HEALTH, Field.LOCAL_GOVERNMENT]


def drawn_offers(cast: Cast, seed: int, many: int = 30) -> None:
    """Hosts near and far, of every kind and country, on named days or "ask us", some of them full."""
    draw = random.Random(seed)  # noqa: S311  # a test, not a secret
    for number in range(many):
        code = f"{draw.choice('ESN')}-{seed}-{number}"
        host = make_organisation(
            field=draw.choice(FIELDS),
            place=make_place(code=code, latitude=53.4 + draw.random(), longitude=-2.6 + draw.random()),
            size=draw.choice([SizeBand.MICRO, SizeBand.LARGE]),
            months_to_avoid=draw.sample(range(1, 13), draw.randrange(3)),
            most_visits_per_week=draw.choice([None, None, 0, 1]),
            most_visits_per_quarter=draw.choice([None, None, 0, 1]),
        )
        offer = make_offer(
            host,
            cast.host,
            sessions=draw.choice([0, 0, 6, 20]),
            mode=draw.choice(Mode.values),
            places=draw.choice([1, 2]),
            usual_weekdays=draw.sample(range(7), draw.randrange(4)),
            months_to_avoid=draw.sample(range(1, 13), draw.randrange(3)),
            notice_days=draw.choice([0, 7, 40]),
            payment_pence=draw.choice([None, 5000]),
            accepts_ties=draw.choice([True, False]),
            asks_for=draw.choice([[], ["vera@council.example.org"]]),
            meets=draw.choice([[], ["step_free"]]),
        )
        for session in offer.sessions.all():
            if draw.random() < 0.5:
                OfferSession.objects.filter(pk=session.pk).update(booked=session.places)
        if offer.dating == Dating.ASK_US:
            for day in range(40, 60):
                if draw.random() < 0.5:
                    OfferSession.objects.create(
                        offer=offer,
                        date=AT.date() + timedelta(days=day),
                        half=draw.choice(Half.values),
                        places=offer.places,
                        booked=draw.randrange(offer.places + 1),
                    )


def taking_part(cast: Cast, seed: int, **programme: Any) -> Participation:
    draw = random.Random(seed)  # noqa: S311  # a test, not a secret
    # A quarter ends within it, in the middle of a week.
    a_round = make_round(cast.cvs, ends_on=AT.date() + timedelta(days=104))
    targets = [field for field in FIELDS if field != Field.LOCAL_GOVERNMENT]
    values: dict[str, Any] = {
        "crossings": [["local_government", target] for target in targets],
        "days": draw.choice([1, 2]),
        "pays_pence": draw.choice([0, 5000]),
    }
    for name, value in (values | programme).items():
        setattr(a_round.programme, name, value)
    a_round.programme.save()
    a_round.weights |= {"learn": 5, "size": 40}
    a_round.save()
    weeks = list(mondays(a_round.starts_on, a_round.ends_on))
    person = join(
        a_round,
        cast.visitor_membership,
        wants=draw.sample(targets, 2),
        weeks=draw.sample(weeks, 4),
        most_km=draw.choice([10, 40]),
        online=draw.choice([True, False]),
        tie=draw.choice(["none", "visitor_funds"]),
        access_needs=draw.choice([[], ["step_free"]]),
    )
    return Participation.objects.select_related("round__programme", "membership__organisation__place").get(pk=person.pk)


@pytest.mark.parametrize("seed", range(12))
def test_it_says_what_a_round_with_nobody_else_would_say(cast: Cast, seed: int) -> None:
    drawn_offers(cast, seed)
    person = taking_part(cast, seed)
    found = outlook_in_round(person, most=100, at=AT)
    told = hosts_for(problem_of(person.round, seed=0, at=AT), person)
    assert {each.offer_id: each for each in found.best} == {each.offer_id: each for each in told}
    assert [each.fit for each in found.best] == sorted((each.fit for each in told), reverse=True)
    assert found.suitable == len(told)


def test_something_suits_and_something_does_not_in_what_was_drawn(cast: Cast) -> None:
    """Else the comparison above would compare nothing."""
    seen = set()
    for seed in range(6):
        drawn_offers(cast, seed)
        found = outlook_in_round(taking_part(cast, seed), most=100, at=AT)
        seen |= {each.code for each in found.removed} | ({"suits"} if found.best else set())
    assert {"suits", "too_far", "mode", "no_common_week", "limit"} <= seen
