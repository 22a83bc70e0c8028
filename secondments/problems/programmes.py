"""Why a programme cannot be made as asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from partnerships.matching.types import COMPULSORY, CRITERIA, PLACED
from partnerships.states import Field
from secondments.permissions import may_start_programme
from secondments.problems.acting import not_allowed, problems_for_acting
from secondments.states import EnrolmentState, RoundState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from partnerships.models import Organisation, User
    from secondments.models import Enrolment, Programme, Round

RULES = frozenset(
    {
        "answer_days",
        "by_enrolment",
        "checks",
        "crossings",
        "days",
        "largest_exchange",
        "most_km",
        "one_way",
        "pays_cover_pence",
        "pays_pence",
    }
)
"""What decides who meets whom, and on what terms: published when the first round opens, it stands from then on."""


def problems_for_programme(
    *,
    by: User,
    organisation: Organisation,
    crossings: Sequence[tuple[str, str]],
    criteria: Sequence[str],
    one_way: bool,
    largest_exchange: int,
    by_enrolment: bool,
    terms: str,
) -> list[Problem]:
    """What stands against a programme's rules, and the order of the criteria of a round of it."""
    if not may_start_programme(by, organisation):
        return [not_allowed()]
    problems = problems_for_acting(organisation)
    if not crossings or any(source == target or {source, target} - set(Field.values) for source, target in crossings):
        problems.append(
            Problem("crossings", _("Choose at least one pair of fields between which visits count."), "crossings")
        )
    ordered = list(dict.fromkeys(criteria))
    known = ordered == list(criteria) and set(ordered) <= set(CRITERIA) and PLACED in ordered
    if not known or (COMPULSORY in ordered and ordered.index(COMPULSORY) > 1):
        problems.append(Problem("criteria", _("Choose one of the orders of criteria that are listed."), "criteria"))
    if not one_way and largest_exchange < 2:
        problems.append(Problem("ways", _("Choose at least one way in which people can be placed."), "ways"))
    if by_enrolment and not terms.strip():
        sentence = _("Write the terms that organisations accept when they take part.")
        problems.append(Problem("terms", sentence, "terms"))
    return problems


def problems_of_same_name(others: QuerySet[Programme] | QuerySet[Round], name: str) -> list[Problem]:
    """Pressed twice, a page makes one: two of one name would be told apart by nobody."""
    if not others.filter(name__iexact=name.strip()).exists():
        return []
    return [Problem("same_name", _("There is one of this name already. Look for it, or choose another name."), "name")]


def problems_for_editing_programme(a_round: Round, changed: Collection[str]) -> list[Problem]:
    """What is published, and what organisations accepted, stands. Words about it may still be made clearer."""
    programme = a_round.programme
    problems = []
    if set(changed) & RULES and programme.is_published:
        sentence = _("These rules are published, so they stand. You can still change the name and the words.")
        problems.append(Problem("rules_stand", sentence))
    if "criteria" in changed and a_round.state != RoundState.DRAFT:
        sentence = _("What comes first was published when the round opened, so it stands. Change it in the next one.")
        problems.append(Problem("criteria_stand", sentence, "criteria"))
    if "terms" in changed and programme.enrolments.exclude(accepted_at=None).exists():
        sentence = _("Organisations have accepted these terms, so they stand.")
        problems.append(Problem("terms_stand", sentence, "terms"))
    return problems


def problems_of_accepting(programme: Programme, edition: str) -> list[Problem]:
    """A yes is to the terms that were read."""
    if programme.edition == edition:
        return []
    sentence = _("The terms have changed since you opened the page. Read them again first.")
    return [Problem("terms_changed", sentence)]


def problems_for_enrolling(programme: Programme, organisation: Organisation, before: Enrolment | None) -> list[Problem]:
    """What stands against inviting an organisation, or against its asking to take part."""
    names = {"organisation": organisation.name, "programme": programme.name}
    if not programme.by_enrolment:
        sentence = _(
            "Any organisation of its fields takes part in %(programme)s. Nobody needs to be invited or to ask."
        )
        return [Problem("open_to_all", sentence % names)]
    problems = problems_for_acting(organisation)
    if not any(organisation.field in pair for pair in programme.crossings):
        sentence = _("%(programme)s is for other fields than that of %(organisation)s. Start a programme that fits it.")
        problems.append(Problem("crossing", sentence % names, "organisation"))
    if before is not None and before.state in (EnrolmentState.INVITED, EnrolmentState.ASKED):
        sentence = _("%(organisation)s is invited or has asked already. Its answer stands on this page.")
        problems.append(Problem("asked_already", sentence % names, "organisation"))
    if before is not None and before.state == EnrolmentState.ENROLLED:
        problems.append(Problem("enrolled_already", _("%(organisation)s takes part already.") % names, "organisation"))
    return problems
