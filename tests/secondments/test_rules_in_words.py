"""The rules of a programme in sentences, as everybody reads them before they join and beside what came of it."""

from __future__ import annotations

from typing import Any

import pytest

from secondments.forms.programmes import ALL, BACK, CROSSINGS, OUT
from secondments.matches.rules import rules_in_words, who_goes_where
from secondments.models import Programme
from secondments.states import CheckKind


def programme(**rules: Any) -> Programme:
    return Programme(**({"crossings": [("health", "voluntary")], "most_km": 30} | rules))


@pytest.mark.parametrize(
    ("pairs", "sentences"),
    [
        (CROSSINGS[ALL], ["Any field can visit any other."]),
        (CROSSINGS[OUT], ["Public sector can visit: Voluntary, community and social enterprise."]),
        (
            CROSSINGS[OUT] + CROSSINGS[BACK],
            [
                "Public sector can visit: Voluntary, community and social enterprise.",
                "Voluntary, community and social enterprise can visit: Public sector.",
            ],
        ),
        (
            [
                (one, other)
                for one in ("local_government", "health", "policing", "housing", "other_public")
                for other in ("local_government", "health", "policing", "housing", "other_public")
                if one != other
            ],
            ["Public sector can visit: any other field of the same sector."],
        ),
        (
            [("health", "voluntary"), ("health", "community"), ("voluntary", "health")],
            ["Health can visit: Voluntary, Community group.", "Voluntary can visit: Health."],
        ),
    ],
)
def test_fields_are_told_by_sector_where_all_of_them_count(pairs: list[tuple[str, str]], sentences: list[str]) -> None:
    assert who_goes_where(programme(crossings=pairs))[:-1] == sentences


@pytest.mark.parametrize(
    ("one_way", "largest", "sentence"),
    [
        (True, 1, "People visit, and nobody need come in return."),
        (False, 2, "Two people change places."),
        (True, 2, "Two people change places. Others visit one way."),
        (False, 3, "Two people change places, or three go round: each visits the next."),
    ],
)
def test_whether_people_change_places_is_said(one_way: bool, largest: int, sentence: str) -> None:
    assert who_goes_where(programme(one_way=one_way, largest_exchange=largest))[-1] == sentence


def test_what_is_paid_needed_and_accepted_is_said_where_there_is_any() -> None:
    assert rules_in_words(programme())[-2:] == ["A visit lasts 1 day.", "Nobody is sent further than 30 km."]
    said = rules_in_words(
        programme(
            pays_pence=12000,
            pays_cover_pence=15000,
            checks=[CheckKind.CONFIDENTIALITY, CheckKind.INDUCTION],
            by_enrolment=True,
        )
    )
    assert said[-4:] == [
        "A host can be paid up to £120 a day.",
        "Cover for a visitor can be paid up to £150 a day.",
        "Needed of every visitor: Promise of confidentiality and Short induction by the host.",
        "For people of organisations that accepted its terms.",
    ]
