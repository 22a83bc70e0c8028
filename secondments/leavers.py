"""What ends of visits and rounds when somebody leaves an organisation, or an organisation may no longer act."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from partnerships.ground import clock
from secondments.actions.joining import leave_round
from secondments.actions.lives import cancel, withdraw
from secondments.actions.sessions import lock_what_is_to_come
from secondments.models import Participation, Placement
from secondments.states import RoundState

if TYPE_CHECKING:
    from partnerships.models import Membership, Organisation, User

LEAVABLE = (RoundState.OPEN, RoundState.CLOSED)
"""A round that is being matched cannot be left: what it proposes for somebody who left is refused when it is asked."""


def leave(membership: Membership, by: User | None, at: datetime) -> None:
    """Who goes themselves withdraws; whose membership was ended has their visits called off, and hears it.

    Nobody is left on the way to what they would have shown.
    """
    own = by if by is not None and by.pk == membership.user_id else None
    concerned = Q(membership=membership) | Q(offer__shown_by__membership=membership)
    for placement in lock_what_is_to_come(Placement.objects.filter(concerned), clock.today(at)):
        if own is not None and placement.membership_id == membership.pk:
            withdraw(placement=placement, by=own, at=at)
        else:
            cancel(placement=placement, by=None, at=at)
    _leave_rounds(Q(membership=membership), own, at)


def close(organisation: Organisation, by: User | None, at: datetime) -> None:
    """Visits to it and from it are called off: neither side may act for it any more."""
    of_it = Q(home=organisation) | Q(offer__organisation=organisation)
    for placement in lock_what_is_to_come(Placement.objects.filter(of_it), clock.today(at)):
        cancel(placement=placement, by=None, at=at)
    _leave_rounds(Q(membership__organisation=organisation), None, at)


def _leave_rounds(whose: Q, by: User | None, at: datetime) -> None:
    for participation in Participation.objects.joined().filter(whose, round__state__in=LEAVABLE).order_by("pk"):
        leave_round(participation=participation, by=by, at=at)
