"""Mail on its way out: a row first, so that a mail is sent if and only if what it speaks of has happened."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from partnerships.ground.states import MailState


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    def about(self, thing: models.Model) -> OutboxMailQuerySet:
        """Mails about one thing, oldest first."""
        return self.filter(thing_type=thing._meta.label_lower, thing_id=thing.pk).order_by("id")

    def waiting(self) -> OutboxMailQuerySet:
        return self.filter(state=MailState.WAITING)

    def sent(self) -> OutboxMailQuerySet:
        return self.filter(state=MailState.SENT)

    def failed(self) -> OutboxMailQuerySet:
        return self.filter(state=MailState.FAILED)


class OutboxMail(models.Model):
    """One mail to one address. The bodies go once it is sent; the row follows after its retention period.

    `message_id` is fixed when the row is made: if the mail leaves twice because a worker died in between, the
    reader's mail program can tell that it is the same one.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    to = models.CharField(max_length=320)
    sender = models.CharField(max_length=320)
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, blank=True)
    thing_type = models.CharField(max_length=60, blank=True)
    thing_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=MailState.SENT) | models.Q(sent_at__isnull=True),
                name="mail_has_a_time_only_once_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["thing_type", "thing_id"], name="mail_by_thing"),
            models.Index(fields=["sent_at"], name="mail_by_time_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.template or self.subject} {self.uuid}"

    @classmethod
    def new_message_id(cls, identifier: UUID) -> str:
        """The fixed Message-ID of the mail with this uuid."""
        return f"<{identifier}@{urlsplit(settings.SITE_ADDRESS).hostname or 'localhost'}>"
