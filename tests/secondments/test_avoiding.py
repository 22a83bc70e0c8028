"""Whom somebody must not meet: they never do, and nobody learns of it, neither who avoids nor who is avoided."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from partnerships.ground import jobs
from partnerships.models import Organisation, User
from partnerships.states import SizeBand
from secondments.actions.repairs import settle_round
from secondments.matches import problem_of, what_happened
from secondments.matches.keys import offer_key, organisation_key
from secondments.models import HostOffer, MatchRun, Participation, Round
from secondments.states import OfferState, RoundState
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_offer, make_organisation, make_round
from tests.secondments.rounds import first_week, join, matched, published

pytestmark = pytest.mark.django_db

REASON = "He lives next door to me"


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    return make_round(cast.cvs)


@pytest.fixture
def offer(cast: Cast, a_round: Round) -> HostOffer:
    return make_offer(cast.advice, cast.host, title="A day on the door")


def everything_for(user: User, a_round: Round) -> str:
    """What one person can read of a round, on pages and in mails, without what is new at each sight."""
    browser = enter(user)
    addresses = [
        reverse("next-steps"),
        reverse("placements"),
        a_round.get_absolute_url(),
        *(reverse(name, args=[a_round.slug]) for name in ("round-join", "round-desk")),
    ]
    pages = [browser.get(address).content.decode() for address in addresses]
    letters = [f"{letter.subject}\n{letter.body}" for letter in mail.outbox if user.email in letter.to]
    return re.sub(r'(csrfmiddlewaretoken"|csrf-token"|nonce)\S*\s?\S*', "", "\n".join([*pages, *letters]))


def test_who_must_not_meet_never_does_though_everything_else_fits(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    join(a_round, cast.visitor_membership, avoids=[cast.advice], avoid_reason=REASON, wishes=[offer])
    join(a_round, cast.colleague.memberships.get())
    run = matched(cast, a_round)
    assert [match.participation.membership.user for match in run.matches.all()] == [cast.colleague]
    assert run.not_placed.get().causes["removed"] == [["avoid", 1]]


def test_the_engine_is_told_whom_one_avoids_and_wishes_for_in_order_and_no_word(
    cast: Cast, a_round: Round, offer: HostOffer
) -> None:
    other, gone = (make_offer(make_organisation(name), cast.host) for name in ("Harbour Advice", "Kite Club"))
    join(a_round, cast.visitor_membership, wishes=[gone, other, offer], avoids=[cast.elsewhere], avoid_reason=REASON)
    HostOffer.objects.filter(pk=gone.pk).update(state=OfferState.CLOSED)
    problem = problem_of(a_round, seed=1, at=AT)
    assert problem.people[0].preferences == (offer_key(other.pk), offer_key(offer.pk))
    assert problem.people[0].avoids_organisations == {organisation_key(cast.elsewhere.pk)}
    run = matched(cast, a_round)
    assert REASON not in json.dumps([run.problem, run.result])


def test_the_first_wish_is_worth_most(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    other = make_offer(cast.advice, cast.host, title="An evening on the phones")
    for wishes, first in (([offer, other], offer), ([other, offer], other)):
        join(a_round, cast.visitor_membership, wishes=wishes)
        run = matched(cast, a_round)
        assert run.matches.get().offer == first
        Round.objects.update(state=RoundState.OPEN)
        MatchRun.objects.all().delete()
        a_round.refresh_from_db()


def outcome(cast: Cast, a_round: Round, who: Iterable[User]) -> dict[User, str]:
    """Match and publish; then what each of them can read."""
    matched(cast, a_round)
    published(a_round, cast.broker)
    return {user: everything_for(user, a_round) for user in who}


@pytest.mark.parametrize("everyday", ["full", "limit"])
def test_who_avoids_reads_the_same_as_who_found_no_place_left(everyday: str) -> None:
    """A colleague who looks over a shoulder cannot tell the one from the other."""
    words = [
        what_happened({**NO_HOST, "removed": [[code, 1]]}).rules for code in ("avoid", "conflict", "access", everyday)
    ]
    assert all(each == words[0] for each in words)
    # Negative control: another cause is another sentence.
    assert what_happened({**NO_HOST, "removed": [["too_far", 1]]}).rules != words[0]


NO_HOST = {"code": "no_host", "suitable": 0, "lost_by": "", "contest": None, "would_help": []}


def test_a_host_reads_the_same_whether_avoided_or_not(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    """Once with nobody who avoids them, and once with somebody who does: nothing that the host reads differs."""
    other = make_round(cast.cvs)
    weeks = [first_week(a_round) + timedelta(weeks=week) for week in range(3)]
    readers = (cast.host, cast.adviser)
    # Too far is what a visitor might have said as well.
    join(a_round, cast.visitor_membership, weeks=weeks, online=False, avoids=[cast.advice], avoid_reason=REASON)
    avoided = outcome(cast, a_round, readers)
    mail.outbox.clear()
    Round.objects.filter(pk=a_round.pk).update(state=RoundState.DRAFT)

    HostOffer.objects.update(state=OfferState.PAUSED)
    join(other, cast.visitor_membership, weeks=weeks)
    matched(cast, other)
    HostOffer.objects.update(state=OfferState.PUBLISHED)
    published(other, cast.broker)
    for user in readers:
        plain = everything_for(user, other)
        assert plain.replace(other.slug, "") == avoided[user].replace(a_round.slug, "")


def test_nobody_ever_reads_why_or_whom(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    join(a_round, cast.visitor_membership, avoids=[cast.elsewhere], avoid_reason=REASON)
    join(a_round, cast.colleague.memberships.get(), avoids=[cast.advice], avoid_reason=REASON)
    everybody = [
        *(cast.manager, cast.home_coordinator, cast.host, cast.adviser, cast.broker, cast.outsider),
        *(cast.visitor, cast.colleague, cast.curator, cast.administrator),
    ]
    while_open = {user: everything_for(user, a_round) for user in everybody}
    # The one who avoids is shown whom, to be able to change it, and nobody else is.
    assert [user for user in everybody if cast.elsewhere.name in while_open[user]] == [cast.outsider, cast.visitor]
    for user, read in outcome(cast, a_round, everybody).items():
        assert REASON not in read + while_open[user], user
    assert all(REASON not in letter.body for letter in mail.outbox)


def test_what_is_held_out_instead_is_not_whom_one_avoids(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    only = [first_week(a_round)]
    other = make_offer(cast.elsewhere, cast.outsider, title="A night on the ward")
    for person in (cast.visitor, cast.colleague):
        join(a_round, person.memberships.get(), weeks=only, avoids=[cast.advice] if person == cast.visitor else [])
    HostOffer.objects.filter(pk=offer.pk).update(notice_days=90)
    matched(cast, a_round)
    published(a_round, cast.broker)
    letters = {letter.to[0]: letter.body for letter in mail.outbox if "could not place you" in letter.subject}
    assert other.title in letters[str(cast.visitor.email)]
    assert offer.title not in letters[str(cast.visitor.email)]
    assert offer.title in letters[str(cast.colleague.email)]
    assert offer.title not in enter(cast.visitor).get(a_round.get_absolute_url()).content.decode()


@pytest.mark.parametrize("who", ["who coordinates", "who works in a small place", "who wrote the invitation"])
def test_what_is_held_out_instead_is_nowhere_that_they_would_meet_whom_they_avoid(
    cast: Cast, a_round: Round, offer: HostOffer, who: str
) -> None:
    """As in the match itself, in the letter, on the page, and in the letter once the round is over."""
    avoided = cast.adviser if who == "who works in a small place" else cast.host
    if who == "who wrote the invitation":
        cast.host.memberships.update(is_coordinator=False)
    Organisation.objects.update(size=SizeBand.SMALL if avoided == cast.adviser else SizeBand.LARGE)
    HostOffer.objects.filter(pk=offer.pk).update(notice_days=90, created_by=cast.host)
    other = make_offer(cast.elsewhere, cast.outsider, title="A night on the ward")
    join(a_round, cast.visitor_membership, weeks=[first_week(a_round)], avoids_emails=[str(avoided.email)])
    join(a_round, cast.colleague.memberships.get(), weeks=[first_week(a_round)])
    matched(cast, a_round)
    published(a_round, cast.broker)
    settle_round(a_round=a_round, at=AT)
    jobs.run_due()
    for letter_about in ("could not place you", "No place has come free"):
        letters = {letter.to[0]: letter.body for letter in mail.outbox if letter_about in letter.subject}
        assert other.title in letters[str(cast.visitor.email)]
        assert offer.title not in letters[str(cast.visitor.email)]
        assert offer.title in letters[str(cast.colleague.email)]
    assert offer.title not in enter(cast.visitor).get(a_round.get_absolute_url()).content.decode()


def test_the_copy_of_ones_data_says_all_that_one_said_and_nothing_that_others_did(
    cast: Cast, a_round: Round, offer: HostOffer
) -> None:
    join(a_round, cast.visitor_membership, avoids=[cast.advice], avoid_reason=REASON, wishes=[offer])
    matched(cast, a_round)
    copy = enter(cast.visitor).get(reverse("my-data-download")).content.decode()
    assert REASON in copy
    assert cast.advice.name in copy
    assert offer.title in copy
    assert '"avoid"' not in copy
    for other in (cast.colleague, cast.host, cast.broker):
        assert REASON not in enter(other).get(reverse("my-data-download")).content.decode()


def test_the_number_of_queries_does_not_grow_with_wishes_and_whom_people_avoid(
    cast: Cast, a_round: Round, offer: HostOffer, django_assert_num_queries: object
) -> None:
    said: dict[str, Any] = {"wishes": [offer], "avoids": [cast.elsewhere], "avoids_emails": [cast.manager.email]}
    join(a_round, cast.visitor_membership, **said)
    with django_assert_num_queries(11):  # type: ignore[operator]  # a fixture of pytest-django
        problem_of(a_round, seed=1, at=AT)
    avoiding = {"avoids": [cast.elsewhere, cast.advice], "avoids_emails": [cast.adviser.email, cast.curator.email]}
    join(a_round, cast.colleague.memberships.get(), **(said | avoiding))
    assert Participation.objects.count() == 2
    with django_assert_num_queries(11):  # type: ignore[operator]  # a fixture of pytest-django
        problem_of(a_round, seed=1, at=AT)
