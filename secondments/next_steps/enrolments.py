"""Organisations that are invited to a programme, or have asked, for whoever answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from partnerships.ground.steps import NextStep
from secondments.models import Enrolment
from secondments.next_steps.weights import ANSWER_FOR_ORGANISATION, MOST_STEPS
from secondments.states import EnrolmentState

if TYPE_CHECKING:
    from partnerships.models import User


def steps(user: User) -> list[NextStep]:
    """One query, for coordinators and brokers only."""
    if not (user.is_coordinator or user.is_broker):
        return []
    invited = Q(state=EnrolmentState.INVITED, organisation__in=user.coordinated_ids())
    asked = Q(state=EnrolmentState.ASKED, programme__organisation__in=user.brokered_ids())
    waiting = Enrolment.objects.filter(invited | asked).select_related("programme__organisation", "organisation")
    return [_step(each) for each in waiting.order_by("id")[:MOST_STEPS]]


def _step(enrolment: Enrolment) -> NextStep:
    names = {
        "organisation": enrolment.organisation.name,
        "programme": enrolment.programme.name,
        "broker": enrolment.programme.organisation.name,
    }
    invited = enrolment.state == EnrolmentState.INVITED
    return NextStep(
        title=_("%(organisation)s is invited to %(programme)s") % names
        if invited
        else _("%(organisation)s would like to take part in %(programme)s") % names,
        sentence=_("%(broker)s asks you to read the terms, and to say yes or no.") % names
        if invited
        else _("A coordinator has accepted the terms. You say whether it takes part."),
        url=enrolment.get_absolute_url(),
        button=_("Read and answer"),
        weight=ANSWER_FOR_ORGANISATION,
    )
