"""Whoever has to go and see the other side, and whether they have been: what their organisation reads of them."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from partnerships.models import Membership, Organisation
from secondments.states import LIVE_STATES, PlacementState

from .placements import Placement, PlacementSession


def commissioners_of(organisation: Organisation) -> QuerySet[Membership]:
    """Those that work there, each once for this organisation."""
    return organisation.memberships.active().filter(is_commissioner=True)


def who_have_been(commissioners: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those of them with a visit behind them."""
    visits = Placement.objects.filter(visitor=OuterRef("user"), home=OuterRef("organisation"))
    return commissioners.filter(Exists(visits.filter(state=PlacementState.COMPLETED)))


def with_their_visits(commissioners: QuerySet[Membership]) -> QuerySet[Membership]:
    """With the day on which they have `been_on` a visit last, and the next on which one `goes_on`.

    Whoever has not been comes first: that is who somebody must speak with.
    """
    days = PlacementSession.objects.filter(
        placement__visitor=OuterRef("user"), placement__home=OuterRef("organisation")
    )
    been = days.filter(placement__state=PlacementState.COMPLETED).order_by("-date")
    goes = days.filter(placement__state__in=LIVE_STATES).order_by("date")
    return (
        commissioners.select_related("user")
        .annotate(been_on=Subquery(been.values("date")[:1]), goes_on=Subquery(goes.values("date")[:1]))
        .order_by(F("been_on").asc(nulls_first=True), F("goes_on").asc(nulls_first=True), "user__name", "id")
    )
