"""Mails that follow an answer or something done: one yes, agreed, confirmed, declined, it happened."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from secondments.models import Check, Decision, HostOffer, Placement
from secondments.models.days import hours_words
from secondments.states import CheckKind, DecisionKind

from .letters import (
    Letter,
    another_may_come,
    facts_of,
    links_to,
    moment_words,
    to_coordinators,
    to_host,
    to_visitor,
    url_of,
)


def who_answered(decision: Decision) -> str:
    """The host's name, "your manager" or "your coordinator", as a visitor would say."""
    if decision.kind == DecisionKind.HOST:
        return decision.placement.offer.organisation.name
    if decision.kind == DecisionKind.HOME_APPROVER:
        return _("Your manager")
    return _("Your coordinator")


def one_yes(decision: Decision, still_asked: Sequence[Decision]) -> None:
    """One of several answers is there; the visitor hears it unless it was their own."""
    placement = decision.placement
    if decision.kind == DecisionKind.VISITOR:
        return
    to_visitor(
        placement,
        lambda: Letter(
            title=_("%(who)s said yes to %(visit)s") % {"who": who_answered(decision), "visit": placement.title()},
            paragraphs=(
                ngettext(
                    "One more answer is still to come, by %(day)s. You need do nothing until then.",
                    "%(count)d more answers are still to come, by %(day)s. You need do nothing until then.",
                    len(still_asked),
                )
                % {"count": len(still_asked), "day": moment_words(placement.answer_by)},
            ),
            facts=facts_of(placement),
            button_label=_("See where it stands"),
            button_url=url_of(placement),
        ),
    )


def agreed(placement: Placement, needed: Sequence[Check]) -> None:
    """Every yes is there; what is needed first is told to whoever can do it."""
    to_visitor(placement, lambda: _agreed(placement, needed))
    kinds = {check.kind for check in needed}
    if CheckKind.LETTER_OF_ASSURANCE in kinds:
        to_coordinators(placement.home, placement, lambda: _needed(placement, CheckKind.LETTER_OF_ASSURANCE))
    if CheckKind.INDUCTION in kinds:
        to_host(placement, lambda: _needed(placement, CheckKind.INDUCTION))


def confirmed(placement: Placement) -> None:
    to_visitor(
        placement,
        lambda: Letter(
            title=_("It is settled: %(visit)s") % {"visit": placement.title()},
            paragraphs=(
                _("Everyone has said yes and everything needed first is done."),
                _(
                    "You are never alone with people who use the service. Whoever you meet is told beforehand and may "
                    "refuse. Nothing that you see is used for monitoring, inspection or scoring."
                ),
            ),
            facts=facts_of(placement),
            button_label=_("Look at your visit"),
            button_url=url_of(placement),
        ),
    )
    to_host(
        placement,
        lambda: Letter(
            title=_("It is settled: %(name)s comes to you") % {"name": placement.visitor.name},
            paragraphs=(
                _("Everyone has said yes and everything needed first is done. There is nothing to prepare."),
                _("After the last day we ask you one thing: that it happened, and how many hours it took you."),
            ),
            facts=facts_of(placement),
            button_label=_("Look at the visit"),
            button_url=url_of(placement),
        ),
    )


def declined(placement: Placement, open_instead: Sequence[HostOffer]) -> None:
    """One neutral sentence, and what is still open. Nobody is told who said no, or why."""
    to_visitor(
        placement,
        lambda: Letter(
            title=_("It does not work out this time: %(visit)s") % {"visit": placement.title()},
            paragraphs=(
                _("That happens often and says nothing about you. Your days are free again."),
                *another_may_come(placement),
                *((_("These are still open to you."),) if open_instead else ()),
            ),
            links=links_to(open_instead),
            links_title=_("Still open"),
            button_label=_("See where it stands"),
            button_url=url_of(placement),
        ),
    )


def completed(placement: Placement) -> None:
    def spent() -> str:
        return hours_words(placement.host_minutes or 0)

    to_visitor(
        placement,
        lambda: Letter(
            title=_("It happened: %(visit)s") % {"visit": placement.title()},
            paragraphs=(
                _("%(host)s has said so. It took them %(spent)s of their time.")
                % {"host": placement.offer.organisation.name, "spent": spent()},
                _("What you saw stays with you: it is used for no contract, inspection or score."),
            ),
            facts=facts_of(placement),
            button_label=_("Look at your visit"),
            button_url=url_of(placement),
        ),
    )
    to_host(
        placement,
        lambda: Letter(
            title=_("Recorded: %(name)s was with you") % {"name": placement.visitor.name},
            paragraphs=(
                _("You gave %(spent)s. It counts as time given by your organisation.") % {"spent": spent()},
                _("There is nothing more for you to do."),
            ),
            facts=facts_of(placement),
            button_label=_("Look at the visit"),
            button_url=url_of(placement),
        ),
    )


def _agreed(placement: Placement, needed: Sequence[Check]) -> Letter:
    things = _(", ").join(str(CheckKind(check.kind).label).lower() for check in needed)
    return Letter(
        title=_("Everyone said yes to %(visit)s") % {"visit": placement.title()},
        paragraphs=(
            _("Needed before the first day: %(things)s. Whoever can do it has been told.") % {"things": things},
        ),
        facts=facts_of(placement),
        button_label=_("See what is needed"),
        button_url=url_of(placement),
    )


def _needed(placement: Placement, kind: CheckKind) -> Letter:
    ask = (
        _(
            "%(host)s asks for a letter from you as the employer, saying that you vouch for %(name)s. "
            "Send it to them, then mark it as done on the page of the visit."
        )
        if kind == CheckKind.LETTER_OF_ASSURANCE
        else _(
            "You ask for a short induction of %(name)s before the first day. Mark it as done once you have "
            "agreed when, on the page of the visit."
        )
    )
    return Letter(
        title=_("Needed first: %(thing)s for %(name)s")
        % {"thing": str(kind.label).lower(), "name": placement.visitor.name},
        paragraphs=(ask % {"host": placement.offer.organisation.name, "name": placement.visitor.name},),
        facts=facts_of(placement),
        button_label=_("Look at the visit"),
        button_url=url_of(placement),
    )
