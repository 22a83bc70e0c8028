"""Addresses made of words: each thing has one of its own, also when two are made in the same moment."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from partnerships.actions.organisations import found_organisation
from partnerships.actions.slugs import free_slug
from partnerships.models import FormerSlug, Organisation
from tests.at_once import until_it_waits
from tests.cast import Cast
from tests.factories import make_place


@pytest.mark.django_db
def test_what_is_taken_was_taken_or_is_reserved_is_passed_over(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.advice.pk).update(slug="open-door")
    FormerSlug.objects.create(slug="open-door-2", organisation=cast.advice)
    made = free_slug("Open Door", Organisation, FormerSlug, otherwise="organisation", reserved={"open-door-3"})
    assert made == "open-door-4"


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "slug"), [("…", "organisation"), ("a" * 69 + " b", "a" * 69)])
def test_it_is_short_and_never_empty(words: str, slug: str) -> None:
    assert free_slug(words, Organisation, otherwise="organisation") == slug


@pytest.mark.django_db(transaction=True)
def test_two_of_one_name_at_once_have_addresses_of_their_own(cast: Cast) -> None:
    """Without taking turns both find the same one free, and the second ends in an error page."""
    written = threading.Event()
    places = [make_place(), make_place()]

    def first() -> None:
        with transaction.atomic():
            found_organisation(
                name="Open Door", place=places[0], field="community", what_it_does="Tea.", by=cast.newcomer
            )
            written.set()
            until_it_waits(threading.main_thread())
        connection.close()

    other = threading.Thread(target=first)
    other.start()
    written.wait(10)
    found_organisation(name="Open Door", place=places[1], field="community", what_it_does="Tea.", by=cast.outsider)
    other.join()
    assert sorted(Organisation.objects.filter(name="Open Door").values_list("slug", flat=True)) == [
        "open-door",
        "open-door-2",
    ]
