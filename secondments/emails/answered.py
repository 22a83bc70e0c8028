"""The mail to who wrote something down for others: who has said yes or no, and which hosts have opened what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.models import User
from secondments.models import Entry, HostOffer
from secondments.states import EntryState, OfferState

from .letters import Letter, to_user, url_named, url_of

MOST_NAMED = 20


def what_was_answered(writer: User, entries: Sequence[Entry], offers: Sequence[HostOffer]) -> None:
    """To one person, of all rounds at once."""
    to_user(writer, writer, lambda: _letter(entries, offers))


def _letter(entries: Sequence[Entry], offers: Sequence[HostOffer]) -> Letter:
    count = len(entries) + len(offers)
    title = ngettext(
        "%(count)s answer to what you wrote down for others",
        "%(count)s answers to what you wrote down for others",
        count,
    )
    rounds = {entry.round for entry in entries}
    (one,) = rounds if len(rounds) == 1 else (None,)
    return Letter(
        title=title % {"count": count},
        paragraphs=(*_of_people(entries), *_of_hosts(offers)),
        links=tuple((offer.title, url_of(offer)) for offer in offers if offer.state == OfferState.PUBLISHED),
        links_title=_("Open to visitors now"),
        button_label=_("Look at the round") if one else _("See what comes next"),
        button_url=url_named("round-entered", one.slug) if one else url_named("next-steps"),
        after=(
            _("No is a good answer, and nobody is asked for a reason."),
            _("You hear of answers at eight in the morning, once a day at most."),
        ),
    )


def _of_people(entries: Iterable[Entry]) -> list[str]:
    """A line for each round and answer."""
    found = []
    ordered = sorted(entries, key=lambda entry: (entry.round.pk, entry.state, entry.pk))
    for (a_round, state), some in groupby(ordered, key=lambda entry: (entry.round, entry.state)):
        people = list(some)
        names = {"round": a_round.full_name, "names": _names([entry.name for entry in people])}
        if state == EntryState.CONFIRMED:
            line = ngettext("%(round)s: %(names)s takes part.", "%(round)s: %(names)s take part.", len(people))
        else:
            line = ngettext("%(round)s: %(names)s says no.", "%(round)s: %(names)s say no.", len(people))
        found.append(line % names)
    return found


def _of_hosts(offers: Iterable[HostOffer]) -> list[str]:
    return [_of_host(offer) % {"host": offer.organisation.name, "offer": offer.title} for offer in offers]


def _of_host(offer: HostOffer) -> str:
    changed: bool = offer.changed  # type: ignore[attr-defined]  # annotated by `answered_by_others`
    if offer.state == OfferState.CLOSED:
        return _("%(host)s would rather not show “%(offer)s”. Nobody sees it.")
    if offer.state == OfferState.TO_CONFIRM:
        return _("%(host)s has changed “%(offer)s”, and has not said yet whether it may be shown.")
    if changed:
        return _("%(host)s has changed “%(offer)s” and said yes: it is open to visitors.")
    return _("%(host)s has said yes to “%(offer)s”: it is open to visitors.")


def _names(names: Sequence[str]) -> str:
    """Some of them by name: a list may have brought two hundred."""
    named = list(names[:MOST_NAMED])
    if more := len(names) - len(named):
        named.append(ngettext("%(count)s more", "%(count)s more", more) % {"count": more})
    return get_text_list(named, _("and"))
