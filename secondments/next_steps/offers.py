"""What a coordinator should do about the offers of their organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.ground.steps import NextStep
from secondments.models import HostOffer, Placement, Swap
from secondments.next_steps.weights import ANSWER_FOR_ORGANISATION, MOST_STEPS, PREPARE
from secondments.problems import problems_for_acting
from secondments.states import OfferState, SwapState

if TYPE_CHECKING:
    from partnerships.models import User


def steps(user: User) -> list[NextStep]:
    """Drafts that nobody sees yet, and returns that were called due."""
    if not user.is_coordinator:
        return []
    mine = HostOffer.objects.managed_by(user).filter(state__in=[OfferState.DRAFT, OfferState.TO_CONFIRM])
    unseen = list(mine.select_related("organisation", "created_by")[: 2 * MOST_STEPS])
    drafts = [offer for offer in unseen if offer.state == OfferState.DRAFT]
    found = [_to_confirm(offer) for offer in unseen if offer.state == OfferState.TO_CONFIRM][:MOST_STEPS]
    found += [
        NextStep(
            title=_("Publish “%(offer)s”") % {"offer": offer.title},
            sentence=_(" ").join(problem.sentence for problem in problems_for_acting(offer.organisation))
            or _("It is a draft: nobody but you can see it."),
            url=offer.get_absolute_url(),
            button=_("Look at the draft"),
            weight=PREPARE,
        )
        for offer in drafts[:MOST_STEPS]
    ]
    promised = Placement.objects.filter(home__in=user.coordinated_ids())
    due = Swap.objects.unanswered().filter(state=SwapState.DUE, pk__in=promised.values("swap"))
    if due.exists():
        found.append(
            NextStep(
                title=_("Somebody would like to come to you in return"),
                sentence=_("Open an offer, or say in one that is open which days suit."),
                url=reverse("offers-ours"),
                button=_("Your organisation’s offers"),
                weight=PREPARE,
            )
        )
    return found


def _to_confirm(offer: HostOffer) -> NextStep:
    return NextStep(
        title=_("May “%(offer)s” be shown?") % {"offer": offer.title},
        sentence=_("%(who)s has written it for %(host)s. Nobody sees it before you say yes.")
        % {"who": offer.created_by.name, "host": offer.organisation.name},
        url=offer.get_absolute_url(),
        button=_("Read and answer"),
        weight=ANSWER_FOR_ORGANISATION,
    )
