"""No page of the desk asks the database more than fifteen times, where a round has all that its pages tell of."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground.jobs import claims
from partnerships.ground.models import Job
from secondments.actions.proposals import change_by_hand
from secondments.actions.repairs import begin_repair
from secondments.actions.rounds import ask_for_match, close_round
from secondments.models import HostOffer, Participation, Round
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_offer, make_round
from tests.secondments.places import GoingRound
from tests.secondments.repairs import Published, repaired
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db

MOST = 15
FILTERS = ("", "?show=placed", "?show=without", "?show=low", "?show=by-hand", "?sector=public", "?page=2")


def page(name: str, a_round: Round, *arguments: object) -> str:
    return reverse(name, args=[a_round.slug, *arguments])


def filtered(a_round: Round) -> list[str]:
    return [page("round-desk", a_round) + asked for asked in FILTERS]


def too_many(client: Client, addresses: list[str]) -> dict[str, int]:
    """The pages that ask more often, and how often."""
    counted = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        counted[address] = len(queries)
    return {address: many for address, many in counted.items() if many > MOST}


@pytest.fixture
def broker(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    """With the picture of who goes where, which large rounds have."""
    monkeypatch.setattr("secondments.views.desk.proposal.PICTURE_FROM", 1)
    return enter(cast.broker)


def test_while_people_join_and_while_they_are_matched(cast: Cast, broker: Client) -> None:
    a_round = make_round(cast.cvs)
    person = join(a_round, cast.visitor_membership)
    addresses = [
        page("round-desk", a_round),
        page("round-person", a_round, person.uuid),
        page("round-hosts", a_round, person.uuid),
        page("round-write", a_round),
        page("round-entered", a_round),
        page("round-weights", a_round),
    ]
    assert not too_many(broker, addresses)
    close_round(a_round=a_round, by=cast.broker, at=AT)
    assert not too_many(broker, addresses)
    ask_for_match(a_round=a_round, by=cast.broker, at=AT)
    assert not too_many(broker, [*addresses, page("round-progress", a_round)])


class Proposed:
    """A ring, visits one way, an earlier matching, a match of the ring that is kept, and a pair kept apart since."""

    def __init__(self, cast: Cast) -> None:
        world = GoingRound(cast, one_way=True)
        near, self.other = (make_offer(cast.advice, cast.host, title=title) for title in ("The near desk", "The other"))
        HostOffer.objects.filter(pk=near.pk).update(places=1)
        self.a_round, self.by = world.a_round, cast.broker
        kept = world.run.matches.get(participation=world.chosen)
        self.change("keep", kept.participation, kept.offer, kept.week)
        self.run = world.again()
        self.alone = self.run.matches.get(exchange=None)
        self.ring = [match.participation for match in self.run.matches.exclude(exchange=None)]
        self.change("forbid", self.alone.participation, self.other, None)

    def change(self, kind: str, who: Participation, offer: HostOffer, week: date | None) -> None:
        change_by_hand(
            a_round=self.a_round,
            kind=kind,
            participation=who,
            offer=offer,
            week=week,
            reason="other",
            by=self.by,
            at=AT,
        )


def test_while_a_proposal_waits(cast: Cast, broker: Client) -> None:
    known = Proposed(cast)
    a_round, alone, near = known.a_round, known.alone.participation, known.alone.offer
    kept, *others = known.ring
    assert not too_many(
        broker,
        [
            *filtered(a_round),
            page("round-person", a_round, alone.uuid),
            page("round-person", a_round, kept.uuid),
            page("round-hosts", a_round, alone.uuid),
            page("round-change", a_round, alone.uuid, "keep", near.slug),
            page("round-change", a_round, alone.uuid, "forbid", near.slug),
            page("round-change", a_round, alone.uuid, "make", near.slug),
            page("round-swap", a_round, alone.uuid, kept.uuid),
            page("round-ring", a_round, alone.uuid, *(each.uuid for each in others)),
            page("round-around", a_round, alone.uuid),
            page("round-compare", a_round, 1, known.run.number),
            page("round-publish", a_round),
            page("round-figures", a_round),
            page("round-write", a_round),
        ],
    )


def test_after_everyone_was_told(cast: Cast, broker: Client) -> None:
    told = Published(cast)
    placement = told.host_says_no()
    a_round = told.a_round
    addresses = [
        *filtered(a_round),
        page("round-person", a_round, told.waiting.uuid),
        page("round-person", a_round, placement.match.participation.uuid),
        page("round-hosts", a_round, told.waiting.uuid),
        page("round-figures", a_round),
        page("round-write", a_round),
        page("round", a_round),
        page("round-results", a_round),
        reverse("rounds"),
    ]
    assert not too_many(broker, addresses)
    begin_repair(a_round=a_round, by=None, at=AT)
    Job.objects.exclude(kind="work_out_repair").delete()
    job = claims.take()
    assert job is not None
    assert not too_many(broker, [*addresses, page("round-progress", a_round)])
    claims.release(claims.Claim(job.pk, job.token))  # type: ignore[arg-type]  # it was claimed
    run = repaired(a_round)
    assert run is not None
    assert not too_many(broker, [*addresses, page("round-repair", a_round, run.uuid)])
