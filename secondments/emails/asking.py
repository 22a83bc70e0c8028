"""The first mails of a visit: what was asked, of whom, and by when."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from partnerships.ground.look import Fact
from partnerships.models import User
from secondments.models import Decision, Placement
from secondments.permissions import addresses_asked, is_acted_for
from secondments.states import BY_A_BROKER, TIES_OVER_HOST, DecisionKind, DecisionState, RunKind

from .letters import Letter, facts_of, moment_words, send, to_visitor, url_named, url_of
from .links import decision_link


def asked(placement: Placement) -> None:
    """The visitor's receipt, and the question to everybody whose yes is needed."""
    if placement.how_began not in BY_A_BROKER:
        to_visitor(placement, lambda: _receipt(placement))
    for decision in placement.decisions.all():
        if decision.state == DecisionState.WAITING:
            decision.placement = placement
            ask_for_answer(decision)


def ask_for_answer(decision: Decision) -> None:
    """One mail to each address that is asked; the first yes or no counts."""
    languages = dict(User.objects.filter(email__in=addresses_asked(decision)).values_list("email", "language"))
    for address in addresses_asked(decision):
        send(
            address,
            languages.get(address, "en-gb"),
            decision.placement,
            lambda address=address: _question(decision, address),  # type: ignore[misc]  # binds this round's address
        )


def ask_together(address: str, language: str, decisions: Sequence[Decision]) -> None:
    """One mail for several people of a round who need the same reader's yes, with a link for each of them."""
    write = (
        (lambda: _question(decisions[0], address)) if len(decisions) == 1 else lambda: _questions(decisions, address)
    )
    send(address, language, decisions[0].placement, write)


def reminder(address: str, language: str, decisions: Sequence[Decision]) -> None:
    """One mail for all that waits for one reader."""
    send(address, language, decisions[0].placement, lambda: _reminder(address, decisions))


def _receipt(placement: Placement) -> Letter:
    return Letter(
        title=_("You have asked: %(visit)s") % {"visit": placement.title()},
        paragraphs=(
            _(
                "%(host)s has your question, and so does everyone else whose yes is needed. "
                "You hear from us as soon as they answer, and by %(day)s at the latest."
            )
            % {"host": placement.offer.organisation.name, "day": moment_words(placement.answer_by)},
            _("Your days are kept for you until then. You need do nothing."),
        ),
        facts=facts_of(placement),
        button_label=_("Look at your visit"),
        button_url=url_of(placement),
    )


def _question(decision: Decision, address: str) -> Letter:
    write = {
        DecisionKind.HOST: _to_host,
        DecisionKind.VISITOR: _to_matched_visitor,
    }.get(DecisionKind(decision.kind), _to_home)
    return write(decision, decision_link(decision, address))


def _questions(decisions: Sequence[Decision], address: str) -> Letter:
    """Several questions of one kind. Each link opens one of them, and each answer counts for that one alone."""
    count = {"count": len(decisions)}
    to_host = decisions[0].kind == DecisionKind.HOST
    day = moment_words(min(each.placement.answer_by for each in decisions))
    return Letter(
        title=_("%(count)s people would like to visit you") % count
        if to_host
        else _("%(count)s people ask for your yes to a visit") % count,
        paragraphs=(
            _("They have a place in the same round. Answer each by itself: a no to one is no answer to another."),
            _("No is a good answer and needs no reason. Please answer by %(day)s.") % {"day": day},
        ),
        facts=tuple(Fact(_who(each.placement), _what(each)) for each in decisions),
        links=tuple(
            (_("Answer %(name)s") % {"name": each.placement.visitor.name}, decision_link(each, address))
            for each in decisions
        ),
        links_title=_("Answer each of them"),
        after=(
            _(
                "Each link opens one question, without signing in, until %(day)s. "
                "Nothing is decided until you press yes or no."
            )
            % {"day": day},
            _("All that waits for you is also at %(url)s") % {"url": url_named("next-steps")},
        ),
    )


def _who(placement: Placement) -> str:
    return _("%(name)s, %(home)s") % {"name": placement.visitor.name, "home": placement.home.name}


def _what(decision: Decision) -> str:
    """The visit and what they hope to learn; a tie is said first, to whoever judges it."""
    placement = decision.placement
    words = {"visit": placement.title(), "when": placement.when_words(), "learn": placement.learn}
    visit = _("%(visit)s: %(when)s. What they hope to learn: “%(learn)s”") % words
    if placement.tie not in TIES_OVER_HOST or decision.kind == DecisionKind.HOME_APPROVER:
        return visit
    return _("They say first: “%(tie)s”. %(visit)s") % {"tie": placement.get_tie_display(), "visit": visit}


def _without_signing_in(placement: Placement) -> str:
    return _(
        "The link opens this one question, without signing in, until %(day)s. "
        "Nothing is decided until you press yes or no."
    ) % {"day": moment_words(placement.answer_by)}


def _to_host(decision: Decision, url: str) -> Letter:
    placement = decision.placement
    tie = (placement.get_tie_display(),) if placement.tie in TIES_OVER_HOST else ()
    said_first = tuple(_("They say first: “%(tie)s”.") % {"tie": words} for words in tie)
    return Letter(
        title=_("%(name)s of %(home)s would like to visit you")
        % {"name": placement.visitor.name, "home": placement.home.name},
        paragraphs=(
            *said_first,
            _("What they hope to learn: “%(learn)s”") % {"learn": placement.learn},
            _("No is a good answer and needs no reason. Please answer by %(day)s.")
            % {"day": moment_words(placement.answer_by)},
        ),
        facts=facts_of(placement),
        button_label=_("Read and answer"),
        button_url=url,
        after=(_without_signing_in(placement),),
    )


def _to_home(decision: Decision, url: str) -> Letter:
    placement = decision.placement
    tie = placement.tie in TIES_OVER_HOST
    said_first = (
        _("Said first: “%(tie)s”. That is why a coordinator must agree.") % {"tie": placement.get_tie_display()},
    )
    return Letter(
        title=_("%(name)s asks for your yes to a visit") % {"name": placement.visitor.name},
        paragraphs=(
            *(said_first if tie and decision.kind == DecisionKind.COORDINATOR else ()),
            _("%(name)s would like to spend working time at %(host)s, to see its work from inside.")
            % {"name": placement.visitor.name, "host": placement.offer.organisation.name},
            _("What they hope to learn: “%(learn)s”") % {"learn": placement.learn},
            _("Please answer by %(day)s.") % {"day": moment_words(placement.answer_by)},
        ),
        facts=facts_of(placement),
        button_label=_("Read and answer"),
        button_url=url,
        after=(_without_signing_in(placement),),
    )


def _to_matched_visitor(decision: Decision, url: str) -> Letter:
    placement = decision.placement
    names = {"visit": placement.title(), "name": placement.visitor.name}
    title = (
        _("We have found a place for %(name)s: %(visit)s")
        if is_acted_for(placement)
        else _("We have found a place for you: %(visit)s")
    )
    return Letter(
        title=title % names,
        paragraphs=(
            *((_("A place has come free since we last wrote, and it suits you."),) if _came_free(placement) else ()),
            _(
                "The days are a proposal. Say yes if you would like to go, or no, which needs no reason. "
                "Please answer by %(day)s."
            )
            % {"day": moment_words(placement.answer_by)},
        ),
        facts=facts_of(placement),
        button_label=_("Read and answer"),
        button_url=url,
        after=(_without_signing_in(placement),),
    )


def _came_free(placement: Placement) -> bool:
    """Whether somebody else's visit came to nothing first."""
    match = getattr(placement, "match", None)
    return match is not None and match.run.kind == RunKind.REPAIR


def _reminder(address: str, decisions: Sequence[Decision]) -> Letter:
    many = len(decisions) > 1
    return Letter(
        title=_("Some people wait for your answer") if many else _("Somebody waits for your answer"),
        paragraphs=(
            _("No is a good answer too. If you do not answer, the days are given back and the visitor is told."),
        ),
        facts=tuple(
            Fact(
                _who(each.placement),
                _("%(visit)s; answer by %(day)s")
                % {"visit": each.placement.title(), "day": moment_words(each.placement.answer_by)},
            )
            for each in decisions
        ),
        links=tuple(
            (_("Answer %(name)s") % {"name": each.placement.visitor.name}, decision_link(each, address))
            for each in decisions
        )
        if many
        else (),
        links_title=_("Answer each of them"),
        button_label="" if many else _("Read and answer"),
        button_url="" if many else decision_link(decisions[0], address),
        after=(
            _("This is the only reminder that we send you this week."),
            _("All that waits for you is also at %(url)s") % {"url": url_named("next-steps")},
        ),
    )
