"""What goes out once a round is published: one letter for each reader, in an order that lets it be taken up again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from django.db.models import Prefetch, Q

from partnerships.models import User
from partnerships.models.people import with_coordinators
from partnerships.states import MembershipState
from secondments.emails import ask_together, repairs
from secondments.emails import rounds as mails
from secondments.matches.people import Avoided
from secondments.matches.repairs import waiting_in
from secondments.models import Decision, HostOffer, Match, MatchRun, NotPlaced, Participation, Round
from secondments.permissions import addresses_asked, entry_addresses
from secondments.states import ParticipationState, RunKind

from .open_instead import READ, NotHeldOut, not_held_out_to, open_for

GONE = (MembershipState.ENDED, MembershipState.REFUSED)
WHO = ("membership__user", "membership__organisation")


@dataclass(frozen=True, slots=True)
class Unwritten:
    """One letter. Its `key` sorts it among the others, and names nobody."""

    key: str
    write: Callable[[], None]


def letters_of(run: MatchRun, *, at: datetime) -> list[Unwritten]:
    """The letters of a published round, by key: questions, and why there is no place. What was answered is not asked.

    Read with a number of queries that does not grow with the round, except for one where people of one organisation
    who want the same have no place: what is open for them. Of what came free only those hear who are asked.
    """
    letters = list(_questions(run))
    if run.kind == RunKind.ROUND:
        letters += _without_a_place(run, at)
    return sorted(letters, key=lambda letter: letter.key)


def letters_of_the_end(a_round: Round, *, at: datetime) -> list[Unwritten]:
    """Who has no place once all have answered hears that it is over."""
    read = [*WHO, *READ]
    people = list(waiting_in(a_round).order_by("id").select_related("round").prefetch_related(*read))
    open_to = _open_to_all(people, at)

    def over(participation: Participation) -> None:
        repairs.over(participation, open_to(participation))

    return sorted((Unwritten(f"over {each.pk}", partial(over, each)) for each in people), key=lambda letter: letter.key)


def letters_of_calling_off(a_round: Round, *, at: datetime) -> list[Unwritten]:
    """Everybody who has joined hears that it does not take place, and whoever was asked that no answer is needed.

    Who left the organisation since asks for nothing.
    """
    introduced = frozenset(a_round.participations.introduced().values_list("pk", flat=True))
    read = [*WHO, *READ]
    here = a_round.participations.joined().exclude(membership__state__in=GONE)
    people = list(here.order_by("id").prefetch_related(*read))
    open_to = _open_to_all(people, at)

    def called_off(participation: Participation) -> None:
        participation.round = a_round
        mails.called_off(participation, open_to(participation), introduced=participation.pk in introduced)

    letters = [Unwritten(f"off {each.pk}", partial(called_off, each)) for each in people]
    letters += _not_answered(a_round, but={str(each.membership.user.email) for each in people})
    return sorted(letters, key=lambda letter: letter.key)


def _not_answered(a_round: Round, *, but: Collection[str]) -> Iterator[Unwritten]:
    """Whoever was asked about themselves, or about several people whom they answer for, reads one letter."""
    entries = a_round.entries.waiting().prefetch_related(Prefetch("organisation", with_coordinators()))
    asked = {address for entry in entries for address in entry_addresses(entry)}.difference(but)
    languages = dict(User.objects.filter(email__in=asked).values_list("email", "language"))
    for address in asked:
        digest = sha256(f"{a_round.pk} {address}".encode()).hexdigest()
        language = languages.get(address, "en-gb")
        yield Unwritten(f"asked {digest}", partial(mails.no_answer_needed, a_round, address, language))


def _questions(run: MatchRun) -> Iterator[Unwritten]:
    """A manager or a host who is asked about several people reads of all of them at once.

    Somebody else who is asked since then was written to at once, by a link of a version of its own.
    """
    decisions = (
        Decision.objects.waiting()
        .filter(placement__match__run=run, version=1)
        .order_by("id")
        .prefetch_related(
            "placement__sessions",
            Prefetch("placement__match", Match.objects.with_run()),
            "placement__visitor",
            "placement__membership",
            "placement__offer",
            Prefetch("placement__home", with_coordinators()),
            Prefetch("placement__offer__organisation", with_coordinators()),
        )
    )
    asked: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    for decision in decisions:
        for address in addresses_asked(decision):
            asked[address, decision.kind].append(decision)
    readers = User.objects.filter(email__in={address for address, _kind in asked})
    languages = dict(readers.values_list("email", "language"))
    for (address, kind), some in asked.items():
        language = languages.get(address, "en-gb")
        yield Unwritten(_key(run, address, kind), partial(ask_together, address, language, some))


def _key(run: MatchRun, address: str, kind: str) -> str:
    """The same in every process and after the secret key was changed, so no signature: else a letter would go twice."""
    return f"{kind} {sha256(f'{run.uuid} {address}'.encode()).hexdigest()}"


def _open_to_all(people: Iterable[Participation], at: datetime) -> Callable[[Participation], list[HostOffer]]:
    """What is open to each of these people, asked once for all of an organisation who want the same."""
    avoided = Avoided(people)
    still_open: dict[tuple[int, tuple[str, ...], NotHeldOut], list[HostOffer]] = {}

    def open_to(participation: Participation) -> list[HostOffer]:
        home, wants = participation.membership.organisation_id, tuple(participation.wants)
        but = not_held_out_to(participation, avoided)
        same = home, wants, but
        if same not in still_open:
            still_open[same] = open_for(participation, at=at, but=but)
        return still_open[same]

    return open_to


def _without_a_place(run: MatchRun, at: datetime) -> Iterator[Unwritten]:
    people = [f"participation__{name}" for name in (*WHO, *READ, "round")]
    # Whoever has left the round or the organisation since asks for no place, and whoever was introduced has one.
    here = Q(participation__state=ParticipationState.JOINED) & ~Q(participation__membership__state__in=GONE)
    here &= ~Q(participation__in=run.round.participations.introduced())
    matches = list(run.matches.filter(here, placement=None).prefetch_related(*people))
    unplaced = list(run.not_placed.filter(here).prefetch_related(*people))
    open_to = _open_to_all([*(each.participation for each in matches), *(each.participation for each in unplaced)], at)

    def fell_through(match: Match) -> None:
        mails.fell_through(match, open_to(match.participation))

    def not_placed(each: NotPlaced) -> None:
        mails.not_placed(each, open_to(each.participation))

    for match in matches:
        yield Unwritten(f"match {match.pk}", partial(fell_through, match))
    for each in unplaced:
        yield Unwritten(f"without {each.pk}", partial(not_placed, each))
