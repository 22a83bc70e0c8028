"""A round that everybody has been told of, as its pages need it, without people who were matched for it."""

from __future__ import annotations

from typing import Any, cast

from partnerships.models import Organisation
from secondments.matches.figures import Figures
from secondments.matches.results import results_of
from secondments.models import MatchRun, Round
from secondments.states import RoundState, RunState
from tests.factories import AT, make_round

FIGURES = Figures(
    joined=120,
    placed=104,
    hosts=42,
    sector=[("public", 80, 70), ("vcse", 38, 32), ("private", 2, 2)],
    size=[("larger", 90, 78), ("small", 30, 26)],
    access=[("none", 118, 103), ("some", 2, 1)],
    duty=[("compulsory", 40, 35), ("willing", 80, 69)],
    causes=[("fit", 7), ("no_host", 6), ("hosts", 3)],
    envious=12,
    envy=31,
    blocking=4,
    points=1000,
    problem="4f" * 32,
    answer="a7" * 32,
)
CRITERIA = [
    {"name": "placed", "value": 104, "proven": True, "bound": 104},
    {"name": "compulsory", "value": 35, "proven": True, "bound": 35},
    {"name": "hosts", "value": 812, "proven": True, "bound": 812},
    {"name": "fit", "value": 71_240, "proven": False, "bound": 71_355},
]


def make_told_round(organisation: Organisation, **figures: Any) -> Round:
    """A hundred and twenty took part, unless the test says otherwise."""
    a_round = make_round(
        organisation,
        state=RoundState.PUBLISHED,
        criteria=[one["name"] for one in CRITERIA],
        opened_at=AT,
        published_at=AT,
    )
    run = MatchRun.objects.create(
        round=a_round,
        number=1,
        state=RunState.SOLVED,
        asked_at=AT,
        seed=7,
        engine_version="1.1",
        criteria=CRITERIA,
        figures=cast(dict[str, Any], FIGURES) | figures,
        keep_until=AT.date(),
    )
    a_round.results = cast(
        dict[str, Any], results_of(run, published=a_round.criteria, left_out=0, fell_through=2, by_hand=3)
    )
    a_round.save(update_fields=["results"])
    return a_round
