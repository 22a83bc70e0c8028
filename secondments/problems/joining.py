"""Why somebody cannot join a round, or leave it, as asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.ground.problems import Problem
from partnerships.problems import problems_for_approver
from partnerships.states import MembershipState, WhoAgrees
from secondments.permissions import may_speak_for
from secondments.problems.acting import not_allowed, problems_for_acting, round_called_off
from secondments.problems.asking import problems_of_agreeing
from secondments.states import ParticipationState, RoundState

if TYPE_CHECKING:
    from partnerships.models import Membership, Organisation, User
    from secondments.models import HostOffer, Participation, Round


def problems_for_saying_anything(a_round: Round, *, at: datetime) -> list[Problem]:
    """Nobody joins, changes what they said or begins to, once it is too late, or while nobody runs it."""
    runs = a_round.programme.organisation.may_act
    if a_round.state == RoundState.OPEN and a_round.join_by >= clock.today(at) and runs:
        return []
    if a_round.state == RoundState.CALLED_OFF:
        return [round_called_off()]
    return [Problem("round_not_open", _("This round is closed for joining. You can still ask a host yourself."))]


def problems_of_home(a_round: Round, organisation: Organisation, *, takes: bool | None = None) -> list[Problem]:
    """What stands against anybody of an organisation taking part. `takes`: whether its programme does, where known."""
    problems = problems_for_acting(organisation)
    if not any(source == organisation.field for source, _target in a_round.programme.crossings):
        problems.append(
            Problem(
                "crossing",
                _("This programme is for people from other fields. Look for a host yourself under visits and swaps."),
            )
        )
    if not (a_round.programme.takes(organisation) if takes is None else takes):
        sentence = _(
            "%(organisation)s does not take part in this programme yet. Ask its coordinator: they can ask for it on "
            "the programme’s page."
        )
        problems.append(Problem("not_enrolled", sentence % {"organisation": organisation.name}))
    return problems


def problems_for_joining(
    *,
    a_round: Round,
    membership: Membership,
    by: User,
    weeks: Collection[date],
    shows: str,
    welcomes: bool,
    somehow: bool,
    tie: str,
    wishes: Sequence[HostOffer],
    agrees_email: str,
    at: datetime,
) -> list[Problem]:
    """What stands against taking part, before anything is saved. `somehow`: they would go in person, or meet online."""
    problems: list[Problem] = []
    if not may_speak_for(by, membership):
        return [not_allowed()]
    if closed := problems_for_saying_anything(a_round, at=at):
        return closed
    problems += _against_membership(a_round, membership)
    problems += problems_of_home(a_round, membership.organisation)
    if not weeks:
        problems.append(Problem("weeks", _("Choose at least one week in which you could go."), "weeks"))
    if not somehow:
        problems.append(Problem("how", _("Choose a visit in person, a visit online, or both."), "how"))
    if welcomes and not shows.strip():
        problems.append(
            Problem("shows", _("Say in a line what a visitor would see with you, or that nobody can come."), "shows")
        )
    problems += _against_wishes(membership, wishes)
    # Said now: a match that nobody may agree to would come to nothing when everyone is told.
    problems += problems_of_agreeing(membership, tie)
    if membership.organisation.who_agrees == WhoAgrees.MANAGER:
        problems += problems_for_approver(membership, agrees_email)
    return problems


def problems_of_having_left(membership: Membership) -> list[Problem]:
    """Somebody takes part from where they belong still."""
    if membership.state in (MembershipState.ASKED, MembershipState.ACTIVE):
        return []
    sentence = _("This person no longer belongs to %(organisation)s. Join from where they work now.")
    return [Problem("no_longer_there", sentence % {"organisation": membership.organisation.name})]


def _against_membership(a_round: Round, membership: Membership) -> Iterator[Problem]:
    """Somebody goes once, however many organisations they belong to, and from where they belong still."""
    yield from problems_of_having_left(membership)
    theirs = a_round.participations.joined().filter(membership__user=membership.user_id)
    if theirs.exclude(membership=membership).exists():
        sentence = _("This person takes part in this round already, from another organisation. Leave it there first.")
        yield Problem("joined_from_elsewhere", sentence)


def _against_wishes(membership: Membership, wishes: Sequence[HostOffer]) -> Iterator[Problem]:
    """A wish names an offer of somebody else, once."""
    before: set[int] = set()
    for rank, offer in enumerate(wishes, start=1):
        if offer.organisation_id == membership.organisation_id:
            yield Problem("own_wish", _("Wish for a visit to another organisation than your own."), f"wish_{rank}")
        if offer.pk in before:
            sentence = _("You have chosen “%(offer)s” already. Choose another, or nothing.") % {"offer": offer.title}
            yield Problem("wish_twice", sentence, f"wish_{rank}")
        before.add(offer.pk)


def problems_for_leaving(participation: Participation) -> list[Problem]:
    """Before it is matched, and after everyone was told: then it says that one wants no other place."""
    if participation.round.state in (RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED, RoundState.PUBLISHED):
        return []
    if participation.round.state == RoundState.ARCHIVED:
        return [Problem("round_over", _("This round is over. There is nothing to leave any more."))]
    if participation.round.state == RoundState.CALLED_OFF:
        return [round_called_off()]
    sentence = _("This round is being matched. You can leave it once everyone has been told; no reason is asked.")
    return [Problem("round_matched", sentence)]


def problems_for_placing(
    participation: Participation, offer: HostOffer, *, enrolled: Collection[int] | None, introduced: Collection[int]
) -> list[Problem]:
    """What has changed in a round since somebody was proposed to a host. `enrolled`: the organisations that take part
    still, where terms decide which do; `introduced`: who has a visit by now to which a broker introduced them."""
    problems = []
    if participation.state != ParticipationState.JOINED:
        problems.append(Problem("left_round", _("This person has left the round. Look at the proposal again.")))
    if participation.pk in introduced:
        problems.append(Problem("introduced", _("This person was introduced to a host. Look at the proposal again.")))
    both = {participation.membership.organisation_id, offer.organisation_id}
    if enrolled is not None and not both <= set(enrolled):
        sentence = _("One of the two organisations has left the programme. Look at the proposal again.")
        problems.append(Problem("left_programme", sentence))
    if offer.shown_by is not None and not _is_there(offer.shown_by):
        problems.append(Problem("nobody_shows", _("Whoever would show this has left. Look at the proposal again.")))
    return problems


def _is_there(shower: Participation) -> bool:
    return shower.state == ParticipationState.JOINED and shower.membership.state == MembershipState.ACTIVE
