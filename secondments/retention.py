"""How long visits and rounds keep what people wrote."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from partnerships.ground.retention import Kept, Period, Rule
from secondments.actions.entering import forget_entries
from secondments.actions.joining import forget_what_was_said
from secondments.models import (
    Adjustment,
    Concern,
    Decision,
    Entry,
    GroupLetter,
    JoiningDraft,
    MatchRun,
    Note,
    Participation,
    Placement,
    PlacementSession,
    Shortlisted,
    StaffList,
    Trial,
)
from secondments.states import ConcernState, DecisionState, ListState, PlacementState

NEEDS = timedelta(days=90)
WORDS = timedelta(days=2 * 365)
ADDRESSES = timedelta(days=365)
ROUND = timedelta(days=365)
CONCERN = timedelta(days=3 * 365)
ENTRY = timedelta(days=30)
LIST = timedelta(days=7)

BEFORE_THE_FIRST_DAY = (PlacementState.REQUESTED, PlacementState.AGREED, PlacementState.CONFIRMED)


def rules() -> list[Rule]:
    return [
        Period(
            "secondments.Placement",
            _("What you need to take part in a visit: 90 days after its last day. What you hoped to learn: two years."),
            _empty_placements,
        ),
        Period(
            "secondments.Decision",
            _("The address of whoever was asked to agree to a visit: a year after its last day."),
            _empty_decisions,
        ),
        Period(
            "secondments.Participation",
            _("What you wrote to join a round: a year after the round ended."),
            _empty_participations,
        ),
        Period("secondments.Wish", _("Where you wished to go: as long as what you wrote to join the round.")),
        Period(
            "secondments.Participation_avoids",
            _("Whom you must not meet: as long as what you wrote to join the round."),
        ),
        Period(
            "secondments.JoiningDraft",
            _("What you began to write to join a round: until you join, or the last day to join."),
            _drop_drafts,
        ),
        Period(
            "secondments.Entry",
            _(
                "What somebody wrote down for you to join a round: until you answer. Your name and address with it: "
                "a month after the last day to join."
            ),
            _empty_entries,
        ),
        Period(
            "secondments.StaffList",
            _("A list of people to invite to a round: until they are invited; a week, where something is wrong in it."),
            _drop_lists,
        ),
        Period(
            "secondments.MatchRun",
            _("How a round was matched, without names: until the day that stands with it."),
            _empty_runs,
        ),
        Period(
            "secondments.Adjustment",
            _("What a broker noted when they changed a match by hand: a year after the round ended."),
            _empty_notes,
        ),
        Period(
            "secondments.Trial",
            _("What other weights or a change by hand would have done to a round, without names: seven days."),
            _drop_trials,
        ),
        Period(
            "secondments.Note",
            _("What a broker noted about you: a year after the round ended. About your organisation: a year."),
            _drop_notes_of_brokers,
        ),
        Period(
            "secondments.Shortlisted",
            _("Which hosts a broker had in mind for you: a year after the round ended."),
            _drop_shortlists,
        ),
        Period(
            "secondments.GroupLetter",
            _("What a broker wrote to several people of a round: a year after the round ended."),
            _drop_letters,
        ),
        Period(
            "secondments.Concern",
            _("What you wrote when something was wrong, and how to reach you: three years after, once it is handled."),
            _empty_concerns,
        ),
        Kept("secondments.PlacementSession", _("Days of visits, for figures that stay true.")),
        Kept("secondments.Check", _("That something needed first was done, without words.")),
        Kept("secondments.Swap", _("That visits answer each other, without words.")),
        Kept("secondments.HostOffer", _("About an organisation, until it closes the offer.")),
        Kept("secondments.OfferSession", _("About an organisation, not a person.")),
        Kept("secondments.Programme", _("About an organisation, not a person.")),
        Kept("secondments.Enrolment", _("Which organisations take part in a programme, and who accepted its terms.")),
        Kept("secondments.Round", _("About an organisation, not a person.")),
        Kept("secondments.Match", _("Who was proposed where, by number; it shows that a round was fair.")),
        Kept(
            "secondments.NotPlaced",
            _(
                "Why somebody could not be placed, by number; it shows that a round was fair. What tells of what you "
                "need or whom you must not meet goes with what you wrote."
            ),
        ),
    ]


def _over(at: datetime, period: timedelta) -> Q:
    """The condition on visits whose last day lies so far back; one without days counts from when it was asked for.

    One that is under way counts too: it stays so where nobody ever says how it was.
    """
    day = (at - period).date()
    last = PlacementSession.objects.values("placement").annotate(last=Max("date")).filter(last__lt=day)
    dayless = Q(sessions__isnull=True, requested_at__lt=at - period)
    return ~Q(state__in=BEFORE_THE_FIRST_DAY) & (Q(pk__in=last.values("placement")) | dayless)


def _empty_placements(at: datetime) -> int:
    emptied = Placement.objects.exclude(needs="").filter(_over(at, NEEDS)).update(needs="")
    return emptied + Placement.objects.exclude(learn="").filter(_over(at, WORDS)).update(learn="")


def _empty_decisions(at: datetime) -> int:
    return (
        Decision.objects.exclude(state=DecisionState.WAITING)
        .filter(~Q(asked_email="") | ~Q(decided_email=""), placement__in=Placement.objects.filter(_over(at, ADDRESSES)))
        .update(asked_email="", decided_email="")
    )


def _empty_participations(at: datetime) -> int:
    return forget_what_was_said(Participation.objects.filter(round__ends_on__lt=(at - ROUND).date()))


def _drop_drafts(at: datetime) -> int:
    return JoiningDraft.objects.filter(round__join_by__lt=at.date()).delete()[0]


def _empty_entries(at: datetime) -> int:
    return forget_entries(Entry.objects.filter(round__join_by__lt=(at - ENTRY).date()))


def _drop_lists(at: datetime) -> int:
    kept = StaffList.objects.exclude(state=ListState.SENDING)
    return kept.filter(sent_at__lt=at - LIST).delete()[0]


def _empty_runs(at: datetime) -> int:
    over = MatchRun.objects.filter(keep_until__lt=at.date()).exclude(problem=None, result=None)
    return over.update(problem=None, result=None, days={}, figures={})


def _empty_notes(at: datetime) -> int:
    ended = Adjustment.objects.filter(run__round__ends_on__lt=(at - ROUND).date())
    return ended.exclude(note="").update(note="")


def _drop_trials(at: datetime) -> int:
    return Trial.objects.filter(keep_until__lt=at.date()).delete()[0]


def _drop_notes_of_brokers(at: datetime) -> int:
    of_people = Q(participation__round__ends_on__lt=(at - ROUND).date())
    of_organisations = Q(enrolment__isnull=False, written_at__lt=at - ROUND)
    return Note.objects.filter(of_people | of_organisations).delete()[0]


def _drop_shortlists(at: datetime) -> int:
    return Shortlisted.objects.filter(participation__round__ends_on__lt=(at - ROUND).date()).delete()[0]


def _drop_letters(at: datetime) -> int:
    return GroupLetter.objects.filter(round__ends_on__lt=(at - ROUND).date()).delete()[0]


def _empty_concerns(at: datetime) -> int:
    handled = Concern.objects.filter(state=ConcernState.HANDLED, created_at__lt=at - CONCERN)
    return handled.filter(~Q(what_is_wrong="") | ~Q(how_to_reach_you="")).update(what_is_wrong="", how_to_reach_you="")
