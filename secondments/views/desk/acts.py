"""What a broker does with a round, each by one press: open, close, match, put aside, tell everyone, archive."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.ground.access import broker, open_to
from partnerships.ground.problems import Refused
from partnerships.permissions import me
from secondments.actions.programmes import open_round
from secondments.actions.publishing import publish_round
from secondments.actions.rounds import (
    archive_round,
    ask_for_match,
    close_round,
    put_proposal_aside,
    reopen_round,
    stop_matching,
)
from secondments.actions.unfinished import write_the_rest
from secondments.states import RoundState
from secondments.views.desk.page import fetch


def _act(request: HttpRequest, slug: str, verb: Callable[..., object], said: str) -> HttpResponse:
    a_round = fetch(request, slug)
    try:
        verb(a_round=a_round, by=me(request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("round-desk", slug=slug)


@open_to(broker)
@require_POST
def round_open(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, open_round, _("The round is open. Send people its address to let them join."))


@open_to(broker)
@require_POST
def round_close(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, close_round, _("The round is closed for joining."))


@open_to(broker)
@require_POST
def round_reopen(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, reopen_round, _("People can join again."))


@open_to(broker)
@require_POST
def round_match(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, ask_for_match, _("The matching has begun. This page shows how far it is."))


@open_to(broker)
@require_POST
def round_stop(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, stop_matching, _("It stops. What it reached is kept."))


@open_to(broker)
@require_POST
def round_write_rest(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, write_the_rest, _("The rest of the letters are being written."))


@open_to(broker)
@require_POST
def round_put_aside(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, put_proposal_aside, _("The proposal is put aside. Nobody was told."))


@open_to(broker)
@require_POST
def round_archive(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, archive_round, _("The round is archived. Who was in it still finds it."))


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once more before everybody hears: a mail cannot be taken back."""
    a_round = fetch(request, slug)
    if request.method != "POST" and a_round.state == RoundState.PROPOSED:
        run = a_round.latest_run()
        context = {"round": a_round, "run": run, "placed": run.matches.count(), "without": run.not_placed.count()}
        return render(request, "secondments/round_publish.html", context)
    if request.method != "POST":
        return redirect("round-desk", slug=slug)
    return _act(request, slug, publish_round, _("Everyone is being told. This page shows how far it is."))
