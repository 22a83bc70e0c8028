"""Inviting the people of a list: the file, what would become of each row, and how far the invitations are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.ground import clock
from partnerships.ground.access import broker, coordinator, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.models import Job
from partnerships.ground.problems import Refused
from partnerships.models import Organisation
from partnerships.permissions import me
from secondments.actions.lists import read_list, send_list, throw_away_list
from secondments.forms.lists import ListForm
from secondments.importers import staff
from secondments.models import StaffList
from secondments.permissions import may_run_round
from secondments.problems import problems_for_saying_anything
from secondments.problems.lists import Judged, Verdict, judge
from secondments.states import ListState
from secondments.views.entering import fetch

PAGE_SIZE = 50


@open_to(broker, coordinator)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_list_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The file. Nobody is invited before its rows were looked over."""
    user = me(request.user)
    a_round = fetch(request, slug)
    mine = None if may_run_round(user, a_round) else list(Organisation.objects.coordinated_by(user).order_by("name"))
    form = ListForm(request.POST or None, request.FILES or None, mine=mine)
    if request.method == "POST" and form.is_valid():
        try:
            staff_list = read_list(a_round=a_round, organisation=form.chosen(), rows=form.cleaned_data["file"], by=user)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            return redirect(staff_list)
    context = {
        "round": a_round,
        "form": form,
        "any_organisation": mine is None,
        "only": mine[0] if mine and len(mine) == 1 else None,
        "most": staff.MOST_ROWS,
        "missing": problems_for_saying_anything(a_round, at=clock.now()),
    }
    return render(request, "secondments/staff_list_new.html", context)


@open_to(broker, coordinator)
@require_safe
def staff_list_template(request: HttpRequest) -> HttpResponse:
    """A file to fill in: the names of the columns, and nobody."""
    return _file(staff.write([]), "people.csv")


@open_to(broker, coordinator)
@require_safe
def staff_list(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What would become of each row, then how far it is, and in the end what is to be mended."""
    thing = _fetch(request, uuid)
    judged = sorted(judge(thing, thing.rows), key=lambda each: (each.verdict.value, each.row["line"]))
    counts = {verdict: sum(each.verdict is verdict for each in judged) for verdict in Verdict}
    context: dict[str, Any] = {
        "list": thing,
        "round": thing.round,
        "page": Paginator(judged, PAGE_SIZE).get_page(request.GET.get("page")),
        "to_invite": counts[Verdict.INVITE],
        "known": counts[Verdict.KNOWN],
        "wrong": counts[Verdict.WRONG],
        "progress": _progress(thing),
    }
    return render(request, "secondments/staff_list.html", context)


@open_to(broker, coordinator)
@require_safe
def staff_list_progress(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """How far the invitations are: a part of the page that asks for itself, until there is more to show."""
    thing = _fetch(request, uuid)
    if thing.state != ListState.SENDING:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "secondments/_staff_list_progress.html", {"list": thing, "progress": _progress(thing)})


@open_to(broker, coordinator)
@require_POST
def staff_list_send(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Invite those whose rows can be used."""
    thing = _fetch(request, uuid)
    try:
        send_list(staff_list=thing, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(thing)


@open_to(broker, coordinator)
@require_POST
def staff_list_throw_away(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Forget what was read of the file."""
    thing = _fetch(request, uuid)
    try:
        throw_away_list(staff_list=thing, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(thing)
    messages.success(request, _("The list is thrown away. Whoever was invited stays invited."))
    return redirect("round-entered", slug=thing.round.slug)


@open_to(broker, coordinator)
@require_safe
def staff_list_to_mend(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The rows that cannot be used, as a file with what is wrong, to mend and send again."""
    thing = _fetch(request, uuid)
    wrong = [each for each in judge(thing, thing.rows) if each.verdict is Verdict.WRONG]
    line, reason = _("Line"), _("What is wrong")
    return _file(staff.write([_row(each, line, reason) for each in wrong], more=(line, reason)), "to-mend.csv")


def _row(each: Judged, line: str, reason: str) -> dict[str, str]:
    return {name: str(value) for name, value in each.row.items()} | {line: str(each.row["line"]), reason: each.reason}


def _fetch(request: HttpRequest, uuid: UUID) -> StaffList:
    mine = StaffList.objects.visible_to(request.user)
    return get_object_or_404(
        mine.select_related("round__programme__organisation", "organisation", "sent_by"), uuid=uuid
    )


def _progress(thing: StaffList) -> Job | None:
    if thing.state != ListState.SENDING:
        return None
    return Job.objects.about("invite_from_list", thing.uuid).order_by("-id").first()


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
