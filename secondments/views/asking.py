"""Second and third page of asking: what one wants and who agrees; check and send."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.ground import clock
from partnerships.ground.access import open_to, signed_in
from partnerships.ground.forms import add_problems
from partnerships.ground.look import Fact
from partnerships.ground.problems import Problem, Refused
from partnerships.models import Membership
from partnerships.permissions import me
from partnerships.problems import problems_for_approver
from partnerships.states import WhoAgrees
from secondments import actions
from secondments.forms.asking import AboutForm, PromiseForm, goer_words
from secondments.models import Decision, HostOffer, Placement
from secondments.models.days import count_words, day_lines, when_words
from secondments.models.money import payment_words
from secondments.problems import problems_for_asking
from secondments.states import TIES_OVER_HOST, CheckKind, DecisionKind, Tie
from secondments.views.drafts import Draft, asking_page


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
@asking_page
def ask_about(request: HttpRequest, offer: HostOffer, goers: list[Membership], draft: Draft) -> HttpResponse:
    """Second page: who funds or inspects whom, what one hopes to learn and needs, and who agrees."""
    if not draft.half_days:
        return redirect("ask-days", slug=offer.slug)
    form = _about_form(request, offer, goers, draft)
    if request.method == "POST":
        # Kept as typed, right or wrong: whoever is called away finds it again.
        draft.about = {name: form.data.get(name, "") for name in form.fields}
        draft.save(request)
        if form.is_valid():
            add_problems(form, _against(form, offer, draft, request))
        if form.is_valid():
            return redirect("ask-check", slug=offer.slug)
    context = {"offer": offer, "form": form, "when": when_words(draft.half_days)}
    return render(request, "secondments/ask_about.html", context)


@open_to(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
@asking_page
def ask_check(request: HttpRequest, offer: HostOffer, goers: list[Membership], draft: Draft) -> HttpResponse:
    """Third page: everything at a glance, one promise, and the button that asks."""
    if sent := _sent_before(request):
        return redirect(sent)
    about = AboutForm(draft.about, offer=offer, goers=goers, is_return=draft.returning is not None)
    if not draft.half_days:
        return redirect("ask-days", slug=offer.slug)
    if not about.is_valid():
        return redirect("ask-about", slug=offer.slug)
    promise_asked = CheckKind.CONFIDENTIALITY in offer.checks
    form = PromiseForm(request.POST or None, asked=promise_asked)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        try:
            placement = _send(request, offer, draft, about, promised=promise_asked)
        except Refused as refused:
            problems = list(refused.problems)
        else:
            draft.forget(request)
            host = offer.organisation.name
            messages.success(request, _("You have asked %(host)s. You need do nothing now.") % {"host": host})
            return redirect(placement)
    elif request.method == "GET":
        problems = _against(about, offer, draft, request)
    context = {
        "offer": offer,
        "form": form,
        "facts": _facts(offer, draft, about),
        "problems": problems,
        "targets": _where_to_change(offer, about),
        "key": draft.key,
        "visit": _("%(days)s at %(host)s") % {"days": count_words(draft.half_days), "host": offer.organisation.name},
    }
    return render(request, "secondments/ask_check.html", context)


def _about_form(request: HttpRequest, offer: HostOffer, goers: list[Membership], draft: Draft) -> AboutForm:
    is_return = draft.returning is not None
    if request.method == "POST":
        return AboutForm(request.POST, offer=offer, goers=goers, is_return=is_return)
    first = goers[0]
    initial: dict[str, Any] = {"who": first.uuid, "agrees_email": _approver_of(first)}
    return AboutForm(initial=initial | draft.about, offer=offer, goers=goers, is_return=is_return)


def _approver_of(membership: Membership) -> str:
    """Who agreed last time, or whom the organisation has on record."""
    if membership.agrees_email:
        return membership.agrees_email
    last = Decision.objects.filter(kind=DecisionKind.HOME_APPROVER, placement__membership=membership).order_by("-id")
    return last.values_list("asked_email", flat=True).first() or ""


def _against(about: AboutForm, offer: HostOffer, draft: Draft, request: HttpRequest) -> list[Problem]:
    goer = about.goer()
    problems = problems_for_asking(goer, offer, draft.half_days, tie=about.cleaned_data["tie"], at=clock.now())
    if goer.organisation.who_agrees == WhoAgrees.MANAGER:
        email = about.cleaned_data.get("agrees_email", "")
        problems += problems_for_approver(goer, email, named_by=me(request.user))
    return problems


def _send(request: HttpRequest, offer: HostOffer, draft: Draft, about: AboutForm, *, promised: bool) -> Placement:
    said = about.cleaned_data
    return actions.request_placement(
        offer=offer,
        membership=about.goer(),
        half_days=list(draft.half_days),
        learn=said["learn"],
        needs=said["needs"],
        tie=said["tie"],
        wants_return=said.get("wants_return", False),
        returning=draft.returning,
        agrees_email=said.get("agrees_email", ""),
        promises_confidentiality=promised,
        key=uuid.UUID(draft.key),
        by=me(request.user),
    )


def _sent_before(request: HttpRequest) -> Placement | None:
    """Pressed twice: the first press has sent it and forgotten the draft."""
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None
    return Placement.objects.visible_to(request.user).filter(uuid=key, asked_by=request.user.pk).first()


def _facts(offer: HostOffer, draft: Draft, about: AboutForm) -> list[Fact]:
    days = reverse("ask-days", args=[offer.slug])
    edit = reverse("ask-about", args=[offer.slug])
    said = about.cleaned_data
    goer = about.goer()
    return [
        Fact(_("Where"), f"{offer.title}\n{offer.organisation.name}"),
        Fact(_("When"), "\n".join(day_lines(draft.half_days)), days),
        Fact(_("Who goes"), goer_words(goer), edit if about.only is None else ""),
        Fact(_("Said first"), Tie(said["tie"]).label, edit),
        Fact(_("What you hope to learn"), said["learn"], edit),
        Fact(_("What you need"), said["needs"] or _("Nothing special"), edit),
        Fact(_("Who agrees"), _who_agrees(goer, said), edit if "agrees_email" in about.fields else ""),
        Fact(_("In return"), *_in_return(offer, draft, said, edit)),
        Fact(_("Payment"), payment_words(offer.payment_pence, goer.organisation.name)),
        Fact(_("Travel and meals"), _("Your own organisation pays them")),
    ]


def _where_to_change(offer: HostOffer, about: AboutForm) -> dict[str, str]:
    """The fields that a refusal names stand on the two pages before."""
    edit = reverse("ask-about", args=[offer.slug])
    fields = {field.name: f"{edit}#{field.id_for_label or field.auto_id}" for field in about}
    return {**fields, "first_day": reverse("ask-days", args=[offer.slug])}


def _who_agrees(goer: Membership, said: dict[str, Any]) -> str:
    how = goer.organisation.who_agrees
    if how == WhoAgrees.MANAGER:
        words = str(said.get("agrees_email", ""))
    elif how == WhoAgrees.COORDINATOR:
        words = _("A coordinator of %(home)s") % {"home": goer.organisation.name}
    else:
        words = _("You decide for yourself")
    if how == WhoAgrees.MANAGER and said["tie"] in TIES_OVER_HOST:
        words += "\n" + _("And a coordinator of %(home)s, because of what was said first") % {
            "home": goer.organisation.name
        }
    return words


def _in_return(offer: HostOffer, draft: Draft, said: dict[str, Any], edit: str) -> tuple[str, str]:
    """What is said of a return, and where it can be changed."""
    host = {"host": offer.organisation.name}
    if draft.returning is not None:
        return _("This is your visit in return for the one from %(host)s") % host, ""
    if not said["wants_return"]:
        return _("No visit in return"), edit
    return _("Somebody of %(host)s is welcome to come to you") % host, edit
