"""Where a visit stands for the person who looks at it, and what they should do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.ground.steps import NextStep
from secondments.models import Concern, Decision, HostOffer, Placement, Swap
from secondments.models.days import day_words
from secondments.permissions import is_of_host, is_of_visitor, is_visitor, may_call_due, may_check, may_decide
from secondments.problems import problems_for_acting
from secondments.states import (
    CheckKind,
    CheckState,
    ConcernState,
    DecisionKind,
    DecisionState,
    OfferState,
    PlacementState,
    SwapState,
)

if TYPE_CHECKING:
    from partnerships.models import User

MOST_STEPS = 50
ACT = 10
LOOK = 50
PREPARE = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """What is so and what comes next. Without a url it is somebody else's turn."""

    title: str
    sentence: str
    url: str = ""
    button: str = ""
    post: bool = False
    by: datetime | None = None


def standing(placement: Placement, user: User, at: datetime) -> Standing:
    """The next-step card of a placement's page. Expects decisions, checks and sessions at hand."""
    if placement.state == PlacementState.REQUESTED:
        return _requested(placement, user)
    if placement.state == PlacementState.AGREED:
        return _agreed(placement, user)
    if placement.state in (PlacementState.CONFIRMED, PlacementState.UNDER_WAY):
        return _settled(placement, user, at)
    if placement.state == PlacementState.COMPLETED:
        return _completed(placement, user)
    return _ended(placement, user)


def deciders(placement: Placement, user: User) -> dict[str, str]:
    """Who decides, as this person would say it."""
    mine = is_visitor(user, placement)
    name = placement.visitor.name
    return {
        DecisionKind.VISITOR: _("You") if mine else name,
        DecisionKind.HOST: placement.offer.organisation.name,
        DecisionKind.HOME_APPROVER: _("Your manager") if mine else _("%(name)s’s manager") % {"name": name},
        DecisionKind.COORDINATOR: _("Your coordinator")
        if mine
        else _("Coordinator at %(home)s") % {"home": placement.home.name},
    }


def in_sentence(who: str) -> str:
    """ "Your manager" within a sentence; a name keeps its capital."""
    own = {_("Your manager"): _("your manager"), _("Your coordinator"): _("your coordinator"), _("You"): _("you")}
    return own.get(who, who)


def _requested(placement: Placement, user: User) -> Standing:
    decisions = list(placement.decisions.all())
    day = date_format(localtime(placement.answer_by), "l j F")
    for decision in decisions:
        decision.placement = placement
        if decision.state == DecisionState.WAITING and may_decide(user, decision):
            own = decision.kind == DecisionKind.VISITOR
            sentence = _("No is a good answer and needs no reason. Please answer by %(day)s.")
            return Standing(
                title=_("Next: say whether you would like to go") if own else _("Next: your yes or no"),
                sentence=sentence % {"day": day},
                url=reverse("placement-decide", args=[placement.uuid, decision.kind]),
                button=_("Read and answer"),
                by=placement.answer_by,
            )
    names = deciders(placement, user)
    given = [names[each.kind] for each in decisions if each.state == DecisionState.YES and each.kind != "visitor"]
    asked = [names[each.kind] for each in decisions if each.state == DecisionState.WAITING]
    waits_for = _(" and ").join(in_sentence(each) for each in asked)
    words = {"asked": waits_for, "given": _(" and ").join(given), "day": day}
    so_far = _("%(given)s said yes. ") % words if given else ""
    last = _("The question is with %(asked)s, with an answer by %(day)s. The days are kept until then.") % words
    return Standing(
        title=_("Next: an answer from %(asked)s") % words,
        sentence=so_far + last,
        by=placement.answer_by,
    )


def _agreed(placement: Placement, user: User) -> Standing:
    needed = [each for each in placement.checks.all() if each.state == CheckState.NEEDED]
    for each in needed:
        if may_check(user, placement, each.kind):
            title, sentence, button = _what_to_do(each.kind, placement)
            url = reverse("placement-check", args=[placement.uuid, each.kind])
            return Standing(title=title, sentence=sentence, url=url, button=button, post=True)
    things = _(", ").join(str(each.get_kind_display()).lower() for each in needed)
    return Standing(
        title=_("Everyone said yes"),
        sentence=_("Needed before the first day: %(things)s. Whoever can do it has been told.") % {"things": things},
    )


def _what_to_do(kind: str, placement: Placement) -> tuple[str, str, str]:
    host, name = placement.offer.organisation.name, placement.visitor.name
    if kind == CheckKind.CONFIDENTIALITY:
        return (
            _("Next: your promise of confidentiality"),
            _("Everyone said yes. %(host)s asks that what you see and hear about people there stays there.")
            % {"host": host},
            _("I promise"),
        )
    if kind == CheckKind.LETTER_OF_ASSURANCE:
        return (
            _("Next: your letter of assurance"),
            _("%(host)s asks you, as the employer, for a letter that vouches for %(name)s. Send it, then say so here.")
            % {"host": host, "name": name},
            _("The letter is sent"),
        )
    return (
        _("Next: a short induction"),
        _("You ask for an induction of %(name)s. Agree when, then say so here.") % {"name": name},
        _("The induction is arranged"),
    )


def _settled(placement: Placement, user: User, at: datetime) -> Standing:
    days = placement.days()
    today = clock.today(at)
    first, last = days[0], days[-1]
    if is_of_host(user, placement) and not is_visitor(user, placement) and first <= today:
        return Standing(
            title=_("Next: say that it happened"),
            sentence=_("Once the last day, %(day)s, is over: that it happened, and how many hours it took you.")
            % {"day": day_words(last)},
            url=reverse("placement-outcome", args=[placement.uuid]),
            button=_("Say how it was"),
        )
    names = {"name": placement.visitor.name, "host": placement.offer.organisation.name, "day": day_words(first)}
    if last < today:
        return Standing(
            title=_("The last day is over"),
            sentence=_("%(host)s is asked to say that it happened.") % names,
        )
    if first <= today:
        return Standing(title=_("It is under way"), sentence=_("The last day is %(day)s.") % {"day": day_words(last)})
    if is_of_host(user, placement):
        return Standing(
            title=_("It is settled: %(name)s comes on %(day)s") % names,
            sentence=_("There is nothing to prepare. Tell whoever will be there, and that they may refuse."),
        )
    mine = is_of_visitor(user, placement)
    return Standing(
        title=_("It is settled: you go on %(day)s") % names if mine else _("It is settled for %(day)s") % names,
        sentence=_("Everyone said yes and everything needed first is done."),
    )


def _completed(placement: Placement, user: User) -> Standing:
    swap = placement.swap
    if swap is not None and may_call_due(user, swap) and swap.other_visit(placement) is None:
        words = {"home": placement.home.name}
        url = reverse("swap-call", args=[placement.uuid])
        if swap.state == SwapState.DUE:
            return Standing(
                title=_("Next: ask for days at %(home)s") % words,
                sentence=_("They know that somebody of you would like to come. Choose where, and which days suit."),
                url=url,
                button=_("See what is open there"),
            )
        if swap.state == SwapState.OPEN:
            return Standing(
                title=_("It happened. Would somebody of you like to go?"),
                sentence=_("%(home)s would welcome one of you. There is no need to, and no date until you name one.")
                % words,
                url=url,
                button=_("Somebody would like to go"),
                post=True,
            )
    return Standing(
        title=_("It happened"),
        sentence=_("Nothing seen on it is used for contract monitoring, inspection or scoring."),
    )


def _ended(placement: Placement, user: User) -> Standing:
    titles = {
        PlacementState.DECLINED: _("It does not work out this time"),
        PlacementState.WITHDRAWN: _("Withdrawn"),
        PlacementState.CANCELLED: _("It cannot take place"),
        PlacementState.EXPIRED: _("Not everyone could answer in time"),
        PlacementState.DID_NOT_HAPPEN: _("It did not happen"),
    }
    title = titles[PlacementState(placement.state)]
    if is_of_visitor(user, placement):
        return Standing(
            title=title,
            sentence=_("The days are free again. Other hosts are open to you."),
            url=reverse("offers"),
            button=_("See what is still open"),
        )
    return Standing(title=title, sentence=_("The days are free again. There is nothing for you to do."))


def steps(user: User, at: datetime) -> list[NextStep]:
    """What waits for this person, and how their own visits stand."""
    found = [*_answers(user), *_visits(user, at), *_offers(user)]
    if user.is_administrator:
        found += _concerns()
    return found


def _answers(user: User) -> list[NextStep]:
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


def _visits(user: User, at: datetime) -> list[NextStep]:
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
            continue  # said by _answers already
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


def _offers(user: User) -> list[NextStep]:
    """Drafts that nobody sees yet, and returns that were called due."""
    if not user.is_coordinator:
        return []
    drafts = HostOffer.objects.managed_by(user).filter(state=OfferState.DRAFT).select_related("organisation")
    found = [
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


def _concerns() -> list[NextStep]:
    waiting = Concern.objects.filter(state=ConcernState.RAISED).order_by("created_at")
    return [
        NextStep(
            title=_("Somebody says that something is wrong"),
            sentence=_("Said on %(day)s.") % {"day": date_format(localtime(concern.created_at), "j F")},
            url=reverse("concern-read", args=[concern.uuid]),
            button=_("Read it"),
            weight=ACT - 5,
        )
        for concern in waiting[:MOST_STEPS]
    ]
