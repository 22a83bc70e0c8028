"""The first page of a visitor."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships import figures
from partnerships.ground.access import anyone, open_to
from partnerships.models import CaseStudy

LATEST = 3


@require_safe
@open_to(anyone)
def front(request: HttpRequest) -> HttpResponse:
    """What this is, counted figures, and the latest stories."""
    latest = CaseStudy.objects.published().prefetch_related("organisations")[:LATEST]
    context = {"figures": figures.gather(), "stories": [_story(each) for each in latest]}
    return render(request, "partnerships/front.html", context)


def _story(case_study: CaseStudy) -> dict[str, Any]:
    """As parts/story.html takes it."""
    tags = [(organisation.sector, organisation.get_field_display()) for organisation in case_study.organisations.all()]
    return {
        "title": case_study.title,
        "url": case_study.get_absolute_url(),
        "text": case_study.summary,
        "tags": list(dict.fromkeys(tags))[:3],
    }
