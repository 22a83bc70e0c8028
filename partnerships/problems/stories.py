"""What a story still needs before it is published, and why a yes does not count."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from partnerships.models import CaseStudy, Consent
from partnerships.states import CaseStudyState, ConsentState


def problems_with_asking_consents(case_study: CaseStudy) -> list[Problem]:
    """What stands against asking the organisations of a story: somebody has to be there to answer."""
    consents = list(case_study.consents.select_related("organisation"))
    if any(consent.state == ConsentState.GIVEN or can_be_asked(consent) for consent in consents):
        return []
    return [nobody_to_say_yes(consent) for consent in consents] or [_no_organisations()]


def problems_with_publishing_case_study(case_study: CaseStudy) -> list[Problem]:
    """Whose yes is missing, and what to do about it."""
    consents = list(case_study.consents.select_related("organisation"))
    if not consents:
        return [_no_organisations()]
    return [_missing(consent) for consent in consents if consent.state != ConsentState.GIVEN]


def problems_with_consenting(consent: Consent, edition: str) -> list[Problem]:
    """A yes is to the words that were read: it counts only while they are the ones to be published."""
    if consent.case_study.state != CaseStudyState.WAITING:
        return [
            Problem(
                "story_not_waiting",
                _("The curator is still working on this story. You will be asked again when it is ready."),
            )
        ]
    if consent.case_study.edition != edition:
        return [
            Problem("words_have_changed", _("The words have changed since you opened the page. Read them again first."))
        ]
    return []


def can_be_asked(consent: Consent) -> bool:
    """Whether somebody of the organisation can sign in and say yes."""
    return consent.organisation.coordinators().filter(user__is_active=True).exists()


def nobody_to_say_yes(consent: Consent) -> Problem:
    return Problem(
        "nobody_to_say_yes",
        _(
            "Nobody can say yes for %(organisation)s here yet. Ask somebody there to join as its coordinator,"
            " or take it out of the story."
        )
        % {"organisation": consent.organisation.name},
    )


def _missing(consent: Consent) -> Problem:
    name = {"organisation": consent.organisation.name}
    if not can_be_asked(consent):
        return nobody_to_say_yes(consent)
    if consent.state == ConsentState.ASKED:
        return Problem("consent_waits", _("%(organisation)s has not answered yet.") % name)
    if consent.state == ConsentState.NOT_ASKED:
        return Problem("consent_not_asked", _("%(organisation)s has not been asked yet. Ask for its consent.") % name)
    return Problem(
        "consent_refused",
        _("%(organisation)s said no. Change the words and ask again, or take it out of the story.") % name,
    )


def _no_organisations() -> Problem:
    return Problem("no_organisations", _("Name the organisations that the story is about."), "organisations")
