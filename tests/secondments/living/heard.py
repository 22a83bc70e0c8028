"""Who has to hear what came of a round, once and not twice; and what everybody reads of it, counted again."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from partnerships.ground.models import Job
from partnerships.models.organisations import ACTING_STATES
from partnerships.states import MembershipState
from secondments.matches.words import INTRODUCED_IN_VAIN, NOT_CONFIRMED, NOT_TAKING_PART
from secondments.models import Match, MatchRun, Participation, Programme, Round
from secondments.permissions import addresses_asked, coordinator_addresses
from secondments.states import HOLDING_STATES, TOLD_STATES, DecisionKind, DecisionState, RoundState

from .mails import Letters

PERSON = "secondments.participation"
GONE = Q(membership__state__in=[MembershipState.ENDED, MembershipState.REFUSED])
NO_PLACE, OVER, CALLED_OFF = "We could not place you", "No place has come free in", "does not take place"
LEFT_OUT = (INTRODUCED_IN_VAIN, NOT_CONFIRMED, NOT_TAKING_PART)


class Heard:
    """What is looked at once, in the moment in which it has happened."""

    def __init__(self, programme: Programme, letters: Letters) -> None:
        self.programme, self.letters = programme, letters
        self.told: set[int] = set()
        self.over: set[int] = set()
        self.called_off: set[int] = set()
        self.counted: set[int] = set()
        self.settled: set[int] = set()

    def look(self) -> Iterator[str]:
        for a_round in Round.objects.filter(programme=self.programme).order_by("pk"):
            if a_round.state in TOLD_STATES and a_round.pk not in self.told:
                run = a_round.latest_run()
                if _written("tell_everyone", run.uuid):
                    self.told.add(a_round.pk)
                    yield from self._told(a_round, run)
            if a_round.pk not in self.over and _written("tell_waiting", a_round.pk):
                self.over.add(a_round.pk)
                yield from self._over(a_round)
            if a_round.pk not in self.called_off and _written("tell_called_off", a_round.pk):
                self.called_off.add(a_round.pk)
                yield from self._called_off(a_round)

    def _many(self, each: Participation, title: str) -> int:
        return self.letters.many(PERSON, each.pk, title)

    def _told(self, a_round: Round, run: MatchRun) -> Iterator[str]:
        """Everybody has a question whether they go, or one letter why not."""
        asked = {match.participation_id: match for match in run.matches.asked_for().select_related("placement")}
        introduced = set(a_round.participations.introduced().values_list("pk", flat=True))
        for each in _there(a_round):
            match, letters = asked.get(each.pk), self._many(each, NO_PLACE)
            if match is None:
                expected = 0 if each.pk in introduced else _readers(each)
                if letters != expected:
                    yield f"participation {each.pk} has no place in round {a_round.pk} and {letters} letters say so"
                continue
            if letters:
                yield f"participation {each.pk} has a place and reads that there is none"
            decision = match.placement.decisions.get(kind=DecisionKind.VISITOR) if match.placement else None
            if decision and decision.state == DecisionState.WAITING:
                for address in addresses_asked(decision):
                    if not self.letters.was_asked(decision, address):
                        yield f"{address} was not asked whether participation {each.pk} goes"

    def _over(self, a_round: Round) -> Iterator[str]:
        """Whoever waited to the end hears that it is over, and nobody else."""
        placed = set(Match.objects.standing().filter(run__round=a_round).values_list("participation", flat=True))
        placed |= set(a_round.participations.introduced().values_list("pk", flat=True))
        able = Q(membership__state=MembershipState.ACTIVE, membership__organisation__state__in=ACTING_STATES)
        enrolled = self.programme.enrolled_ids()
        waits = set(_there(a_round).filter(able).values_list("pk", flat=True)) - placed
        for each in a_round.participations.order_by("pk"):
            takes_part = enrolled is None or each.membership.organisation_id in enrolled
            expected = _readers(each) if each.pk in waits and takes_part else 0
            if self._many(each, OVER) != expected:
                yield f"participation {each.pk} heard {self._many(each, OVER)} times that round {a_round.pk} is over"

    def _called_off(self, a_round: Round) -> Iterator[str]:
        """Everybody who has joined hears it, and never that they have a place or none."""
        for each in a_round.participations.order_by("pk"):
            here = _there(a_round).filter(pk=each.pk).exists()
            if self._many(each, CALLED_OFF) != (_readers(each) if here else 0):
                yield f"participation {each.pk} heard {self._many(each, CALLED_OFF)} times that it is called off"
            if self._many(each, NO_PLACE) or self._many(each, OVER):
                yield f"participation {each.pk} heard of a round that was called off that they have no place"
        if Match.objects.filter(run__round=a_round).asked_for().exists():
            yield f"a visit of round {a_round.pk} was asked for, which was called off"

    # What is read of it ----------------------------------------------------------------------------------------------

    def recount(self) -> Iterator[str]:
        for a_round in Round.objects.filter(programme=self.programme, state__in=TOLD_STATES).order_by("pk"):
            results = a_round.results or {}
            if a_round.pk not in self.counted:
                self.counted.add(a_round.pk)
                yield from _told_wrongly(results, counted(a_round.latest_run()))
            if a_round.settled_at and a_round.pk not in self.settled:
                self.settled.add(a_round.pk)
                yield from _told_wrongly(results.get("since") or {}, became(a_round))

    def unfinished(self) -> Iterator[str]:
        """Whoever has joined has heard in the end that they have a place, or none, or that it is called off."""
        for a_round in Round.objects.filter(programme=self.programme).exclude(opened_at=None):
            told = a_round.pk in (self.called_off if a_round.state == RoundState.CALLED_OFF else self.over & self.told)
            if not told and a_round.participations.exists():
                yield f"nobody has heard what came of round {a_round.pk}, which is {a_round.state}"


def counted(run: MatchRun) -> dict[str, int]:
    """The figures of a run, from its rows."""
    left_out = sum(1 for each in run.not_placed.all() if each.causes in LEFT_OUT)
    placed, without = run.matches.count(), run.not_placed.count() - left_out
    return {
        "joined": placed + without,
        "placed": placed,
        "without": without,
        "left_out": left_out,
        "hosts": run.matches.values("offer__organisation").distinct().count(),
        "fell_through": run.matches.not_asked_for().count(),
    }


def became(a_round: Round) -> dict[str, int]:
    """What stands, from the visits themselves."""
    stands = {True: 0, False: 0}
    told = a_round.latest_run()
    for match in Match.objects.told_in(a_round).asked_for().select_related("placement"):
        if match.placement and match.placement.state in HOLDING_STATES:
            stands[match.run_id == told.pk] += 1
    placed = told.matches.count()
    return {
        "stand": stands[True],
        "gone": placed - stands[True],
        "later": stands[False],
        "settled": stands[True] + stands[False],
    }


def _told_wrongly(said: dict[str, object], true: dict[str, int]) -> Iterator[str]:
    """A number that is left out is no wrong one."""
    for name, value in true.items():
        if said.get(name) not in (None, value):
            yield f"everybody reads that {said[name]} {name}, and it is {value}"


def _written(kind: str, key: object) -> bool:
    return Job.objects.filter(kind=kind, key=str(key), state="done").exists()


def _there(a_round: Round) -> QuerySet[Participation]:
    return a_round.participations.joined().exclude(GONE).order_by("pk").select_related("membership__user")


def _readers(each: Participation) -> int:
    """Who reads what is written to somebody: they themselves, or whoever acts for them."""
    return 1 if each.membership.user.email else len(coordinator_addresses(each.membership.organisation))
