"""One shape for every mail about a visit, so that its words are written once for plain text and for HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import normalize_newlines
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from partnerships.ground import outbox
from partnerships.ground.look import Fact
from partnerships.states import MembershipState
from secondments.models.money import payment_words
from secondments.states import BY_A_BROKER, HowBegan

if TYPE_CHECKING:
    from datetime import datetime

    from partnerships.models import Membership, Organisation, User
    from secondments.models import HostOffer, Placement


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: its title tells the state of things; there is one button at most."""

    title: str
    paragraphs: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    button_label: str = ""
    button_url: str = ""
    links: tuple[tuple[str, str], ...] = ()
    links_title: str = ""
    after: tuple[str, ...] = field(default=())


def paragraphs_of(typed: str) -> tuple[str, ...]:
    """What somebody typed, parted at its empty lines, however their browser ends a line."""
    parts = re.split(r"\n\s*\n", normalize_newlines(typed))
    return tuple(part.strip() for part in parts if part.strip())


def send(to: str | None, language: str, thing: Model, write: Callable[[], Letter]) -> None:
    """Put one letter into the outbox, written in its reader's language; nothing for a person without email."""
    if not to:
        return
    with translation.override(language):
        letter = write()
        button = {"button_label": letter.button_label, "button_url": letter.button_url}
        outbox.post(
            template="visits/letter", to=to, context={"letter": letter, **button}, thing=thing, language=language
        )


def to_user(user: User, thing: Model, write: Callable[[], Letter]) -> None:
    send(user.email, user.language, thing, write)


def to_member(membership: Membership, thing: Model, write: Callable[[], Letter]) -> None:
    """Somebody who takes part; for a colleague without email, whoever looks after their organisation."""
    if membership.user.email:
        to_user(membership.user, thing, write)
        return

    def for_them() -> Letter:
        letter, name = write(), membership.user.name
        first = _("You answer for %(name)s, who has no email here. This is what they would read:") % {"name": name}
        title = _("For %(name)s: %(title)s") % {"name": name, "title": letter.title}
        return replace(letter, title=title, paragraphs=(first, *letter.paragraphs))

    to_coordinators(membership.organisation, thing, for_them)


def to_visitor(placement: Placement, write: Callable[[], Letter]) -> None:
    """The visitor; for a colleague without email, the coordinator who asked for them, or any where a round did."""
    if placement.visitor.email:
        to_user(placement.visitor, placement, write)
    elif placement.how_began in BY_A_BROKER:
        to_member(placement.membership, placement, write)
    else:
        to_user(placement.asked_by, placement, write)


def to_coordinators(organisation: Organisation, thing: Model, write: Callable[[], Letter], *, but: str = "") -> None:
    for membership in organisation.coordinators():
        if membership.user.email != but:
            to_user(membership.user, thing, write)


def to_host(placement: Placement, write: Callable[[], Letter]) -> None:
    to_coordinators(placement.offer.organisation, placement, write)


def url_of(thing: HostOffer | Placement) -> str:
    return f"{settings.SITE_ADDRESS}{thing.get_absolute_url()}"


def url_named(name: str, *args: object) -> str:
    return f"{settings.SITE_ADDRESS}{reverse(name, args=args)}"


def facts_of(placement: Placement) -> tuple[Fact, ...]:
    """What anyone asked about the visit may know: never what the visitor needs, never an address."""
    offer = placement.offer
    visitor = placement.visitor.name
    if placement.membership.job_title:
        visitor = _("%(name)s, %(job)s") % {"name": visitor, "job": placement.membership.job_title}
    return (
        Fact(_("Who"), _("%(visitor)s at %(home)s") % {"visitor": visitor, "home": placement.home.name}),
        Fact(_("Where"), _("%(offer)s, %(host)s") % {"offer": offer.called, "host": offer.organisation.name}),
        Fact(_("When"), placement.when_words()),
        Fact(_("Payment"), payment_words(placement.payment_pence, placement.home.name)),
    )


def moment_words(at: datetime) -> str:
    """Friday 11 December."""
    return date_format(localtime(at), "l j F")


def another_may_come(placement: Placement) -> tuple[str, ...]:
    """Whoever loses a visit that a round had found is looked for still, without a promise, while they work there."""
    if placement.how_began != HowBegan.MATCHED or placement.membership.state != MembershipState.ACTIVE:
        return ()
    return (_("If another place that suits you comes free in the round, we write to you."),)


def links_to(offers: Iterable[HostOffer]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (_("%(offer)s, %(host)s") % {"offer": offer.title, "host": offer.organisation.name}, url_of(offer))
        for offer in offers
    )
