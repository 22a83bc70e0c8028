"""The audit trail: only ever added to, with ids and codes alone."""

import pytest
from django.db import DatabaseError, connection, transaction

from partnerships.ground import events
from partnerships.ground.models import Event
from tests.cast import Cast
from tests.factories import AT


@pytest.fixture
def event(cast: Cast) -> Event:
    return events.record(actor=cast.host, verb="publish_offer", thing=cast.offer, at=AT, to_state="published")


def test_it_records_who_did_what_to_which_thing(cast: Cast, event: Event) -> None:
    assert list(Event.objects.about(cast.offer)) == [event]
    assert (event.actor, event.thing_type, event.thing_id) == (cast.host, "secondments.hostoffer", cast.offer.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ground_event SET verb = 'nothing'",
        "DELETE FROM ground_event",
        "TRUNCATE ground_event",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_event(event: Event, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.count() == 1


def test_without_the_trigger_an_event_could_be_changed(event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ground_event DISABLE TRIGGER ground_event_no_change")
    Event.objects.update(verb="nothing")
    assert Event.objects.get().verb == "nothing"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ground_event ENABLE TRIGGER ground_event_no_change")


@pytest.mark.django_db(transaction=True)
def test_the_truncate_trigger_is_on_after_a_flush(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'ground_event_no_truncate'")
        assert cursor.fetchone() == ("O",)


def test_an_actor_cannot_be_deleted(cast: Cast, event: Event) -> None:
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        cast.host.delete()
