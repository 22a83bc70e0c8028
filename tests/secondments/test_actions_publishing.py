"""Publishing a round while others act: nobody is told what is not so, and nobody waits for somebody who waits."""

from __future__ import annotations

import re
import threading
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.ground import jobs, locks, outbox
from partnerships.ground.models import Event, Job, OutboxMail
from partnerships.ground.problems import Refused
from partnerships.ground.states import JobState
from partnerships.models import Membership, Organisation
from partnerships.states import MembershipState, WhoAgrees
from secondments import actions
from secondments.actions import publishing, request_placement
from secondments.actions.publishing import ask_everyone, publish_round
from secondments.actions.rounds import put_proposal_aside
from secondments.actions.sessions import ready_sessions
from secondments.actions.telling import letters_of
from secondments.emails import letters, read_decision_link
from secondments.models import Decision, HostOffer, Placement, Round
from secondments.models.days import HalfDay
from secondments.permissions import may_decide, may_see_needs, may_withdraw
from secondments.states import CheckKind, CheckState, DecisionKind, DecisionState, RoundState
from secondments.tasks import rounds as tasks
from tests.at_once import until_it_waits
from tests.cast import Cast
from tests.client import enter
from tests.factories import AT, make_membership, make_offer, make_organisation, make_round, make_user
from tests.secondments.rounds import join, matched, published

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
    assert published(a_round, cast.broker) == (0, 1)


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
        assert published(a_round, cast.broker) == (0, 1)
    finally:
        done.set()
        holder.join()
    assert a_round.state == RoundState.PUBLISHING
    assert OutboxMail.objects.count() == told
    job = Job.objects.of_kind("publish_round").get()
    assert (job.state, job.error_code) == (JobState.WAITING, "Refused")
    at_once(job)
    a_round.refresh_from_db()
    assert a_round.state == RoundState.PUBLISHED
    assert Placement.objects.count() == 1


def test_what_the_programme_or_the_host_needs_is_needed_once(cast: Cast, a_round: Round) -> None:
    make_offer(cast.advice, cast.host, checks=[CheckKind.INDUCTION, CheckKind.CONFIDENTIALITY])
    a_round.programme.checks = [CheckKind.LETTER_OF_ASSURANCE, CheckKind.INDUCTION]
    a_round.programme.save()
    join(a_round, cast.visitor_membership)
    matched(cast, a_round)
    assert published(a_round, cast.broker) == (1, 0)
    assert list(Placement.objects.get().checks.order_by("id").values_list("kind", "state")) == [
        (CheckKind.INDUCTION, CheckState.NEEDED),
        (CheckKind.CONFIDENTIALITY, CheckState.NEEDED),
        (CheckKind.LETTER_OF_ASSURANCE, CheckState.NEEDED),
    ]


def at_once(job: Job) -> None:
    """Its pause is over."""
    Job.objects.filter(pk=job.pk).update(due_at=Now())
    jobs.run_due()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("protected", [True, False])
def test_somebody_who_asks_while_everyone_is_asked_waits(
    cast: Cast, a_round: Round, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    """In the middle of asking, the first person asks a later host of the round for the very same day.

    Without all locks at the beginning, the negative control, they are quicker, and nobody is asked for anything.
    """
    for host in (make_organisation("Lantern"), make_organisation("Kite")):
        make_membership(make_user(), host, is_coordinator=True)
        make_offer(host, cast.host, places=1, usual_weekdays=[0])
    for person in (cast.visitor, cast.colleague):
        join(a_round, person.memberships.get())
    run = matched(cast, a_round)
    first, second = run.matches.order_by("id")
    publish_round(a_round=a_round, by=cast.broker, at=AT)
    heard: list[set[str]] = []

    def ask_the_second_host(days: list[HalfDay]) -> None:
        membership = Membership.objects.select_related("user").get(pk=first.participation.membership_id)
        try:
            request_placement(
                offer=HostOffer.objects.get(pk=second.offer_id),
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

    others: list[threading.Thread] = []

    def ready_slowly(asked: Any) -> Any:
        asked = list(asked)
        others.append(threading.Thread(target=ask_the_second_host, args=[asked[0][1]]))
        others[0].start()
        until_it_waits(others[0])
        return ready_sessions(asked)

    monkeypatch.setattr(publishing, "ready_sessions", ready_slowly)
    if not protected:
        monkeypatch.setattr(publishing, "lock_all_that_is_asked", lambda run: None)
    done = 0
    with suppress(Refused, IntegrityError):
        done = ask_everyone(run=run, by=cast.broker, at=AT).asked
    others[0].join()
    assert (done, len(heard)) == ((2, 1) if protected else (0, 0))
    assert not heard or "busy" not in heard[0]


def test_everyone_is_asked_with_statements_that_do_not_grow_with_the_round(cast: Cast, offer: HostOffer) -> None:
    """Two matches or twenty, and two or twenty without a place."""
    offer.places = 20
    offer.save()
    asking, telling = [], []
    for people in (2, 20):
        a_round = make_round(cast.cvs)
        for _ in range(people):
            join(a_round, make_membership(make_user(), cast.council))
        run = matched(cast, a_round)
        publish_round(a_round=a_round, by=cast.broker, at=AT)
        with CaptureQueriesContext(connection) as queries:
            assert ask_everyone(run=run, by=cast.broker, at=AT).asked == people
        asking.append(len(queries))
        Job.objects.of_kind("publish_round").delete()
        with CaptureQueriesContext(connection) as queries, outbox.together():
            unwritten = letters_of(run, at=AT)
            for letter in unwritten:
                letter.write()
        telling.append(len(queries))
        # Each visitor one; the host and the manager one each, about all of them.
        assert len(unwritten) == people + 2
    # One statement takes all half-days that get as many visitors, so one more where they differ.
    assert asking[1] <= asking[0] + 1 <= 60
    assert telling[1] <= telling[0] <= 25


def test_a_manager_and_a_host_read_of_several_people_at_once(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    """One mail each, and in it a link for each person, which answers for that one alone."""
    offer.places = 2
    offer.save()
    for person in (cast.visitor, cast.colleague):
        join(a_round, person.memberships.get())
    matched(cast, a_round)
    mail.outbox.clear()
    assert published(a_round, cast.broker) == (2, 0)
    told = {letter.to[0]: letter for letter in mail.outbox}
    assert len(mail.outbox) == len(told) == 4
    assert told[str(cast.host.email)].subject == "2 people would like to visit you"
    letter = told[str(cast.manager.email)]
    assert letter.subject == "2 people ask for your yes to a visit"
    links = re.findall(r"/decide/([^/\s]+)/", str(letter.body))
    assert len(set(links)) == 2
    one, other = (read_decision_link(link)[0] for link in dict.fromkeys(links))
    assert one.placement.visitor != other.placement.visitor
    actions.decide(decision=one, yes=False, address=str(cast.manager.email), at=AT)
    other.refresh_from_db()
    assert other.state == DecisionState.WAITING


def test_somebody_else_who_is_asked_before_the_letters_are_written_reads_one(
    cast: Cast, a_round: Round, offer: HostOffer
) -> None:
    join(a_round, cast.visitor_membership)
    run = matched(cast, a_round)
    a_round.refresh_from_db()
    publish_round(a_round=a_round, by=cast.broker, at=AT)
    ask_everyone(run=run, by=cast.broker, at=AT)
    asked = Decision.objects.waiting().get(kind=DecisionKind.HOME_APPROVER)
    before = OutboxMail.objects.latest("pk").pk
    actions.ask_someone_else(decision=asked, agrees_email="other@council.example.org", by=cast.visitor, at=AT)
    at_once(Job.objects.of_kind("tell_everyone").get())
    told = OutboxMail.objects.filter(pk__gt=before).values_list("to", flat=True)
    assert Counter(told) == Counter(["other@council.example.org", cast.host.email, cast.visitor.email])


def test_pressing_twice_makes_one_job_and_nobody_else_may_press(cast: Cast, a_round: Round, offer: HostOffer) -> None:
    join(a_round, cast.visitor_membership)
    matched(cast, a_round)
    with pytest.raises(Refused):
        publish_round(a_round=a_round, by=cast.host, at=AT)
    publish_round(a_round=a_round, by=cast.broker, at=AT)
    with pytest.raises(Refused) as refused:
        publish_round(a_round=a_round, by=cast.broker, at=AT)
    assert refused.value.codes == {"already_publishing"}
    assert Job.objects.of_kind("publish_round").count() == 1
    assert not Placement.objects.exists()
    with pytest.raises(Refused):
        put_proposal_aside(a_round=a_round, by=cast.broker, at=AT)
    jobs.run_due()
    assert [event.verb for event in Event.objects.about(a_round)][-2:] == ["publish_round", "ask_everyone"]


def test_a_broker_answers_for_nobody_where_they_coordinate(cast: Cast, a_round: Round) -> None:
    """Who published has asked for each visit: that makes nobody the one who goes, or who is told what they need."""
    colleague = make_user("Will Worker", "will@cvs.example.org")
    make_offer(cast.council, cast.home_coordinator)
    Organisation.objects.filter(pk=cast.cvs.pk).update(who_agrees=WhoAgrees.SELF)
    join(a_round, make_membership(colleague, cast.cvs), wants=["local_government"])
    matched(cast, a_round)
    assert published(a_round, cast.broker) == (1, 0)
    visit = Placement.objects.get()
    asked = visit.decisions.get(kind=DecisionKind.VISITOR)
    assert may_see_needs(colleague, visit)
    assert may_decide(colleague, asked)
    assert not may_see_needs(cast.broker, visit)
    assert not may_withdraw(cast.broker, visit)
    assert not may_decide(cast.broker, asked)
    assert not Decision.objects.visible_to(cast.broker).filter(pk=asked.pk).exists()


def test_what_could_not_be_finished_is_pressed_again(
    cast: Cast, a_round: Round, offer: HostOffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(a_round, cast.visitor_membership)
    matched(cast, a_round)
    told = OutboxMail.objects.exclude(to=cast.broker.email)
    before = told.count()
    with monkeypatch.context() as broken:
        broken.setattr(publishing, "write_down", lambda *args, **options: 1 / 0)
        publish_round(a_round=a_round, by=cast.broker, at=AT)
        Job.objects.of_kind("publish_round").update(max_attempts=1)
        jobs.run_due()
    a_round.refresh_from_db()
    assert (a_round.state, told.count()) == (RoundState.PROPOSED, before), "Nobody hears but its brokers."
    page = enter(cast.broker).get(reverse("round-desk", args=[a_round.slug])).content.decode()
    assert "nobody was told" in page
    publish_round(a_round=a_round, by=cast.broker, at=AT + timedelta(minutes=1))
    jobs.run_due()
    a_round.refresh_from_db()
    assert a_round.state == RoundState.PUBLISHED


def test_letters_that_were_cut_short_go_on_after_the_last(
    cast: Cast, a_round: Round, offer: HostOffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One letter at a time, and the third fails: the next attempt writes the other three, and none a second time."""
    offer.places = 3
    offer.save()
    for person in (cast.visitor, cast.colleague, cast.home_coordinator):
        join(a_round, person.memberships.get())
    matched(cast, a_round)
    before = OutboxMail.objects.latest("pk").pk
    written: list[str] = []

    def send_until_it_fails(address: str, *args: Any) -> None:
        written.append(address)
        if len(written) == 3:
            raise RuntimeError
        letters.send(address, *args)

    monkeypatch.setattr(tasks, "LETTERS_AT_ONCE", 1)
    monkeypatch.setattr("secondments.emails.asking.send", send_until_it_fails)
    published(a_round, cast.broker)
    told = OutboxMail.objects.filter(pk__gt=before)
    assert told.count() == 2
    page = enter(cast.broker).get(reverse("round-desk", args=[a_round.slug])).content.decode()
    assert "Writing to everyone" in page
    at_once(Job.objects.of_kind("tell_everyone").get())
    assert sorted(told.values_list("to", flat=True)) == sorted(set(written))
    assert told.count() == 5
