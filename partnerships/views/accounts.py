"""A person's own account: who they are here, their second factor, their data, and leaving."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partnerships import my_data as data
from partnerships.actions import accounts
from partnerships.forms.accounts import CloseAccountForm, PersonForm
from partnerships.ground.access import anyone, open_to, signed_in
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.models import User
from partnerships.permissions import may_administer, me
from partnerships.states import MembershipState


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(signed_in)
def your_account(request: HttpRequest) -> HttpResponse:
    """Name and language, where one belongs, and the ways to everything else about oneself."""
    user = me(request.user)
    form = PersonForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if form.is_valid():
        try:
            accounts.describe_person(user=user, by=user, **{"language": user.language, **form.cleaned_data})
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect("your-account")
    theirs = user.memberships.filter(state__in=[MembershipState.ASKED, MembershipState.ACTIVE])
    context = {"form": form, "memberships": theirs.select_related("organisation").order_by("id")}
    return render(request, "partnerships/your_account.html", context)


@require_safe
@open_to(signed_in)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second step is asked of some, and the two ways to set one up."""
    onward = request.GET.get(REDIRECT_FIELD_NAME, "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = reverse("next-steps")
    context = {"needed": me(request.user).needs_second_factor, "query": urlencode({REDIRECT_FIELD_NAME: onward})}
    return render(request, "partnerships/second_factor.html", context)


@require_safe
@open_to(signed_in)
def my_data(request: HttpRequest) -> HttpResponse:
    """What is kept about a person, to read, to take away, and to end."""
    return render(request, "partnerships/my_data.html")


@require_safe
@never_cache
@open_to(signed_in)
def my_data_download(request: HttpRequest) -> JsonResponse:
    """Everything about the person who asks, as one file that other programs can read."""
    response = JsonResponse(data.everything(me(request.user)), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="in-your-shoes-my-data.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(signed_in)
def close_account(request: HttpRequest) -> HttpResponse:
    """Leave for good: what one did stays and counts, who one was does not."""
    form = CloseAccountForm(request.POST or None)
    if form.is_valid():
        user = me(request.user)
        try:
            accounts.close_account(user=user, by=user)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            logout(request)
            messages.success(request, _("Your account is closed. Thank you for having been here."))
            return redirect("front")
    return render(request, "partnerships/close_account.html", {"form": form})


@require_safe
@open_to(anyone)
def no_passwords(request: HttpRequest, rest: str) -> HttpResponse:
    """Where password programs and old habits lead: there are none here."""
    return render(request, "partnerships/no_passwords.html")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(anyone)
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """In place of the administration pages' own sign-in, which knows neither codes nor second factors."""
    if request.user.is_authenticated and not may_administer(request.user):
        raise PermissionDenied
    onward = request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index"))
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: onward})}")
