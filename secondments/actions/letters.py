"""A letter to several people of a round: to each by themselves, so that nobody learns who else reads it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from partnerships.ground import clock, events, jobs, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import refuse
from partnerships.models import User
from secondments.models import GroupLetter, Participation, Round
from secondments.permissions import may_change_participation
from secondments.problems import not_allowed, problems_for_writing


def who_can_be_written_to(a_round: Round, people: Collection[int]) -> QuerySet[Participation]:
    """Of these participations, those who take part, have an address, and have not asked for no more letters."""
    return (
        a_round.participations.joined()
        .filter(pk__in=people, takes_letters=True, membership__user__anonymised_at=None)
        .exclude(membership__user__email=None)
        .select_related("membership__user")
        .order_by("pk")
    )


def write_to_people(
    *,
    a_round: Round,
    people: Collection[int],
    subject: str,
    text: str,
    by: User,
    key: uuid.UUID | None = None,
    at: datetime | None = None,
) -> GroupLetter:
    """Write to these participations. A job puts a mail for each into the outbox.

    `key` becomes the letter's uuid: sending again with the same key is sending once. The event names the letter and
    nothing that stands in it.
    """
    at, key = at or clock.now(), key or uuid.uuid4()
    with acting():
        lock(a_round)
        if before := a_round.letters.filter(uuid=key).first():
            return before
        readers = list(who_can_be_written_to(a_round, people))
        refuse(problems_for_writing(a_round, readers, list(a_round.letters.all()), by=by, at=at))
        letter = GroupLetter.objects.create(
            uuid=key,
            round=a_round,
            subject=subject.strip(),
            text=text.strip(),
            readers=[each.pk for each in readers],
            written_by=by,
            written_at=at,
        )
        workflow.created(letter, by=by, at=at, verb="write_to_people", reason=f"{len(readers)} readers")
        jobs.enqueue("write_to_people", str(letter.uuid), {"letter": letter.pk})
    return letter


def take_letters(*, participation: Participation, wanted: bool, by: User, at: datetime | None = None) -> None:
    """Whether somebody reads what the brokers of a round write to several people. About their own visits they hear."""
    with acting():
        lock(participation)
        refuse([] if may_change_participation(by, participation) else [not_allowed()])
        if participation.takes_letters == wanted:
            return
        participation.takes_letters = wanted
        participation.save(update_fields=["takes_letters"])
        verb = "take_letters" if wanted else "take_no_letters"
        events.record(actor=by, verb=verb, thing=participation, at=at or clock.now())
