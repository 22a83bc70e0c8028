"""The demonstration's way in: be anybody of the cast. Outside the demonstration these pages do not exist."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from partnerships.demo import SEATS
from partnerships.ground.access import demo_only, open_to
from partnerships.middleware import DEMONSTRATION_KEY
from partnerships.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_safe
@open_to(demo_only)
def demo(request: HttpRequest) -> HttpResponse:
    """One button for each role, with a sentence on what that person can do."""
    people = {user.email: user for user in User.objects.filter(email__in=[seat.email for seat in SEATS])}
    seats = [(seat, people[seat.email]) for seat in SEATS if seat.email in people]
    return render(request, "partnerships/demo.html", {"seats": seats})


@require_POST
@open_to(demo_only)
def demo_enter(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the cast, as if code and second factor had been shown; whoever was signed in is signed out."""
    email = request.POST.get("email", "")
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None or email not in {seat.email for seat in SEATS}:
        raise Http404
    login(request, user, backend=BACKEND)
    request.session[DEMONSTRATION_KEY] = True
    return redirect("next-steps")
