"""Mail goes through a table: written with the change it speaks of, sent by a job, at least once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import translation

from partnerships.ground import jobs
from partnerships.ground.models import Job, OutboxMail
from partnerships.ground.states import MailState

KIND = "ground.mail"
LONGEST_SUBJECT = 300

_gathered: ContextVar[list[OutboxMail] | None] = ContextVar("gathered", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Mails that are posted meanwhile become rows at the end, all with the statements that one takes."""
    mails: list[OutboxMail] = []
    before = _gathered.set(mails)
    try:
        with transaction.atomic():
            yield
            OutboxMail.objects.bulk_create(mails)
            jobs.enqueue_many(KIND, [(str(mail.uuid), {"mail": mail.pk}) for mail in mails])
    finally:
        _gathered.reset(before)


def post(
    *,
    template: str,
    to: str,
    context: dict[str, Any],
    thing: models.Model | None,
    language: str = "en",
    reply_to: str = "",
) -> OutboxMail:
    """Write one mail from `templates/emails/<template>.{subject.txt,txt,html}`, in the caller's transaction.

    `thing` is what the mail is about. Templates also get `site_address`, to make links whole, and `language`.
    `reply_to` is a person whom the reader should answer, and who was told that their address goes along.
    """
    values = {"site_address": settings.SITE_ADDRESS, "language": language, **context}
    with translation.override(language):
        subject = _plain(f"emails/{template}.subject.txt", values)
        return _put(
            to=to,
            sender=settings.DEFAULT_FROM_EMAIL,
            subject=subject,
            text=_parted(_plain(f"emails/{template}.txt", values)) + "\n",
            html=render_to_string(f"emails/{template}.html", {**values, "subject": subject.strip()}),
            template=template,
            language=language,
            thing_type=thing._meta.label_lower if thing is not None else "",
            thing_id=thing.pk if thing is not None else None,
            headers={"Reply-To": reply_to} if reply_to else {},
        )


def _plain(name: str, values: dict[str, Any]) -> str:
    """A template of plain text: without the escaping that Django would give it as if it were a page."""
    template = get_template(name)
    inner = getattr(template, "template")  # noqa: B009 - only Django's own engine has it, which the stubs do not know
    return str(inner.render(Context(values, autoescape=False)))


def _parted(text: str) -> str:
    """Paragraphs one empty line apart, whatever a template left out between them."""
    return re.sub(r"\n{3,}", "\n\n", text.strip())


def _put(*, subject: str, **fields: Any) -> OutboxMail:
    identifier = uuid.uuid4()
    mail = OutboxMail(
        uuid=identifier,
        message_id=OutboxMail.new_message_id(identifier),
        subject=" ".join(subject.split())[:LONGEST_SUBJECT],
        **fields,
    )
    mails = _gathered.get()
    if mails is not None:
        mails.append(mail)
        return mail
    with transaction.atomic():
        mail.save(force_insert=True)
        _ask(mail)
    return mail


class OutboxBackend(BaseEmailBackend):
    """Django's way into the outbox, for the mails of others: allauth's, and errors to administrators."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with transaction.atomic():
            for message in email_messages:
                self._put(message)
        return len(email_messages)

    def _put(self, message: EmailMessage) -> None:
        if message.attachments:
            raise ValueError("Mails carry no attachments: link to a page that checks who asks.")
        html = ""
        for alternative in getattr(message, "alternatives", []):
            if alternative.mimetype != "text/html":
                raise ValueError(f"Mails are plain text and HTML, not {alternative.mimetype}.")
            html = str(alternative.content)
        headers = {name: str(value) for name, value in message.extra_headers.items()}
        if message.reply_to:
            headers["Reply-To"] = ", ".join(message.reply_to)
        # One row for each reader: what reached whom is then known, and can be erased with that person.
        for reader in message.recipients():
            _put(
                to=reader,
                sender=message.from_email,
                subject=str(message.subject),
                text=str(message.body),
                html=html,
                headers=headers,
                language=translation.get_language() or "",
            )


def as_message(mail: OutboxMail) -> EmailMultiAlternatives:
    """The mail as it goes to the server."""
    name, address = parseaddr(mail.to)
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=mail.sender,
        to=[formataddr((name, address))],
        headers={"Auto-Submitted": "auto-generated", **mail.headers, "Message-ID": mail.message_id},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def mark_failed(mail_id: int) -> None:
    """The server would not take it; the row keeps its bodies, so that it can be tried again."""
    OutboxMail.objects.filter(pk=mail_id, state=MailState.WAITING).update(state=MailState.FAILED)


def try_again(mail: OutboxMail) -> bool:
    """Send a failed mail after all."""
    with transaction.atomic():
        changed = OutboxMail.objects.filter(pk=mail.pk, state=MailState.FAILED).update(state=MailState.WAITING)
        if changed:
            jobs.try_again(_ask(mail))
    return bool(changed)


def _ask(mail: OutboxMail) -> Job:
    return jobs.enqueue(KIND, str(mail.uuid), {"mail": mail.pk})
