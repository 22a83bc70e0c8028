"""Who wrote something down for others hears what they answered: one mail a day at most, however many answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.timezone import localtime, make_aware

from partnerships.ground import jobs
from partnerships.ground.locks import acting, lock
from partnerships.models import User
from secondments.emails import answered as mails
from secondments.models import Entry, HostOffer

HOUR = 8
"""When a day of telephoning begins."""

TO_BE_SAVED = timedelta(minutes=1)
"""So long after that hour an answer of just before it is saved for certain."""


def hear_of_it(writer: User, *, by: User | None, at: datetime) -> None:
    """In the transaction of an answer: whoever wrote it down reads of it the next morning, unless they gave it."""
    if by != writer:
        day = _morning_after(at)
        key = f"{writer.pk} {day.isoformat()}"
        due = _at_hour(day) + TO_BE_SAVED
        jobs.enqueue("tell_answers", key, {"writer": writer.pk, "day": day.isoformat()}, due_at=due)


def tell_answers(*, writer: User, day: date) -> None:
    """Everything that was answered in the day and night before, whenever this runs: so nothing is told twice or never.

    Whoever brokers and coordinates nothing any more is told nothing of others.
    """
    first, last = _at_hour(day - timedelta(days=1)), _at_hour(day)
    with acting():
        lock(writer)
        entries = Entry.objects.visible_to(writer).answered_by_others(writer, first, last)
        offers = HostOffer.objects.answered_by_others(writer, first, last) if writer.brokered_ids() else []
        if writer.is_active and (entries or offers):
            mails.what_was_answered(writer, list(entries), list(offers))


def _morning_after(at: datetime) -> date:
    local = localtime(at)
    return local.date() if local.hour < HOUR else local.date() + timedelta(days=1)


def _at_hour(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(HOUR)))
