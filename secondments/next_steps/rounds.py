"""What a broker should do with a round, and what a person who joined one may want to know."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground import clock
from partnerships.ground.steps import NextStep
from secondments.models import JoiningDraft, MatchRun, Participation, Placement, Round
from secondments.models.programmes import moves_by_itself
from secondments.next_steps import entries
from secondments.next_steps.weights import BEGUN, JOINED, LOOK, RUN
from secondments.states import HOLDING_STATES, ParticipationState, RoundState

if TYPE_CHECKING:
    from partnerships.models import User

MOST = 40
SOON = timedelta(days=3)


def steps(user: User, at: datetime) -> list[NextStep]:
    """One query: rounds that one runs and that wait or are about to move on, that one joined or began to join, that had
    no place for one, or for which somebody is written down."""
    day = clock.today(at)
    mine = Participation.objects.joined().filter(round=OuterRef("pk"), membership__user=user)
    draft = JoiningDraft.objects.filter(round=OuterRef("pk"), user=user)
    came_free = Exists(MatchRun.objects.waiting_to_be_offered().filter(round=OuterRef("pk")))
    again = Exists(MatchRun.objects.to_work_out_again().filter(round=OuterRef("pk")))
    unplaced = Exists(mine.to_match()) & ~Exists(_visits_since_told(user)) & Q(ends_on__gte=day)
    waits = Q(state__in=[RoundState.CLOSED, RoundState.PROPOSED]) | Q(came_free) | Q(again)
    waits |= moves_by_itself(day, day + SOON)
    runs = user.brokered_ids()
    rounds = (
        Round.objects.annotate(**entries.columns(user, at))
        .filter(
            waits & Q(programme__organisation__in=runs)
            | Q(state=RoundState.OPEN) & (Exists(mine) | Exists(draft) | entries.ASKS)
            | Q(state=RoundState.PUBLISHED) & unplaced
        )
        .select_related("programme")
        .annotate(people=Count("participations", filter=Q(participations__state=ParticipationState.JOINED)))
        .annotate(joined=Exists(mine), begun=Exists(draft), to_offer=came_free, again=again)
        .annotate(unplaced=Case(When(unplaced, then=True), default=False))
        .order_by("join_by", "id")
    )
    found = []
    for each in rounds[:MOST]:
        people: int = each.people  # type: ignore[attr-defined]  # annotated
        if each.programme.organisation_id in runs and _waits(each, day):
            found.append(_to_run(each, people))
        if each.state == RoundState.PUBLISHED and each.unplaced:  # type: ignore[attr-defined]  # annotated
            found.append(_without_a_place(each))
        if each.state != RoundState.OPEN:
            continue
        if each.join_by >= day:
            entered = {name: getattr(each, name) for name in ("own_entry", "colleagues", "slow")}
            found += entries.steps_of(each, end_of(each.join_by), **entered)
        if each.joined:  # type: ignore[attr-defined]  # annotated
            found.append(_joined(each))
        elif each.begun:  # type: ignore[attr-defined]  # annotated
            found.append(_begun(each))
    return found


def _visits_since_told(user: User) -> QuerySet[Placement]:
    """Those of a person that stand, and that the round found for them, or they asked for since by themselves."""
    return Placement.objects.filter(visitor=user, state__in=HOLDING_STATES, requested_at__gte=OuterRef("published_at"))


def _waits(a_round: Round, day: date) -> bool:
    """Whether its broker has something to do, or to know of: a broker who joined a round of theirs sees it anyway."""
    if a_round.state in (RoundState.CLOSED, RoundState.PROPOSED):
        return True
    if a_round.state == RoundState.PUBLISHED:
        return bool(a_round.to_offer or a_round.again)  # type: ignore[attr-defined]  # annotated
    return any(day <= when <= day + SOON for _what, when in a_round.dates_ahead())


def _to_run(a_round: Round, people: int) -> NextStep:
    if a_round.state == RoundState.CLOSED:
        return _to_match(a_round, people)
    if a_round.state == RoundState.PROPOSED:
        return _to_read(a_round)
    if a_round.state == RoundState.PUBLISHED:
        return _to_work_out_again(a_round) if a_round.again else _to_offer(a_round)  # type: ignore[attr-defined]  # annotated
    return _about_to_move(a_round, people)


def _about_to_move(a_round: Round, people: int) -> NextStep:
    what, day = a_round.dates_ahead()[0]
    joined = ngettext("%(people)s person has joined.", "%(people)s people have joined.", people) % {"people": people}
    opens = what == "opens"
    return NextStep(
        title=(_("%(round)s opens by itself") if opens else _("%(round)s closes for joining by itself"))
        % {"round": a_round.full_name},
        sentence=_("You need do nothing. If it is too soon, change the dates.")
        if opens
        else _("%(joined)s If it is too soon, change the dates.") % {"joined": joined},
        url=reverse("round-desk", args=[a_round.slug]),
        button=_("Look at the round"),
        weight=LOOK,
        by=make_aware(datetime.combine(day, time(0 if opens else 23, 0 if opens else 59))),
    )


def _to_match(a_round: Round, people: int) -> NextStep:
    waits = ngettext("%(people)s person waits to be matched", "%(people)s people wait to be matched", people)
    return NextStep(
        title=waits % {"people": people},
        sentence=_("%(round)s is closed for joining. You read the proposal before anybody is told.")
        % {"round": a_round.full_name},
        url=reverse("round-desk", args=[a_round.slug]),
        button=_("Match them"),
        weight=RUN,
    )


def _to_read(a_round: Round) -> NextStep:
    return NextStep(
        title=_("A proposal waits to be read"),
        sentence=_("%(round)s is matched and checked. Nobody has been told yet.") % {"round": a_round.full_name},
        url=reverse("round-desk", args=[a_round.slug]),
        button=_("Read who meets whom"),
        weight=RUN,
    )


def _to_offer(a_round: Round) -> NextStep:
    return NextStep(
        title=_("Something came free in %(round)s") % {"round": a_round.full_name},
        sentence=_("Some of those who wait could have a place after all. Nobody has been told yet."),
        url=reverse("round-desk", args=[a_round.slug]),
        button=_("Read and offer it"),
        weight=RUN,
    )


def _to_work_out_again(a_round: Round) -> NextStep:
    return NextStep(
        title=_("What came free in %(round)s is not worked out") % {"round": a_round.full_name},
        sentence=_("It failed or was stopped, and nobody was told. Have it worked out again, or offer nothing of it."),
        url=reverse("round-desk", args=[a_round.slug]),
        button=_("Look at the round"),
        weight=RUN,
    )


def _joined(a_round: Round) -> NextStep:
    return NextStep(
        title=_("You have joined %(programme)s") % {"programme": a_round.programme.name},
        sentence=_("You can change what you said until the last day to join. Then everyone hears on one day."),
        url=a_round.get_absolute_url(),
        button=_("Look at what you said"),
        weight=JOINED,
        status=_("Waiting"),
        by=end_of(a_round.join_by),
    )


def _without_a_place(a_round: Round) -> NextStep:
    sentence = _("You can ask a host yourself, at any time.")
    if a_round.settled_at is None:
        sentence = _("You can ask a host yourself. If a place that suits you comes free in the round, we write to you.")
    return NextStep(
        title=_("You have no place in %(round)s") % {"round": a_round.full_name},
        sentence=sentence,
        url=reverse("offers-for-me"),
        button=_("See which hosts suit you"),
        weight=LOOK,
    )


def _begun(a_round: Round) -> NextStep:
    """Who has joined and then began to change something loses nothing by leaving it, and so reads nothing of it."""
    return NextStep(
        title=_("Finish joining %(programme)s") % {"programme": a_round.programme.name},
        sentence=_("What you entered is kept for you alone. Nothing is sent yet."),
        url=reverse("round-join", args=[a_round.slug]),
        button=_("Go on"),
        weight=BEGUN,
        by=end_of(a_round.join_by),
    )


def end_of(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(23, 59)))
