"""/skills/<uuid>/answer/: a message to the author, who answers by mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from partnerships.ground import clock, jobs
from partnerships.ground.models import Event, OutboxMail
from partnerships.ground.problems import Refused
from partnerships.states import MembershipState
from tests.cast import Cast
from tests.factories import make_need, make_organisation, make_user
from volunteering import actions, problems
from volunteering.models import SkillNeed
from volunteering.states import NeedState

WORDS = {"message": "I have written three of these, and have Tuesday mornings."}


def url(need: SkillNeed) -> str:
    return reverse("need-answer", args=[need.uuid])


def test_the_author_gets_a_mail_and_answers_the_sender(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.adviser)
    client.force_login(cast.visitor)
    assert "vera@council.example.org" in client.get(url(need)).content.decode()
    response = client.post(url(need), WORDS, follow=True)
    assert "Your message is on its way" in response.content.decode()
    jobs.run_due()
    sent = mail.outbox[0]
    assert sent.to == [cast.adviser.email]
    assert sent.extra_headers["Reply-To"] == cast.visitor.email
    assert "Tuesday mornings" in sent.body
    assert "Vera Visitor from Test Council" in sent.body
    assert "Vera Visitor can help" in sent.subject
    event = Event.objects.about(need).get(verb="answer_need")
    assert event.actor == cast.visitor
    assert not event.reason


def test_the_sender_never_sees_the_authors_address(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.adviser)
    client.force_login(cast.visitor)
    pages = client.get(url(need)).content.decode() + client.post(url(need), WORDS, follow=True).content.decode()
    assert "ada@advice.example.org" not in pages
    assert cast.adviser.name not in pages


def test_a_second_click_sends_nothing_more(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host)
    client.force_login(cast.visitor)
    client.post(url(need), WORDS)
    page = client.post(url(need), WORDS).content.decode()
    assert "Your message is with them already" in page
    assert WORDS["message"] in page
    assert OutboxMail.objects.about(need).count() == 1
    assert "Your message is with them already" in client.get(url(need)).content.decode()


def test_the_day_after_one_may_write_again(cast: Cast) -> None:
    need = make_need(cast.advice, cast.host)
    now = clock.now()
    actions.answer_need(need=need, message="One", by=cast.visitor, at=now - timedelta(days=2))
    actions.answer_need(need=need, message="Two", by=cast.visitor, at=now)
    assert OutboxMail.objects.about(need).count() == 2


def test_nobody_writes_to_everybody(client: Client, cast: Cast) -> None:
    client.force_login(cast.visitor)
    for _ in range(problems.ANSWERS_A_DAY):
        assert client.post(url(make_need(cast.advice, cast.host)), WORDS).status_code == 302
    assert "Go on tomorrow" in client.post(url(make_need(cast.advice, cast.host)), WORDS).content.decode()


def test_where_the_author_has_left_the_coordinators_hear(cast: Cast) -> None:
    need = make_need(cast.advice, cast.adviser)
    cast.adviser.memberships.update(state=MembershipState.ENDED)
    actions.answer_need(need=SkillNeed.objects.get(), message="One", by=cast.visitor)
    assert OutboxMail.objects.about(need).get().to == cast.host.email


def test_where_nobody_can_be_reached_it_says_so(client: Client, cast: Cast) -> None:
    need = make_need(make_organisation(), make_user())
    client.force_login(cast.visitor)
    assert "Nobody can be reached here" in client.get(url(need)).content.decode()
    assert "Nobody can be reached here" in client.post(url(need), WORDS).content.decode()


def test_ones_own_organisation_is_spoken_to(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host)
    client.force_login(cast.adviser)
    assert "Speak with its author" in client.get(url(need)).content.decode()
    assert "Speak with its author" in client.post(url(need), WORDS).content.decode()
    assert not OutboxMail.objects.exists()


def test_what_is_not_open_cannot_be_answered(client: Client, cast: Cast) -> None:
    client.force_login(cast.visitor)
    assert client.get(url(make_need(cast.advice, cast.host, state=NeedState.DRAFT))).status_code == 404
    assert client.post(url(make_need(cast.advice, cast.host, state=NeedState.MET)), WORDS).status_code == 404


def test_it_was_withdrawn_while_the_message_was_written(cast: Cast) -> None:
    need = make_need(cast.advice, cast.host)
    stale = SkillNeed.objects.get()
    actions.withdraw_need(need=need, by=cast.host)
    with pytest.raises(Refused) as refused:
        actions.answer_need(need=stale, message="One", by=cast.visitor)
    assert refused.value.codes == {"need_not_open"}


def test_an_empty_message_is_not_sent_and_strangers_sign_in(client: Client, cast: Cast) -> None:
    need = make_need(cast.advice, cast.host)
    assert client.get(url(need))["Location"].startswith(reverse("account_login"))
    client.force_login(cast.visitor)
    assert "Enter your message" in client.post(url(need), {"message": " "}).content.decode()
    assert not OutboxMail.objects.exists()
