"""What coordinators look after: their organisation's people, invitations, domains and settings."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.actions import invitations, memberships, organisations
from partnerships.forms.accounts import DomainForm, InviteForm, MembershipForm, OrganisationForm, OwnMembershipForm
from partnerships.ground import clock
from partnerships.ground.access import coordinator, open_to, signed_in
from partnerships.ground.forms import add_problems
from partnerships.ground.paging import Pages
from partnerships.ground.problems import Refused
from partnerships.models import ApprovedDomain, Invitation, Membership, Organisation
from partnerships.permissions import is_own, may_look_after, me
from partnerships.states import MembershipState

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(coordinator)
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody of an organisation, who asked to join, and who is invited. Posting invites by mail."""
    organisation = get_object_or_404(Organisation.objects.coordinated_by(me(request.user)), slug=slug)
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            invitations.invite(organisation=organisation, by=me(request.user), **form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
            return redirect("people", slug=slug)
    theirs = organisation.memberships.select_related("user").order_by("user__name", "id")
    invited = organisation.invitations.open_at(clock.now()).order_by("-id")
    context = {
        "organisation": organisation,
        "form": form,
        "asked": Pages(theirs.asked(), PAGE).get_page(request.GET.get("asked")),
        "page": Pages(theirs.active(), PAGE).get_page(request.GET.get("page")),
        "invitations": Pages(invited, PAGE).get_page(request.GET.get("invited")),
    }
    return render(request, "partnerships/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(signed_in)
def membership(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person's place in an organisation: their own view of it, or their coordinator's."""
    found = get_object_or_404(
        Membership.objects.visible_to(request.user).active().select_related("user", "organisation"), uuid=uuid
    )
    if may_look_after(request.user, found):
        return _looked_after(request, found)
    return _own(request, found)


def _looked_after(request: HttpRequest, found: Membership) -> HttpResponse:
    form = MembershipForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            memberships.change_membership(membership=found, by=me(request.user), **form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect("people", slug=found.organisation.slug)
    return _page(request, found, form)


def _own(request: HttpRequest, found: Membership) -> HttpResponse:
    form = OwnMembershipForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            memberships.describe_oneself(
                membership=found,
                job_title=form.cleaned_data["job_title"],
                agrees_email=form.cleaned_data.get("agrees_email", found.agrees_email),
                by=me(request.user),
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect("your-account")
    return _page(request, found, form)


def _page(request: HttpRequest, found: Membership, form: MembershipForm | OwnMembershipForm) -> HttpResponse:
    context = {
        # A refused form has written into `found`; what is shown as so must come from the database.
        "membership": Membership.objects.select_related("user", "organisation").get(pk=found.pk),
        "organisation": found.organisation,
        "form": form,
        "own": is_own(request.user, found),
        "looks_after": may_look_after(request.user, found),
    }
    return render(request, "partnerships/membership.html", context)


@require_POST
@open_to(coordinator)
def membership_answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Yes or no to somebody who asked to join."""
    theirs = Membership.objects.coordinated_by(me(request.user))
    asked = get_object_or_404(theirs.select_related("user", "organisation"), uuid=uuid)
    answer = request.POST.get("answer")
    try:
        if answer == "yes":
            memberships.confirm_membership(membership=asked, by=me(request.user))
            messages.success(request, _("%(name)s belongs to you now.") % {"name": asked.user.name})
        elif answer == "no":
            memberships.refuse_membership(membership=asked, by=me(request.user))
            messages.success(request, _("%(name)s was not confirmed.") % {"name": asked.user.name})
    except Refused as refused:
        _say(request, refused)
    return redirect("people", slug=asked.organisation.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(signed_in)
def membership_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Leave, or say that somebody has left. Asks once more, since it ends what they can do here."""
    found = get_object_or_404(
        Membership.objects.visible_to(request.user)
        .filter(state__in=[MembershipState.ACTIVE, MembershipState.ASKED])
        .select_related("user", "organisation"),
        uuid=uuid,
    )
    own = is_own(request.user, found)
    if request.method == "POST":
        try:
            memberships.end_membership(membership=found, by=me(request.user))
        except Refused as refused:
            _say(request, refused)
            return redirect("membership-end", uuid=uuid)
        if own:
            messages.success(request, _("You have left %(name)s.") % {"name": found.organisation.name})
            return redirect("your-account")
        messages.success(request, _("%(name)s no longer belongs to you.") % {"name": found.user.name})
        return redirect("people", slug=found.organisation.slug)
    return render(request, "partnerships/membership_end.html", {"membership": found, "own": own})


@require_POST
@open_to(coordinator)
def invitation_withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    theirs = Invitation.objects.coordinated_by(me(request.user))
    invited = get_object_or_404(theirs.select_related("organisation"), uuid=uuid)
    try:
        invitations.withdraw_invitation(invitation=invited, by=me(request.user))
        messages.success(request, _("The invitation is taken back."))
    except Refused as refused:
        _say(request, refused)
    return redirect("people", slug=invited.organisation.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(coordinator)
def organisation_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """What the organisation says of itself, and whose yes it asks for."""
    organisation = get_object_or_404(Organisation.objects.coordinated_by(me(request.user)), slug=slug)
    form = OrganisationForm(request.POST or None, instance=organisation)
    if form.is_valid():
        try:
            organisations.describe_organisation(organisation=organisation, by=me(request.user), **form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation-settings", slug=slug)
    context = {"organisation": organisation, "form": form, "domains": organisation.approved_domains.all()}
    return render(request, "partnerships/organisation_settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(coordinator)
def domain_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Let whoever holds a work address join without waiting."""
    organisation = get_object_or_404(Organisation.objects.coordinated_by(me(request.user)), slug=slug)
    form = DomainForm(request.POST or None)
    if form.is_valid():
        try:
            organisations.approve_domain(organisation=organisation, by=me(request.user), **form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("%(domain)s is on your list.") % form.cleaned_data)
            return redirect("organisation-settings", slug=slug)
    return render(request, "partnerships/domain_add.html", {"organisation": organisation, "form": form})


@require_POST
@open_to(coordinator)
def domain_remove(request: HttpRequest, slug: str, domain: str) -> HttpResponse:
    theirs = ApprovedDomain.objects.coordinated_by(me(request.user))
    approved = get_object_or_404(theirs.select_related("organisation"), organisation__slug=slug, domain=domain)
    try:
        organisations.remove_domain(approved=approved, by=me(request.user))
        messages.success(request, _("%(domain)s is off your list.") % {"domain": domain})
    except Refused as refused:
        _say(request, refused)
    return redirect("organisation-settings", slug=slug)


@require_safe
@open_to(signed_in)
def your_organisation(request: HttpRequest) -> HttpResponse:
    """From the menu to the page of the organisation that one belongs to, or runs; who has none says where they work."""
    memberships_here = me(request.user).active_memberships
    if not memberships_here:
        return redirect("join-organisation")
    first = next((each for each in memberships_here if each.is_coordinator), memberships_here[0])
    return redirect(
        settings.COORDINATORS_PAGE if first.is_coordinator else "organisation", slug=first.organisation.slug
    )


def _say(request: HttpRequest, refused: Refused) -> None:
    for problem in refused.problems:
        messages.error(request, problem.sentence)
