"""What a coordinator should do about the offers of their organisation, and a broker about those written for others."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.ground.steps import NextStep
from secondments.models import HostOffer, Placement, Swap
from secondments.next_steps.weights import ANSWER_FOR_ORGANISATION, LOOK, MOST_STEPS, PREPARE
from secondments.problems import problems_for_acting
from secondments.problems.entering import ASKED_AGAIN_AFTER
from secondments.states import OfferState, SwapState

if TYPE_CHECKING:
    from partnerships.models import User


def steps(user: User, at: datetime) -> list[NextStep]:
    """Drafts that nobody sees yet, and returns that were called due; for a broker, hosts who have not answered."""
    if not (user.is_coordinator or user.is_broker):
        return []
    unseen = list(HostOffer.objects.to_see_to(user, slow=at - ASKED_AGAIN_AFTER)[: 2 * MOST_STEPS])
    drafts = [offer for offer in unseen if offer.state == OfferState.DRAFT]
    asked = [offer for offer in unseen if offer.state == OfferState.TO_CONFIRM][:MOST_STEPS]
    ours = user.coordinated_ids()
    found = [_to_confirm(offer) if offer.organisation_id in ours else _not_answered(offer) for offer in asked]
    found += [_draft(offer) for offer in drafts[:MOST_STEPS]]
    if not user.is_coordinator:
        return found
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


def _draft(offer: HostOffer) -> NextStep:
    """What nobody else sees yet: it waits for a press, or for others where the organisation cannot act yet."""
    names = {"offer": offer.title}
    against = problems_for_acting(offer.organisation)
    return NextStep(
        title=(_("“%(offer)s” waits as a draft") if against else _("Publish “%(offer)s”")) % names,
        sentence=_(" ").join(problem.sentence for problem in against) or _("It is a draft: nobody but you can see it."),
        url=offer.get_absolute_url(),
        button=_("Look at the draft"),
        weight=PREPARE,
        status=_("Waiting") if against else "",
    )


def _to_confirm(offer: HostOffer) -> NextStep:
    return NextStep(
        title=_("May “%(offer)s” be shown?") % {"offer": offer.title},
        sentence=_("%(who)s has written it for %(host)s. Nobody sees it before you say yes.")
        % {"who": offer.created_by.name, "host": offer.organisation.name},
        url=offer.get_absolute_url(),
        button=_("Read and answer"),
        weight=ANSWER_FOR_ORGANISATION,
    )


def _not_answered(offer: HostOffer) -> NextStep:
    names = {"host": offer.organisation.name, "offer": offer.title}
    return NextStep(
        title=_("%(host)s has not said yes to “%(offer)s”") % names,
        sentence=_("You wrote it for them, and they have a mail with a link. Nobody sees it before. Ring them?"),
        url=offer.get_absolute_url(),
        button=_("Read it again"),
        weight=LOOK,
    )
