"""Where a visit stands for the person who looks at it: the card at the top of its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from partnerships.ground import clock
from secondments.models import Check, Placement
from secondments.models.days import day_words
from secondments.permissions import is_of_host, is_of_visitor, is_visitor, may_call_due, may_check, may_decide
from secondments.states import CheckKind, CheckState, DecisionKind, DecisionState, HowBegan, PlacementState, SwapState

if TYPE_CHECKING:
    from partnerships.models import User


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
    return _ended(placement, user, at)


def in_a_line(placement: Placement, user: User, at: datetime) -> str:
    """The same for a row of a list: what is so, and who is asked until when. It asks the database nothing more."""
    if placement.state == PlacementState.REQUESTED:
        return _asked_in_a_line(placement, user)
    if placement.state == PlacementState.AGREED:
        now = _agreed(placement, user)
        needed = [each for each in placement.checks.all() if each.state == CheckState.NEEDED]
        return now.title if now.url else _("Everyone said yes. Still needed: %(things)s") % {"things": _listed(needed)}
    if placement.state in (PlacementState.CONFIRMED, PlacementState.UNDER_WAY):
        now, days = _settled(placement, user, at), placement.days()
        words = {"host": placement.offer.organisation.name, "first": day_words(days[0]), "last": day_words(days[-1])}
        if now.url and days[-1] <= clock.today(at):
            return now.title
        if days[-1] < clock.today(at):
            return _("The last day is over. %(host)s says whether it happened") % words
        if days[0] <= clock.today(at):
            return _("Under way until %(last)s") % words
        return _("Settled: it begins on %(first)s") % words
    return str(placement.get_state_display())


def _asked_in_a_line(placement: Placement, user: User) -> str:
    names, day = deciders(placement, user), date_format(localtime(placement.answer_by), "j F")
    asked = []
    for decision in placement.decisions.all():
        decision.placement = placement
        if decision.state == DecisionState.WAITING:
            if may_decide(user, decision):
                return _("Waiting for your answer until %(day)s") % {"day": day}
            asked.append(in_sentence(names[decision.kind]))
    return _("Waiting for %(asked)s until %(day)s") % {"asked": _(" and ").join(asked), "day": day}


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
    words = {"things": _listed(needed)}
    return Standing(
        title=_("Everyone said yes"),
        sentence=_("Needed before the first day: %(things)s. Whoever can do it has been told.") % words,
    )


def _listed(checks: Iterable[Check]) -> str:
    return _(", ").join(str(each.get_kind_display()).lower() for each in checks)


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


def _ended(placement: Placement, user: User, at: datetime) -> Standing:
    titles = {
        PlacementState.DECLINED: _("It does not work out this time"),
        PlacementState.WITHDRAWN: _("Withdrawn"),
        PlacementState.CANCELLED: _("It cannot take place"),
        PlacementState.EXPIRED: _("Not everyone could answer in time"),
        PlacementState.DID_NOT_HAPPEN: _("It did not happen"),
    }
    title = titles[PlacementState(placement.state)]
    if is_of_visitor(user, placement):
        over = (PlacementState.WITHDRAWN, PlacementState.DID_NOT_HAPPEN)
        ahead = placement.state not in over and placement.days()[-1] >= clock.today(at)
        looked_for = ahead and placement.how_began == HowBegan.MATCHED
        return Standing(
            title=title,
            sentence=_(
                "The days are free again. If another place comes free in the round, we write to you; you need not wait "
                "for it."
            )
            if looked_for
            else _("The days are free again. Other hosts are open to you."),
            url=reverse("offers"),
            button=_("See what is still open"),
        )
    return Standing(title=title, sentence=_("The days are free again. There is nothing for you to do."))
