"""Every yes or no that waits for the person who looks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.ground.access import open_to, signed_in
from partnerships.ground.paging import Pages
from secondments.models import Decision

PAGE_SIZE = 20


@open_to(signed_in)
@require_safe
def to_answer(request: HttpRequest) -> HttpResponse:
    """On one page, because a round asks a manager about several of their team on the same day."""
    decisions = (
        Decision.objects.visible_to(request.user)
        .to_answer()
        .select_related("placement__visitor", "placement__home", "placement__offer__organisation")
        .prefetch_related("placement__sessions")
    )
    page = Pages(decisions, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "secondments/to_answer.html", {"page": page})
