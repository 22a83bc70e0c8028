"""What a broker reads of a run: who meets whom and why, who could not be placed, and what was reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.ground.counting import count_each
from partnerships.ground.look import Figure, Flow, SectorName
from partnerships.ground.paging import Pages
from secondments.forms.desk import ProposalFilter
from secondments.matches import criterion_words, what_happened, why_this_match
from secondments.matches.costs import change_words
from secondments.matches.stages import amount_words, most_words
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


def proposal_of(request: HttpRequest, run: MatchRun, **others: QuerySet[Any]) -> dict[str, Any]:
    """What the page of a run needs, with as many queries for ten thousand people as for two.

    `others` are counted with all that it counts.
    """
    asked = ProposalFilter(request.GET, run=run)
    asked.full_clean()
    found, without = asked.matches(), asked.without()
    filtered = any(request.GET.get(name) for name in asked.fields)
    counted = _count(run, found=found, waiting=without, **others)
    people = counted["placed"] + counted["without"]
    rows = found.exchanges_first().with_people().with_who_answers()
    of_matches = Pages(rows, PAGE_SIZE, found=counted["found"], by_key=True)
    matches = of_matches.get_page(request.GET.get("page"))
    of_others = Pages(without.with_people().with_since(), PAGE_SIZE, found=counted["waiting"])
    unplaced: Iterable[Any] = of_others.get_page(request.GET.get("without"))
    return {
        "run": run,
        "filter": asked,
        "filtered": filtered,
        "placed": counted["placed"],
        "everybody": people,
        "small": people <= SMALL and not filtered,
        "proven": all(one["proven"] for one in run.criteria),
        "criteria": [_criterion(one, people=people, placed=counted["placed"]) for one in run.criteria],
        "matches": matches,
        "rows": rows_of(run, list(matches)),
        "unplaced": unplaced,
        "unplaced_rows": [unplaced_row(each) | {"since": each.since} for each in unplaced],
        "figures": _figures(counted, exchanging=run.round.programme.largest_exchange > 1),
        "flows": _flows(run) if counted["placed"] >= PICTURE_FROM else [],
        "counted": counted,
        "changed_since": counted["changed_since"],
        "by_hand": counted["changes"] > counted["changed_since"],
    }


def _criterion(one: dict[str, Any], *, people: int, placed: int) -> tuple[str, str, bool, str]:
    """What counts, what it came to, whether that is proven, and else how much more there could be."""
    title, _meaning = criterion_words(one["name"])
    reached = amount_words(one["name"], one["value"], everybody=people, placed=placed)
    return title, reached, one["proven"], most_words(one["name"], one["bound"], placed=placed)


def changes_of(request: HttpRequest, run: MatchRun, found: int) -> dict[str, Any]:
    """What holds by hand, and which of it the proposal does not know of yet."""
    standing = Adjustment.objects.standing_in(run.round).with_people().select_related("made_by")
    changes = standing.with_how_many().with_whether_it_holds(run)
    page = Pages(changes, PAGE_SIZE, found=found).get_page(request.GET.get("changes"))
    return {
        "changes": page,
        "change_rows": [_change_row(change, run) for change in page],
    }


def _change_row(change: Any, run: MatchRun) -> dict[str, Any]:
    new = change.run_id == run.pk
    # What could not hold was left out, and the broker has to hear of it.
    lost = change.week and not new and not change.in_run
    return {"change": change, "words": change_words(change), "new": new, "lost": lost}


def _row_of(match: Match) -> dict[str, Any]:
    """Both people of a match, side by side, and why."""
    membership, host = match.participation.membership, match.offer.organisation
    return {
        "match": match,
        "membership": membership,
        "home": membership.organisation,
        "host": host,
        "who_answers": _who_answers(match),
        "why": why_this_match(match.parts, match.facts, in_a_list=True),
    }


def rows_of(run: MatchRun, matches: list[Match]) -> list[dict[str, Any]]:
    """Each row of a page, with the names of those whom this person changes places or goes round with.

    They may stand on another page, or not be among those that were asked for.
    """
    exchanges = {match.exchange for match in matches if match.exchange is not None}
    together: dict[int | None, list[tuple[int, str]]] = defaultdict(list)
    for exchange, match, name in (
        run.matches.filter(exchange__in=exchanges)
        .order_by("id")
        .values_list("exchange", "pk", "participation__membership__user__name")
    ):
        together[exchange].append((match, name))
    return [
        _row_of(match) | {"others": [name for pk, name in together[match.exchange] if pk != match.pk]}
        for match in matches
    ]


def _who_answers(match: Match) -> list[str]:
    """Whoever shows it themselves; else who answers for the host."""
    shown_by = match.offer.shown_by
    if shown_by is not None:
        return [shown_by.membership.user.name]
    return [each.user.name for each in match.offer.organisation.who_answers()]


def unplaced_row(each: NotPlaced) -> dict[str, Any]:
    """Somebody without a place, why, and what would help."""
    return {"participation": each.participation, "why_not": what_happened(each.causes, for_broker=True)}


def _count(run: MatchRun, **shown: QuerySet[Any]) -> dict[str, int]:
    return count_each(
        placed=run.matches.all(),
        without=run.not_placed.all(),
        hosts=run.hosts(),
        compulsory=run.matches.compulsory(),
        compulsory_without=run.not_placed.compulsory(),
        in_twos=run.matches.in_exchanges_of(2),
        in_threes=run.matches.in_exchanges_of(3),
        changes=Adjustment.objects.standing_in(run.round),
        changed_since=Adjustment.objects.since(run),
        **shown,
    )


def _figures(counted: dict[str, int], *, exchanging: bool) -> list[Figure]:
    """How many have a place and in what way; of those who have to go only where there are any."""
    hosts, twos, threes = counted["hosts"], counted["in_twos"] // 2, counted["in_threes"] // 3
    alone = counted["placed"] - counted["in_twos"] - counted["in_threes"]
    have_to, of_all = counted["compulsory"], counted["compulsory"] + counted["compulsory_without"]
    figures = [Figure(counted["placed"], _("placed, %(waiting)s waiting") % {"waiting": counted["without"]})]
    if exchanging:
        figures += [
            Figure(twos, ngettext("pair changes places", "pairs change places", twos)),
            Figure(threes, ngettext("group of three goes round", "groups of three go round", threes)),
            Figure(alone, ngettext("visit goes one way", "visits go one way", alone)),
        ]
    figures.append(Figure(hosts, ngettext("host has a visitor", "hosts have a visitor", hosts)))
    if of_all:
        figures.append(Figure(have_to, _("placed of %(all)s who have to go") % {"all": of_all}))
    return figures


def _flows(run: MatchRun) -> list[Flow]:
    flows = []
    for source, target, count in sorted(run.matches.by_sectors(), key=lambda pair: (-pair[2], pair[:2])):
        left, right = cast(SectorName, source), cast(SectorName, target)
        flows.append(Flow(SHORT_SECTORS[left], SHORT_SECTORS[right], count, left, right))
    return flows
