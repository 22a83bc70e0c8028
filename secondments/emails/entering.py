"""Mails about what was written down for somebody: is it right, and it was taken back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partnerships.ground import clock
from partnerships.models import User
from secondments.models import Entry, HostOffer
from secondments.permissions import coordinator_addresses, entry_addresses

from .letters import Letter, send
from .links import LASTS, entry_link, offer_link

ONE_DAY = timedelta(days=1)


def ask(*entries: Entry) -> None:
    """One mail to each person; for somebody without email, one to each coordinator who may answer for them."""
    asked = [(entry, address) for entry in entries for address in entry_addresses(entry)]
    languages = _languages([address for _entry, address in asked])
    for entry, address in asked:
        send(address, languages.get(address, "en-gb"), entry, partial(_question, entry, address))


def ask_about_offer(offer: HostOffer) -> None:
    """To each coordinator of the host: a broker has written this for you; may it be shown?"""
    addresses = coordinator_addresses(offer.organisation)
    languages = _languages(addresses)
    for address in addresses:
        send(address, languages.get(address, "en-gb"), offer, partial(_about_offer, offer, address))


def _languages(addresses: list[str]) -> dict[str | None, str]:
    return dict(User.objects.filter(email__in=addresses).values_list("email", "language"))


def _question(entry: Entry, address: str) -> Letter:
    a_round = entry.round
    names = {
        "name": entry.name,
        "programme": a_round.programme.name,
        "who": entry.entered_by.name,
        "broker": a_round.programme.organisation.name,
        "organisation": entry.organisation.name,
        # Whoever has no account can answer as long as the link opens; a reminder brings another.
        "day": date_format(min(a_round.join_by, clock.today(entry.asked_at + LASTS - ONE_DAY)), "l j F"),
    }
    if not entry.email:
        title = _("Is this right for %(name)s? %(programme)s") % names
        first = _(
            "%(who)s has written down what %(name)s of %(organisation)s told them. %(name)s has no email here, so you "
            "answer for them. Speak to them first."
        )
    elif entry.tells:
        title = _("Is this right? %(programme)s") % names
        first = _("%(who)s has written down what you told them about taking part. Nothing counts before you say yes.")
    else:
        title = _("Would you like to take part in %(programme)s?") % names
        first = _("%(who)s has put you down for it, as somebody who works at %(organisation)s. It is up to you.")
    return Letter(
        title=title,
        paragraphs=(
            first % names,
            a_round.programme.about,
            _("No is a good answer and needs no reason. Please answer by %(day)s.") % names,
        ),
        button_label=_("Read and answer"),
        button_url=entry_link(entry, address),
        after=(_the_link_opens(), _("If this means nothing to you, do nothing: you will not take part.")),
    )


def _about_offer(offer: HostOffer, address: str) -> Letter:
    names = {"offer": offer.title, "who": offer.created_by.name, "host": offer.organisation.name}
    return Letter(
        title=_("May this be shown? “%(offer)s”") % names,
        paragraphs=(
            _(
                "%(who)s has written this invitation for %(host)s, so that people can visit you. Nobody sees it before "
                "you say yes."
            )
            % names,
            offer.what_you_will_see,
            _("No is a good answer and needs no reason. You can also sign in and change it first."),
        ),
        button_label=_("Read and answer"),
        button_url=offer_link(offer, address),
        after=(_the_link_opens(),),
    )


def _the_link_opens() -> str:
    return _(
        "The link opens this one question, without signing in, for %(days)s days. Nothing happens until you press a "
        "button."
    ) % {"days": LASTS.days}
