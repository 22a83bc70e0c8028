"""Several brokers press "match" at the same moment, through the page itself: one run, and nobody sees an error."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from partnerships.ground import workflow
from partnerships.ground.models import Event, Job
from secondments.actions import rounds as acting
from secondments.actions.rounds import close_round
from secondments.models import MatchRun, Round
from secondments.states import RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_round, make_user
from tests.secondments.rounds import join

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.faults,
    pytest.mark.prove,
]

FEW, MANY = 6, 40
MOST_TRIES = 10


@pytest.fixture
def a_round(cast: Cast) -> Round:
    a_round = make_round(cast.cvs)
    join(a_round, cast.visitor_membership)
    close_round(a_round=a_round, by=cast.broker, at=AT)
    return a_round


def brokers(cast: Cast, many: int) -> list[Client]:
    """Each in a browser of their own, in front of the desk."""
    people = [make_user() for _ in range(many)]
    for person in people:
        make_membership(person, cast.cvs, is_broker=True)
    return [enter(person) for person in people]


def press(a_round: Round, browsers: Sequence[Client]) -> Counter[int]:
    """All press at once. Counts what their browsers were answered."""
    seen: list[int] = []
    gate = threading.Barrier(len(browsers))

    def one(browser: Client) -> None:
        try:
            gate.wait()
            answer = browser.post(reverse("round-match", args=[a_round.slug]), raise_request_exception=False)
            seen.append(answer.status_code)
        finally:
            connection.close()

    crowd = [threading.Thread(target=one, args=[browser]) for browser in browsers]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return Counter(seen)


def test_brokers_who_press_at_once_make_one_run(
    cast: Cast, a_round: Round, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    many = rounds(FEW, MANY)
    assert press(a_round, brokers(cast, many)) == {302: many}
    a_round.refresh_from_db()
    assert a_round.state == RoundState.MATCHING
    run = a_round.runs.get()
    assert Job.objects.of_kind("match_round").get().key == str(run.uuid)
    assert Event.objects.about(a_round).filter(verb="ask_for_match").count() == 1
    proof(f"{many} brokers at once: 1 run, 1 job, 1 event, 0 errors")


@pytest.fixture
def without_the_constraints() -> Iterator[None]:
    """What the database would still say no to: two runs that wait, or two of one number."""
    constraints = list(MatchRun._meta.constraints)
    with connection.schema_editor() as editor:
        for constraint in constraints:
            editor.remove_constraint(MatchRun, constraint)
    yield
    MatchRun.objects.all().delete()
    with connection.schema_editor() as editor:
        for constraint in constraints:
            editor.add_constraint(MatchRun, constraint)


def test_without_the_lock_each_of_them_makes_a_run(
    cast: Cast,
    a_round: Round,
    without_the_constraints: None,
    monkeypatch: pytest.MonkeyPatch,
    proof: Callable[[str], None],
) -> None:
    """The negative control: look first, as every page does, and then write."""
    for module in (acting, workflow):
        monkeypatch.setattr(module, "lock", lambda *rows: None)
    browsers = brokers(cast, FEW)
    tries = 0
    while a_round.runs.count() < 2 and tries < MOST_TRIES:
        MatchRun.objects.all().delete()
        Round.objects.update(state=RoundState.CLOSED)
        press(a_round, browsers)
        tries += 1
    assert a_round.runs.count() > 1
    proof(f"{FEW} brokers, {tries} tries: {a_round.runs.count()} runs, as must be without it")
