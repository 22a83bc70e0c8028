"""Somebody who was written down by others, and becomes a person here by their own yes."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from partnerships.actions.entered import enter_person
from partnerships.ground.models import Event
from partnerships.models import User
from tests.at_once import first_and_meanwhile
from tests.factories import AT

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "pat@advice.example.org"


def test_who_says_yes_in_two_rounds_at_once_is_one_person() -> None:
    """Two mails, opened side by side: the second press finds the person that the first has made."""
    made: list[User] = []

    def say_yes() -> None:
        made.append(enter_person(name="Pat Phoned", email=EMAIL, by=None, at=AT))

    assert first_and_meanwhile(say_yes, say_yes) == set()
    assert [user.pk for user in made] == [User.objects.get(email=EMAIL).pk] * 2
    assert EmailAddress.objects.get().verified
    assert Event.objects.get(verb="enter_person").thing_id == made[0].pk


def test_without_an_address_it_is_always_somebody_new() -> None:
    first, second = (enter_person(name="Pat Phoned", email="", by=None, at=AT) for _time in range(2))
    assert first.pk != second.pk
    assert {first.email, second.email} == {None}
