"""Mails of a round: joined, proposed to the broker, called off, and for those without a place, why and what is open.

Who has a match hears by the question whether they go, which every matched visit asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground.look import Fact
from secondments.matches.words import what_happened
from secondments.models import HostOffer, Match, MatchRun, NotPlaced, Participation, Round

from .brokers import brokers_of
from .letters import Letter, links_to, paragraphs_of, send, to_member, to_user, url_named


def joined(participation: Participation) -> None:
    """A receipt: what happens next, and when."""
    to_member(participation.membership, participation, lambda: _joined(participation))


def proposed(run: MatchRun) -> None:
    """To every broker of the programme: a proposal waits to be read. Nobody else has been told."""
    for broker in brokers_of(run.round.programme):
        to_user(broker, run, lambda: _proposed(run))


def about_to_move(a_round: Round, what: str, day: date) -> None:
    """To every broker of the programme, some days before a date of the round moves it on by itself."""
    people = a_round.participations.joined().count()
    for broker in brokers_of(a_round.programme):
        to_user(broker, a_round, lambda: _about_to_move(a_round, what, day, people))


def not_placed(each: NotPlaced, still_open: Sequence[HostOffer]) -> None:
    """We could not place you this time: why, without people, and what is still open."""

    def letter() -> Letter:
        why = what_happened(each.causes)
        rules = [
            _("Of the other hosts, each counted wherever it did not suit: %(list)s") % {"list": " ".join(why.rules)}
        ]
        return _not_placed(each.participation.round, why.causes + rules * bool(why.rules), why.helps, still_open)

    to_member(each.participation.membership, each.participation, letter)


def fell_through(match: Match, still_open: Sequence[HostOffer]) -> None:
    """The visit that was proposed can no longer be asked: said as plainly as any other no."""

    def letter() -> Letter:
        why = [
            _(
                "We had found a host for you, but when everyone was asked, that visit could no longer be: its days "
                "were taken, or something else had changed."
            )
        ]
        return _not_placed(match.run.round, why, [], still_open)

    to_member(match.participation.membership, match.participation, letter)


def called_off(participation: Participation, still_open: Sequence[HostOffer], *, introduced: bool) -> None:
    """The round does not take place: why, and what is open. Whoever was `introduced` to somebody has a visit still."""
    to_member(participation.membership, participation, lambda: _called_off(participation.round, still_open, introduced))


def no_answer_needed(a_round: Round, address: str, language: str) -> None:
    """To whoever was asked whether they, or somebody they answer for, would take part, and has not said yes or no."""
    send(address, language, a_round, lambda: _no_answer_needed(a_round))


def _url(a_round: Round) -> str:
    return url_named("round", a_round.slug)


def _joined(participation: Participation) -> Letter:
    a_round = participation.round
    return Letter(
        title=_("You have joined %(programme)s") % {"programme": a_round.programme.name},
        paragraphs=(
            _(
                "People can join until %(day)s. Then a broker at %(broker)s matches everybody, "
                "by the criteria that stand on the page, and everyone hears on the same day."
            )
            % {"day": date_format(a_round.join_by, "l j F"), "broker": a_round.programme.organisation.name},
            _("You can change what you said, or leave, until then."),
        ),
        facts=(
            Fact(_("Your weeks"), ", ".join(date_format(monday, "j F") for monday in participation.weeks)),
            Fact(_("How far"), _("up to %(km)s km") % {"km": participation.most_km}),
        ),
        button_label=_("Look at what you said"),
        button_url=_url(a_round),
    )


def _proposed(run: MatchRun) -> Letter:
    placed = run.matches.count()
    everybody = placed + run.not_placed.count()
    return Letter(
        title=_("%(placed)s of %(everybody)s people have a place") % {"placed": placed, "everybody": everybody},
        paragraphs=(
            _("The proposal for %(round)s is ready, and has been checked independently. Nobody has been told yet.")
            % {"round": run.round.full_name},
            *([_("It was stopped early, so there may be a better answer.")] if run.stopped_early else []),
            _("Read who meets whom and why, then tell everyone, or put it aside and match again."),
        ),
        button_label=_("Read the proposal"),
        button_url=url_named("round-desk", run.round.slug),
    )


def _about_to_move(a_round: Round, what: str, day: date, people: int) -> Letter:
    names = {"round": a_round.full_name, "day": date_format(day, "l j F")}
    joined = ngettext("%(people)s person has joined.", "%(people)s people have joined.", people) % {"people": people}
    titles = {
        "opens": _("%(round)s opens on %(day)s") % names,
        "closes": _("People can join %(round)s until %(day)s") % names,
        "matched": _("%(round)s is matched on %(day)s") % names,
    }
    then = {
        "opens": _("From then on people can join, and the order of its criteria is public."),
        "closes": _("%(joined)s The night after, it closes by itself.") % {"joined": joined},
        "matched": _("%(joined)s You read the proposal before anybody is told; telling them is yours alone.")
        % {"joined": joined},
    }
    return Letter(
        title=titles[what],
        paragraphs=(then[what], _("You need do nothing. If it is too soon, change the dates.")),
        button_label=_("Look at the round"),
        button_url=url_named("round-desk", a_round.slug),
    )


def _called_off(a_round: Round, still_open: Sequence[HostOffer], introduced: bool) -> Letter:
    names = {"round": a_round.full_name, "broker": a_round.programme.organisation.name}
    stands = _(
        "The visit that its broker introduced you to is another matter: it stands as it was agreed or asked for."
    )
    return Letter(
        title=_("%(round)s does not take place") % names,
        paragraphs=(
            _("%(broker)s has called it off, and writes why:") % names,
            *paragraphs_of(a_round.called_off_because),
            _("Nobody is matched in it, and you need do nothing."),
            *([stands] if introduced else []),
            _("You can ask a host yourself, at any time, or join another round once one is open."),
        ),
        links=(*links_to(still_open), (_("Programmes that people can join"), url_named("rounds"))),
        links_title=_("Still open"),
        button_label=_("See who is open to visitors"),
        button_url=url_named("offers"),
    )


def _no_answer_needed(a_round: Round) -> Letter:
    names = {"round": a_round.full_name, "broker": a_round.programme.organisation.name}
    return Letter(
        title=_("%(round)s does not take place") % names,
        paragraphs=(
            _("You were asked about taking part in it. No answer is needed any more."),
            _("%(broker)s has called it off, and writes why:") % names,
            *paragraphs_of(a_round.called_off_because),
        ),
        button_label=_("See who is open to visitors"),
        button_url=url_named("offers"),
    )


def _not_placed(a_round: Round, why: list[str], helps: list[str], still_open: Sequence[HostOffer]) -> Letter:
    help_first = (_("This would help next time: %(list)s") % {"list": " ".join(helps)},) if helps else ()
    return Letter(
        title=_("We could not place you this time"),
        paragraphs=(
            _("%(programme)s is matched, and there was no place for you in it. This is why:")
            % {"programme": a_round.programme.name},
            *why,
            *help_first,
            _("If a place comes free that suits you, we write again. You can also ask a host yourself, at any time."),
        ),
        links=links_to(still_open),
        links_title=_("Still open"),
        button_label=_("See who is open to visitors"),
        button_url=url_named("offers"),
    )
