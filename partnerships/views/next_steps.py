"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partnerships.ground import clock, steps
from partnerships.ground.access import open_to, signed_in
from partnerships.ground.look import Task
from partnerships.ground.templatetags.look import moment
from partnerships.permissions import me


@require_safe
@open_to(signed_in)
def next_steps(request: HttpRequest) -> HttpResponse:
    """What is next for this person: the most pressing in its card, the others as a list."""
    user = me(request.user)
    gathered = steps.gather(user, clock.now())
    tasks = [
        Task(
            title=step.title,
            url=step.url,
            status=_status(step),
            tone="quiet" if step.status else "waiting",
            hint=step.sentence,
        )
        for step in gathered[1:]
    ]
    first = gathered[0] if gathered else None
    context = {"first": first, "text": _text(first) if first else "", "tasks": tasks, "person": user}
    return render(request, "partnerships/next_steps.html", context)


def _text(step: steps.NextStep) -> str:
    """Why, and by when; the list says when beside it."""
    due = "" if step.status else _due(step)
    return _("%(sentence)s %(due)s.") % {"sentence": step.sentence, "due": due} if due else step.sentence


def _status(step: steps.NextStep) -> str:
    return step.status or _due(step) or _("To do")


def _due(step: steps.NextStep) -> str:
    return _("By %(day)s") % {"day": moment(localtime(step.by).date())} if step.by else ""
