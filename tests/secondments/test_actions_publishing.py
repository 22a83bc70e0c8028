"""Publishing a round while others act: nobody is told what is not so, and nobody waits for somebody who waits."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from partnerships.ground import locks
from partnerships.ground.models import OutboxMail
from partnerships.ground.problems import Refused
from partnerships.models import Membership
from partnerships.states import Field, MembershipState, WhoAgrees
from secondments.actions import request_placement, rounds
from secondments.actions.rounds import publish_round
from secondments.models import HostOffer, PlacementSession, Round
from secondments.models.days import HalfDay
from tests.cast import Cast
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.rounds import join, matched

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_round(cast: Cast) -> Round:
    cast.offer.sessions.all().delete()
    cast.offer.delete()
    return make_round(cast.cvs)


@pytest.fixture
def offer(cast: Cast, a_round: Round) -> HostOffer:
    return make_offer(cast.advice, cast.host, places=1)


def test_who_left_their_organisation_since_is_not_sent_for_it(cast: Cast, a_round: Round, offer: Any) -> None:
    joined = join(a_round, cast.visitor_membership)
    matched(cast, a_round)
    Membership.objects.filter(pk=joined.membership_id).update(state=MembershipState.ENDED)
    done = publish_round(a_round=a_round, by=cast.broker, at=AT)
    assert (done.asked, done.fell_through) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_somebody_in_the_way_for_a_moment_is_no_reason_to_tell_anybody(
    cast: Cast, a_round: Round, offer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_MS", 200)
    join(a_round, cast.visitor_membership)
    matched(cast, a_round)
    told = OutboxMail.objects.count()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            locks.lock(HostOffer.objects.get(pk=offer.pk))
            held.set()
            done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        with pytest.raises(Refused) as refused:
            publish_round(a_round=a_round, by=cast.broker, at=AT)
    finally:
        done.set()
        holder.join()
    assert refused.value.codes == {"busy"}
    assert OutboxMail.objects.count() == told
    assert publish_round(a_round=a_round, by=cast.broker, at=AT).asked == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("protected", [True, False])
def test_publishing_and_asking_at_once_never_wait_for_each_other(
    cast: Cast, a_round: Round, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    """In the middle of publishing, a later person of the round asks the first host for the very same day.

    Without all locks at the beginning, the negative control, each then holds what the other waits for.
    """
    other_home = make_organisation("Other Council", field=Field.LOCAL_GOVERNMENT, who_agrees=WhoAgrees.SELF)
    for host in (make_organisation("Lantern"), make_organisation("Kite")):
        make_membership(make_user(), host, is_coordinator=True)
        make_offer(host, cast.host, places=1, usual_weekdays=[0])
    for membership in (cast.visitor_membership, make_membership(make_user(), other_home)):
        join(a_round, membership)
    run = matched(cast, a_round)
    first, second = run.matches.order_by("id")
    publish_one = rounds._ask
    heard: list[set[str]] = []

    def ask_the_first_host() -> None:
        membership = Membership.objects.select_related("user").get(pk=second.participation.membership_id)
        days = [HalfDay(each.date, each.half) for each in wanted]
        try:
            request_placement(
                offer=HostOffer.objects.get(pk=first.offer_id),
                membership=membership,
                half_days=days,
                learn="The same day.",
                agrees_email=str(cast.manager.email),
                by=membership.user,
                at=AT,
            )
        except Refused as refused:
            heard.append(refused.codes)
        finally:
            connection.close()

    other = threading.Thread(target=ask_the_first_host)
    wanted: list[Any] = []

    def publish_one_slowly(match: Any, *args: Any, **kwargs: Any) -> bool:
        if match.pk == second.pk:
            wanted.extend(PlacementSession.objects.filter(visitor=first.participation.membership.user))
            other.start()
            other.join(1)
        return publish_one(match, *args, **kwargs)

    monkeypatch.setattr(rounds, "_ask", publish_one_slowly)
    if not protected:
        monkeypatch.setattr(rounds, "_lock_all_that_is_asked", lambda run: None)
    try:
        assert publish_round(a_round=a_round, by=cast.broker, at=AT).asked == 2
    except Refused as refused:
        heard.append(refused.codes)
    other.join()
    assert len(heard) == 1
    assert ("busy" not in heard[0]) == protected
