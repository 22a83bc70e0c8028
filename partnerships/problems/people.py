"""Why somebody cannot do this, or go."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from partnerships.models import Membership, User


def not_allowed() -> Problem:
    """For verbs that are no change of state, and so have no table to say who may."""
    return Problem("not_allowed", _("Only a coordinator of this organisation can change this."))


def problems_with_ending(membership: Membership) -> list[Problem]:
    """An organisation with people in it keeps a coordinator: else nobody could let anybody in, or answer for it."""
    if not membership.is_coordinator:
        return []
    others = membership.organisation.memberships.active().exclude(pk=membership.pk)
    if others.exists() and not others.filter(is_coordinator=True).exists():
        return [
            Problem(
                "last_coordinator",
                _("%(organisation)s needs a coordinator. Make somebody else coordinator first.")
                % {"organisation": membership.organisation.name},
                "is_coordinator",
            )
        ]
    return []


def problems_with_leaving_the_house(user: User) -> list[Problem]:
    """An administrator may go when another is there: somebody has to answer what people ask about their data."""
    if User.objects.filter(is_administrator=True, is_active=True).exclude(pk=user.pk).exists():
        return []
    return [Problem("last_administrator", _("Make somebody else administrator first."))]
