"""The figures of a round as its two pages show them: published for everybody, and in full at its brokers' desk."""

from __future__ import annotations

from typing import Any, cast

from django.utils.translation import gettext as _

from partnerships.ground.look import Bar, Fact, Figure, SectorName
from secondments.matches import criterion_words
from secondments.matches.results import Group, Results
from secondments.matches.told import (
    TABLES,
    beside_words,
    cause_words,
    fairness_words,
    followed_words,
    group_words,
    since_words,
    value_words,
)

SECTORS = ("public", "vcse", "private", "people")


def shown(results: Results) -> dict[str, Any]:
    """What templates/secondments/_round_figures.html needs."""
    return {
        "results": results,
        "figures": _figures(results),
        "criteria": [
            {**one, "title": title, "meaning": meaning, "words": value_words(one, results)}
            for one in results["criteria"]
            for title, meaning in [criterion_words(one["name"])]
        ],
        "tables": [
            {"title": title, "bars": _bars(results["tables"][name])}
            for name, title in TABLES.items()
            if results["tables"].get(name)
        ],
        "hidden": [
            title for name, title in TABLES.items() if name in results["tables"] and not results["tables"][name]
        ],
        "causes": [{"words": cause_words(one["names"]), "people": one["people"]} for one in results["causes"]],
        "fairness": fairness_words(results),
        "beside": beside_words(results),
        "followed": followed_words(results),
        "since": since_words(results),
        "checks": _checks(results),
    }


def _figures(results: Results) -> list[Figure]:
    """The totals that may be told."""
    found = []
    for count, one, many in (
        (results["joined"], _("took part"), _("took part")),
        (results["placed"], _("has a place"), _("have a place")),
        (results["without"], _("has no place this time"), _("have no place this time")),
        (results["hosts"], _("organisation has a visitor"), _("organisations have visitors")),
    ):
        if count is not None:
            found.append(Figure(count, one if count == 1 else many))
    return found


def _bars(groups: list[Group]) -> list[Bar]:
    """How many of each group have a place; where that is not told, how many it is."""
    return [
        Bar(
            group_words(group["names"]),
            group["joined"] if group["placed"] is None else group["placed"],
            _sector(group["names"]),
            of=None if group["placed"] is None else group["joined"],
        )
        for group in groups
    ]


def _sector(names: list[str]) -> SectorName:
    """Its own colour for a sector; all else looks alike."""
    return cast(SectorName, names[0]) if len(names) == 1 and names[0] in SECTORS else "public"


def _checks(results: Results) -> list[Fact]:
    """What anybody needs who wants to see it solved again."""
    return [
        Fact(_("Engine"), results["engine"]),
        Fact(_("Number by which ties are broken"), str(results["seed"])),
        Fact(_("Fingerprint of the question (SHA-256)"), results["problem"]),
        Fact(_("Fingerprint of the answer (SHA-256)"), results["answer"]),
        Fact(_("Run"), results["run"]),
    ]
