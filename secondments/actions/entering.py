"""Writing somebody down for a round, and their own answer: it is right, or no. Without a yes it makes them nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from partnerships.actions.entered import enter_person, take_in
from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import Problem, Refused, refuse
from partnerships.models import Membership, Organisation, User
from secondments.emails import entering as mails
from secondments.models import Entry, Participation, Round
from secondments.permissions import entry_addresses, may_answer_entry, may_let_run
from secondments.problems import not_allowed, problems_for_entering, problems_for_reminding
from secondments.states import EntryState

from .answered import hear_of_it
from .joining import join_round

WRITTEN: dict[str, Any] = {"name": "", "email": "", "job_title": "", "said": {}}


def enter_somebody(
    *,
    a_round: Round,
    organisation: Organisation,
    name: str,
    email: str,
    job_title: str = "",
    is_commissioner: bool = False,
    said: Mapping[str, Any],
    joins: Mapping[str, Any] | None = None,
    by: User,
    at: datetime | None = None,
) -> Entry:
    """Write down what somebody told, and ask them whether it is right; or who acts for them, where `email` is empty.

    Where that is `by` themselves, they have answered with it: `joins` is then what `join_round` takes.
    """
    at = at or clock.now()
    name, email = " ".join(name.split()), email.strip().lower()
    with acting():
        # Whoever writes the same person down at once, or joins themselves, waits here and is then told.
        lock(organisation, a_round)
        refuse(problems_for_entering(a_round, organisation, name=name, email=email, by=by, at=at))
        entry = Entry.objects.create(
            round=a_round,
            organisation=organisation,
            state=EntryState.WAITING,
            name=name,
            email=email,
            job_title=job_title,
            is_commissioner=is_commissioner,
            runs_it=may_let_run(by, organisation) and not organisation.coordinators().exists(),
            said=dict(said),
            entered_by=by,
            entered_at=at,
            asked_at=at,
        )
        workflow.created(entry, by=by, at=at, verb="enter_somebody")
        if joins is not None and not email and may_answer_entry(by, entry):
            confirm_entry(entry=entry, joins=joins, by=by, at=at)
        else:
            mails.ask(entry)
    return entry


def remind(*, entry: Entry, by: User, at: datetime | None = None) -> None:
    """Ask once more, by a fresh link. Links mailed before stay good."""
    at = at or clock.now()
    with acting():
        lock(entry)
        refuse(problems_for_reminding(entry, by=by, at=at))
        entry.asked_at = at
        entry.save(update_fields=["asked_at"])
        events.record(actor=by, verb="remind", thing=entry, at=at)
        mails.ask(entry)


def take_back_entry(*, entry: Entry, by: User | None, at: datetime | None = None) -> None:
    """It was a mistake. Nothing of what was written down is kept; by nobody in particular where an account closes."""
    at = at or clock.now()
    with acting():
        workflow.move(entry, to=EntryState.TAKEN_BACK, verb="take_back_entry", by=by, at=at, answered_at=at, **WRITTEN)


def decline_entry(*, entry: Entry, by: User | None = None, address: str = "", at: datetime | None = None) -> None:
    """No; no reason is asked. What was told is forgotten, and their address a while later: nobody asks them again."""
    at = at or clock.now()
    with acting():
        lock(entry)
        _may_answer(entry, by, address)
        if entry.state == EntryState.DECLINED:
            return
        workflow.move(
            entry, to=EntryState.DECLINED, verb="decline_entry", by=by, at=at, answered_at=at, answered_by=by, said={}
        )
        hear_of_it(entry.entered_by, by=by, at=at)


def confirm_entry(
    *,
    entry: Entry,
    joins: Mapping[str, Any],
    by: User | None = None,
    address: str = "",
    at: datetime | None = None,
) -> Participation:
    """Yes: they take part, with an account and a place in their organisation where they had none. A second yes is one.

    `joins` is what `join_round` takes. `by` somebody signed in, or from the `address` that a link was mailed to. For
    somebody without email it is a coordinator who answers, and stands with it.
    """
    at = at or clock.now()
    with acting():
        lock(entry.organisation, *_known(entry), entry.round, entry)
        _may_answer(entry, by, address)
        if entry.state == EntryState.CONFIRMED and entry.participation is not None:
            return entry.participation
        if entry.state != EntryState.WAITING:
            raise Refused([_over()])
        person = enter_person(name=entry.name, email=entry.email, by=by, at=at)
        answers = person if entry.email else by or User.objects.get(email=address)
        membership = take_in(
            user=person,
            organisation=entry.organisation,
            job_title=entry.job_title,
            is_commissioner=entry.is_commissioner,
            agrees_email=joins.get("agrees_email", ""),
            runs_it=entry.runs_it,
            known=not entry.email or entry.organisation_id in entry.entered_by.coordinated_ids(),
            by=by,
            at=at,
        )
        participation = join_round(
            a_round=entry.round, membership=membership, by=answers, confirms=entry, at=at, **joins
        )
        workflow.move(
            entry,
            to=EntryState.CONFIRMED,
            verb="confirm_entry",
            by=by,
            at=at,
            said={},
            answered_at=at,
            answered_by=answers,
            participation=participation,
        )
        hear_of_it(entry.entered_by, by=answers, at=at)
    return participation


def forget_entries(entries: QuerySet[Entry]) -> int:
    """Take out who was written down, and with what; that somebody was stays."""
    told = entries.filter(~Q(name="") | ~Q(email="") | ~Q(said={}))
    return told.update(**WRITTEN)


def _known(entry: Entry) -> list[User | Membership]:
    """Who is answering and where they belong, as far as they are here already: to be locked before the round is."""
    if not entry.email:
        return []
    memberships = Membership.objects.filter(organisation=entry.organisation_id, user__email=entry.email)
    return [*User.objects.filter(email=entry.email), *memberships]


def _may_answer(entry: Entry, by: User | None, address: str) -> None:
    by_link = bool(address) and address in entry_addresses(entry)
    if not (by_link or may_answer_entry(by, entry)):
        raise Refused([not_allowed()])


def _over() -> Problem:
    return Problem("entry_over", _("This is settled already. Look again at where it stands."))
