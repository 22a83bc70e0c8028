"""What visits and rounds keep about a person: to hand out, and to take out."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db.models import F, Func, Q, QuerySet, Value

from partnerships.ground import clock
from partnerships.ground.locks import lock
from partnerships.ground.problems import Refused
from partnerships.models import User
from secondments.actions.entering import forget_entries, take_back_entry
from secondments.actions.joining import forget_what_was_said, leave_round
from secondments.actions.lives import cancel, withdraw
from secondments.actions.sessions import lock_what_is_to_come
from secondments.matches import what_happened
from secondments.models import (
    Adjustment,
    Decision,
    Entry,
    GroupLetter,
    HostOffer,
    JoiningDraft,
    Match,
    Note,
    NotPlaced,
    Participation,
    Placement,
    PlacementSession,
    Shortlisted,
    StaffList,
    Wish,
)


def collect(user: User) -> dict[str, Any]:
    """Visits, decisions, offers written, rounds joined, what others kept of them, and what they were answered."""
    return _visits(user) | _rounds(user) | _from_others(user) | _matched(user)


def _visits(user: User) -> dict[str, Any]:
    """Visits and invitations of theirs, and what they answered."""
    return {
        "visits": list(
            Placement.objects.filter(visitor=user)
            .order_by("id")
            .values(
                "offer__title",
                "offer__organisation__name",
                "home__name",
                "how_began",
                "learn",
                "needs",
                "tie",
                "state",
                "requested_at",
                "host_minutes",
            )
        ),
        "days_of_visits": list(
            PlacementSession.objects.filter(visitor=user).values("placement__offer__title", "date", "half", "holding")
        ),
        "decisions_you_took": list(
            Decision.objects.filter(decided_by=user).order_by("id").values("kind", "state", "decided_at", "how")
        ),
        "decisions_asked_of_you": list(
            Decision.objects.filter(asked_email=user.email).order_by("id").values("kind", "state", "decided_at")
        )
        if user.email
        else [],
        "offers_you_wrote": list(HostOffer.objects.filter(created_by=user).values("title", "state", "created_at")),
    }


def _rounds(user: User) -> dict[str, Any]:
    """What they said to rounds, sent or not."""
    return {
        "rounds_you_joined": list(
            Participation.objects.filter(membership__user=user)
            .order_by("id")
            .values(
                "round__name",
                "state",
                "learn",
                "wants",
                "weeks",
                "most_km",
                "in_person",
                "online",
                "needs",
                "access_needs",
                "cover_pence",
                "shows",
                "welcomes",
                "shows_access",
                "avoids_emails",
                "avoid_reason",
                "tie",
                "agrees_email",
                "compulsory",
                "takes_letters",
                "joined_at",
                "said_at",
            )
        ),
        "where_you_would_go_first": list(
            Wish.objects.filter(participation__membership__user=user).values(
                "participation__round__name", "rank", "offer__title"
            )
        ),
        "where_you_must_not_go": list(
            Participation.objects.filter(membership__user=user, avoids__isnull=False)
            .order_by("id", "avoids__name")
            .values("round__name", "avoids__name")
        ),
        "rounds_you_began_to_join": list(
            JoiningDraft.objects.filter(user=user).values("round__name", "typed", "saved_at")
        ),
    }


def _from_others(user: User) -> dict[str, Any]:
    """What others wrote down for them, or noted about them."""
    return {
        "written_down_for_you_by_others": list(
            Entry.objects.filter(email=user.email)
            .order_by("id")
            .values("round__name", "organisation__name", "name", "job_title", "is_commissioner", "said", "state")
        )
        if user.email
        else [],
        "lists_of_people_to_invite_that_name_you": [
            {"round__name": each.round.name, "sent_at": each.sent_at, **row}
            for each in StaffList.objects.naming(user.email).select_related("round").order_by("id")
            for row in each.rows_of(user.email)
        ]
        if user.email
        else [],
        "what_brokers_noted_about_you": list(
            Note.objects.filter(participation__membership__user=user)
            .order_by("id")
            .values("participation__round__name", "text", "written_at")
        ),
        "what_brokers_noted_when_they_changed_your_match": list(
            Adjustment.objects.filter(participation__membership__user=user)
            .order_by("id")
            .values("participation__round__name", "kind", "reason", "note", "made_at")
        ),
        "hosts_brokers_had_in_mind_for_you": list(
            Shortlisted.objects.filter(participation__membership__user=user).values(
                "participation__round__name", "offer__title", "state", "listed_at"
            )
        ),
        "what_brokers_wrote_to_you_and_others": list(
            GroupLetter.objects.filter(readers__overlap=list(_numbers_of(user)))
            .order_by("id")
            .values("round__name", "subject", "text", "written_at")
        ),
    }


def _matched(user: User) -> dict[str, Any]:
    """What the matching of rounds came to for them."""
    return {
        "proposed_to_you": list(
            Match.objects.filter(participation__membership__user=user).values("offer__title", "week", "fit")
        ),
        "could_not_place_you": [
            # In the words of the page: the causes as they are stored would say that somebody avoids them.
            {"run__round__name": each.run.round.name, "why": [*told.causes, *told.rules]}
            for each in NotPlaced.objects.filter(participation__membership__user=user)
            .select_related("run__round")
            .defer("run__problem", "run__result")
            for told in [what_happened(each.causes)]
        ],
    }


def _numbers_of(user: User) -> QuerySet[Participation, int]:
    return Participation.objects.filter(membership__user=user).values_list("pk", flat=True)


def anonymise(user: User, at: datetime) -> None:
    """End what is to come, so that nobody waits for somebody who will not, and take the person's words out."""
    concerned = Q(visitor=user) | Q(offer__shown_by__membership__user=user)
    for placement in lock_what_is_to_come(Placement.objects.filter(concerned), clock.today(at)):
        if placement.visitor_id == user.pk:
            withdraw(placement=placement, by=user, at=at)
        else:
            cancel(placement=placement, by=None, at=at)
    for participation in Participation.objects.joined().filter(membership__user=user).order_by("pk"):
        # A round that is being matched cannot be left any more; its proposal then falls to its broker.
        with suppress(Refused):
            leave_round(participation=participation, by=user, at=at)
    Placement.objects.filter(visitor=user).update(learn="", needs="")
    forget_what_was_said(Participation.objects.filter(membership__user=user))
    JoiningDraft.objects.filter(user=user).delete()
    _forget_what_was_written_down(user, at)
    Adjustment.objects.filter(participation__membership__user=user).update(note="")
    Note.objects.filter(participation__membership__user=user).delete()
    Shortlisted.objects.filter(participation__membership__user=user).delete()
    if user.email:
        Decision.objects.filter(asked_email=user.email).update(asked_email="")
        Participation.objects.filter(agrees_email=user.email).update(agrees_email="")
        _take_out_of_lists(user.email)
        _take_out_of_staff_lists(user.email)
        Decision.objects.filter(decided_email=user.email).update(decided_email="")


def _take_out_of_lists(email: str) -> None:
    """Others named this address: as somebody they must not meet, or as somebody they would like to come."""
    Participation.objects.filter(avoids_emails__contains=[email]).update(
        avoids_emails=Func(F("avoids_emails"), Value(email), function="array_remove")
    )
    HostOffer.objects.filter(asks_for__contains=[email]).update(
        asks_for=Func(F("asks_for"), Value(email), function="array_remove")
    )


def _take_out_of_staff_lists(email: str) -> None:
    """Those that are sent at this moment too: who was read of them already may still be asked, once."""
    lists = list(StaffList.objects.naming(email))
    lock(*lists)
    for each in lists:
        named = each.rows_of(email)
        each.rows = [row for row in each.rows if row not in named]
        each.save(update_fields=["rows"])


def _forget_what_was_written_down(user: User, at: datetime) -> None:
    """By others for this person, and the lists that they sent."""
    about = Entry.objects.filter(participation__membership__user=user)
    if user.email:
        about = about | Entry.objects.filter(email=user.email)
    for entry in about.waiting().order_by("pk"):
        take_back_entry(entry=entry, by=None, at=at)
    forget_entries(about)
    StaffList.objects.filter(sent_by=user).delete()
