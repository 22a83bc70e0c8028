"""Who is real: an administrator checks claims, a broker vouches for groups of their area."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.actions import claims as claiming
from partnerships.actions import organisations
from partnerships.ground.access import administrator, broker, open_to
from partnerships.ground.paging import Pages
from partnerships.ground.problems import Refused
from partnerships.models import Claim, Organisation
from partnerships.permissions import may_decide_claim, me
from partnerships.states import ClaimState, MembershipState, OrganisationState

PAGE = 50


@require_safe
@open_to(administrator)
def claims(request: HttpRequest) -> HttpResponse:
    """Those who say that they look after a listed organisation, longest waiting first."""
    waiting = (
        Claim.objects.visible_to(request.user)
        .waiting()
        .select_related("organisation__place", "user")
        .order_by("created_at", "id")
    )
    return render(request, "partnerships/claims.html", {"page": Pages(waiting, PAGE).get_page(request.GET.get("page"))})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(administrator)
def claim(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What somebody says, beside what the register says; yes or no."""
    found = get_object_or_404(
        Claim.objects.visible_to(request.user).select_related("organisation__place", "user", "decided_by"), uuid=uuid
    )
    answer = request.POST.get("answer")
    if answer in {"yes", "no"}:
        try:
            if answer == "yes":
                claiming.accept_claim(claim=found, by=me(request.user))
            else:
                claiming.refuse_claim(claim=found, by=me(request.user))
        except Refused as refused:
            for problem in refused.problems:
                messages.error(request, problem.sentence)
            return redirect("claim", uuid=uuid)
        messages.success(request, _("They hear by mail."))
        return redirect("claims")
    context = {
        "claim": found,
        "organisation": found.organisation,
        "identifiers": found.organisation.identifiers.all(),
        "open": found.state == ClaimState.WAITING,
        "may_decide": may_decide_claim(request.user, found),
    }
    return render(request, "partnerships/claim.html", context)


@require_safe
@open_to(broker, administrator)
def vouching(request: HttpRequest) -> HttpResponse:
    """Organisations that are on no list and wait for somebody who knows them."""
    waiting = (
        Organisation.objects.visible_to(request.user)
        .filter(state=OrganisationState.TO_BE_CONFIRMED)
        .exclude(pk__in=me(request.user).organisation_ids())
        .select_related("place")
        .prefetch_related("memberships__user")
        .order_by("created_at", "id")
    )
    page = Pages(waiting, PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            organisation,
            [each for each in organisation.memberships.all() if each.state == MembershipState.ACTIVE],
        )
        for organisation in page
    ]
    return render(request, "partnerships/vouching.html", {"page": page, "rows": rows})


@require_POST
@open_to(broker, administrator)
def vouch(request: HttpRequest, slug: str) -> HttpResponse:
    """I know them: a broker's word, or an administrator's check."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)
    user = me(request.user)
    try:
        if user.is_administrator:
            organisations.verify(organisation=organisation, by=user)
        else:
            organisations.vouch(organisation=organisation, by=user)
        messages.success(request, _("%(name)s can offer, ask and publish now.") % {"name": organisation.name})
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem.sentence)
    return redirect("vouching")
