"""Mails about skill needs."""

from __future__ import annotations

from partnerships.ground import outbox
from partnerships.models import User
from volunteering.models import SkillNeed


def answer(need: SkillNeed, *, message: str, sender: User, to: User) -> None:
    """Somebody can help; answering the mail answers them."""
    outbox.post(
        template="skills/need_answer",
        to=to.email or "",
        context={
            "need": need,
            "message": message,
            "sender": sender,
            "organisations": [membership.organisation.name for membership in sender.active_memberships],
            "reader": to,
        },
        thing=need,
        language=to.language,
        reply_to=sender.email or "",
    )
