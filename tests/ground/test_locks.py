"""Locks in one fixed order: nothing deadlocks, and a stuck lock becomes a sentence."""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.functional import SimpleLazyObject

from partnerships.ground import locks
from partnerships.ground.events import record
from partnerships.ground.locks import acting, lock, standing
from partnerships.ground.problems import Refused
from partnerships.models import Organisation, User
from secondments.models import HostOffer
from tests.at_once import until_it_waits
from tests.cast import Cast
from tests.factories import AT, make_offer

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_order_does_not_depend_on_the_arguments(cast: Cast) -> None:
    statements = []
    for rows in (
        [cast.host, cast.council, cast.advice, cast.visitor],
        [cast.visitor, cast.advice, cast.host, cast.council],
    ):
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            lock(*rows)
        statements.append([query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]])
    assert [sql.split("FROM")[1].split('"')[1] for sql in statements[0]] == [
        "partnerships_user",
        "partnerships_organisation",
    ]
    assert len(statements[0]) == len(statements[1]) == 2


def test_what_is_pointed_at_comes_before_what_points_at_it() -> None:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.remote_field and field.related_model is not model:
                assert standing(field.related_model) < standing(model), f"{model}.{field.name}"


def test_what_was_read_before_is_read_afresh(cast: Cast) -> None:
    User.objects.filter(pk=cast.host.pk).update(name="Hal New")
    with transaction.atomic():
        lock(cast.host)
    assert cast.host.name == "Hal New"


def test_every_copy_of_a_row_is_and_what_hung_on_it_is_forgotten(cast: Cast) -> None:
    """Also of one that a request brings wrapped, as its user is."""
    copies = [cast.offer, HostOffer.objects.select_related("organisation").prefetch_related("sessions").get()]
    assert len(copies[1].sessions.all()) == cast.offer.sessions.count() > 0
    HostOffer.objects.update(title="Another title", organisation=cast.council)
    cast.offer.sessions.all().delete()
    User.objects.filter(pk=cast.host.pk).update(name="Hal New")
    wrapped: Any = SimpleLazyObject(lambda: cast.host)
    with transaction.atomic():
        lock(*copies, wrapped)
    assert [(offer.title, offer.organisation, len(offer.sessions.all())) for offer in copies] == [
        ("Another title", cast.council, 0)
    ] * 2
    assert cast.host.name == "Hal New"


def test_what_was_never_read_stays_unread_until_it_is_wanted(cast: Cast) -> None:
    offer = HostOffer.objects.defer("search", "title").get()
    HostOffer.objects.update(title="Another title")
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        lock(offer)
    assert '"search"' not in queries[0]["sql"]
    assert {"search", "title"} <= offer.get_deferred_fields()
    assert offer.title == "Another title"


@pytest.mark.parametrize("many", [1, 10])
def test_many_rows_cost_one_statement(cast: Cast, many: int) -> None:
    offers = [make_offer(cast.advice, cast.host) for _ in range(many)]
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        lock(*offers)
    assert len(queries) == 1


def test_what_somebody_else_wrote_while_it_waited_is_what_it_reads(cast: Cast) -> None:
    """The statement that waits for a row returns it as it is once the wait is over."""
    held, seen = threading.Event(), []

    def waits() -> None:
        try:
            held.wait(10)
            mine = User.objects.get(pk=cast.host.pk)
            with transaction.atomic():
                lock(mine)
            seen.append(mine.name)
        finally:
            connection.close()

    other = threading.Thread(target=waits)
    other.start()
    with transaction.atomic():
        User.objects.filter(pk=cast.host.pk).update(name="Hal New")
        held.set()
        until_it_waits(other)
        assert not seen
    other.join()
    assert seen == ["Hal New"]


def test_a_row_that_is_gone_is_said_so(cast: Cast) -> None:
    ghost = User(pk=10**9)
    with pytest.raises(Refused, match="is gone") as refused, transaction.atomic():
        lock(cast.host, ghost)
    assert refused.value.codes == {"gone"}


def test_who_only_points_at_a_locked_row_does_not_wait_for_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event names its actor, a visit its visitor: neither may wait until a long verb about that person ends."""
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_MS", 300)
    seen: list[object] = []

    def elsewhere() -> None:
        try:
            with acting():
                record(actor=cast.host, verb="look", thing=cast.council, at=AT)
            seen.append("written")
        except Refused as refused:
            seen.append(refused.codes)
        finally:
            connection.close()

    with transaction.atomic():
        lock(cast.host)
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
    assert seen == ["written"]


def _race(work: list[list[tuple[type, int]]], take: object) -> int:
    """Run each list of rows in a thread, locking one after the other; return how many deadlocked."""
    deadlocks = []
    barrier = threading.Barrier(len(work))

    def run(rows: list[tuple[type, int]]) -> None:
        try:
            barrier.wait()
            for _ in range(15):
                try:
                    with transaction.atomic():
                        with connection.cursor() as cursor:
                            cursor.execute("SET LOCAL deadlock_timeout = '20ms'")
                        take(rows)  # type: ignore[operator]  # one of the two functions below
                except OperationalError as error:
                    if "deadlock" not in str(error):
                        raise
                    deadlocks.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(rows,)) for rows in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(deadlocks)


def _fixed(rows: list[tuple[type, int]]) -> None:
    lock(*[model(pk=key) for model, key in rows])


def _as_they_come(rows: list[tuple[type, int]]) -> None:
    shuffled = random.sample(rows, len(rows))
    for model, key in shuffled:
        model.objects.select_for_update().get(pk=key)  # type: ignore[attr-defined]  # both are models
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.005)")


def test_the_fixed_order_never_deadlocks_and_any_order_does(cast: Cast) -> None:
    rows: list[tuple[type, int]] = [(User, cast.host.pk), (User, cast.visitor.pk), (Organisation, cast.council.pk)]
    work = [random.sample(rows, 3) for _ in range(6)]
    assert _race(work, _fixed) == 0
    assert _race(work, _as_they_come) > 0


def test_a_stuck_lock_becomes_a_refusal_that_says_try_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_MS", 100)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=cast.host.pk)
            held.set()
            done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        with pytest.raises(Refused) as refused, acting():
            lock(cast.host)
        assert refused.value.codes == {"busy"}
        assert "try again" in str(refused.value)
    finally:
        done.set()
        holder.join()


def test_two_verbs_that_wait_for_each_other_are_told_to_try_again(cast: Cast) -> None:
    """Every verb keeps the order; should one ever not, nobody sees an error page for it."""
    told: list[set[str]] = []
    gate = threading.Barrier(2)

    def one(rows: list[User]) -> None:
        try:
            with acting():
                for row in rows:
                    lock(row)
                    with suppress(threading.BrokenBarrierError):
                        gate.wait(5)
        except Refused as refused:
            told.append(refused.codes)
        finally:
            gate.abort()
            connection.close()

    pair = [cast.host, cast.visitor]
    threads = [threading.Thread(target=one, args=(rows,)) for rows in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [{"busy"}]


def test_other_faults_of_the_database_are_not_hidden() -> None:
    with pytest.raises(OperationalError, match="elsewhere"), acting():
        raise OperationalError("elsewhere")
