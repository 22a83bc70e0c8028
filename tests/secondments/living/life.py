"""One life: a world of its own, all who look at it, and its end. Nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils.timezone import make_aware

from partnerships.actions.organisations import resume
from partnerships.models import Organisation, User
from partnerships.states import OrganisationState
from secondments.actions.calling_off import call_off_round
from secondments.actions.publishing import publish_round
from secondments.actions.rounds import archive_round, ask_for_match, close_round
from secondments.actions.unfinished import letters_given_up, write_the_rest
from secondments.matches.replaying import replay
from secondments.models import MatchRun, Round
from secondments.states import UNTOLD_STATES, RoundState
from tests.cast import make_cast

from . import people, rounds, visits
from .pages import read_something
from .watch import Watch
from .world import World

__all__ = ["life", "people", "rounds", "visits"]

TURNS = 4
"""Hours in which everything that follows from everything has been done."""


@contextmanager
def life(seed: int) -> Iterator[tuple[World, Watch]]:
    with pytest.MonkeyPatch.context() as monkeypatch, transaction.atomic():
        world = World(make_cast(), seed, monkeypatch)
        watch = Watch(world)
        world.look, world.read = watch, partial(read_something, world)
        try:
            yield world, watch
        except Exception as error:
            error.add_note(f"In the life that {seed} draws:\n" + "\n".join(world.story[-40:]))
            raise
        transaction.set_rollback(True)


def tell(world: World) -> Round:
    """People join, are matched, and are told: as short as a life can be."""
    world.join()
    a_round = Round.objects.get(programme=world.programme)
    close_round(a_round=a_round, by=world.cast.broker, at=world.at)
    ask_for_match(a_round=a_round, by=world.cast.broker, at=world.at, seed=7)
    world.work()
    a_round.refresh_from_db()
    publish_round(a_round=a_round, by=world.cast.broker, at=world.at)
    world.work()
    a_round.refresh_from_db()
    return a_round


def end(world: World, watch: Watch) -> None:
    """What was not told is called off, and of what was told the last day passes. Then everybody has heard."""
    for suspended in Organisation.objects.filter(state=OrganisationState.SUSPENDED):
        resume(organisation=suspended, by=world.cast.administrator, at=world.at)
    broker = User.objects.get(pk=world.cast.broker.pk)  # who may do again what a suspension took away
    _hours_pass(world)
    ours = Round.objects.filter(programme=world.programme).order_by("pk")
    for a_round in ours.filter(state__in=UNTOLD_STATES):
        call_off_round(a_round=a_round, because="Nobody runs it any more.", by=broker, at=world.at)
    last = max(a_round.ends_on for a_round in ours)
    world.at = max(world.at, make_aware(datetime.combine(last + timedelta(days=1), time(9))))
    _hours_pass(world)
    for a_round in ours:
        if letters_given_up(a_round).exists():
            write_the_rest(a_round=a_round, by=broker, at=world.at)
    _hours_pass(world)
    for a_round in ours.filter(state=RoundState.PUBLISHED):
        archive_round(a_round=a_round, by=broker, at=world.at)
    world.look()
    if solved := world.some(MatchRun.objects.filter(problem__isnull=False, stopped_early=False).order_by("pk"), 1):
        assert replay(solved[0]) == []
    unheard = list(watch.heard.unfinished())
    assert not unheard, "\n".join(unheard)


def _hours_pass(world: World) -> None:
    for _turn in range(TURNS):
        world.at += timedelta(hours=1)
        world.work()
        world.look()
