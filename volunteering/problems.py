"""Why something cannot be done with a skill need now, each reason a sentence that says what to do next."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.ground.models import Event
from partnerships.ground.problems import Problem
from partnerships.models import Organisation, User
from partnerships.permissions import is_member
from volunteering.models import SkillNeed

STRANGERS_DRAFTS_AN_HOUR = 300
ANSWERS_A_DAY = 10
ANSWERED = "answer_need"
TO_BE_CONFIRMED = "organisation_to_be_confirmed"


def problems_with_writing(*, by: User | None, at: datetime) -> list[Problem]:
    """Strangers are counted together, because nothing is kept that tells one from another."""
    if by is not None:
        return []
    lately = SkillNeed.objects.unclaimed().filter(created_at__gt=at - timedelta(hours=1)).count()
    if lately < STRANGERS_DRAFTS_AN_HOUR:
        return []
    return [
        Problem(
            "too_many_strangers", _("Too many people write here at the moment. Sign in first, then post your need.")
        )
    ]


def problems_with_publishing(need: SkillNeed, *, at: datetime | None = None) -> list[Problem]:
    """What stands between a draft and everybody seeing it."""
    problems = []
    if need.organisation is None:
        problems.append(
            Problem("no_organisation", _("A need is published for an organisation. Join yours first, then publish it."))
        )
    elif not need.organisation.may_act:
        problems.append(to_be_confirmed(need.organisation))
    if need.needed_by and need.needed_by < clock.today(at):
        problems.append(
            Problem(
                "day_has_passed",
                _("The day by which you need help has passed. Change it, or leave it empty."),
                "needed_by",
            )
        )
    return problems


def problems_before_publishing(need: SkillNeed, by: User) -> list[Problem]:
    """The same before the button is pressed, when the press itself may still settle for which organisation."""
    reasons = problems_with_publishing(need)
    mine = [membership.organisation for membership in by.active_memberships]
    if need.organisation is not None or not mine:
        return reasons
    reasons = [reason for reason in reasons if reason.code != "no_organisation"]
    return reasons if any(each.may_act for each in mine) else [to_be_confirmed(mine[0]), *reasons]


def to_be_confirmed(organisation: Organisation) -> Problem:
    return Problem(
        TO_BE_CONFIRMED,
        _(
            "%(organisation)s is not confirmed yet, so nothing can be published for it."
            " Your text is kept. Somebody who knows your area confirms it, and you get a mail:"
            " then one press publishes the need."
        )
        % {"organisation": organisation.name},
    )


def recipients_of(need: SkillNeed) -> list[User]:
    """Who hears of an answer: the author while they belong there, otherwise the coordinators."""
    if need.organisation is None:
        return []
    author = need.author
    if author and author.is_active and author.email and is_member(author, need.organisation):
        return [author]
    return [each.user for each in need.organisation.coordinators() if each.user.is_active and each.user.email]


def problems_with_answering(need: SkillNeed, by: User, *, at: datetime) -> list[Problem]:
    """What stands against writing to the people behind a need."""
    if not need.is_open:
        return [
            Problem("need_not_open", _("This need is no longer open. Other organisations need help too: see the list."))
        ]
    if need.organisation and is_member(by, need.organisation):
        return [Problem("own_organisation", _("This is a need of your own organisation. Speak with its author."))]
    if not by.email:
        return [Problem("no_address", _("Add an email address to your account first, so that they can answer you."))]
    day_ago = at - timedelta(days=1)
    mine = Event.objects.filter(actor=by, verb=ANSWERED, at__gt=day_ago)
    if mine.filter(thing_type=need._meta.label_lower, thing_id=need.pk).exists():
        return [
            Problem(
                "answered_already",
                _("Your message is with them already. They answer you by mail; you can write again tomorrow."),
            )
        ]
    if mine.count() >= ANSWERS_A_DAY:
        return [Problem("too_many_answers", _("You have written to many organisations today. Go on tomorrow."))]
    if not recipients_of(need):
        return [
            Problem(
                "nobody_to_reach",
                _("Nobody can be reached here for this organisation at the moment. Find its website on its own page."),
            )
        ]
    return []
