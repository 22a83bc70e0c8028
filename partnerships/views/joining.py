"""Where people work: joining an organisation by domain, invitation, claim, or as one that is on no list."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.actions import claims, invitations, memberships, organisations
from partnerships.forms.accounts import ClaimForm, FoundForm, JoinForm
from partnerships.ground import clock
from partnerships.ground.access import link_holder, open_to, signed_in
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.models import Invitation, Organisation
from partnerships.permissions import holds_invited_address, me
from partnerships.problems import domain_of, problems_with_claiming, problems_with_invitation, problems_with_joining
from partnerships.states import MembershipState, OrganisationState

AFTER_JOINING = "after_joining"
"""Where the session keeps it."""


@require_safe
@open_to(signed_in)
def join_organisation(request: HttpRequest) -> HttpResponse:
    """Where do you work? What fits the person's address stands first."""
    user = me(request.user)
    _remember_what_for(request)
    mine = user.memberships.filter(state__in=[MembershipState.ASKED, MembershipState.ACTIVE])
    by_domain = (
        Organisation.objects.public()
        .exclude(state=OrganisationState.LISTED)
        .filter(approved_domains__domain=domain_of(user.email))
        .exclude(pk__in=mine.values("organisation"))
        .select_related("place")
    )
    context = {
        "by_domain": by_domain[:10],
        "domain": domain_of(user.email),
        "invitations": Invitation.objects.open_at(clock.now()).filter(email=user.email).select_related("organisation"),
        "asked": mine.asked().select_related("organisation"),
        "claims": user.claims.waiting().select_related("organisation"),
    }
    return render(request, "partnerships/join.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(signed_in)
def ask_to_join(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that one works there: at once by an address in its own domain, else its coordinators are asked."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)
    user = me(request.user)
    form = JoinForm(request.POST or None)
    if form.is_valid():
        try:
            membership = memberships.ask_to_join(
                organisation=organisation, job_title=form.cleaned_data["job_title"], by=user
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            if membership.state == MembershipState.ACTIVE:
                messages.success(request, _("You belong to %(name)s now.") % {"name": organisation.name})
                return _go_on(request)
            messages.success(request, _("We have asked the coordinators of %(name)s.") % {"name": organisation.name})
            return redirect("next-steps")
    context = {"organisation": organisation, "form": form, "against": problems_with_joining(user, organisation)}
    return render(request, "partnerships/ask_to_join.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(signed_in)
def claim_organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that one looks after an organisation that came from a register."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)
    user = me(request.user)
    form = ClaimForm(request.POST or None)
    if form.is_valid():
        try:
            claims.claim_organisation(organisation=organisation, by=user, **form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Thank you. We check it and write to you."))
            return redirect("next-steps")
    context = {"organisation": organisation, "form": form, "against": problems_with_claiming(user, organisation)}
    return render(request, "partnerships/claim_organisation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(signed_in)
def organisation_new(request: HttpRequest) -> HttpResponse:
    """My organisation is not here: many groups are on no register, and are real."""
    form = FoundForm(request.POST or None)
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            organisations.found_organisation(
                name=cleaned["name"],
                place=cleaned["where"],
                field=cleaned["field"],
                what_it_does=cleaned["what_it_does"],
                job_title=cleaned["job_title"],
                by=me(request.user),
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(
                request, _("%(name)s is entered. You can prepare while we find out who you are.") % cleaned
            )
            return _go_on(request)
    return render(request, "partnerships/organisation_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(link_holder)
def invitation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page that a mailed invitation opens. It names the organisation and nobody in it; accepting needs sign-in."""
    invited = get_object_or_404(Invitation.objects.select_related("organisation"), uuid=uuid)
    if request.method == "POST" and request.user.is_authenticated:
        try:
            invitations.accept_invitation(invitation=invited, by=me(request.user))
        except Refused as refused:
            for problem in refused.problems:
                messages.error(request, problem.sentence)
            return redirect("invitation", uuid=uuid)
        messages.success(request, _("You belong to %(name)s now.") % {"name": invited.organisation.name})
        return _go_on(request)
    context = {
        "invitation": invited,
        "organisation": invited.organisation,
        "against": problems_with_invitation(invited, clock.now()),
        "is_reader": holds_invited_address(request.user, invited),
    }
    return render(request, "partnerships/invitation.html", context)


def _remember_what_for(request: HttpRequest) -> None:
    """What somebody was about to do when they were asked where they work; kept while they look theirs up."""
    address = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        request.session[AFTER_JOINING] = address


def _go_on(request: HttpRequest) -> HttpResponse:
    return redirect(request.session.pop(AFTER_JOINING, "next-steps"))
