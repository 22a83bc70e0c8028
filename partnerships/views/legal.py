"""The ground one stands on: rules, privacy, cookies, accessibility, whom to write to."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships import retention
from partnerships.ground.access import anyone, open_to


@require_safe
@open_to(anyone)
def ground_rules(request: HttpRequest) -> HttpResponse:
    return render(request, "partnerships/ground_rules.html")


@require_safe
@open_to(anyone)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, and for how long: the periods are those that the job keeps."""
    context = {"periods": retention.periods(), "contact": settings.CONTACT_EMAIL, "controller": settings.CONTROLLER}
    return render(request, "partnerships/privacy.html", context)


@require_safe
@open_to(anyone)
def cookies(request: HttpRequest) -> HttpResponse:
    context = {
        "session": settings.SESSION_COOKIE_NAME,
        "session_days": settings.SESSION_COOKIE_AGE // 86_400,
        "csrf": settings.CSRF_COOKIE_NAME,
        "language": settings.LANGUAGE_COOKIE_NAME,
    }
    return render(request, "partnerships/cookies.html", context)


@require_safe
@open_to(anyone)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "partnerships/accessibility.html", {"contact": settings.CONTACT_EMAIL})


@require_safe
@open_to(anyone)
def contact(request: HttpRequest) -> HttpResponse:
    context = {"contact": settings.CONTACT_EMAIL, "controller": settings.CONTROLLER}
    return render(request, "partnerships/contact.html", context)
