"""Many people want the same place at the same moment, through the page itself: one gets it, and nobody sees an error.

Each proof has its negative control: the same crowd, with what protects the place taken away.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, F, Q
from django.test import Client
from django.urls import reverse

from partnerships.ground.models import OutboxMail
from partnerships.ground.problems import Refused
from partnerships.models import User
from secondments.actions import placements as asking
from secondments.actions import requests
from secondments.models import HostOffer, OfferSession, Placement, PlacementSession
from secondments.models.days import HalfDay
from secondments.problems import full
from secondments.states import Half, Tie
from secondments.views.drafts import PLACE
from tests.cast import Cast
from tests.factories import make_membership, make_offer, make_session, make_user
from tests.secondments.helpers import miscounted

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.faults,
    pytest.mark.prove,
]

FEW, MANY = 20, 200
MOST_TRIES = 10
WANTED = HalfDay(date(2027, 3, 2), Half.MORNING)


@dataclass(frozen=True)
class Wish:
    """Somebody at the last page of asking, about to press the button."""

    person: User
    offer: HostOffer
    key: str = field(default_factory=lambda: str(uuid.uuid4()))


def press(wishes: Sequence[Wish]) -> Counter[str]:
    """All press at once, each in a browser and a thread of their own. Counts what they saw."""
    browsers = [_at_the_last_page(wish) for wish in wishes]
    seen: list[str] = []
    gate = threading.Barrier(len(wishes))

    def one(browser: Client, wish: Wish) -> None:
        try:
            gate.wait()
            answer = browser.post(
                reverse("ask-check", args=[wish.offer.slug]),
                {"key": wish.key, "promise": "on"},
                raise_request_exception=False,
            )
            sent = answer.status_code == 302 and "/visits/booked/" in answer["Location"]
            seen.append("asked" if sent else f"{answer.status_code}")
        finally:
            connection.close()

    crowd = [threading.Thread(target=one, args=pair) for pair in zip(browsers, wishes, strict=True)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return Counter(seen)


def _at_the_last_page(wish: Wish) -> Client:
    browser = Client()
    browser.force_login(wish.person)
    session = browser.session
    about = {"tie": Tie.NONE, "learn": "How it is.", "needs": "", "agrees_email": "manu@council.example.org"}
    session[PLACE] = {wish.offer.slug: {"key": wish.key, "days": [f"{WANTED.date}.{WANTED.half}"], "about": about}}
    session.save()
    return browser


def oversold() -> list[int]:
    """Half-days with more rows that hold a place than there are places."""
    held = Count("holders", filter=Q(holders__holding=True))
    return list(OfferSession.objects.annotate(held=held).filter(held__gt=F("places")).values_list("held", flat=True))


def in_two_places() -> list[int]:
    held = PlacementSession.objects.filter(holding=True).values("visitor", "date", "half")
    return list(held.annotate(rows=Count("pk")).filter(rows__gt=1).values_list("rows", flat=True))


def start_again() -> None:
    PlacementSession.objects.all().delete()
    Placement.objects.all().delete()
    OfferSession.objects.update(booked=0)


# One place, a crowd -------------------------------------------------------------------------------------------------


@pytest.fixture
def one_place(cast: Cast) -> HostOffer:
    offer = make_offer(cast.advice, cast.host, dating="dated")
    make_session(offer, WANTED.date, WANTED.half, places=1)
    return offer


def crowd_for(cast: Cast, offer: HostOffer, many: int) -> list[Wish]:
    people = [make_user() for _ in range(many)]
    for person in people:
        make_membership(person, cast.council)
    return [Wish(person, offer) for person in people]


def test_one_place_and_a_crowd(
    cast: Cast, one_place: HostOffer, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    many = rounds(FEW, MANY)
    seen = press(crowd_for(cast, one_place, many))
    assert seen == {"asked": 1, "200": many - 1}
    assert Placement.objects.count() == 1
    assert (oversold(), miscounted()) == ([], [])
    proof(f"{many} people at once: 1 has the place, {many - 1} read why not, 0 errors, booked equals rows held")


def test_without_the_lock_and_the_counted_update_the_place_is_oversold(
    cast: Cast,
    one_place: HostOffer,
    monkeypatch: pytest.MonkeyPatch,
    rounds: Callable[[int, int], int],
    proof: Callable[[str], None],
) -> None:
    """The negative control: read how many are left, then write one less."""

    def read_then_write(sessions: Iterable[OfferSession]) -> None:
        for session in sessions:
            session.refresh_from_db()
            if session.booked >= session.places:
                raise Refused([full([HalfDay(session.date, session.half)])])
            session.booked += 1
            session.save()

    monkeypatch.setattr(asking, "lock", lambda *rows: None)
    monkeypatch.setattr(requests, "take", read_then_write)
    crowd = crowd_for(cast, one_place, FEW)
    tries = until_it_fails(lambda: press(crowd), oversold)
    proof(f"{FEW} people, {tries} tries: {oversold()[0]} hold the one place, as must be without the protection")


def until_it_fails(attempt: Callable[[], Any], harm: Callable[[], list[int]]) -> int:
    for tries in range(1, MOST_TRIES + 1):
        start_again()
        attempt()
        if harm():
            return tries
    raise AssertionError("Nothing went wrong without the protection, so the proof proves nothing.")


# One person, two hosts ----------------------------------------------------------------------------------------------


@pytest.fixture
def two_hosts(cast: Cast) -> list[HostOffer]:
    offers = [
        make_offer(cast.advice, cast.host, dating="dated"),
        make_offer(cast.elsewhere, cast.outsider, dating="dated"),
    ]
    for offer in offers:
        make_session(offer, WANTED.date, WANTED.half, places=20)
    return offers


def the_same_person(cast: Cast, offers: list[HostOffer], many: int) -> list[Wish]:
    return [Wish(cast.visitor, offers[number % len(offers)]) for number in range(many)]


def test_one_person_and_two_hosts_at_the_same_time(
    cast: Cast, two_hosts: list[HostOffer], rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    many = rounds(FEW, MANY)
    seen = press(the_same_person(cast, two_hosts, many))
    assert seen == {"asked": 1, "200": many - 1}
    assert (in_two_places(), oversold(), miscounted()) == ([], [], [])
    proof(f"{many} requests of one person to two hosts: 1 visit, {many - 1} read why not, 0 errors")


def test_pressing_the_same_button_many_times_at_once(
    cast: Cast, one_place: HostOffer, rounds: Callable[[int, int], int], proof: Callable[[str], None]
) -> None:
    many = rounds(FEW, MANY)
    wish = Wish(cast.visitor, one_place)
    assert press([wish] * many) == {"asked": many}
    assert Placement.objects.count() == 1
    assert OutboxMail.objects.filter(to=cast.host.email).count() == 1
    proof(f"{many} presses of one button at once: 1 visit, 1 mail to the host, and all {many} are shown it")


@pytest.fixture
def without_the_index() -> Iterator[None]:
    constraint = next(each for each in PlacementSession._meta.constraints if each.name.startswith("visitor_in_one"))
    with connection.schema_editor() as editor:
        editor.remove_constraint(PlacementSession, constraint)
    yield
    PlacementSession.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(PlacementSession, constraint)


def test_without_the_index_one_person_is_in_two_places(
    cast: Cast,
    two_hosts: list[HostOffer],
    without_the_index: None,
    monkeypatch: pytest.MonkeyPatch,
    proof: Callable[[str], None],
) -> None:
    """The negative control: asking first, as the pages do, is no protection by itself.

    The lock of their membership keeps one person in one line too, but not where they belong to two organisations.
    """
    monkeypatch.setattr(asking, "lock", lambda *rows: None)
    wishes = the_same_person(cast, two_hosts, FEW)
    tries = until_it_fails(lambda: press(wishes), in_two_places)
    proof(f"{FEW} requests, {tries} tries: {in_two_places()[0]} visits at once, as must be without the index")
