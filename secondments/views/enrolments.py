"""Organisations that take part in a programme: as its broker sees them, and as their coordinators answer."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.ground.access import broker, coordinator, open_to, signed_in
from partnerships.ground.forms import add_problems
from partnerships.ground.paging import Pages
from partnerships.ground.problems import Refused
from partnerships.models import Organisation, User
from partnerships.permissions import me
from secondments.actions.enrolments import (
    accept_terms,
    admit_organisation,
    ask_to_enrol,
    decline_enrolment,
    invite_organisation,
    leave_programme,
)
from secondments.forms.brokering import NoteForm
from secondments.forms.enrolments import AnswerForm, AskForm, InviteForm
from secondments.models import Enrolment, Programme
from secondments.permissions import may_answer_for_enrolled, may_enrol_others

PAGE_SIZE = 50

VERBS: dict[str, Callable[..., None]] = {
    "admit": admit_organisation,
    "decline": decline_enrolment,
    "leave": leave_programme,
}


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def enrolments(request: HttpRequest, slug: str) -> HttpResponse:
    """Who takes part, who has asked and who is invited; one line to invite another."""
    programme = get_object_or_404(
        Programme.objects.brokered_by(me(request.user)).select_related("organisation"), slug=slug
    )
    form = InviteForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        organisation = form.cleaned_data["organisation"]
        try:
            invite_organisation(programme=programme, organisation=organisation, by=me(request.user))
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("%(organisation)s is invited.") % {"organisation": organisation.name})
            return redirect("enrolments", slug=slug)
    rows = programme.enrolments.select_related("organisation").order_by("state", "organisation__name", "id")
    context = {
        "programme": programme,
        "form": form,
        "enrolled": programme.enrolments.enrolled().count(),
        "page": Pages(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "round": programme.rounds.first(),
    }
    return render(request, "secondments/enrolments.html", context)


@open_to(coordinator)
@require_http_methods(["GET", "HEAD", "POST"])
def enrolment_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Read the terms, and ask to take part on them."""
    programme = get_object_or_404(Programme.objects.visible_to(request.user).select_related("organisation"), slug=slug)
    mine = list(Organisation.objects.coordinated_by(me(request.user)))
    form = AskForm(_typed(request), organisations=mine)
    if request.method == "POST" and form.is_valid():
        try:
            made = ask_to_enrol(
                programme=programme,
                organisation=form.chosen(),
                edition=request.POST.get("edition", ""),
                by=me(request.user),
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Your organisation has asked to take part. You get a mail with the answer."))
            return redirect("enrolment", uuid=made.uuid)
    return render(request, "secondments/enrolment_ask.html", {"programme": programme, "form": form})


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def enrolment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where one organisation stands with a programme, the terms, and the answer that is asked of whoever looks."""
    user = me(request.user)
    thing = get_object_or_404(
        Enrolment.objects.visible_to(user).select_related("programme__organisation", "organisation"), uuid=uuid
    )
    form = AnswerForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            _answer(thing, form, by=user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("%(organisation)s: %(state)s.") % _names(thing))
        return redirect("enrolment", uuid=uuid)
    return enrolment_page(request, thing, NoteForm())


def _answer(thing: Enrolment, form: AnswerForm, *, by: User) -> None:
    answer = form.cleaned_data["answer"]
    if answer == "accept":
        accept_terms(enrolment=thing, edition=form.cleaned_data["edition"], by=by)
    else:
        VERBS[answer](enrolment=thing, by=by)


def enrolment_page(request: HttpRequest, thing: Enrolment, note: NoteForm) -> HttpResponse:
    """The page; what brokers note stands there for brokers of the programme alone."""
    user = me(request.user)
    context = {
        "thing": thing,
        "answers": may_answer_for_enrolled(user, thing),
        "runs": may_enrol_others(user, thing),
    }
    if context["runs"]:
        context |= {"notes": thing.notes.select_related("written_by"), "form": note}
    return render(request, "secondments/enrolment.html", context)


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was sent, if anything was: a form with nothing ticked sends nothing."""
    return request.POST if request.method == "POST" else None


def _names(thing: Enrolment) -> dict[str, str]:
    return {"organisation": thing.organisation.name, "state": thing.get_state_display()}
