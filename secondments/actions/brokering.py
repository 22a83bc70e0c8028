"""What a broker keeps beside a round: notes that only its brokers read, and hosts in mind for somebody."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from partnerships.ground import clock, events, workflow
from partnerships.ground.locks import acting, lock
from partnerships.ground.problems import refuse
from partnerships.models import User
from secondments.matches.days import calendar_of, days_for, week_number
from secondments.matches.visits import Visits
from secondments.models import Enrolment, HostOffer, Note, Participation, Placement, Shortlisted
from secondments.models.days import HalfDay
from secondments.problems import (
    problems_for_introducing,
    problems_for_noting,
    problems_for_shortlisting,
    problems_of_being_gone,
)
from secondments.states import HowBegan, ShortlistState, Tie

from .placements import request_placement


def write_note(*, about: Participation | Enrolment, text: str, by: User, at: datetime | None = None) -> Note:
    """Note something for the brokers of the programme. Whom it is about can ask to read it."""
    at = at or clock.now()
    note = Note(text=text.strip(), written_by=by, written_at=at)
    if isinstance(about, Participation):
        note.participation = about
    else:
        note.enrolment = about
    with acting():
        refuse(problems_for_noting(note.programme, by=by))
        if isinstance(about, Participation):
            # Whoever closes their account meanwhile waits, or was first, and then nothing is noted about them.
            lock(about.membership)
            refuse(problems_of_being_gone(about))
        note.save(force_insert=True)
        workflow.created(note, by=by, at=at, verb="write_note")
    return note


def remove_note(*, note: Note, by: User, at: datetime | None = None) -> None:
    """Any broker of the programme may, whoever wrote it."""
    with acting():
        lock(note)
        refuse(problems_for_noting(note.programme, by=by))
        events.record(actor=by, verb="remove_note", thing=note, at=at or clock.now())
        note.delete()


def put_on_shortlist(
    *, participation: Participation, offer: HostOffer, by: User, at: datetime | None = None
) -> Shortlisted:
    """Have a host in mind for somebody; one that was put aside comes back. Nobody is told."""
    at = at or clock.now()
    with acting():
        lock(offer, participation)
        refuse(problems_for_shortlisting(participation, offer, by=by))
        listed = Shortlisted.objects.filter(participation=participation, offer=offer).first()
        if listed is None:
            listed = Shortlisted.objects.create(
                participation=participation, offer=offer, state=ShortlistState.LISTED, listed_by=by, listed_at=at
            )
            workflow.created(listed, by=by, at=at, verb="put_on_shortlist")
        elif listed.state == ShortlistState.PUT_ASIDE:
            workflow.move(listed, to=ShortlistState.LISTED, verb="put_on_shortlist", by=by, at=at)
    return listed


def speak_to_host(*, shortlisted: Shortlisted, by: User, at: datetime | None = None) -> None:
    """The broker has spoken to the host, or to the person."""
    with acting():
        workflow.move(shortlisted, to=ShortlistState.SPOKEN, verb="speak_to_host", by=by, at=at or clock.now())


def put_host_aside(*, shortlisted: Shortlisted, by: User, at: datetime | None = None) -> None:
    """Not this one; no reason is kept."""
    with acting():
        workflow.move(shortlisted, to=ShortlistState.PUT_ASIDE, verb="put_host_aside", by=by, at=at or clock.now())


def introduce(*, shortlisted: Shortlisted, week: date, by: User, at: datetime | None = None) -> Placement:
    """Ask for a visit on somebody's behalf. They say themselves whether they go, and so does everybody else."""
    at = at or clock.now()
    participation, offer = shortlisted.participation, shortlisted.offer
    membership, programme = participation.membership, participation.round.programme
    with acting():
        # Whoever introduces them to another host meanwhile, tells a round with them or leaves it, waits or was first.
        lock(membership.organisation, offer.organisation, membership, participation, offer)
        shortlisted.refresh_from_db(fields=["state"])
        half_days = days_to_propose(participation, offer, week, at=at)
        refuse(problems_for_introducing(shortlisted, half_days, by=by))
        placement = request_placement(
            offer=offer,
            membership=membership,
            half_days=half_days,
            learn=participation.learn,
            needs=participation.all_needs(),
            tie=participation.tie if participation.has_tie else Tie.NONE,
            agrees_email=participation.agrees_email,
            checks=programme.checks,
            how_began=HowBegan.INTRODUCED,
            by=by,
            at=at,
        )
        workflow.move(shortlisted, to=ShortlistState.ASKED, verb="introduce", by=by, at=at, placement=placement)
    return placement


def days_to_propose(participation: Participation, offer: HostOffer, week: date, *, at: datetime) -> list[HalfDay]:
    """The half-days that a visit in this week would have, by the days of the programme; none if there are too few."""
    last = min(week + timedelta(days=6), participation.round.ends_on)
    sessions = {HalfDay(each.date, each.half): each for each in offer.sessions.filter(date__range=(week, last))}
    user = participation.membership.user_id
    return days_for(
        calendar_of(offer, sessions, first=week, last=last, at=at),
        week_number(week),
        participation.round.programme.days,
        elsewhere=Visits([user], week, last).elsewhere[user],
    )
