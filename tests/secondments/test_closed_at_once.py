"""Whoever closes their account at this moment leaves no words behind: neither others' about them, nor their own."""

from __future__ import annotations

import pytest

from partnerships.actions.accounts import close_account
from partnerships.models import Membership, User
from secondments.actions.brokering import write_note
from secondments.actions.joining import keep_for_later
from secondments.models import JoiningDraft, Note, Participation
from tests.at_once import first_and_meanwhile
from tests.cast import Cast
from tests.factories import AT, make_round
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(cast: Cast) -> Participation:
    return join(make_round(cast.cvs), cast.visitor_membership)


def close(cast: Cast) -> None:
    user = User.objects.get(pk=cast.visitor.pk)
    close_account(user=user, by=user, at=AT)


def test_nothing_is_noted_about_them(cast: Cast, person: Participation) -> None:
    read = Participation.objects.select_related("membership__user", "round__programme").get()
    heard = first_and_meanwhile(
        lambda: close(cast), lambda: write_note(about=read, text="Vera would rather not drive", by=cast.broker, at=AT)
    )
    assert heard == {"person_gone"}
    assert not Note.objects.exists()


def test_a_note_that_was_first_goes_with_them(cast: Cast, person: Participation) -> None:
    heard = first_and_meanwhile(
        lambda: write_note(about=person, text="Vera would rather not drive", by=cast.broker, at=AT),
        lambda: close(cast),
    )
    assert heard == set()
    assert not Note.objects.exists()


def test_what_they_typed_is_not_kept(cast: Cast) -> None:
    a_round = make_round(cast.cvs)
    membership = Membership.objects.select_related("user", "organisation").get(pk=cast.visitor_membership.pk)
    heard = first_and_meanwhile(
        lambda: close(cast),
        lambda: keep_for_later(
            a_round=a_round, membership=membership, by=membership.user, typed={"needs": "A rest"}, before=None, at=AT
        ),
    )
    assert heard == {"no_longer_there"}
    assert not JoiningDraft.objects.exists()
