"""What brokers note about somebody in a round, or about an organisation in a programme."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partnerships.ground.access import broker, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.permissions import me
from secondments.actions.brokering import remove_note, write_note
from secondments.forms.brokering import NoteForm
from secondments.models import Enrolment, Note, Participation
from secondments.views.enrolments import enrolment_page


@open_to(broker)
@require_POST
def enrolment_note(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Note something about an organisation; what could not be kept stands there again, as it was typed."""
    brokered = Enrolment.objects.brokered_by(me(request.user))
    thing = get_object_or_404(brokered.select_related("programme__organisation", "organisation"), uuid=uuid)
    form = NoteForm(request.POST)
    if not noted(request, thing, form):
        return enrolment_page(request, thing, form)
    return redirect(f"{thing.get_absolute_url()}#notes")


def noted(request: HttpRequest, about: Participation | Enrolment, form: NoteForm) -> bool:
    """Whether what was typed is kept now; what stands against it stands on the form."""
    if not form.is_valid():
        return False
    try:
        write_note(about=about, text=form.cleaned_data["text"], by=me(request.user))
    except Refused as refused:
        add_problems(form, refused.problems)
        return False
    messages.success(request, _("Noted. Only brokers of this programme see it."))
    return True


@open_to(broker)
@require_POST
def note_remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    notes = Note.objects.visible_to(request.user).select_related(
        "participation__round__programme__organisation", "enrolment__programme__organisation"
    )
    note = get_object_or_404(notes, uuid=uuid)
    about = note.participation or note.enrolment
    try:
        remove_note(note=note, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The note is removed."))
    if isinstance(about, Participation):
        return redirect(f"{reverse('round-person', args=[about.round.slug, about.uuid])}#notes")
    return redirect(f"{about.get_absolute_url()}#notes" if about else "rounds")
