"""What must never be, whatever was drawn: each look says what it finds, and finds nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from django.db.models import F, Max, Model

from partnerships.ground import clock
from partnerships.ground.models import Event, Job, OutboxMail
from partnerships.ground.workflow import tables
from partnerships.models import Membership, Organisation
from partnerships.states import MembershipState
from secondments.models import Match, MatchRun, OfferSession, Participation, Placement, PlacementSession
from secondments.models.days import quarter_of, week_of
from secondments.states import HOLDING_STATES, ParticipationState, PlacementState, RunState
from tests.secondments.helpers import miscounted

from .heard import Heard
from .mails import Letters
from .world import World

Look = Callable[["Watch"], Iterator[str]]
LOOKS: list[Look] = []


def look(function: Look) -> Look:
    """Something to look at after each act."""
    LOOKS.append(function)
    return function


class Watch:
    """Everything that is remembered between one look and the next."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.letters = Letters()
        self.heard = Heard(world.programme, self.letters)
        # Whoever was there before the story began has no events.
        self.states: dict[tuple[str, int], str] = dict(_states())
        self.newest = _newest()
        self.last_event = self.newest[0]
        self.asked: dict[int, tuple[object, ...]] = {}

    def found(self) -> list[str]:
        return [f"{each.__name__}: {what}" for each in LOOKS for what in each(self)]

    def __call__(self) -> None:
        """Where nothing was written down since the last look, there is nothing new to see."""
        newest = _newest()
        found = self.found() if newest != self.newest else []
        self.newest = newest
        assert not found, "\n".join(found)


def _newest() -> list[int]:
    """The numbers of the last event, mail and run, and how many jobs were begun."""
    rows: list[type[Model]] = [Event, OutboxMail, MatchRun]
    jobs = Job.objects.exclude(state="waiting", error_code="").count()
    return [*(model._base_manager.aggregate(last=Max("pk"))["last"] or 0 for model in rows), jobs]


def _states() -> Iterator[tuple[tuple[str, int], str]]:
    for table in tables():
        model = table.model_class()
        for key, state in model._base_manager.values_list("pk", table.field):
            yield (model._meta.label_lower, key), state


# Places and days ------------------------------------------------------------------------------------------------------


@look
def one_visit_for_each(watch: Watch) -> Iterator[str]:
    """Nobody has two visits of one round, whether it was matched or a broker introduced them, unless one is over."""
    live = Placement.objects.live()
    matched = live.exclude(match=None).values_list("match__participation", flat=True)
    introduced = live.exclude(shortlisted=None).values_list("shortlisted__participation", flat=True)
    for who, many in Counter([*matched, *introduced]).items():
        if many > 1:
            yield f"participation {who} has {many} visits"


@look
def places_are_counted(watch: Watch) -> Iterator[str]:
    for row, booked, held in miscounted():
        yield f"half-day {row} counts {booked}, and {held} are held"
    for row in OfferSession.objects.filter(booked__gt=F("places")).values_list("pk", flat=True):
        yield f"half-day {row} has more visitors than places"


@look
def days_are_held_by_what_stands(watch: Watch) -> Iterator[str]:
    rows = PlacementSession.objects.values_list("placement", "placement__state", "holding").distinct()
    for placement, state, holding in rows:
        if holding != (state in HOLDING_STATES):
            yield f"placement {placement} is {state} and holds its days: {holding}"


@look
def what_somebody_shows_is_seen_by_one(watch: Watch) -> Iterator[str]:
    shown = Match.objects.standing().exclude(offer__shown_by=None).values_list("offer", flat=True)
    yield from (f"offer {offer} is shown to {many}" for offer, many in Counter(shown).items() if many > 1)


@look
def whoever_shows_something_is_there(watch: Watch) -> Iterator[str]:
    """Not on a visit themselves on a half-day on which somebody comes to them."""
    away = set(PlacementSession.objects.filter(holding=True).values_list("visitor", "date", "half"))
    at_home = PlacementSession.objects.filter(holding=True).exclude(placement__offer__shown_by=None)
    for who, day, half in at_home.values_list("placement__offer__shown_by__membership__user", "date", "half"):
        if (who, day, half) in away:
            yield f"user {who} is away on {day} {half}, and somebody comes to them"


@look
def limits_of_organisations_hold(watch: Watch) -> Iterator[str]:
    visits: dict[tuple[int, object], set[int]] = defaultdict(set)
    quarters: dict[tuple[int, object], set[int]] = defaultdict(set)
    away: dict[tuple[int, object], set[int]] = defaultdict(set)
    held = PlacementSession.objects.filter(holding=True)
    rows = held.values_list("placement", "visitor", "placement__offer__organisation", "placement__home", "date")
    for placement, visitor, host, home, day in rows:
        visits[host, week_of(day)].add(placement)
        quarters[host, quarter_of(day)].add(placement)
        away[home, week_of(day)].add(visitor)
    for each in Organisation.objects.filter(pk__in=[home.pk for home in watch.world.homes]):
        for counted, most in (
            (visits, each.most_visits_per_week),
            (quarters, each.most_visits_per_quarter),
            (away, each.most_away_per_week),
        ):
            for (organisation, when), some in counted.items():
                if organisation == each.pk and most is not None and len(some) > most:
                    yield f"{each.name} has {len(some)} where {most} are the most, {when}"


# Who meets whom -------------------------------------------------------------------------------------------------------


@look
def nobody_meets_whom_they_avoid(watch: Watch) -> Iterator[str]:
    """In no proposal, and in no visit that came of one."""
    matches = Match.objects.filter(run__state__in=[RunState.SOLVED, RunState.OFFERED], run__stopped_early=False)
    answer = list(Membership.objects.coordinating().values_list("organisation", "user__email"))
    people = matches.select_related(
        "participation__membership__user", "offer__created_by", "offer__shown_by__membership__user"
    )
    for match in people.prefetch_related("participation__avoids", "offer__shown_by__avoids"):
        goes, shows = match.participation, match.offer.shown_by
        met = {match.offer.created_by.email, *(who for host, who in answer if host == match.offer.organisation_id)}
        where = {match.offer.organisation_id}
        if shows is not None:
            met = {shows.membership.user.email}
        if where & {each.pk for each in goes.avoids.all()}:
            yield f"participation {goes.pk} is sent to an organisation that they avoid"
        if met & set(goes.avoids_emails):
            yield f"participation {goes.pk} meets somebody whom they avoid"
        if shows is not None and goes.membership.user.email in shows.avoids_emails:
            yield f"participation {shows.pk} is visited by somebody whom they avoid"
        if shows is not None and goes.membership.organisation_id in {each.pk for each in shows.avoids.all()}:
            yield f"participation {shows.pk} is visited from an organisation that they avoid"


@look
def only_crossings_that_count(watch: Watch) -> Iterator[str]:
    crossings = {tuple(pair) for pair in watch.world.programme.crossings}
    fields = ("participation__membership__organisation__field", "offer__organisation__field")
    for key, source, target in Match.objects.values_list("pk", *fields):
        if (source, target) not in crossings:
            yield f"match {key} goes from {source} to {target}"


@look
def everybody_goes_for_those_they_belong_to(watch: Watch) -> Iterator[str]:
    """Nobody is on the way in the name, or to the door, of whom they no longer belong to, or who may not act."""
    to_come = Placement.objects.to_come(clock.today()).select_related(
        "membership", "home", "offer__organisation", "offer__shown_by__membership"
    )
    for placement in to_come:
        shows = placement.offer.shown_by
        belong = [placement.membership, *([shows.membership] if shows else [])]
        if any(each.state != MembershipState.ACTIVE for each in belong):
            yield f"placement {placement.pk} is of somebody who belongs there no more"
        if not (placement.home.may_act and placement.offer.organisation.may_act):
            yield f"placement {placement.pk} is of an organisation that may not act"


@look
def nobody_is_found_the_same_host_twice(watch: Watch) -> Iterator[str]:
    asked = Match.objects.told().asked_for().filter(offer__shown_by=None)
    pairs = Counter(asked.values_list("participation", "offer__organisation"))
    yield from (f"participation {who} was found host {host} twice" for (who, host), many in pairs.items() if many > 1)


@look
def what_was_asked_stays(watch: Watch) -> Iterator[str]:
    """Whatever else is matched or repaired, no visit is moved to another host or another day."""
    days = defaultdict(list)
    for placement, day, half in PlacementSession.objects.values_list("placement", "date", "half"):
        days[placement].append((day, half))
    for key, offer, visitor in Placement.objects.values_list("pk", "offer", "visitor"):
        now = offer, visitor, *sorted(days[key])
        if watch.asked.setdefault(key, now) != now:
            yield f"placement {key} was moved"


# States, events and jobs ----------------------------------------------------------------------------------------------


@look
def every_move_is_in_the_table_and_written_down(watch: Watch) -> Iterator[str]:
    by_label = {table.model.lower(): table for table in tables()}
    for event in Event.objects.filter(pk__gt=watch.last_event).order_by("pk"):
        watch.last_event = event.pk
        table, thing = by_label.get(event.thing_type), (event.thing_type, event.thing_id)
        if table is None or not event.to_state:
            continue
        before = watch.states.get(thing, "")
        if event.from_state != before:
            yield f"{thing} was {before!r}, and {event.verb} moved it from {event.from_state!r}"
        if not event.from_state and event.to_state not in table.initial:
            yield f"{thing} began as {event.to_state}"
        if event.from_state and not table.find(verb=event.verb, source=event.from_state, target=event.to_state):
            yield f"{thing} was moved by {event.verb} from {event.from_state} to {event.to_state}"
        watch.states[thing] = event.to_state
    for thing, state in _states():
        if watch.states.get(thing, "") != state:
            yield f"{thing} is {state} without an event, which says {watch.states.get(thing, '')!r}"


@look
def no_job_falls_over(watch: Watch) -> Iterator[str]:
    for job in Job.objects.exclude(error_code=""):
        yield f"{job} fell over: {job.error_code}\n{job.error_detail}"


# Who hears what -------------------------------------------------------------------------------------------------------


@look
def nothing_is_said_twice(watch: Watch) -> Iterator[str]:
    watch.letters.read()
    yield from watch.letters.twice()


@look
def nothing_private_is_mailed(watch: Watch) -> Iterator[str]:
    watch.letters.read()
    yield from watch.letters.private()


@look
def everybody_hears_what_came_of_it(watch: Watch) -> Iterator[str]:
    watch.letters.read()
    yield from watch.heard.look()


@look
def results_are_what_is_there(watch: Watch) -> Iterator[str]:
    yield from watch.heard.recount()


@look
def whoever_withdrew_is_found_nothing_else(watch: Watch) -> Iterator[str]:
    withdrew = (
        Placement.objects.filter(state=PlacementState.WITHDRAWN).exclude(match=None).values("match__participation")
    )
    for key in Participation.objects.filter(pk__in=withdrew, state=ParticipationState.JOINED).values_list(
        "pk", flat=True
    ):
        yield f"participation {key} withdrew and is still looked for"
