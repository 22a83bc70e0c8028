"""The verbs of skill needs."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.utils.translation import gettext as _

from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Problem, Refused, refuse
from partnerships.models import Organisation, User
from volunteering import emails
from volunteering.models import SkillNeed
from volunteering.permissions import may_look_after_need, may_take_up
from volunteering.problems import ANSWERED, problems_with_answering, problems_with_writing, recipients_of
from volunteering.states import NeedState


def write_need(
    *,
    title: str,
    what_would_help: str,
    minutes: int,
    needed_by: date | None,
    online: bool,
    by: User | None,
    at: datetime | None = None,
) -> SkillNeed:
    """Keep a need as a draft. `by` is None for somebody who has not signed in: nothing else about them is kept."""
    at = at or clock.now()
    with acting():
        refuse(problems_with_writing(by=by, at=at))
        need = SkillNeed.objects.create(
            author=by,
            organisation=_only_organisation(by),
            title=title,
            what_would_help=what_would_help,
            minutes=minutes,
            needed_by=needed_by,
            online=online,
            state=NeedState.DRAFT,
            created_at=at,
        )
        workflow.created(need, by=by, verb="write_need", at=at)
    return need


def change_need(
    *,
    need: SkillNeed,
    title: str,
    what_would_help: str,
    minutes: int,
    needed_by: date | None,
    online: bool,
    by: User | None,
    kept: uuid.UUID | None = None,
    at: datetime | None = None,
) -> None:
    """Change the words of a need. `kept` is the draft that a stranger's session remembers as theirs."""
    at = at or clock.now()
    with acting():
        lock(need)
        own_words = need.author_id is None and need.state == NeedState.DRAFT and need.uuid == kept
        if not own_words and not may_look_after_need(by, need):
            raise Refused([_not_yours()])
        need.title = title
        need.what_would_help = what_would_help
        need.minutes = minutes
        need.needed_by = needed_by
        need.online = online
        need.save(update_fields=["title", "what_would_help", "minutes", "needed_by", "online"])
        events.record(actor=by, verb="change_need", thing=need, at=at)


def take_up_need(*, need: SkillNeed, by: User, at: datetime | None = None) -> None:
    """A stranger has signed in: what they wrote before is now theirs."""
    at = at or clock.now()
    with acting():
        lock(need)
        if not may_take_up(by, need):
            raise Refused([_not_yours()])
        need.author = by
        need.save(update_fields=["author"])
        events.record(actor=by, verb="take_up_need", thing=need, at=at)


def publish_need(
    *, need: SkillNeed, by: User, organisation: Organisation | None = None, at: datetime | None = None
) -> None:
    """Let everybody see it. `organisation` says for which of several; one alone goes without saying."""
    at = at or clock.now()
    with acting():
        lock(need)
        if need.state == NeedState.PUBLISHED:
            return
        if not may_look_after_need(by, need):
            raise Refused([_not_yours()])
        if need.author_id == by.pk:
            _settle_organisation(need, by, organisation)
        workflow.move(need, to=NeedState.PUBLISHED, verb="publish_need", by=by, at=at, published_at=at)


def mark_met(*, need: SkillNeed, by: User, at: datetime | None = None) -> None:
    """Help came, from here or from elsewhere."""
    with acting():
        lock(need)
        if need.state != NeedState.MET:
            workflow.move(need, to=NeedState.MET, verb="mark_met", by=by, at=at or clock.now())


def withdraw_need(*, need: SkillNeed, by: User, at: datetime | None = None) -> None:
    """Take it off the list, or put a draft aside. No reason is asked."""
    with acting():
        lock(need)
        if need.state != NeedState.WITHDRAWN:
            workflow.move(need, to=NeedState.WITHDRAWN, verb="withdraw_need", by=by, at=at or clock.now())


def answer_need(*, need: SkillNeed, message: str, by: User, at: datetime | None = None) -> None:
    """Send the author a message from somebody who can help."""
    at = at or clock.now()
    with acting():
        # Two clicks at once wait for each other here, so that the second finds the first one's event.
        lock(need)
        refuse(problems_with_answering(need, by, at=at))
        for reader in recipients_of(need):
            emails.answer(need, message=message, sender=by, to=reader)
        events.record(actor=by, verb=ANSWERED, thing=need, at=at)


def _only_organisation(user: User | None) -> Organisation | None:
    memberships = user.active_memberships if user else []
    return memberships[0].organisation if len(memberships) == 1 else None


def _settle_organisation(need: SkillNeed, by: User, wanted: Organisation | None) -> None:
    """A draft may be older than its author's membership, and an author may belong to several organisations."""
    chosen = wanted or need.organisation or _only_organisation(by)
    if chosen is None and by.is_member:
        raise Refused(
            [Problem("which_organisation", _("Choose for which organisation you publish it."), "organisation")]
        )
    if chosen is not None and chosen.pk not in by.organisation_ids():
        raise Refused([_not_yours()])
    if chosen != need.organisation:
        need.organisation = chosen
        need.save(update_fields=["organisation"])


def _not_yours() -> Problem:
    return Problem("not_allowed", _("Only its author and the coordinators of its organisation can do this."))
