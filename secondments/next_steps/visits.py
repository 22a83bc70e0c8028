"""Answers that wait for this person, visits that they can move on, and how their own stand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.ground.steps import NextStep
from secondments.models import Decision, Placement
from secondments.next_steps.standing import standing
from secondments.next_steps.weights import ACT, LOOK, MOST_STEPS
from secondments.permissions import is_of_visitor
from secondments.states import DecisionKind, PlacementState

if TYPE_CHECKING:
    from partnerships.models import User


def answers(user: User) -> list[NextStep]:
    """Each yes or no that is asked of this person, the most urgent first."""
    decisions = (
        Decision.objects.visible_to(user)
        .waiting()
        .filter(placement__state=PlacementState.REQUESTED)
        .select_related("placement__visitor", "placement__home", "placement__offer__organisation")
        .prefetch_related("placement__sessions")
        .order_by("placement__answer_by")
    )
    return [
        NextStep(
            title=_("Answer %(name)s of %(home)s")
            % {"name": decision.placement.visitor.name, "home": decision.placement.home.name}
            if decision.kind != DecisionKind.VISITOR
            else _("Say whether you would like to go: %(visit)s") % {"visit": decision.placement.title()},
            sentence=_("%(visit)s, %(when)s. No is a good answer.")
            % {"visit": decision.placement.title(), "when": decision.placement.when_words()},
            url=reverse("placement-decide", args=[decision.placement.uuid, decision.kind]),
            button=_("Read and answer"),
            weight=ACT,
            by=decision.placement.answer_by,
        )
        for decision in decisions[:MOST_STEPS]
    ]


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
