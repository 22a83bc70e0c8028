"""Skill needs: the list, one need, writing one, and what its people do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.postgres.search import SearchQuery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.ground import clock
from partnerships.ground.access import anyone, open_to, signed_in
from partnerships.ground.forms import add_problems
from partnerships.ground.look import Fact
from partnerships.ground.models import Event
from partnerships.ground.paging import Pages
from partnerships.ground.problems import Problem, Refused
from partnerships.permissions import is_member, me
from partnerships.permissions import signed_in as signed_in_person
from volunteering import actions
from volunteering.forms import AnswerForm, NeedForm, NeedSearch, PublishForm
from volunteering.models import SkillNeed, SkillNeedQuerySet
from volunteering.permissions import may_look_after_need
from volunteering.problems import ANSWERED, problems_before_publishing, problems_with_answering
from volunteering.states import NeedState
from volunteering.views import kept

PAGE_SIZE = 20


@open_to(anyone)
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """What organisations ask for at the moment, newest first."""
    shown = SkillNeed.objects.visible_to(request.user).open().wanted_on(clock.today())
    search = NeedSearch(request.GET or None)
    if search.is_bound and search.is_valid():
        shown = _found(shown, **search.cleaned_data)
    pages = Pages(shown.defer("search", "organisation__search").select_related("organisation__place"), PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "volunteering/needs.html", {"search": search, "page": page, "searching": bool(request.GET)})


def _found(shown: SkillNeedQuerySet, *, q: str, place: str, online: bool) -> SkillNeedQuerySet:
    if q:
        shown = shown.filter(search=SearchQuery(q, config="english", search_type="websearch"))
    if place:
        shown = shown.in_place_named(place)
    return shown.filter(online=True) if online else shown


@open_to(anyone)
@require_http_methods(["GET", "HEAD", "POST"])
def need_new(request: HttpRequest) -> HttpResponse:
    """One plain form, for anybody. Who comes back to it finds what they wrote before they had an account."""
    draft = kept.kept_draft(request)
    if draft is not None:
        return _write(request, draft, heading=_("Ask for a skill"))
    form = NeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        author = signed_in_person(request.user)
        try:
            need = actions.write_need(by=author, **form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            if author is None:
                kept.keep(request, need)
            return redirect(need)
    return render(request, "volunteering/need_form.html", {"form": form, "heading": _("Ask for a skill")})


@open_to(anyone)
@require_http_methods(["GET", "HEAD", "POST"])
def need_change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same form again, for those who look after the need and for the browser that wrote it."""
    need = get_object_or_404(SkillNeed.objects.visible_to(request.user, kept=kept.kept_uuid(request)), uuid=uuid)
    if need.author_id is not None and not may_look_after_need(request.user, need):
        return _refused(request, need, [_ask_its_author()])
    return _write(request, need, heading=_("Change what you ask for"))


def _write(request: HttpRequest, need: SkillNeed, *, heading: str) -> HttpResponse:
    form = NeedForm(request.POST or None, instance=need)
    if request.method == "POST" and form.is_valid():
        author = signed_in_person(request.user)
        try:
            actions.change_need(need=need, by=author, kept=kept.kept_uuid(request), **form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            return redirect(need)
    return render(request, "volunteering/need_form.html", {"form": form, "heading": heading, "need": need})


@open_to(anyone)
@require_safe
def need(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A need as everybody sees it; for its own people also where it stands and what is next."""
    thing = get_object_or_404(
        SkillNeed.objects.visible_to(request.user, kept=kept.kept_uuid(request)).select_related("organisation__place"),
        uuid=uuid,
    )
    return _page(request, thing)


def _page(
    request: HttpRequest,
    need: SkillNeed,
    *,
    problems: list[Problem] | None = None,
    publishing: PublishForm | None = None,
) -> HttpResponse:
    looks_after = may_look_after_need(request.user, need)
    context: dict[str, Any] = {
        "need": need,
        "facts": _facts(need),
        "problems": problems,
        "looks_after": looks_after,
        "is_draft": need.state == NeedState.DRAFT,
        "is_strangers": need.author_id is None,
        "own": need.organisation is not None and is_member(request.user, need.organisation),
        "too_late": need.needed_by is not None and need.needed_by < clock.today(),
    }
    if looks_after:
        context["answers"] = Event.objects.about(need).filter(verb=ANSWERED).count()
    if looks_after and need.state != NeedState.PUBLISHED:
        publishing = publishing or PublishForm(user=me(request.user))
        context["publishing"] = publishing
        context["standing"] = [] if problems else problems_before_publishing(need, publishing.user)
    return render(request, "volunteering/need.html", context, status=409 if problems else 200)


def _facts(need: SkillNeed) -> list[Fact]:
    return [
        Fact(_("Time"), need.time_wanted),
        Fact(_("By when"), _by_when(need)),
        Fact(_("Where"), _where(need)),
    ]


def _by_when(need: SkillNeed) -> str:
    return date_format(need.needed_by, "j F Y") if need.needed_by else _("Any time")


def _where(need: SkillNeed) -> str:
    place = need.organisation.place.name if need.organisation and need.organisation.place else ""
    if need.online:
        return _("%(place)s, or online") % {"place": place} if place else _("Online is fine")
    return place or _("In person")


@open_to(signed_in)
@require_POST
def need_publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    thing = get_object_or_404(SkillNeed.objects.visible_to(request.user), uuid=uuid)
    form = PublishForm(request.POST, user=me(request.user))
    organisation = form.cleaned_data["organisation"] if form.is_valid() else None
    try:
        actions.publish_need(need=thing, organisation=organisation, by=me(request.user))
    except Refused as refused:
        return _refused(request, thing, list(refused.problems))
    messages.success(request, _("Your skill need is published. Messages from people who can help reach you by mail."))
    return redirect(thing)


@open_to(signed_in)
@require_POST
def need_met(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _take_off(request, uuid, actions.mark_met, _("Good. It is off the list."))


@open_to(signed_in)
@require_POST
def need_withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    said = _("It is withdrawn. You can publish it again whenever you like.")
    return _take_off(request, uuid, actions.withdraw_need, said)


def _take_off(request: HttpRequest, uuid: UUID, verb: Callable[..., None], said: str) -> HttpResponse:
    thing = get_object_or_404(SkillNeed.objects.visible_to(request.user), uuid=uuid)
    try:
        verb(need=thing, by=me(request.user))
    except Refused as refused:
        return _refused(request, thing, list(refused.problems))
    messages.success(request, said)
    return redirect(thing)


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def need_answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One message to the author, who answers by mail."""
    thing = get_object_or_404(SkillNeed.objects.visible_to(request.user).select_related("organisation"), uuid=uuid)
    form = AnswerForm(request.POST or None)
    standing = problems_with_answering(thing, me(request.user), at=clock.now()) if request.method != "POST" else []
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_need(need=thing, message=form.cleaned_data["message"], by=me(request.user))
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Your message is on its way. They answer you by mail."))
            return redirect(thing)
    return render(request, "volunteering/need_answer.html", {"form": form, "need": thing, "standing": standing})


def _refused(request: HttpRequest, need: SkillNeed, problems: list[Problem]) -> HttpResponse:
    """The need's page with the reasons on top; read afresh, because it may have changed meanwhile."""
    need.refresh_from_db()
    return _page(request, need, problems=problems)


def _ask_its_author() -> Problem:
    return Problem("not_allowed", _("Only its author and the coordinators of its organisation can change it."))
