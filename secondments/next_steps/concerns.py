"""What was said to be wrong, for whoever handles it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from partnerships.ground.steps import NextStep
from secondments.models import Concern
from secondments.next_steps.weights import MOST_STEPS, SOMETHING_IS_WRONG
from secondments.states import ConcernState


def steps() -> list[NextStep]:
    waiting = Concern.objects.filter(state=ConcernState.RAISED).order_by("created_at")
    return [
        NextStep(
            title=_("Somebody says that something is wrong"),
            sentence=_("Said on %(day)s.") % {"day": date_format(localtime(concern.created_at), "j F")},
            url=reverse("concern-read", args=[concern.uuid]),
            button=_("Read it"),
            weight=SOMETHING_IS_WRONG,
        )
        for concern in waiting[:MOST_STEPS]
    ]
