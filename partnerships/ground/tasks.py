"""The ground's own jobs, and the one task that Celery knows."""

from __future__ import annotations

import time
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

from celery import shared_task
from django.conf import settings
from django.core.mail import get_connection

from partnerships.ground import clock, jobs, outbox
from partnerships.ground.jobs.wake import TASK, kick
from partnerships.ground.models import Job, OutboxMail, Remembered
from partnerships.ground.states import MailState

TURN_SECONDS = 30.0  # then the worker may end or be renewed, and what is left is another turn
KEEP_MAIL = timedelta(days=30)
KEEP_JOBS = timedelta(days=60)  # longer than any schedule's step: a row is what keeps its moment from coming twice


@shared_task(name=TASK, ignore_result=True)
def run_due() -> None:
    """What a kick sets off."""
    start = time.monotonic()
    jobs.run_due(schedules=True, seconds=TURN_SECONDS)
    if time.monotonic() - start >= TURN_SECONDS:
        kick()


def _mail_failed(job: Job) -> None:
    outbox.mark_failed(job.payload["mail"])


@jobs.handler(outbox.KIND, how="external", on_failure=_mail_failed)
def send_mail(job: jobs.RunningJob) -> jobs.Save | None:
    """Hand one mail to the server, then mark it sent: dying in between sends it again, with the same Message-ID."""
    mail = OutboxMail.objects.filter(pk=job.payload["mail"]).exclude(state=MailState.SENT).first()
    if mail is None:
        return None
    OutboxMail.objects.filter(pk=mail.pk).update(attempts=job.attempt)
    message = outbox.as_message(mail)
    message.connection = get_connection(settings.OUTBOX_DELIVERY_BACKEND)
    try:
        message.send()
    except SMTPRecipientsRefused as problem:
        if all(code >= 500 for code, _words in problem.recipients.values()):
            raise jobs.GiveUp("recipient_refused") from None
        raise

    def save() -> None:
        # The demonstration shows the mails that it does not send.
        emptied = {} if settings.DEMO else {"text": "", "html": ""}
        OutboxMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=clock.now(), **emptied)

    return save


@jobs.every("ground.retention", at_hour=3)
def remove_what_is_over(job: jobs.RunningJob) -> jobs.Save:
    """Rows of mails, jobs and attempts that nobody needs any more."""
    now = clock.now()

    def save() -> None:
        OutboxMail.objects.sent().filter(sent_at__lt=now - KEEP_MAIL).delete()
        OutboxMail.objects.failed().filter(created_at__lt=now - KEEP_MAIL).delete()
        Job.objects.ended().filter(ended_at__lt=now - KEEP_JOBS).delete()
        Remembered.objects.over_at(now).delete()

    return save
