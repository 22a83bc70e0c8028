"""Mails when a visit ends before it happened. Whoever still counted on it hears; nobody hears a reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from secondments.models import HostOffer, Placement

from .letters import Letter, another_may_come, facts_of, links_to, to_coordinators, to_host, to_visitor, url_of


def withdrawn(placement: Placement) -> None:
    to_visitor(
        placement,
        lambda: Letter(
            title=_("You have withdrawn: %(visit)s") % {"visit": placement.title()},
            paragraphs=(_("Everyone who was asked knows. Your days are free again."),),
            button_label=_("See where it stands"),
            button_url=url_of(placement),
        ),
    )
    not_coming(placement)


def not_coming(placement: Placement) -> None:
    """To the host: the days are theirs again."""
    to_host(
        placement,
        lambda: Letter(
            title=_("%(name)s is not coming after all") % {"name": placement.visitor.name},
            paragraphs=(_("The days are open for others again. There is nothing for you to do."),),
            facts=facts_of(placement),
            button_label=_("Look at the visit"),
            button_url=url_of(placement),
        ),
    )


def cancelled(placement: Placement, open_instead: Sequence[HostOffer], *, by_host: bool) -> None:
    to_visitor(placement, lambda: _ended(placement, _("It cannot take place: %(visit)s"), open_instead))
    if not by_host:
        not_coming(placement)
        return
    to_coordinators(
        placement.home,
        placement,
        lambda: Letter(
            title=_("%(visit)s cannot take place") % {"visit": placement.title()},
            paragraphs=(_("%(name)s has been told, with what is still open.") % {"name": placement.visitor.name},),
            facts=facts_of(placement),
            button_label=_("Look at the visit"),
            button_url=url_of(placement),
        ),
        but=placement.visitor.email or "",
    )


def expired(placement: Placement, open_instead: Sequence[HostOffer], *, host_said_yes: bool) -> None:
    to_visitor(placement, lambda: _ended(placement, _("Not everyone could answer in time: %(visit)s"), open_instead))
    if host_said_yes:
        not_coming(placement)


def did_not_happen(placement: Placement) -> None:
    def letter() -> Letter:
        return Letter(
            title=_("It did not happen: %(visit)s") % {"visit": placement.title()},
            paragraphs=(_("This is now recorded. If you see it otherwise, tell us on the page of the visit."),),
            facts=facts_of(placement),
            button_label=_("Look at the visit"),
            button_url=url_of(placement),
        )

    to_visitor(placement, letter)
    to_host(placement, letter)


def _ended(placement: Placement, title: str, open_instead: Sequence[HostOffer]) -> Letter:
    return Letter(
        title=title % {"visit": placement.title()},
        paragraphs=(
            _("Your days are free again."),
            *another_may_come(placement),
            *((_("These are still open to you."),) if open_instead else ()),
        ),
        links=links_to(open_instead),
        links_title=_("Still open"),
        button_label=_("See where it stands"),
        button_url=url_of(placement),
    )
