"""The one door for changes of state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from partnerships.ground import events, workflow
from partnerships.ground.models import Event
from partnerships.ground.problems import Problem, Refused
from partnerships.ground.workflow import Move, Moves
from secondments.models import HostOffer
from tests.cast import Cast
from tests.factories import AT, make_offer

ALWAYS = Moves(
    model="secondments.HostOffer",
    initial=("draft",),
    moves=(
        Move(verb="pause", sources=("published",), target="paused", may=lambda user, offer: user == offer.created_by),
        Move(verb="reopen", sources=("paused",), target="published"),
    ),
)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Moves:
    monkeypatch.setitem(workflow._registry.tables, "secondments.hostoffer", ALWAYS)
    return ALWAYS


def test_it_moves_saves_and_records(cast: Cast, table: Moves) -> None:
    workflow.move(cast.offer, to="paused", verb="pause", by=cast.host, at=AT, reason="holiday", notice_days=14)
    offer = HostOffer.objects.get(pk=cast.offer.pk)
    assert (offer.state, offer.notice_days) == ("paused", 14)
    event = Event.objects.about(offer).get()
    assert (event.actor, event.verb, event.from_state, event.to_state, event.reason, event.at) == (
        cast.host,
        "pause",
        "published",
        "paused",
        "holiday",
        AT,
    )


@pytest.mark.parametrize(
    ("verb", "to"), [("pause", "closed"), ("reopen", "published"), ("pause", "published"), ("vanish", "paused")]
)
def test_a_move_that_is_not_in_the_table_is_refused(cast: Cast, table: Moves, verb: str, to: str) -> None:
    with pytest.raises(Refused) as refused:
        workflow.move(cast.offer, to=to, verb=verb, by=cast.host, at=AT)
    assert refused.value.codes == {"out_of_turn"}
    assert not Event.objects.exists()


def test_the_wrong_person_is_refused(cast: Cast, table: Moves) -> None:
    with pytest.raises(Refused) as refused:
        workflow.move(cast.offer, to="paused", verb="pause", by=cast.outsider, at=AT)
    assert refused.value.codes == {"not_allowed"}
    assert HostOffer.objects.get(pk=cast.offer.pk).state == "published"


def test_all_problems_are_told_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [Problem("first", "Do this."), Problem("second", "Do that.")]
    held = replace(ALWAYS, moves=(replace(ALWAYS.moves[0], problems=lambda offer: problems),))
    monkeypatch.setitem(workflow._registry.tables, "secondments.hostoffer", held)
    with pytest.raises(Refused) as refused:
        workflow.move(cast.offer, to="paused", verb="pause", by=cast.host, at=AT)
    assert refused.value.problems == tuple(problems)
    assert str(refused.value) == "Do this. Do that."


def test_it_reads_the_state_afresh_so_that_a_stale_page_cannot_move_it_twice(cast: Cast, table: Moves) -> None:
    stale = HostOffer.objects.get(pk=cast.offer.pk)
    workflow.move(cast.offer, to="paused", verb="pause", by=cast.host, at=AT)
    with pytest.raises(Refused):
        workflow.move(stale, to="paused", verb="pause", by=cast.host, at=AT)
    assert Event.objects.count() == 1


def test_nothing_is_saved_when_the_event_cannot_be(cast: Cast, table: Moves, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**fields: Any) -> None:
        raise RuntimeError("no event")

    monkeypatch.setattr(events, "record", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        workflow.move(cast.offer, to="paused", verb="pause", by=cast.host, at=AT)
    assert HostOffer.objects.get(pk=cast.offer.pk).state == "published"


def test_many_are_moved_with_the_same_number_of_queries_as_two(cast: Cast, table: Moves) -> None:
    counts = []
    for number in (2, 20):
        offers = [make_offer(cast.advice, cast.host) for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            assert workflow.move_all(offers, to="paused", verb="pause", by=cast.host, at=AT) == number
        counts.append(len(queries))
        assert {offer.state for offer in offers} == {"paused"}
    assert counts[0] == counts[1]
    assert Event.objects.filter(verb="pause").count() == 22


def test_of_many_all_or_none_are_moved(cast: Cast, table: Moves) -> None:
    offers = [make_offer(cast.advice, cast.host), make_offer(cast.advice, cast.host, state="draft")]
    with pytest.raises(Refused):
        workflow.move_all(offers, to="paused", verb="pause", by=cast.host, at=AT)
    assert HostOffer.objects.filter(state="paused").count() == 0
    foreign = [make_offer(cast.cvs, cast.broker)]
    with pytest.raises(Refused) as refused:
        workflow.move_all(foreign, to="paused", verb="pause", by=cast.host, at=AT)
    assert refused.value.codes == {"not_allowed"}
    assert workflow.move_all([], to="paused", verb="pause", by=cast.host, at=AT) == 0


def test_of_many_one_that_is_gone_is_said_so_and_none_is_moved(cast: Cast, table: Moves) -> None:
    offers = [make_offer(cast.advice, cast.host) for _ in range(3)]
    HostOffer.objects.filter(pk=offers[1].pk).delete()
    with pytest.raises(Refused, match="is gone") as refused:
        workflow.move_all(offers, to="paused", verb="pause", by=cast.host, at=AT)
    assert refused.value.codes == {"gone"}
    assert not HostOffer.objects.filter(state="paused").exists()


def test_making_a_thing_is_an_event_and_it_begins_where_the_table_says(cast: Cast, table: Moves) -> None:
    draft = make_offer(cast.advice, cast.host, state="draft")
    workflow.created(draft, by=cast.host, at=AT)
    assert Event.objects.about(draft).get().to_state == "draft"
    with pytest.raises(ValueError, match="may not begin"):
        workflow.created(cast.offer, by=cast.host, at=AT)


def test_a_model_has_one_table(cast: Cast, table: Moves) -> None:
    with pytest.raises(ValueError, match="two tables"):
        workflow.register(ALWAYS)
    with pytest.raises(LookupError, match="no table of moves"):
        workflow.table_of(cast.visitor)


def test_a_refusal_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="at least one problem"):
        Refused([])
