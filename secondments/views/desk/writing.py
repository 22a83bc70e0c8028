"""A broker writes to several people of a round: those that the desk shows now."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from partnerships.ground.access import broker, open_to
from partnerships.ground.forms import add_problems
from partnerships.ground.problems import Refused
from partnerships.permissions import me
from secondments.actions.letters import who_can_be_written_to, write_to_people
from secondments.forms.brokering import LetterForm
from secondments.forms.desk import ProposalFilter
from secondments.models import Round
from secondments.states import TOLD_STATES, RoundState
from secondments.views.desk.page import fetch

MOST_NAMED = 100
MOST_LETTERS = 5


@open_to(broker)
@require_http_methods(["GET", "HEAD", "POST"])
def round_write(request: HttpRequest, slug: str) -> HttpResponse:
    """What is written, then how it reads and to how many, then it goes out."""
    a_round = fetch(request, slug)
    people = _shown(request, a_round)
    readers = who_can_be_written_to(a_round, people)
    form = LetterForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})
    act = request.POST.get("act", "")
    if act == "send" and form.is_valid():
        said = form.cleaned_data
        try:
            letter = write_to_people(a_round=a_round, people=people, by=me(request.user), **said)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            count = len(letter.readers)
            words = ngettext("%(count)s person gets your letter.", "%(count)s people get your letter.", count)
            messages.success(request, words % {"count": count})
            return redirect("round-desk", slug=slug)
    count = readers.count()
    context = {
        "round": a_round,
        "form": form,
        "count": count,
        "left_out": len(people) - count,
        "readers": [each.membership.user.name for each in readers[:MOST_NAMED]],
        "more": max(0, count - MOST_NAMED),
        "untold": a_round.state in (RoundState.PROPOSED, RoundState.PUBLISHING, RoundState.MATCHING),
        "preview": act == "preview" and form.is_valid(),
        "here": request.get_full_path(),
        "letters": a_round.letters.select_related("written_by")[:MOST_LETTERS],
    }
    return render(request, "secondments/round_write.html", context)


def _shown(request: HttpRequest, a_round: Round) -> list[int]:
    """The people whom the desk shows with these filters; before there is a proposal, everybody who has joined."""
    if a_round.state not in (RoundState.PROPOSED, *TOLD_STATES):
        return list(a_round.participations.joined().values_list("pk", flat=True))
    asked = ProposalFilter(request.GET, run=a_round.latest_run())
    asked.full_clean()
    found = [*asked.matches().values_list("participation"), *asked.without().values_list("participation")]
    return [key for (key,) in found]
