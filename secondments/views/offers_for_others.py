"""An invitation that a broker writes for a host, and the page that asks the host whether it may be shown."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.ground.access import broker, link_holder, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.look import Fact
from partnerships.ground.problems import Problem, Refused
from partnerships.models import Organisation
from partnerships.permissions import me
from secondments.actions.offers_for_others import confirm_offer, decline_offer, enter_offer
from secondments.emails import BadLink
from secondments.emails.links import read_offer_link
from secondments.forms import starting_texts
from secondments.forms.entering import HostForm, HostOfferForm
from secondments.models import HostOffer
from secondments.models.money import pounds
from secondments.problems import problems_for_entering_offer
from secondments.states import AccessNeed, OfferState
from secondments.views.decisions import bad_link
from secondments.views.desk.page import fetch
from secondments.views.offers import usual_days


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_host(request: HttpRequest, slug: str) -> HttpResponse:
    """First page: for which host, and what kind of place it is."""
    a_round = fetch(request, slug)
    form = HostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        host = form.cleaned_data["organisation"]
        problems = problems_for_entering_offer(a_round, host, by=me(request.user))
        if not problems:
            return redirect("round-host-write", slug=slug, organisation=host.slug, text=form.cleaned_data["text"])
        add_problems(form, problems)
    return render(request, "secondments/round_host.html", {"round": a_round, "form": form})


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_host_write(request: HttpRequest, slug: str, organisation: str, text: str) -> HttpResponse:
    """Second page: the invitation, filled with a starting text."""
    a_round = fetch(request, slug)
    host = get_object_or_404(Organisation.objects.public(), slug=organisation)
    start = starting_texts.find(text)
    if start is None:
        raise Http404
    initial = {name: getattr(start, name) for name in ("title", "what_you_will_see", "access")}
    form = HostOfferForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            offer = enter_offer(a_round=a_round, organisation=host, by=me(request.user), fields=form.values())
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            messages.success(
                request,
                _("Written down. Whoever looks after %(host)s has a mail, and it is open once they say yes.")
                % {"host": host.name},
            )
            return redirect(offer)
    return render(request, "secondments/round_host_write.html", {"round": a_round, "form": form, "organisation": host})


@open_to(link_holder)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_entered(request: HttpRequest, token: str) -> HttpResponse:
    """From the mail, without signing in: what a broker has written for the host. Opening it changes nothing."""
    try:
        offer, address = read_offer_link(token)
    except BadLink as bad:
        return bad_link(request, bad)
    problems: tuple[Problem, ...] = ()
    answer = request.POST.get("answer")
    waits = offer.state == OfferState.TO_CONFIRM
    if request.method == "POST" and not waits:
        return redirect(request.path)
    if request.method == "POST" and answer not in ("yes", "no"):
        problems = (Problem("no_answer", _("Press yes or no.")),)
    elif request.method == "POST":
        try:
            (confirm_offer if answer == "yes" else decline_offer)(offer=offer, address=address)
        except Refused as refused:
            problems = refused.problems
        else:
            return redirect(request.path)
    context = {
        "offer": offer,
        "host": offer.organisation,
        "waits": waits,
        "problems": problems,
        "facts": _facts(offer) if waits else [],
    }
    return render(request, "secondments/offer_entered.html", context)


def _facts(offer: HostOffer) -> list[Fact]:
    """All that everybody would read; whom the host would like to come is nobody else's business."""
    paid = _("%(pounds)s a day") % {"pounds": pounds(offer.payment_pence)} if offer.payment_pence else _("None asked")
    welcome = _("Welcome") if offer.accepts_ties else _("Another host, please")
    facts = [
        Fact(_("What a visitor will see"), offer.what_you_will_see),
        Fact(_("How"), offer.get_mode_display()),
        Fact(_("When"), _("Ask us: we agree the days together. Usually %(days)s.") % {"days": usual_days(offer)}),
        Fact(_("Visitors at a time"), str(offer.places)),
        Fact(_("Days of notice"), str(offer.notice_days)),
        Fact(_("Paid to you by the visitor’s organisation"), paid),
        Fact(_("If their team funds or inspects you"), welcome),
        Fact(_("Getting in and around"), offer.access),
        Fact(_("What a visitor finds with you"), "\n".join(str(AccessNeed(each).label) for each in offer.meets)),
    ]
    return [fact for fact in facts if fact.value]
