"""What was written down for somebody, and waits for their yes or no."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground import clock
from partnerships.ground.steps import NextStep
from secondments.models import Entry
from secondments.next_steps.rounds import end_of
from secondments.next_steps.weights import ACT, LOOK
from secondments.problems.entering import ASKED_AGAIN_AFTER
from secondments.states import RoundState

if TYPE_CHECKING:
    from partnerships.models import User

MOST = 20


def steps(user: User, at: datetime) -> list[NextStep]:
    """One query: about oneself, and about colleagues without email whom one acts for."""
    waiting = (
        Entry.objects.asked_of(user)
        .waiting()
        .filter(round__state=RoundState.OPEN, round__join_by__gte=clock.today(at))
        .select_related("round__programme", "entered_by")
        .order_by("round__join_by", "id")
    )
    return [_step(entry) for entry in waiting[:MOST]] + _to_remind(user, at)


def _to_remind(user: User, at: datetime) -> list[NextStep]:
    """One query: those whom one wrote down, and who have had the time to answer."""
    rounds = (
        Entry.objects.visible_to(user)
        .waiting()
        .filter(
            entered_by=user,
            asked_at__lt=at - ASKED_AGAIN_AFTER,
            round__state=RoundState.OPEN,
            round__join_by__gte=clock.today(at),
        )
        .values_list("round__slug", "round__name", "round__join_by")
        .annotate(people=Count("pk"))
        .order_by("round__join_by", "round__slug")
    )
    return [
        NextStep(
            title=ngettext(
                "%(people)s person has not said yes to %(round)s",
                "%(people)s people have not said yes to %(round)s",
                people,
            )
            % {"people": people, "round": name},
            sentence=_("You wrote them down for it. Remind them, or take them back."),
            url=reverse("round-entered", args=[slug]),
            button=_("See who"),
            weight=LOOK,
            by=end_of(join_by),
        )
        for slug, name, join_by, people in rounds[:MOST]
    ]


def _step(entry: Entry) -> NextStep:
    names = {"name": entry.name, "who": entry.entered_by.name, "programme": entry.round.programme.name}
    if not entry.email:
        title = _("Is this right for %(name)s? %(programme)s")
        sentence = _("%(who)s has written it down for them. They have no email here, so you answer.")
    else:
        title = _("Would you like to take part in %(programme)s?")
        sentence = _("%(who)s has written you down for it. Nothing counts before you say yes.")
    return NextStep(
        title=title % names,
        sentence=sentence % names,
        url=reverse("entry-yours", args=[entry.uuid]),
        button=_("Read and answer"),
        weight=ACT,
        by=end_of(entry.round.join_by),
    )
