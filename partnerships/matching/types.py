"""What goes into the engine and what comes out.

Units: places are whole metres on a plane (`Point.from_degrees`), distances whole kilometres, money whole pence, fit
whole points. A week is a whole number that rises by one each week, counted from wherever the caller likes.
Everything is an integer or an id, so a problem that was stored can be solved again to the same bytes.

Ids are opaque strings, unique among their own kind. The caller makes them pseudonyms: nothing here needs a name.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass

PLACED, COMPULSORY, KEPT, HOSTS, FIT = "placed", "compulsory", "kept", "hosts", "fit"
CRITERIA = (PLACED, COMPULSORY, KEPT, HOSTS, FIT)
DEFAULT_CRITERIA = (PLACED, HOSTS, FIT)
PARTS = ("learn", "place", "dates", "mode", "size", "preference", "new", "asked")
# A field that came after problems were first stored stays out of their bytes while it says nothing new.
LATER: Mapping[str, bool] = {"later": True}
# Rising benefit of one more visitor to a host that asked for them, by how many it has had: 12 for the first, 11 for
# the second … 1 from the twelfth on. Any falling sequence spreads visitors the same way (the sum is separable and
# concave over a polymatroid), so the numbers themselves decide nothing.
HOST_POINTS = (12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)


def host_points(had: int, more: int) -> int:
    """What the criterion `hosts` gives for `more` visitors to a host that has had so many."""
    return sum(HOST_POINTS[min(nth, len(HOST_POINTS) - 1)] for nth in range(had, had + more))


_EARTH_M = 6_371_000
_CENTRAL_LONGITUDE = -2.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the plane, in metres east and north."""

    east_m: int
    north_m: int

    @classmethod
    def from_degrees(cls, latitude: float, longitude: float) -> Point:
        """Project degrees (WGS 84) by the spherical transverse Mercator on 2° west: within 0.4% across the UK."""
        phi, lam = math.radians(latitude), math.radians(longitude - _CENTRAL_LONGITUDE)
        east = math.atanh(math.cos(phi) * math.sin(lam))
        north = math.atan2(math.tan(phi), math.cos(lam))
        return cls(round(_EARTH_M * east), round(_EARTH_M * north))


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as home or host. A limit of None is no limit; `booked_…` is what other bookings already use.

    `asked_for_more`: it asked for more visitors; `visitors_had`: how many it has had, not counting `Rules.fixed`.
    """

    id: str
    small: bool = False
    asked_for_more: bool = False
    visitors_had: int = 0
    visits_per_week: int | None = None
    visits_per_quarter: int | None = None
    away_per_week: int | None = None
    away_per_quarter: int | None = None
    booked_visits: Mapping[int, int] = dataclasses.field(default_factory=dict)
    booked_away: Mapping[int, int] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who would like to visit. `max_km` None: as far as the programme allows.

    `checks`: kind → first week in which this person holds it (held already: any early week). `preferences`: offer ids,
    most wanted first, or empty; `listed_only`: to these and no others. `funds`: organisations their team funds, buys
    from, inspects or assesses. `met`: organisations they have visited before. `pays_up_to_pence`: what their own side
    can pay a host; `cover_pence`: what covering their absence costs the programme. `elsewhere`: offer id → weeks in
    which other visits of theirs leave them no day there.
    """

    id: str
    organisation_id: str
    field: str
    sector: str
    weeks: frozenset[int]
    point: Point | None = None
    max_km: int | None = None
    in_person_ok: bool = True
    remote_ok: bool = False
    wants: frozenset[str] = frozenset()
    access_needs: frozenset[str] = frozenset()
    compulsory: bool = False
    checks: Mapping[str, int] = dataclasses.field(default_factory=dict)
    preferences: tuple[str, ...] = ()
    met: frozenset[str] = frozenset()
    funds: frozenset[str] = frozenset()
    avoids_people: frozenset[str] = frozenset()
    avoids_organisations: frozenset[str] = frozenset()
    pays_up_to_pence: int = 0
    cover_pence: int = 0
    listed_only: bool = dataclasses.field(default=False, metadata=LATER)
    elsewhere: Mapping[str, frozenset[int]] = dataclasses.field(default_factory=dict, metadata=LATER)


@dataclass(frozen=True, slots=True)
class Slot:
    """A host's offer: in which weeks, and how many places each week (`places`: week → places).

    `shown_by`: the person who shows it to whoever comes in an exchange, and nobody else may come, unless
    `also_one_way`; empty where it is their organisation's offer to all.
    `places_in_all`: at most so many visitors over all weeks (None: as many as the weeks hold).
    `checks`: kind → weeks it takes from `Rules.first_week` to get it, or None where only those who hold it may come.
    `people`: ids of the people a visitor would meet; `asked_for`: ids of people the host asked for by name.
    """

    id: str
    organisation_id: str
    field: str
    sector: str
    places: Mapping[int, int]
    places_in_all: int | None = None
    point: Point | None = None
    in_person: bool = True
    remote: bool = False
    tags: frozenset[str] = frozenset()
    access: frozenset[str] = frozenset()
    checks: Mapping[str, int | None] = dataclasses.field(default_factory=dict)
    payment_pence: int = 0
    accepts_funders: bool = False
    people: frozenset[str] = frozenset()
    asked_for: frozenset[str] = frozenset()
    avoids_people: frozenset[str] = frozenset()
    avoids_organisations: frozenset[str] = frozenset()
    shown_by: str = dataclasses.field(default="", metadata=LATER)
    also_one_way: bool = dataclasses.field(default=False, metadata=LATER)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A placement that stands: confirmed, or set by hand (`why`). It takes its place whatever the rules say.

    `exchange`: a name for the exchange it belongs to; those of one name answer each other.
    """

    person_id: str
    offer_id: str
    week: int
    why: str = "confirmed"
    exchange: str = dataclasses.field(default="", metadata=LATER)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a programme allows. `crossings`: pairs (field of the visitor, field of the host) that count.

    `quarters`: the first week of each quarter; a week belongs to the last quarter that began by then.
    `forbidden`: pairs (person id, offer id) that must not meet. `proposed`: person id → offer id of an earlier run,
    which the criterion `kept` holds on to, and `proposed_weeks` the week of it, which decides nothing but the week of
    whoever goes there again. `largest_exchange`: 1 (none), 2 (swaps) or 3 (three in a ring as well);
    `one_way`: people may be placed without a visit in return. `apart`: the visits of an exchange fall in different
    weeks, since nobody can both be away and receive a visitor, where a visit takes most of a week.
    """

    crossings: frozenset[tuple[str, str]]
    criteria: tuple[str, ...] = DEFAULT_CRITERIA
    first_week: int = 0
    quarters: tuple[int, ...] = ()
    max_km: int | None = None
    pays_up_to_pence: int = 0
    pays_cover_up_to_pence: int = 0
    forbidden: frozenset[tuple[str, str]] = frozenset()
    fixed: tuple[Fixed, ...] = ()
    proposed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    largest_exchange: int = dataclasses.field(default=1, metadata=LATER)
    one_way: bool = dataclasses.field(default=True, metadata=LATER)
    apart: bool = dataclasses.field(default=False, metadata=LATER)
    proposed_weeks: Mapping[str, int] = dataclasses.field(default_factory=dict, metadata=LATER)


@dataclass(frozen=True, slots=True)
class Weights:
    """The most points each part of the fit can give; the default adds up to 1,000."""

    learn: int = 350
    place: int = 150
    dates: int = 100
    mode: int = 50
    size: int = 100
    preference: int = 150
    new: int = 50
    asked: int = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything the engine is told. The order of people, offers and organisations does not matter.

    `effort`: how far an integer program may search for each criterion where organisations' limits or exchanges need
    one, counted in its nodes and columns and never in seconds, so that a stored run can be repeated.
    """

    people: tuple[Person, ...]
    slots: tuple[Slot, ...]
    organisations: tuple[Organisation, ...]
    rules: Rules
    weights: Weights = Weights()
    seed: int = 0
    effort: int = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something to say: a code and what its words need. `sentences.text` has the English; callers may translate."""

    code: str
    params: Mapping[str, int | str] = dataclasses.field(default_factory=dict)


class InvalidProblem(ValueError):
    """The problem contradicts itself, or asks what the engine cannot answer exactly. Every fault is listed."""

    def __init__(self, faults: tuple[Sentence, ...]) -> None:
        super().__init__("; ".join(f"{fault.code} {dict(fault.params)}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Part:
    """One named part of a fit: the points it gives out of the most it can give."""

    name: str
    points: int
    out_of: int


@dataclass(frozen=True, slots=True)
class Leg:
    """One person at one host in one week. `weeks`: every week that suits both and was open before anyone was placed;
    the two agree the days. `parts` add up to `fit`."""

    person_id: str
    offer_id: str
    organisation_id: str
    week: int
    weeks: tuple[int, ...]
    fit: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Hosting:
    """A one-way visit. `fixed`: why it stood before the engine began ("confirmed", …), or empty."""

    leg: Leg
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two or three people who visit one another in a ring: each goes to what the next shows, the last to what the
    first shows. `fixed`: as of a hosting."""

    legs: tuple[Leg, ...]
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """What was reached. `bound`: no answer that holds the earlier criteria where they stand can reach more; `proven`:
    value and bound meet. The whole is proven best when every criterion is."""

    name: str
    value: int
    proven: bool
    bound: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A rule and the number of offers it rules out for a person; `alone`: those that nothing else rules out."""

    code: str
    hosts: int
    alone: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A smallest change that opens hosts: `change` of `amount` (a week, km, pence) or of `kind` (a check).

    `hosts`: how many it opens; `free`: how many of those still have a place after this round.
    """

    change: str
    hosts: int
    free: int
    amount: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Contest:
    """People who can go nowhere but to these offers, where the places were fewer than the people.

    It proves itself: `places` is all that the offers had left for them, and `len(people)` is more.
    """

    people: tuple[str, ...]
    offers: tuple[str, ...]
    places: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person was placed, or was not. One for everybody.

    `code`: "placed", "fixed", "no_host", "no_return" (some hosts suit, but only for a visit in return, and nobody there
    could come), "places_taken", "others_chosen" (exchanges were possible, others were better: `answered` counts the
    hosts that suit and whom a visit in return would answer) or "not_reached" (stopped before it could be said).
    Placed: `suitable` counts the offers that suit, `better` those of them with a higher fit (what was given up), of
    which `best_offer_id` is the best. Not placed and some suit: `lost_by` is the first criterion that would be worse if
    this person were placed ("lot": all equal, "limits": the organisations' limits taken together), `instead_of` whom
    that would displace, `contest` the index of the proof in `Allocation.contests`.
    """

    person_id: str
    code: str
    suitable: int = 0
    better: int = 0
    best_offer_id: str = ""
    removed: tuple[Removed, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    lost_by: str = ""
    instead_of: str = ""
    contest: int | None = None
    answered: int = dataclasses.field(default=0, metadata=LATER)


@dataclass(frozen=True, slots=True)
class Allocation:
    """The answer. `problem_digest`: SHA-256 of the canonical bytes of the problem that it answers."""

    engine_version: str
    problem_digest: str
    seed: int
    hostings: tuple[Hosting, ...]
    criteria: tuple[CriterionResult, ...]
    reasons: tuple[Reason, ...]
    contests: tuple[Contest, ...] = ()
    stopped: bool = False
    exchanges: tuple[Exchange, ...] = dataclasses.field(default=(), metadata=LATER)

    def legs(self) -> tuple[Leg, ...]:
        """Every visit, one way and in exchange."""
        return (
            *(hosting.leg for hosting in self.hostings),
            *(leg for exchange in self.exchanges for leg in exchange.legs),
        )
