"""The draft that a stranger's session remembers until they sign in: its uuid, and nothing else about them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from partnerships.ground.problems import Refused
from partnerships.models import User
from volunteering.actions import take_up_need
from volunteering.models import SkillNeed

KEY = "skill_need"


def keep(request: HttpRequest, need: SkillNeed) -> None:
    """Remember a draft in this browser."""
    request.session[KEY] = str(need.uuid)


def kept_uuid(request: HttpRequest) -> uuid.UUID | None:
    """The draft that this browser wrote without an account, if there is one."""
    stored = request.session.get(KEY)
    return uuid.UUID(stored) if stored else None


def kept_draft(request: HttpRequest) -> SkillNeed | None:
    """The same as a row, as long as it is still a stranger's draft."""
    stored = kept_uuid(request)
    return SkillNeed.objects.unclaimed().filter(uuid=stored).first() if stored else None


@receiver(user_logged_in, dispatch_uid="volunteering.take_up_kept_need")
def take_up_kept_need(sender: type[User], request: HttpRequest, user: User, **kwargs: Any) -> None:
    """What was written before signing in belongs to whoever signs in with the same browser."""
    need = kept_draft(request)
    request.session.pop(KEY, None)
    if need is None:
        return
    try:
        take_up_need(need=need, by=user)
    except Refused:
        # Somebody else took it up a moment ago, or its time was over: signing in must not fail over that.
        return
