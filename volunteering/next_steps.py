"""What is next for people with skill needs."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.ground.steps import NextStep
from partnerships.models import User
from volunteering.models import SkillNeed
from volunteering.problems import TO_BE_CONFIRMED, problems_before_publishing
from volunteering.states import NeedState


def steps(user: User, at: datetime) -> list[NextStep]:
    """Drafts to publish, and open needs whose day has passed."""
    overdue = SkillNeed.objects.overdue_on(clock.today(at)).filter(author=user)
    found = (SkillNeed.objects.waiting_of(user) | overdue).select_related("organisation")
    return [_draft(need, user) if need.state == NeedState.DRAFT else _overdue(need) for need in found]


def _draft(need: SkillNeed, user: User) -> NextStep:
    sentence = _("“%(title)s” is kept. One press, and everybody can see it.")
    if not user.is_member:
        sentence = _("“%(title)s” is kept. You can publish it once you belong to an organisation.")
    elif any(problem.code == TO_BE_CONFIRMED for problem in problems_before_publishing(need, user)):
        sentence = _("“%(title)s” is kept. You can publish it once your organisation is confirmed.")
    return NextStep(
        title=_("Publish your skill need"),
        sentence=sentence % {"title": need.title},
        url=reverse("need", args=[need.uuid]),
        button=_("Look at it"),
        weight=30 if user.is_member else 60,
    )


def _overdue(need: SkillNeed) -> NextStep:
    return NextStep(
        title=_("Did help come?"),
        sentence=_(
            "The day by which you needed help with “%(title)s” has passed. Say that it was met, or change the day."
        )
        % {"title": need.title},
        url=reverse("need", args=[need.uuid]),
        button=_("Say how it stands"),
        weight=70,
    )
