"""Who hears for a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnerships.models import User
from partnerships.states import MembershipState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from secondments.models import Programme


def brokers_of(programme: Programme) -> QuerySet[User]:
    return User.objects.filter(
        memberships__organisation=programme.organisation,
        memberships__is_broker=True,
        memberships__state=MembershipState.ACTIVE,
    ).order_by("id")
