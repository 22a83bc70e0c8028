"""Whether somebody reads what the brokers of a round write to several people."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partnerships.ground.access import open_to, signed_in
from partnerships.ground.problems import Refused
from partnerships.permissions import me
from secondments.actions.letters import take_letters
from secondments.models import Round


@open_to(signed_in)
@require_POST
def round_letters(request: HttpRequest, slug: str) -> HttpResponse:
    """No more such letters, or again; the page of the round says which."""
    a_round = get_object_or_404(Round.objects.visible_to(request.user), slug=slug)
    mine = get_object_or_404(a_round.participations.joined(), membership__user=me(request.user))
    wanted = request.POST.get("letters") == "yes"
    try:
        take_letters(participation=mine, wanted=wanted, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("The broker’s group letters come to you again.")
            if wanted
            else _("You get no more group letters from the broker."),
        )
    return redirect("round", slug=slug)
