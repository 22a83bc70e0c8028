"""Answers that wait for this person, visits that they can move on, and how their own stand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.ground.steps import NextStep
from secondments.models import Decision, Placement
from secondments.models.days import number_words
from secondments.next_steps.standing import standing
from secondments.next_steps.weights import ACT, LOOK, MOST_STEPS
from secondments.permissions import is_of_visitor
from secondments.states import DecisionKind, HowBegan, PlacementState

if TYPE_CHECKING:
    from partnerships.models import User

FEW = 2
"""So many answers are each a step of their own; more are one step that leads to all of them."""


def answers(user: User) -> list[NextStep]:
    """Each yes or no that is asked of this person, the most urgent first; many of one kind are one step."""
    same = F("kind")
    asked = (
        Decision.objects.visible_to(user)
        .to_answer()
        .annotate(
            many=Window(Count("pk"), partition_by=same),
            matched=Window(Count("pk", filter=Q(placement__how_began=HowBegan.MATCHED)), partition_by=same),
            place_in_line=Window(RowNumber(), partition_by=same, order_by=["placement__answer_by", "pk"]),
        )
        .filter(Q(many__lte=FEW) | Q(kind=DecisionKind.VISITOR) | Q(place_in_line=1))
        .select_related("placement__visitor", "placement__home", "placement__offer__organisation")
        .prefetch_related("placement__sessions")
    )
    return [_all_of(each) if _is_first_of_many(each) else _one(each) for each in asked[:MOST_STEPS]]


def _is_first_of_many(decision: Any) -> bool:
    return bool(decision.kind != DecisionKind.VISITOR and decision.many > FEW)


def _all_of(first: Any) -> NextStep:
    """`first`: the most urgent of them, counted as `answers` does."""
    if first.kind == DecisionKind.HOST:
        title = _("%(number)s people would like to visit you: answer them")
    elif first.matched == first.many:
        title = _("%(number)s of your team have a place: answer them")
    else:
        title = _("%(number)s of your team would like to go: answer them")
    return NextStep(
        title=title % {"number": number_words(first.many)},
        sentence=_("They stand on one page, the most urgent first. No is a good answer."),
        url=reverse("to-answer"),
        button=_("See who waits"),
        weight=ACT,
        by=first.placement.answer_by,
    )


def _one(decision: Decision) -> NextStep:
    placement = decision.placement
    words = {"name": placement.visitor.name, "home": placement.home.name, "visit": placement.title()}
    own = decision.kind == DecisionKind.VISITOR
    title = _("Say whether you would like to go: %(visit)s") if own else _("Answer %(name)s of %(home)s")
    return NextStep(
        title=title % words,
        sentence=_("%(visit)s, %(when)s. No is a good answer.") % {**words, "when": placement.when_words()},
        url=reverse("placement-decide", args=[placement.uuid, decision.kind]),
        button=_("Read and answer"),
        weight=ACT,
        by=placement.answer_by,
    )


def steps(user: User, at: datetime) -> list[NextStep]:
    """Visits that one can move on oneself, and one's own that wait for others."""
    placements = (
        Placement.objects.concerning(user)
        .live()
        .select_related("visitor", "home", "offer__organisation", "swap")
        .prefetch_related("decisions", "checks", "sessions")
        .order_by("answer_by", "id")
    )
    found = []
    for placement in placements[:MOST_STEPS]:
        now = standing(placement, user, at)
        acts = bool(now.url)
        if acts and placement.state == PlacementState.REQUESTED:
            continue  # said by answers() already
        if not acts and not is_of_visitor(user, placement):
            continue
        # What others are asked is told by the visit's name; what is so, or to be done, by itself.
        others_turn = not acts and placement.state in (PlacementState.REQUESTED, PlacementState.AGREED)
        found.append(
            NextStep(
                title=placement.title() if others_turn else now.title,
                sentence=now.sentence if others_turn else f"{placement.title()}. {now.sentence}",
                url=placement.get_absolute_url(),
                button=_("Open the visit") if acts else _("See where it stands"),
                weight=ACT if acts else LOOK,
                status="" if acts else _("Waiting") if others_turn else _("Settled"),
                by=now.by if acts else None,
            )
        )
    return found
