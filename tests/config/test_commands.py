"""The commands that bring a database to where pages can be shown."""

from io import StringIO

import pytest
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from partnerships.models import Place
from partnerships.states import PlaceKind


@pytest.mark.django_db
def test_preparing_again_changes_nothing(settings: Settings) -> None:
    settings.PREPARATIONS = ["createcachetable"]

    call_command("prepare", verbosity=0)
    call_command("prepare", verbosity=0)

    caches["quick"].set("key", "kept in the table that was made")
    assert caches["quick"].get("key") == "kept in the table that was made"


@pytest.mark.django_db
def test_a_database_of_an_earlier_version_gets_a_sentence_and_no_broken_pages(settings: Settings) -> None:
    settings.PREPARATIONS = []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE volunteering_skillneed RENAME COLUMN title TO heading")

    with pytest.raises(CommandError, match=r"volunteering_skillneed\.title.*make demo-reset"):
        call_command("prepare", verbosity=0)


def load_a_place() -> str:
    """What an app names in DEMONSTRATIONS: it says what it loaded, or nothing when that was there."""
    _, made = Place.objects.get_or_create(code="X1", defaults={"name": "Invented", "kind": PlaceKind.COUNCIL})
    return "A place." if made else ""


def load_half() -> str:
    Place.objects.create(code="X2", name="Half", kind=PlaceKind.COUNCIL)
    raise CommandError("The other half failed.")


@pytest.mark.django_db
def test_a_demonstration_is_loaded_once(settings: Settings) -> None:
    settings.DEMONSTRATIONS = [f"{__name__}.load_a_place"]
    first, second = StringIO(), StringIO()

    call_command("load_demonstration", stdout=first)
    call_command("load_demonstration", stdout=second)

    assert (first.getvalue(), second.getvalue()) == ("A place.\n", "")
    assert Place.objects.filter(code="X1").count() == 1


@pytest.mark.django_db
def test_preparing_can_load_the_demonstration_too(settings: Settings) -> None:
    settings.PREPARATIONS, settings.DEMONSTRATIONS = [], [f"{__name__}.load_a_place"]

    call_command("prepare", demonstration=True, verbosity=0)

    assert Place.objects.filter(code="X1").exists()


@pytest.mark.django_db
def test_an_app_loads_all_of_its_part_or_none(settings: Settings) -> None:
    settings.DEMONSTRATIONS = [f"{__name__}.load_half"]

    with pytest.raises(CommandError):
        call_command("load_demonstration")

    assert not Place.objects.filter(code="X2").exists()


def test_a_demonstration_is_never_loaded_among_real_people(settings: Settings) -> None:
    settings.DEMO = settings.TESTING = False

    with pytest.raises(CommandError, match="DEMO=1 only"):
        call_command("load_demonstration")
