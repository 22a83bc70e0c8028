"""Whatever the engine can say of somebody without a place is said in words, on pages and by the engine itself."""

from __future__ import annotations

import pytest

from partnerships.matching import explain, lost, rules, sentences
from partnerships.matching.types import CRITERIA
from secondments.matches import what_happened, words

LOST_BY = (*CRITERIA, lost.LOT, lost.TOGETHER, explain.LIMITS)
RULES = [value for name, value in vars(rules).items() if name.isupper() and isinstance(value, str)]


@pytest.mark.parametrize("lost_by", LOST_BY)
def test_every_criterion_by_which_a_place_is_lost_has_its_words(lost_by: str) -> None:
    causes = {
        "code": "places_taken",
        "suitable": 2,
        "contest": None,
        "lost_by": lost_by,
        "removed": [],
        "would_help": [],
    }
    assert len(what_happened(causes)[0]) == 2
    assert f"lost_by.{lost_by}" in sentences.TEXTS


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_its_words(rule: str) -> None:
    assert words.ruled_out([(rule, 3)], for_broker=True)
    assert f"removed.{rule}" in sentences.TEXTS


def test_a_list_leaves_out_what_nearly_every_match_has() -> None:
    parts = [{"name": name, "points": 50} for name in ("learn", "mode", "new")]
    facts = {"better": 18}
    assert words.why_this_match(parts, facts)[:3] == [
        "Shows what was asked for",
        "They can meet in person",
        "They have not met before",
    ]
    assert words.why_this_match(parts, facts, in_a_list=True) == [
        "Shows what was asked for",
        "18 hosts would have fitted better",
    ]
    assert words.why_this_match(parts[1:], {}, in_a_list=True), "whoever has nothing else is not left without a reason"


def test_whom_it_is_about_is_spoken_to() -> None:
    removed = [("own_organisation", 1), ("not_listed", 2), ("crossing", 3)]
    assert all("your" in said or "you" in said for said in words.ruled_out(removed))
    assert not any("your" in said for said in words.ruled_out(removed, for_broker=True))
