"""A broker writes to those whom the desk shows: typed, read once more, sent."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground.models import Job
from secondments.models import GroupLetter, Participation, Round
from tests.cast import Cast
from tests.client import enter
from tests.factories import make_membership, make_round, make_user
from tests.secondments.proposals import Proposal
from tests.secondments.rounds import join

pytestmark = pytest.mark.django_db

SAID = {"subject": "A word", "text": "Which weeks are best?\n\nRing me."}


def write(a_round: Round) -> str:
    return reverse("round-write", args=[a_round.slug])


@pytest.fixture
def a_round(cast: Cast) -> Round:
    made = make_round(cast.cvs)
    join(made, cast.visitor_membership)
    join(made, cast.colleague.memberships.get())
    return made


def test_typed_read_once_more_and_sent(cast: Cast, a_round: Round) -> None:
    client = enter(cast.broker)
    desk = client.get(reverse("round-desk", args=[a_round.slug])).content.decode()
    assert "Write to these 2 people" in desk
    page = client.get(write(a_round)).content.decode()
    assert "Write to 2 people" in page
    assert "Vera Visitor" in page
    assert "Nobody has been told of this proposal" not in page
    key = {"key": re.findall(r'name="key" value="([^"]*)"', page)[0]}
    page = client.post(write(a_round), SAID | key | {"act": "preview"}).content.decode()
    assert "Send this to 2 people?" in page
    assert "<p>Which weeks are best?</p>" in page
    assert not GroupLetter.objects.exists(), "A preview sends nothing."
    hidden = dict(re.findall(r'type="hidden" name="(subject|text|key)" value="([^"]*)"', page))
    assert hidden == SAID | key
    changed = client.post(write(a_round), hidden | {"act": "change"}).content.decode()
    assert 'value="A word"' in changed
    answer = client.post(write(a_round), hidden | {"act": "send"}, follow=True)
    assert "2 people get your letter." in answer.content.decode()
    client.post(write(a_round), hidden | {"act": "send"})
    assert (GroupLetter.objects.count(), Job.objects.filter(kind="write_to_people").count()) == (1, 1)


def test_only_those_whom_the_desk_shows(cast: Cast) -> None:
    proposal = Proposal(cast)
    client = enter(cast.broker)
    shown = f"?show=placed&organisation={cast.advice.slug}"
    desk = client.get(reverse("round-desk", args=[proposal.a_round.slug]) + shown).content.decode()
    assert "Write to 1 person" in desk
    address = write(proposal.a_round) + shown
    assert address.replace("&", "&amp;") in desk
    page = client.get(address).content.decode()
    assert "Write to 1 person" in page
    client.post(address, SAID | {"act": "send"})
    assert GroupLetter.objects.get().readers == [proposal.at_near.pk]


def test_before_everybody_has_heard_the_writer_is_warned(cast: Cast) -> None:
    page = enter(cast.broker).get(write(Proposal(cast).a_round)).content.decode()
    assert "Write nothing that tells who has a place, or where." in page


def test_what_is_missing_is_said_and_what_was_typed_stays(cast: Cast, a_round: Round) -> None:
    page = enter(cast.broker).post(write(a_round), {"subject": "", "text": "Hello", "act": "preview"}).content.decode()
    assert "Enter the subject" in page or "Enter subject" in page
    assert "Hello" in page


def test_nobody_to_write_to_is_said(cast: Cast, a_round: Round) -> None:
    Participation.objects.update(takes_letters=False)
    client = enter(cast.broker)
    assert "Nobody on this list can be written to" in client.get(write(a_round)).content.decode()
    client.post(write(a_round), SAID | {"act": "send"})
    assert not GroupLetter.objects.exists()


def test_more_than_enough_for_a_day_is_refused_on_the_page(cast: Cast, a_round: Round) -> None:
    client = enter(cast.broker)
    for _ in range(3):
        client.post(write(a_round), SAID | {"act": "send"})
    page = client.post(write(a_round), SAID | {"act": "send"}).content.decode()
    assert "the most in a day" in page
    assert page.count("A word: Bron Broker, ") == 3
    assert "Which weeks are best?" in page
    assert GroupLetter.objects.count() == 3


def test_whoever_reads_them_says_no_more_and_again(cast: Cast, a_round: Round) -> None:
    client, letters = enter(cast.visitor), reverse("round-letters", args=[a_round.slug])
    assert "Get no group letters" in client.get(a_round.get_absolute_url()).content.decode()
    page = client.post(letters, {"letters": "no"}, follow=True).content.decode()
    assert "You get no more group letters" in page
    assert "Get group letters again" in page
    assert not Participation.objects.get(membership__user=cast.visitor).takes_letters
    client.post(letters, {"letters": "yes"})
    assert Participation.objects.get(membership__user=cast.visitor).takes_letters


def test_it_costs_the_same_for_two_and_for_twenty(cast: Cast, a_round: Round) -> None:
    client = enter(cast.broker)
    counts = []
    for _ in range(2):
        client.get(write(a_round))
        with CaptureQueriesContext(connection) as queries:
            client.get(write(a_round))
        counts.append(len(queries))
        for _more in range(18):
            join(a_round, make_membership(make_user(), cast.council))
    assert counts[0] == counts[1] <= 12
