"""The administrator sees jobs and mails, may try failed ones again, and may edit nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.ground import clock, events, jobs, outbox
from partnerships.ground.models import Job, OutboxMail
from partnerships.ground.outbox import OutboxBackend
from partnerships.ground.states import JobState, MailState
from partnerships.models import User
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("ada@example.org", name="Ada"))
    return client


def failed_job() -> Job:
    job = jobs.enqueue("tests.unknown", "a", {})
    jobs.run_due()
    return job


def failed_mail() -> OutboxMail:
    from django.core.mail import EmailMessage

    OutboxBackend().send_messages([EmailMessage("Your code", "123 456", to=["sam@example.org"])])
    mail = OutboxMail.objects.get()
    Job.objects.filter(key=str(mail.uuid)).update(state=JobState.FAILED)
    outbox.mark_failed(mail.pk)
    return mail


def press(admin: Client, page: str, *things: Job | OutboxMail, action: str = "try_again") -> str:
    data = {"action": action, "_selected_action": [thing.pk for thing in things]}
    return admin.post(reverse(page), data, follow=True).content.decode()


def test_a_failed_job_is_tried_again(admin: Client) -> None:
    job = failed_job()
    assert "1 will be tried again." in press(admin, "admin:ground_job_changelist", job)
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_one_that_has_not_failed_is_left_alone(admin: Client) -> None:
    job = jobs.enqueue("tests.unknown", "a", {}, due_at=timezone.now() + timedelta(days=1))
    assert "0 will be tried again." in press(admin, "admin:ground_job_changelist", job)


def test_a_job_is_stopped(admin: Client) -> None:
    job = jobs.enqueue("tests.unknown", "a", {}, due_at=timezone.now() + timedelta(days=1))
    assert "What waits has stopped" in press(admin, "admin:ground_job_changelist", job, action="stop")
    job.refresh_from_db()
    assert job.state == JobState.STOPPED


def test_a_failed_mail_is_tried_again(admin: Client) -> None:
    mail = failed_mail()
    assert "1 will be tried again." in press(admin, "admin:ground_outboxmail_changelist", mail)
    mail.refresh_from_db()
    assert mail.state == MailState.WAITING


def test_bodies_are_never_shown(admin: Client) -> None:
    mail = failed_mail()
    page = admin.get(reverse("admin:ground_outboxmail_change", args=[mail.pk])).content.decode()
    assert "sam@example.org" in page
    assert "123 456" not in page


@pytest.mark.parametrize("kind", ["job", "outboxmail", "event"])
def test_nothing_is_added_changed_or_deleted_by_hand(admin: Client, cast: Cast, kind: str) -> None:
    job, mail = failed_job(), failed_mail()
    Job.objects.filter(pk=job.pk).update(progress_done=1, progress_total=2)
    event = events.record(actor=None, verb="try", thing=cast.council, at=clock.now())
    thing = {"job": job, "outboxmail": mail, "event": event}[kind]
    assert admin.get(reverse(f"admin:ground_{kind}_changelist")).status_code == 200
    assert admin.get(reverse(f"admin:ground_{kind}_change", args=[thing.pk])).status_code == 200
    assert admin.get(reverse(f"admin:ground_{kind}_add")).status_code == 403
    assert admin.post(reverse(f"admin:ground_{kind}_change", args=[thing.pk]), {}).status_code == 403
    assert admin.post(reverse(f"admin:ground_{kind}_delete", args=[thing.pk]), {"post": "yes"}).status_code == 403
