"""Writing down somebody who told a broker or a coordinator that they would take part, and who has answered."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.actions.organisations import enter_group
from partnerships.ground import clock
from partnerships.ground.access import broker, coordinator, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.paging import Pages
from partnerships.ground.problems import Refused
from partnerships.models import Organisation, User
from partnerships.models.organisations import OrganisationQuerySet
from partnerships.permissions import me
from secondments.actions.entering import enter_somebody, remind, take_back_entry
from secondments.forms.entering import WHO, EntryForm, GroupForm, WhereForm
from secondments.models import Entry, HostOffer, Round
from secondments.permissions import may_let_run, may_run_round
from secondments.problems import problems_for_entering_anybody, problems_for_saying_anything
from secondments.problems.entering import ASKED_AGAIN_AFTER
from secondments.states import EntryState

PAGE_SIZE = 50
MOST_NAMED = 40


def fetch(request: HttpRequest, slug: str) -> Round:
    """A round that one sees, and into which one may write down people of some organisation."""
    rounds = Round.objects.visible_to(request.user).select_related("programme__organisation")
    return get_object_or_404(rounds, slug=slug)


def organisations_of(user: User, a_round: Round) -> OrganisationQuerySet:
    """Those whose people one may write down: any, as the broker of the round, else those that one coordinates."""
    if may_run_round(user, a_round):
        return Organisation.objects.public()
    return Organisation.objects.coordinated_by(user)


@open_to(broker, coordinator)
@require_http_methods(["GET", "HEAD", "POST"])
def round_enter(request: HttpRequest, slug: str) -> HttpResponse:
    """First page: where they work. A coordinator of one organisation has said so already."""
    user = me(request.user)
    a_round = fetch(request, slug)
    runs = may_run_round(user, a_round)
    theirs = a_round.organisations_in_it() if runs else organisations_of(user, a_round).order_by("name", "id")
    mine = list(theirs[:MOST_NAMED])
    if not runs and len(mine) == 1:
        return redirect("round-enter-person", slug=slug, organisation=mine[0].slug)
    form = WhereForm(request.POST or None) if runs else None
    if form is not None and request.method == "POST" and form.is_valid():
        return redirect("round-enter-person", slug=slug, organisation=form.cleaned_data["organisation"].slug)
    context = {"round": a_round, "form": form, "organisations": mine, "runs": runs}
    return render(request, "secondments/round_enter.html", context)


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_enter_group(request: HttpRequest, slug: str) -> HttpResponse:
    """A group that is in no register: its broker knows it, and so vouches for it."""
    user = me(request.user)
    a_round = get_object_or_404(Round.objects.brokered_by(user).select_related("programme__organisation"), slug=slug)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            group = enter_group(
                name=said["name"],
                place=said["where"],
                field=said["field"],
                what_it_does=said["what_it_does"],
                by=user,
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(request, _("%(name)s is in the directory now. Who speaks for it?") % {"name": group.name})
            return redirect("round-enter-person", slug=slug, organisation=group.slug)
    return render(request, "secondments/round_enter_group.html", {"round": a_round, "form": form})


@open_to(broker, coordinator)
@require_http_methods(["GET", "HEAD", "POST"])
def round_enter_person(request: HttpRequest, slug: str, organisation: str) -> HttpResponse:
    """Second page: who it is and what they told. They say themselves whether it is right."""
    user = me(request.user)
    a_round = fetch(request, slug)
    home = get_object_or_404(organisations_of(user, a_round), slug=organisation)
    form = EntryForm(request.POST or None, a_round=a_round, organisation=home, whole=home.pk in user.coordinated_ids())
    if request.method == "POST" and form.is_valid():
        joins = form.said() if form.stands_in else None
        try:
            entry = enter_somebody(
                a_round=a_round, organisation=home, said=form.told(), joins=joins, by=user, **form.who()
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            done = _done(entry)
            messages.success(request, done)
            return redirect("round-entered", slug=slug)
    context = {
        "round": a_round,
        "organisation": home,
        "form": form,
        "first": [field for field in form.first if field.name not in WHO],
        "runs_it": may_let_run(user, home) and not home.coordinators().exists(),
        "missing": problems_for_entering_anybody(a_round, home, by=user, at=clock.now()),
    }
    return render(request, "secondments/round_enter_person.html", context)


def _done(entry: Entry) -> str:
    names = {"name": entry.name, "organisation": entry.organisation.name}
    if entry.state == EntryState.CONFIRMED:
        return _("%(name)s takes part, and you answer for them.") % names
    if entry.email:
        return _("Written down. %(name)s has a mail, and takes part once they say yes.") % names
    return _("Written down. Whoever looks after %(organisation)s has a mail, and answers for %(name)s.") % names


@open_to(broker, coordinator)
@require_safe
def round_entered(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was written down and has not answered, with what can be done about it, and those who have."""
    user = me(request.user)
    a_round = fetch(request, slug)
    entries = Entry.objects.visible_to(user).shown_in(a_round).select_related("organisation", "entered_by")
    page = Pages(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "round": a_round,
        "runs": may_run_round(user, a_round),
        "page": page,
        "waiting": entries.waiting().count(),
        "offers": HostOffer.objects.written_for_others_by(user).select_related("organisation")[:MOST_NAMED],
        "acts_for": user.coordinated_ids(),
        "again_from": clock.now() - ASKED_AGAIN_AFTER,
        "closed": problems_for_saying_anything(a_round, at=clock.now()),
    }
    return render(request, "secondments/round_entered.html", context)


@open_to(broker, coordinator)
@require_POST
def entry_remind(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask somebody once more."""
    return _act(request, uuid, remind, _("%(name)s has a new mail."))


@open_to(broker, coordinator)
@require_POST
def entry_take_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """It was a mistake: what was written down is forgotten, and the mailed link opens nothing more."""
    return _act(request, uuid, take_back_entry, _("Taken back. Nothing of what was written down is kept."))


def _act(request: HttpRequest, uuid: UUID, verb: Callable[..., None], said: str) -> HttpResponse:
    entry = get_object_or_404(
        Entry.objects.visible_to(request.user).select_related("round__programme__organisation", "organisation"),
        uuid=uuid,
    )
    names = {"name": entry.name}
    try:
        verb(entry=entry, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said % names)
    return redirect("round-entered", slug=entry.round.slug)
