"""Why somebody cannot be written down for a round, or asked once more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from partnerships.ground.problems import Problem
from secondments.models import Entry, Participation
from secondments.permissions import coordinator_addresses, entry_addresses, may_enter, may_run_round
from secondments.problems.acting import not_allowed, problems_for_acting
from secondments.problems.joining import problems_for_saying_anything, problems_of_home
from secondments.states import EntryState, ParticipationState

if TYPE_CHECKING:
    from partnerships.models import Organisation, User
    from secondments.models import Round

MOST_A_DAY = 3000
ASKED_AGAIN_AFTER = timedelta(days=2)


class Standing(Enum):
    """How somebody with an address is known in a round already."""

    JOINED = "joined"
    LEFT = "left"
    ASKED = "asked"
    DECLINED = "declined"
    ELSEWHERE = "elsewhere"
    """Somewhere of the others, from another organisation than the reader's: which it is, is not for them to know."""


def standing_in(a_round: Round, emails: Collection[str], *, to: User) -> dict[str, Standing]:
    """Where each of these addresses stands in a round, with two queries, as somebody may be told; who is new is not in
    it. Of people of other organisations only its brokers hear what they have said."""
    found: dict[str, tuple[Standing, int]] = {}
    entries = Entry.objects.filter(round=a_round, email__in=emails).order_by("id")
    meant = {EntryState.WAITING: Standing.ASKED, EntryState.DECLINED: Standing.DECLINED}
    for address, state, organisation in entries.filter(state__in=meant).values_list("email", "state", "organisation"):
        found[address] = meant[EntryState(state)], organisation
    people = Participation.objects.filter(round=a_round, membership__user__email__in=emails)
    # Whoever left and joined again has joined.
    for email, state, organisation in people.order_by("-state").values_list(
        "membership__user__email", "state", "membership__organisation"
    ):
        found[email or ""] = Standing.JOINED if state == ParticipationState.JOINED else Standing.LEFT, organisation
    everybody, own = may_run_round(to, a_round), to.coordinated_ids()
    return {
        address: standing if everybody or organisation in own else Standing.ELSEWHERE
        for address, (standing, organisation) in found.items()
    }


def problems_for_entering_anybody(
    a_round: Round, organisation: Organisation, *, by: User, at: datetime
) -> list[Problem]:
    """What stands against writing down anybody of an organisation."""
    if not may_enter(by, a_round, organisation):
        return [not_allowed()]
    if closed := problems_for_saying_anything(a_round, at=at):
        return closed
    problems = problems_of_home(a_round, organisation)
    if Entry.objects.filter(entered_by=by, entered_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        problems.append(Problem("too_many_entries", _("You have written down many people today. Go on tomorrow.")))
    return problems


def problems_for_entering(
    a_round: Round, organisation: Organisation, *, name: str, email: str, by: User, at: datetime
) -> list[Problem]:
    """What stands against writing this person down."""
    problems = problems_for_entering_anybody(a_round, organisation, by=by, at=at)
    if problems:
        return problems
    if email:
        standing = standing_in(a_round, [email], to=by).get(email)
        return [Problem(f"entry_{standing.value}", standing_sentence(standing), "email")] if standing else []
    waiting = a_round.entries.waiting().filter(organisation=organisation, email="", name__iexact=name)
    if waiting.exists():
        return [Problem("entry_asked", standing_sentence(Standing.ASKED), "name")]
    if not coordinator_addresses(organisation):
        sentence = _(
            "Enter an email address. Nobody looks after %(organisation)s here yet who could answer for somebody "
            "without one."
        )
        return [Problem("nobody_stands_in", sentence % {"organisation": organisation.name}, "email")]
    return []


def problems_for_entering_offer(a_round: Round, organisation: Organisation, *, by: User) -> list[Problem]:
    """What stands against a broker writing an invitation for a host."""
    if not may_run_round(by, a_round):
        return [not_allowed()]
    problems = problems_for_acting(organisation)
    if not any(target == organisation.field for _source, target in a_round.programme.crossings):
        sentence = _("In this programme nobody goes to organisations of that field. Choose another host.")
        problems.append(Problem("crossing", sentence, "organisation"))
    if not a_round.programme.takes(organisation):
        sentence = _("%(organisation)s does not take part in this programme yet. Invite it first.")
        problems.append(Problem("not_enrolled", sentence % {"organisation": organisation.name}, "organisation"))
    if not coordinator_addresses(organisation):
        sentence = _(
            "Nobody looks after %(organisation)s here yet who could say yes. Enter somebody of it first; once they "
            "take part, write the invitation."
        )
        problems.append(Problem("nobody_stands_in", sentence % {"organisation": organisation.name}, "organisation"))
    return problems


def standing_sentence(standing: Standing) -> str:
    return {
        Standing.JOINED: _("They have joined this round already."),
        Standing.LEFT: _("They have left this round. They can join again themselves."),
        Standing.ASKED: _("They are written down already. You can remind them."),
        Standing.DECLINED: _("They have said no. They can still join themselves."),
        Standing.ELSEWHERE: _("They cannot be written down from here. They can join themselves."),
    }[standing]


def problems_for_reminding(entry: Entry, *, by: User, at: datetime) -> list[Problem]:
    """Somebody who was asked a moment ago has not had the time to answer."""
    if not may_enter(by, entry.round, entry.organisation):
        return [not_allowed()]
    if entry.state != EntryState.WAITING:
        return [Problem("entry_answered", _("They have answered in the meantime."))]
    if closed := problems_for_saying_anything(entry.round, at=at):
        return closed
    if entry.asked_at > at - ASKED_AGAIN_AFTER:
        return [Problem("asked_lately", _("They were asked less than two days ago. Give them a little time."))]
    if not entry_addresses(entry):
        return [Problem("nobody_stands_in", _("Nobody has an address to ask at any more. Take it back."))]
    return []
