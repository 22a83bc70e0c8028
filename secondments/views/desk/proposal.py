"""What a broker reads of a run: who meets whom and why, who could not be placed, and what was reached."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.ground.look import Figure, Flow, SectorName
from partnerships.ground.paging import Pages
from secondments.forms.desk import ProposalFilter
from secondments.matches import criterion_words, what_happened, why_this_match
from secondments.matches.costs import change_words
from secondments.models import Adjustment, Match, MatchRun, NotPlaced

PAGE_SIZE = 25
SMALL = 12
"""So few people stand on one screen: nobody needs to narrow them down, or figures of them."""

PICTURE_FROM = 30
"""A picture of who goes where says more than the rows from so many people on."""

SHORT_SECTORS: dict[SectorName, Promise] = {
    "public": gettext_lazy("Public"),
    "vcse": gettext_lazy("Voluntary"),
    "private": gettext_lazy("Private"),
    "people": gettext_lazy("People and families"),
}


def proposal_of(request: HttpRequest, run: MatchRun) -> dict[str, Any]:
    """What the page of a run needs, with as many queries for ten thousand people as for two."""
    asked = ProposalFilter(request.GET, run=run)
    asked.full_clean()
    filtered, counted = any(request.GET.get(name) for name in asked.fields), _count(run)
    placed, without = (None, None) if filtered else (counted["placed"], counted["without"])
    of_matches = Pages(asked.matches().with_people().with_who_answers(), PAGE_SIZE, found=placed)
    matches = of_matches.get_page(request.GET.get("page"))
    unplaced = Pages(asked.without().with_people(), PAGE_SIZE, found=without).get_page(request.GET.get("without"))
    return {
        "run": run,
        "filter": asked,
        "filtered": filtered,
        "placed": counted["placed"],
        "everybody": counted["placed"] + counted["without"],
        "small": counted["placed"] + counted["without"] <= SMALL and not filtered,
        "proven": all(one["proven"] for one in run.criteria),
        "criteria": [
            (*criterion_words(one["name"]), one["value"], one["proven"], one["bound"]) for one in run.criteria
        ],
        "matches": matches,
        "rows": [row_of(match) for match in matches],
        "unplaced": unplaced,
        "unplaced_rows": [unplaced_row(each) for each in unplaced],
        "figures": _figures(counted),
        "flows": _flows(run) if counted["placed"] >= PICTURE_FROM else [],
        "earlier": run.round.runs.compared().filter(number__lt=run.number).first() if run.number > 1 else None,
    }


def changes_of(request: HttpRequest, run: MatchRun) -> dict[str, Any]:
    """What holds by hand, and how much of it the proposal does not know of yet."""
    changes = Adjustment.objects.standing_in(run.round).with_people().select_related("made_by")
    counted = Adjustment.objects.count_in(run)
    page = Pages(changes, PAGE_SIZE, found=counted["standing"]).get_page(request.GET.get("changes"))
    people = [change.participation_id for change in page]
    placed = set(run.matches.filter(participation__in=people).values_list("participation", "offer")) if people else ()
    return {
        "changes": page,
        "change_rows": [
            {
                "change": change,
                "words": change_words(change),
                "new": change.run_id == run.pk,
                # What could not hold was left out, and the broker has to hear of it.
                "lost": change.week
                and change.run_id != run.pk
                and (change.participation_id, change.offer_id) not in placed,
            }
            for change in page
        ],
        "changed_since": counted["since"],
    }


def row_of(match: Match) -> dict[str, Any]:
    """Both people of a match, side by side, and why."""
    membership, host = match.participation.membership, match.offer.organisation
    return {
        "match": match,
        "membership": membership,
        "home": membership.organisation,
        "host": host,
        "who_answers": _who_answers(match),
        "why": why_this_match(match.parts, match.facts),
    }


def _who_answers(match: Match) -> list[str]:
    """Whoever shows it themselves; else who answers for the host."""
    shown_by = match.offer.shown_by
    if shown_by is not None:
        return [shown_by.membership.user.name]
    return [each.user.name for each in match.offer.organisation.who_answers()]


def unplaced_row(each: NotPlaced) -> dict[str, Any]:
    """Somebody without a place, why, and what would help."""
    return {"participation": each.participation, "why_not": what_happened(each.causes, for_broker=True)}


def _count(run: MatchRun) -> dict[str, int]:
    reached = run.matches.aggregate(
        placed=Count("id"),
        hosts=Count("offer__organisation", distinct=True),
        compulsory=Count("id", filter=Q(participation__compulsory=True)),
    )
    return {**reached, "without": run.not_placed.count()}


def _figures(counted: dict[str, int]) -> list[Figure]:
    hosts, compulsory = counted["hosts"], counted["compulsory"]
    return [
        Figure(counted["placed"], _("placed, %(waiting)s waiting") % {"waiting": counted["without"]}),
        Figure(hosts, ngettext("host has a visitor", "hosts have a visitor", hosts)),
        Figure(compulsory, ngettext("of them has to go", "of them have to go", compulsory)),
    ]


def _flows(run: MatchRun) -> list[Flow]:
    pairs = (
        run.matches.order_by()
        .values_list("participation__membership__organisation__sector", "offer__organisation__sector")
        .annotate(Count("id"))
    )
    flows = []
    for source, target, count in sorted(pairs, key=lambda pair: (-pair[2], pair[:2])):
        left, right = cast(SectorName, source), cast(SectorName, target)
        flows.append(Flow(SHORT_SECTORS[left], SHORT_SECTORS[right], count, left, right))
    return flows
