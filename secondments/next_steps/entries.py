"""What was written down for somebody and waits for their yes or no, read with the rounds that it is for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground.steps import NextStep
from secondments.models import Entry, Round
from secondments.next_steps.weights import ACT, LOOK
from secondments.problems.entering import ASKED_AGAIN_AFTER

if TYPE_CHECKING:
    from partnerships.models import User

ASKS = Q(own_entry__isnull=False) | Q(colleagues__gt=0) | Q(slow__gt=0)
"""The condition on rounds with these columns that there is something to say."""


def columns(user: User, at: datetime) -> dict[str, Subquery | Coalesce]:
    """Of each round: what was written down for oneself, for how many colleagues one answers, and whom to remind."""
    here = Entry.objects.waiting().filter(round=OuterRef("pk"))
    asked = here & Entry.objects.asked_of(user)
    slow = here.filter(entered_by=user, asked_at__lt=at - ASKED_AGAIN_AFTER)
    return {
        "own_entry": Subquery(asked.exclude(email="").values("uuid")[:1]),
        "colleagues": _count(asked.filter(email="")),
        "slow": _count(slow),
    }


def _count(entries: QuerySet[Entry]) -> Coalesce:
    return Coalesce(Subquery(entries.order_by().values("round").annotate(count=Count("pk")).values("count")), 0)


def steps_of(a_round: Round, by: datetime, *, own_entry: UUID | None, colleagues: int, slow: int) -> list[NextStep]:
    """What these columns of a round come to."""
    found = []
    entered = reverse("round-entered", args=[a_round.slug])
    if own_entry is not None:
        found.append(
            NextStep(
                title=_("Would you like to take part in %(programme)s?") % {"programme": a_round.programme.name},
                sentence=_("Somebody has written you down for it. Nothing counts before you say yes."),
                url=reverse("entry-yours", args=[own_entry]),
                button=_("Read and answer"),
                weight=ACT,
                by=by,
            )
        )
    if colleagues:
        title = ngettext(
            "Is this right for a colleague without email? %(round)s",
            "Is this right for %(count)s colleagues without email? %(round)s",
            colleagues,
        )
        found.append(
            NextStep(
                title=title % {"count": colleagues, "round": a_round.full_name},
                sentence=_("A broker has written down what they said, and you answer for them. Speak to them first."),
                url=entered,
                button=_("Read and answer"),
                weight=ACT,
                by=by,
            )
        )
    if slow:
        title = ngettext(
            "%(count)s person has not said yes to %(round)s", "%(count)s people have not said yes to %(round)s", slow
        )
        found.append(
            NextStep(
                title=title % {"count": slow, "round": a_round.full_name},
                sentence=_("You wrote them down for it. Remind them, or take them back."),
                url=entered,
                button=_("See who"),
                weight=LOOK,
                by=by,
            )
        )
    return found
