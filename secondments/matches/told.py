"""The figures of a round in words: for everybody where they are published, and in full for its brokers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.matching.types import COMPULSORY, FIT, HOSTS, KEPT, PLACED
from partnerships.states import Sector
from secondments.matches.results import Criterion, Results
from secondments.matches.words import LOST_BY
from secondments.models.weights import FINER

TABLES: dict[str, str | Promise] = {
    "sector": gettext_lazy("By sector"),
    "size": gettext_lazy("By the size of their organisation"),
    "access": gettext_lazy("By what they need of a place"),
    "duty": gettext_lazy("By whether they have to go"),
}

GROUPS: dict[str, str | Promise] = {
    **{sector.value: sector.label for sector in Sector},
    "small": gettext_lazy("Small organisations"),
    "larger": gettext_lazy("Larger organisations"),
    "some": gettext_lazy("With access needs"),
    "none": gettext_lazy("Without access needs"),
    "compulsory": gettext_lazy("Have to go"),
    "willing": gettext_lazy("Chose to go"),
}

CAUSES: dict[str, str | Promise] = {
    "no_host": gettext_lazy("No host in this round suited what was asked for."),
    "no_return": gettext_lazy("Hosts suited, but only for a visit in return, and nobody there could come."),
    "others_chosen": gettext_lazy(
        "Hosts suited, but only for a visit in return, and changing places with others was better."
    ),
    "places_taken": gettext_lazy("Hosts suited, but had no place left."),
    "not_reached": gettext_lazy("The matching was stopped before this place was decided."),
    **LOST_BY,
}


def title_of(results: Results, name: str) -> str:
    """The state of things in a line, without a number of few people."""
    said = {"placed": results["placed"], "everybody": results["joined"], "round": name}
    if results["placed"] is not None:
        return _("%(placed)s of %(everybody)s people have a place") % said
    if results["few"] == "without":
        return _("All but a few of %(everybody)s people have a place") % said
    if results["few"] == "placed":
        return _("A few of %(everybody)s people have a place") % said
    return _("What came of %(round)s") % said


def group_words(names: Iterable[str]) -> str:
    return get_text_list([str(GROUPS.get(name, name)) for name in names], _("and"))


def cause_words(names: Iterable[str]) -> list[str]:
    """Each cause of those that are counted together, as a sentence."""
    return [str(CAUSES.get(name, _("Another cause."))) for name in names]


def value_words(one: Criterion, results: Results) -> str:
    """What a criterion came to, or that it is left out."""
    name, value = one["name"], one["value"]
    if name == FIT and one["average"] is not None:
        said = {"average": one["average"] // FINER, "most": results["points"] // FINER}
        return _("On average %(average)s of %(most)s points") % said
    if value is None:
        return _("Not shown: it would be about few people")
    if name == PLACED:
        return _("%(placed)s of %(everybody)s people") % {"placed": value, "everybody": results["joined"]}
    if name == COMPULSORY:
        words = ngettext("%(count)s person who has to go", "%(count)s people who have to go", value)
        return words % {"count": value}
    if name == KEPT:
        words = ngettext("%(count)s person keeps what they had", "%(count)s people keep what they had", value)
        return words % {"count": value}
    if name == HOSTS and results["hosts"] is not None:
        words = ngettext(
            "%(hosts)s organisation has a visitor: %(points)s points",
            "%(hosts)s organisations have visitors: %(points)s points",
            results["hosts"],
        )
        return words % {"hosts": results["hosts"], "points": intcomma(value)}
    return str(value)


def fairness_words(results: Results) -> list[str]:
    """What the best answer for all together leaves, and what did not come from the engine."""
    return [
        _of(
            results["envious"],
            _("Nobody would have fitted better where somebody else goes."),
            lambda count: ngettext(
                "%(count)s person would have fitted better where somebody else goes.",
                "%(count)s people would have fitted better where somebody else goes.",
                count,
            ),
            _("How many people would have fitted better where somebody else goes is about few people, and not shown."),
        ),
        _of(
            results["blocking"],
            _("No person and host would rather have each other than what both have."),
            lambda count: ngettext(
                "%(count)s person and host would rather have each other than what both have.",
                "%(count)s pairs of a person and a host would rather have each other than what both have.",
                count,
            ),
            _("A few people and hosts, at most, would rather have each other than what both have."),
        ),
        _of(
            results["by_hand"],
            _("The broker set or ruled out nothing by hand."),
            lambda count: ngettext(
                "The broker set or ruled out %(count)s visit by hand; everybody else was matched around it.",
                "The broker set or ruled out %(count)s visits by hand; everybody else was matched around them.",
                count,
            ),
            _("The broker set or ruled out a few visits by hand; everybody else was matched around them."),
        ),
    ]


def beside_words(results: Results) -> list[str]:
    """What happened to people besides the matching; nothing where nothing did."""
    lines = [
        _of(
            results["left_out"],
            "",
            lambda count: ngettext(
                "%(count)s more person was not matched: nobody had said that they work where they say, their "
                "organisation took part no more, or a visit to which they had been introduced came to nothing.",
                "%(count)s more people were not matched: nobody had said that they work where they say, their "
                "organisation took part no more, or a visit to which they had been introduced came to nothing.",
                count,
            ),
            _(
                "A few more people were not matched: nobody had said that they work where they say, their organisation "
                "took part no more, or a visit to which they had been introduced came to nothing."
            ),
        ),
        _of(
            results["fell_through"],
            "",
            lambda count: ngettext(
                "Of these, %(count)s visit could no longer be asked for: something had changed in the meantime.",
                "Of these, %(count)s visits could no longer be asked for: something had changed in the meantime.",
                count,
            ),
            _("Of these, some visits could no longer be asked for: something had changed in the meantime."),
        ),
    ]
    return [line for line in lines if line]


def followed_words(results: Results) -> str:
    """Whether each visit was asked for as it was published; how many were not stands with the totals."""
    if results["fell_through"] == 0:
        return _("What was published was followed: every visit was asked for just as it was matched.")
    return _(
        "What was published was followed: every visit was asked for just as it was matched, except those where "
        "something had changed in the meantime."
    )


def since_words(results: Results) -> list[str]:
    """What became of the visits, and of what came free; nothing until everyone has answered."""
    since = results.get("since")
    if since is None:
        return []
    if since["stand"] is None:
        return [_("How many of these visits take place is not shown: it would be about few people.")]
    lines = [
        *_counted(
            since["stand"],
            lambda count: ngettext(
                "%(count)s of the visits that were published takes place.",
                "%(count)s of the visits that were published take place.",
                count,
            ),
        ),
        *_counted(
            since["gone"] or 0,
            lambda count: ngettext(
                "%(count)s does not, for whatever reason.", "%(count)s do not, for whatever reason.", count
            ),
        ),
    ]
    if since["later"] is None:
        return [
            *lines,
            _("How many people have a visit that came free later is not shown: it would be about few people."),
        ]
    return [
        *lines,
        *_counted(
            since["later"],
            lambda count: ngettext(
                "%(count)s person has a visit that was offered later, of what came free.",
                "%(count)s people have a visit that was offered later, of what came free.",
                count,
            ),
        ),
        *_counted(
            since["settled"] or 0,
            lambda count: ngettext(
                "%(count)s person has a visit in the end.", "%(count)s people have a visit in the end.", count
            ),
        ),
    ]


def _counted(count: int, words: Callable[[int], str]) -> list[str]:
    return [words(count) % {"count": count}]


def _of(count: int | None, none: str, some: Callable[[int], str], few: str) -> str:
    if count is None:
        return few
    return some(count) % {"count": count} if count else none
