"""What came of a published round, for everybody: criteria, figures and fairness, and nobody in them."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.ground.access import anyone, open_to
from secondments.matches import weight_words
from secondments.matches.results import Results
from secondments.matches.rules import rules_in_words
from secondments.matches.told import title_of
from secondments.models import Round
from secondments.views.figures import shown


@open_to(anyone)
@require_safe
def round_results(request: HttpRequest, slug: str) -> HttpResponse:
    """The stored figures and no others: nothing about people is read to show this page."""
    a_round = get_object_or_404(Round.objects.with_results().select_related("programme__organisation"), slug=slug)
    results = cast(Results, a_round.results)
    context = {
        "round": a_round,
        "title": title_of(results, a_round.name),
        "rules": rules_in_words(a_round.programme),
        "weights": weight_words(a_round.weights),
        "seen": Round.objects.visible_to(request.user).filter(pk=a_round.pk).exists(),
        **shown(results),
    }
    return render(request, "secondments/round_results.html", context)
