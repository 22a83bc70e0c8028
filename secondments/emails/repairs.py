"""Mails after a round was published: something came free and waits for a broker, and at last that it is over."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from secondments.models import HostOffer, MatchRun, Participation, Round

from .brokers import brokers_of
from .letters import Letter, links_to, to_member, to_user, url_named


def repair_waits(run: MatchRun) -> None:
    """To every broker of the programme, once for as long as one waits. Nobody else has been told."""
    people = run.matches.count()
    for broker in brokers_of(run.round.programme):
        to_user(broker, run, lambda: _repair_waits(run, people))


def over(participation: Participation, still_open: Sequence[HostOffer]) -> None:
    """Nothing came free for them: the last that they hear of this round."""
    to_member(participation.membership, participation, lambda: _over(participation.round, still_open))


def _repair_waits(run: MatchRun, people: int) -> Letter:
    title = ngettext(
        "%(people)s person of %(round)s could have a place after all",
        "%(people)s people of %(round)s could have a place after all",
        people,
    )
    return Letter(
        title=title % {"people": people, "round": run.round.full_name},
        paragraphs=(
            _("Something came free. We have worked out its best use: nobody who has a visit loses it."),
            _("Nobody has been told yet. Read who would go where, and offer it."),
        ),
        button_label=_("Read and offer it"),
        button_url=url_named("round-repair", run.round.slug, run.uuid),
    )


def _over(a_round: Round, still_open: Sequence[HostOffer]) -> Letter:
    return Letter(
        title=_("No place has come free in %(programme)s") % {"programme": a_round.programme.name},
        paragraphs=(
            _("Everyone who was asked has answered, and nothing is left that suits you. This round is over for you."),
            _("You can still ask a host yourself, at any time."),
        ),
        links=links_to(still_open),
        links_title=_("Still open"),
        button_label=_("See who is open to visitors"),
        button_url=url_named("offers"),
    )
