"""Why a broker cannot note, list, introduce or write as asked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground import clock
from partnerships.ground.problems import Problem
from secondments.permissions import coordinator_addresses, may_keep_notes, may_run_round
from secondments.problems.acting import not_allowed
from secondments.states import TO_INTRODUCE, OfferState, ParticipationState

if TYPE_CHECKING:
    from collections.abc import Collection

    from partnerships.models import User
    from secondments.models import GroupLetter, HostOffer, Participation, Programme, Round, Shortlisted
    from secondments.models.days import HalfDay

MOST_LETTERS_A_DAY = 3
"""More than that in a day, and people stop reading what a round writes to them."""


def problems_for_noting(programme: Programme, *, by: User) -> list[Problem]:
    return [] if may_keep_notes(by, programme) else [not_allowed()]


def problems_of_being_gone(participation: Participation) -> list[Problem]:
    """Nothing more is written about somebody who has closed their account."""
    if participation.membership.user.anonymised_at is None:
        return []
    return [Problem("person_gone", _("This person has closed their account, and nothing is kept about them."), "text")]


def problems_for_shortlisting(participation: Participation, offer: HostOffer, *, by: User) -> list[Problem]:
    """A host is had in mind for somebody who takes part, while it takes visitors."""
    if not may_run_round(by, participation.round):
        return [not_allowed()]
    if participation.state != ParticipationState.JOINED:
        return [left()]
    if offer.state != OfferState.PUBLISHED or offer.shown_by_id is not None:
        return [Problem("offer_closed", _("This host takes no visitors at the moment. Choose another one."))]
    return []


def problems_for_introducing(shortlisted: Shortlisted, half_days: Collection[HalfDay], *, by: User) -> list[Problem]:
    """Whoever is introduced says themselves whether they go, or a coordinator who stands in: somebody is reached."""
    participation = shortlisted.participation
    if problems := problems_for_shortlisting(participation, shortlisted.offer, by=by):
        return problems
    if shortlisted.state not in TO_INTRODUCE:
        sentence = _("This host was asked already, or put aside. Look again at where it stands now.")
        return [Problem("out_of_turn", sentence)]
    if participation.has_a_visit():
        return [has_a_visit()]
    membership = participation.membership
    if not membership.user.email and not coordinator_addresses(membership.organisation):
        sentence = _("Nobody can answer for %(name)s: there is no address of theirs, and no coordinator. Ring them.")
        return [Problem("nobody_to_ask", sentence % {"name": membership.user.name})]
    if not half_days:
        sentence = _("This week does not suit both, or has no place left. Choose another week.")
        return [Problem("no_room", sentence, "week")]
    return []


def problems_for_writing(
    a_round: Round, readers: Collection[Participation], written: Collection[GroupLetter], *, by: User, at: datetime
) -> list[Problem]:
    """`written`: the letters of this round so far."""
    if not may_run_round(by, a_round):
        return [not_allowed()]
    if not readers:
        sentence = _("Nobody on this list can be written to. Choose others, or ring them.")
        return [Problem("nobody_to_write_to", sentence)]
    today = [each for each in written if clock.today(each.written_at) == clock.today(at)]
    if len(today) >= MOST_LETTERS_A_DAY:
        sentence = ngettext(
            "%(count)s letter went out from this round today, and that is the most in a day. Write tomorrow.",
            "%(count)s letters went out from this round today, and that is the most in a day. Write tomorrow.",
            len(today),
        )
        return [Problem("enough_for_today", sentence % {"count": len(today)})]
    return []


def has_a_visit() -> Problem:
    sentence = _(
        "This person has a visit already. They can be introduced again once it is over, or does not take place."
    )
    return Problem("has_a_visit", sentence)


def left() -> Problem:
    return Problem("left_round", _("This person has left the round. Look at who takes part now."))
