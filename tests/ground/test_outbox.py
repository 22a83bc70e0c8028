"""Mail: a row with the change it speaks of, handed to the server at least once, then emptied."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, mail_admins, send_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from partnerships.ground import jobs, outbox, tasks
from partnerships.ground.models import Job, OutboxMail
from partnerships.ground.states import JobState, MailState
from partnerships.ground.tasks import run_due

pytestmark = pytest.mark.django_db

TO = "sam.o'neill@example.org"


@pytest.fixture(autouse=True)
def _templates(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "emails"
    folder.mkdir()
    (folder / "trial.subject.txt").write_text("A visit\nto {{ name }}\n")
    (folder / "trial.txt").write_text(
        "{% load i18n %}{% get_current_language as l %}{{ name }} {{ site_address }} {{ l }}\n\n"
    )
    (folder / "trial.html").write_text("<p>{{ name }}</p>")
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]


def post(thing: Job | None = None) -> OutboxMail:
    return outbox.post(template="trial", to=TO, context={"name": "Bread & Roses"}, thing=thing, language="cy")


def again(mail: OutboxMail) -> OutboxMail:
    mail.refresh_from_db()
    return mail


def due_again(mail: OutboxMail) -> None:
    Job.objects.filter(key=str(mail.uuid)).update(due_at=timezone.now() - timedelta(seconds=1))


class Refusing(EmailBackend):
    problem: Exception = SMTPServerDisconnected()

    def send_messages(self, messages: object) -> int:
        raise self.problem


@pytest.fixture
def refusing(settings: Settings) -> type[Refusing]:
    settings.OUTBOX_DELIVERY_BACKEND = f"{__name__}.Refusing"
    return Refusing


def test_a_mail_is_written_in_its_language_and_escaped_only_where_it_is_a_page() -> None:
    thing = jobs.enqueue("tests.thing", "a", {}, due_at=timezone.now() + timedelta(days=1))
    written = post(thing)
    assert written.subject == "A visit to Bread & Roses"
    assert written.text == "Bread & Roses http://localhost:8000 cy\n"
    assert written.html == "<p>Bread &amp; Roses</p>"
    assert written.message_id == f"<{written.uuid}@localhost>"
    assert list(OutboxMail.objects.about(thing)) == [written]
    assert (written.thing_type, written.thing_id) == ("ground.job", thing.pk)


def test_the_reader_can_answer_a_person() -> None:
    outbox.post(template="trial", to=TO, context={}, thing=None, reply_to="ada@example.org")
    jobs.run_due()
    assert mail.outbox[0].message()["Reply-To"] == "ada@example.org"


def test_it_is_forgotten_with_the_change_it_speaks_of() -> None:
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert not OutboxMail.objects.exists()
    assert not Job.objects.exists()


def test_mails_posted_together_are_written_with_the_statements_of_one() -> None:
    counts = []
    for number in (1, 20):
        with CaptureQueriesContext(connection) as queries, outbox.together():
            mails = [post() for _ in range(number)]
            assert not any(mail.pk for mail in mails)
        counts.append(len(queries))
        assert all(again(mail).state == MailState.WAITING for mail in mails)
    assert counts[1] <= counts[0] <= 8
    assert set(Job.objects.values_list("key", flat=True)) == {str(each.uuid) for each in OutboxMail.objects.all()}
    jobs.run_due()
    assert len(mail.outbox) == 21


def test_mails_posted_together_are_forgotten_together() -> None:
    def fail_later() -> None:
        with outbox.together():
            post()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_later()
    assert not OutboxMail.objects.exists()
    post()
    assert OutboxMail.objects.count() == Job.objects.count() == 1


def test_it_is_sent_once_and_its_bodies_go() -> None:
    written = post()
    jobs.run_due()
    jobs.run_due()
    [message] = mail.outbox
    assert message.to == [TO]
    assert message.body.startswith("Bread & Roses")
    assert message.extra_headers["Message-ID"] == written.message_id
    assert message.message()["Message-ID"] == written.message_id
    assert message.message()["Auto-Submitted"] == "auto-generated"
    assert (again(written).state, written.text, written.html, written.attempts) == (MailState.SENT, "", "", 1)
    assert written.sent_at is not None
    assert list(OutboxMail.objects.sent()) == [written]


def test_the_demonstration_keeps_what_it_shows(settings: Settings) -> None:
    settings.DEMO = True
    written = post()
    jobs.run_due()
    assert again(written).html


def test_a_mail_that_is_gone_is_not_sent() -> None:
    post().delete()
    jobs.run_due()
    assert mail.outbox == []
    assert Job.objects.get().state == JobState.DONE


def test_dying_before_it_is_marked_sends_the_same_mail_again(monkeypatch: pytest.MonkeyPatch) -> None:
    written = post()
    with monkeypatch.context() as dying:
        dying.setattr(jobs.claims, "finish", lambda claim: (_ for _ in ()).throw(OSError()))
        jobs.run_due()
    assert again(written).state == MailState.WAITING
    due_again(written)
    jobs.run_due()
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [written.message_id] * 2
    assert (again(written).state, written.attempts) == (MailState.SENT, 2)


def test_a_server_that_does_not_answer_is_asked_again_and_then_given_up(refusing: type[Refusing]) -> None:
    written = post()
    for _ in range(5):
        assert again(written).state == MailState.WAITING
        due_again(written)
        jobs.run_due()
    assert (again(written).state, written.attempts) == (MailState.FAILED, 5)
    assert written.text
    assert list(OutboxMail.objects.failed()) == [written]


def test_an_address_that_does_not_exist_is_given_up_at_once(
    refusing: type[Refusing], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(Refusing, "problem", SMTPRecipientsRefused({TO: (550, b"no such person")}))
    written = post()
    jobs.run_due()
    assert again(written).state == MailState.FAILED
    assert Job.objects.get().error_code == "recipient_refused"

    settings.OUTBOX_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.try_again(written)
    jobs.run_due()
    assert again(written).state == MailState.SENT
    assert not outbox.try_again(written)


def test_a_full_mailbox_is_tried_again(refusing: type[Refusing], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Refusing, "problem", SMTPRecipientsRefused({TO: (452, b"full")}))
    written = post()
    jobs.run_due()
    assert again(written).state == MailState.WAITING
    assert list(OutboxMail.objects.waiting()) == [written]


# Mails of others ------------------------------------------------------------------------------------------------------


@pytest.fixture
def backend(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "partnerships.ground.outbox.OutboxBackend"


@pytest.mark.usefixtures("backend")
def test_every_reader_gets_a_mail_of_their_own() -> None:
    message = EmailMultiAlternatives("Sign\tin", "Your code", to=[TO, "b@example.org"], bcc=["c@example.org"])
    message.attach_alternative("<p>Your code</p>", "text/html")
    assert message.send() == 1
    assert mail.outbox == []
    assert sorted(OutboxMail.objects.values_list("to", "subject", "html")) == [
        ("b@example.org", "Sign in", "<p>Your code</p>"),
        ("c@example.org", "Sign in", "<p>Your code</p>"),
        (TO, "Sign in", "<p>Your code</p>"),
    ]
    jobs.run_due()
    assert sorted(message.to[0] for message in mail.outbox) == ["b@example.org", "c@example.org", TO]


@pytest.mark.usefixtures("backend")
def test_where_to_reply_and_further_headers_are_kept() -> None:
    EmailMessage("Hello " * 100, "there", to=[TO], reply_to=["a@example.org"], headers={"X-Kind": "trial"}).send()
    assert len(OutboxMail.objects.get().subject) == 300
    jobs.run_due()
    [message] = mail.outbox
    assert (message.message()["Reply-To"], message.message()["X-Kind"]) == ("a@example.org", "trial")


@pytest.mark.usefixtures("backend")
def test_errors_for_the_administrators_pass_through_too(settings: Settings) -> None:
    settings.ADMINS = [("Ada", "ada@example.org")]
    mail_admins("It broke", "somewhere")
    assert OutboxMail.objects.get().to == "ada@example.org"


@pytest.mark.usefixtures("backend")
def test_names_in_addresses_survive() -> None:
    send_mail("Hello", "there", "In Your Shoes <no-reply@example.org>", ["Zoë Doe <zoe@example.org>"])
    jobs.run_due()
    [message] = mail.outbox
    assert "zoe@example.org" in message.message()["To"]
    assert message.message()["From"] == "In Your Shoes <no-reply@example.org>"


@pytest.mark.usefixtures("backend")
def test_what_a_mail_cannot_carry_is_refused_whole() -> None:
    attached = EmailMessage("Hello", "there", to=[TO])
    attached.attach("list.csv", "a,b", "text/csv")
    with pytest.raises(ValueError, match="link"):
        attached.send()
    odd = EmailMultiAlternatives("Hello", "there", to=[TO])
    odd.attach_alternative("BEGIN:VCALENDAR", "text/calendar")
    with pytest.raises(ValueError, match="text/calendar"):
        odd.send()
    assert not OutboxMail.objects.exists()


# Keeping --------------------------------------------------------------------------------------------------------------


def test_what_is_over_is_removed_in_its_time() -> None:
    now = timezone.now()
    kept, sent, failed = post(), post(), post()
    jobs.run_due()
    OutboxMail.objects.filter(pk=sent.pk).update(sent_at=now - timedelta(days=31))
    OutboxMail.objects.filter(pk=failed.pk).update(
        state=MailState.FAILED, sent_at=None, created_at=now - timedelta(days=31)
    )
    Job.objects.filter(key=str(sent.uuid)).update(ended_at=now - timedelta(days=61))
    Job.objects.filter(key=str(failed.uuid)).update(state=JobState.FAILED, ended_at=now - timedelta(days=59))
    jobs.enqueue("ground.retention", "now", {})
    jobs.run_due()
    assert list(OutboxMail.objects.all()) == [kept]
    assert set(Job.objects.values_list("key", flat=True)) == {str(kept.uuid), str(failed.uuid), "now"}


def test_a_failed_mail_whose_job_is_gone_can_still_be_sent(refusing: type[Refusing], settings: Settings) -> None:
    written = post()
    Job.objects.all().delete()
    outbox.mark_failed(written.pk)
    settings.OUTBOX_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.try_again(written)
    jobs.run_due()
    assert again(written).state == MailState.SENT


def test_a_turn_that_was_cut_short_asks_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    kicks: list[bool] = []
    monkeypatch.setattr(tasks, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(tasks, "kick", lambda: kicks.append(True))
    run_due()
    assert kicks == [True]


def test_the_one_task_of_celery_runs_what_is_due() -> None:
    written = post()
    run_due()
    assert again(written).state == MailState.SENT
    assert Job.objects.of_kind("ground.retention").get().state == JobState.DONE
