"""Something is wrong: open to anyone who has the address of the page, without signing in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.ground.access import administrator, anyone, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.permissions import me
from secondments import actions
from secondments.forms.placements import ConcernForm
from secondments.models import Concern, Placement


@open_to(anyone)
@require_http_methods(["GET", "HEAD", "POST"])
def concern(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """About one visit. The page says nothing of the visit: it can be opened by whoever was given its address."""
    # By its unguessable key alone, on purpose: whoever was shown the page must be able to speak without an account.
    placement = get_object_or_404(Placement.objects.all(), uuid=uuid)
    return _concern(request, placement)


@open_to(anyone)
@require_http_methods(["GET", "HEAD", "POST"])
def concern_new(request: HttpRequest) -> HttpResponse:
    """About anything else."""
    return _concern(request, None)


def _concern(request: HttpRequest, placement: Placement | None) -> HttpResponse:
    form = ConcernForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.raise_concern(placement=placement, **form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            return redirect("concern-thanks")
    return render(request, "secondments/concern.html", {"form": form})


@open_to(anyone)
@require_safe
def concern_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "secondments/concern_thanks.html")


@open_to(administrator)
@require_safe
def concern_read(request: HttpRequest, uuid: UUID) -> HttpResponse:
    thing = get_object_or_404(Concern.objects.visible_to(request.user).select_related("placement"), uuid=uuid)
    return render(request, "secondments/concern_read.html", {"concern": thing})


@open_to(administrator)
@require_POST
def concern_handle(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """An administrator has seen to it."""
    thing = get_object_or_404(Concern.objects.visible_to(request.user), uuid=uuid)
    try:
        actions.handle_concern(concern=thing, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Marked as handled."))
    return redirect("concern-read", uuid=thing.uuid)
