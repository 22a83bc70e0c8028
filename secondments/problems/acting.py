"""Whether an organisation, or this person for it, may act at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from partnerships.states import OrganisationState

if TYPE_CHECKING:
    from partnerships.models import Organisation


def problems_for_acting(organisation: Organisation) -> list[Problem]:
    """An organisation acts once somebody answers for it and somebody else knows that they do."""
    if organisation.may_act:
        return []
    if organisation.state == OrganisationState.TO_BE_CONFIRMED:
        sentence = _(
            "%(organisation)s is still to be confirmed. We check, or a broker in your area can vouch for you. "
            "What you write is kept as a draft until then."
        )
    elif organisation.state == OrganisationState.LISTED:
        sentence = _("Nobody looks after %(organisation)s here yet. Claim it on its page first.")
    else:
        sentence = _("%(organisation)s cannot take part at the moment. Write to us on the contact page.")
    return [Problem("organisation_not_acting", sentence % {"organisation": organisation.name})]


def not_allowed() -> Problem:
    """For verbs that are no change of state, and so have no table to say who may."""
    return Problem("not_allowed", _("You cannot do this. Ask a coordinator of the organisation."))


def round_called_off() -> Problem:
    """A round that does not take place takes nothing more from anybody."""
    return Problem("round_called_off", _("This round was called off. You can still ask a host yourself, at any time."))
