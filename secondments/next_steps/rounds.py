"""What a broker should do with a round, and what a person who joined one may want to know."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground.steps import NextStep
from secondments.models import Participation, Round
from secondments.next_steps.weights import JOINED, RUN
from secondments.states import ParticipationState, RoundState

if TYPE_CHECKING:
    from partnerships.models import User

MOST = 20


def steps(user: User) -> list[NextStep]:
    """Two queries at most: rounds that one runs, with how many joined them, and rounds that one joined."""
    return [*_to_run(user), *_joined(user)]


def _to_run(user: User) -> list[NextStep]:
    if not user.is_broker:
        return []
    joined = Count("participations", filter=Q(participations__state=ParticipationState.JOINED))
    waiting = (
        Round.objects.brokered_by(user)
        .filter(state__in=[RoundState.CLOSED, RoundState.PROPOSED])
        .annotate(people=joined)
        .order_by("join_by", "id")
    )
    return [
        _to_match(each, each.people)  # type: ignore[attr-defined]  # annotated
        if each.state == RoundState.CLOSED
        else _to_read(each)
        for each in waiting[:MOST]
    ]


def _to_match(a_round: Round, people: int) -> NextStep:
    waits = ngettext("%(people)s person waits to be matched", "%(people)s people wait to be matched", people)
    return NextStep(
        title=waits % {"people": people},
        sentence=_("%(round)s is closed for joining. You read the proposal before anybody is told.")
        % {"round": a_round.name},
        url=reverse("round-desk", args=[a_round.slug]),
        button=_("Match them"),
        weight=RUN,
    )


def _to_read(a_round: Round) -> NextStep:
    return NextStep(
        title=_("A proposal waits to be read"),
        sentence=_("%(round)s is matched and checked. Nobody has been told yet.") % {"round": a_round.name},
        url=reverse("round-desk", args=[a_round.slug]),
        button=_("Read who meets whom"),
        weight=RUN,
    )


def _joined(user: User) -> list[NextStep]:
    mine = (
        Participation.objects.joined()
        .filter(membership__user=user, round__state=RoundState.OPEN)
        .select_related("round")
        .order_by("round__join_by", "id")[:MOST]
    )
    return [
        NextStep(
            title=_("You have joined %(round)s") % {"round": each.round.name},
            sentence=_("You can change what you said until the last day to join. Then everyone hears on one day."),
            url=each.round.get_absolute_url(),
            button=_("Look at what you said"),
            weight=JOINED,
            status=_("Waiting"),
            by=make_aware(datetime.combine(each.round.join_by, time(23, 59))),
        )
        for each in mine
    ]
