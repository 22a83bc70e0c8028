"""What an administrator sees of jobs and mail: everything to judge by, nothing to edit, and one button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.ground import jobs, outbox
from partnerships.ground.models import Event, Job, OutboxMail

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ReadOnly(ModelAdmin):
    """States are kept by the code; a hand in the table would break what it promises."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def _tried(self, request: HttpRequest, count: int) -> None:
        words = ngettext("%(count)d will be tried again.", "%(count)d will be tried again.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS if count else messages.WARNING)


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("kind", "key", "state", "attempts", "due_at", "progress", "error_code")
    list_filter = ("state", "kind")
    search_fields = ("kind", "key")
    ordering = ("-id",)
    actions = ("try_again", "stop")

    @admin.display(description=_("Progress"))
    def progress(self, job: Job) -> str:
        return f"{job.progress_done}/{job.progress_total} {job.progress_note}" if job.progress_total else ""

    @admin.action(description=_("Try again (failed or stopped)"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._tried(request, sum(jobs.try_again(job) for job in queryset))

    @admin.action(description=_("Stop (waiting or running)"), permissions=["view"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        for job in queryset:
            jobs.request_stop(job)
        self.message_user(request, _("What waits has stopped; what runs stops at its next step."), messages.SUCCESS)


@admin.register(OutboxMail)
class OutboxMailAdmin(ReadOnly):
    """Never the bodies: they hold sign-in codes and links that decide."""

    list_display = ("to", "template", "state", "attempts", "created_at", "sent_at")
    list_filter = ("state", "template")
    search_fields = ("to", "message_id")
    ordering = ("-id",)
    fields = (
        "to", "sender", "template", "language", "message_id", "thing_type", "thing_id",
        "state", "attempts", "created_at", "sent_at",
    )  # fmt: skip
    actions = ("try_again",)

    @admin.action(description=_("Try again (failed)"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxMail]) -> None:
        self._tried(request, sum(outbox.try_again(mail) for mail in queryset))


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("at", "actor", "verb", "thing_type", "thing_id", "from_state", "to_state", "reason")
    list_filter = ("thing_type", "verb")
    search_fields = ("thing_id",)
    ordering = ("-id",)
    list_select_related = ("actor",)
