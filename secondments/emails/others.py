"""Mails that nobody's answer brings about: after the last day, the way back, and when something is wrong."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partnerships.models import User
from secondments.models import Concern, Placement, Swap

from .letters import Letter, facts_of, moment_words, to_coordinators, to_user, to_visitor, url_named
from .links import LASTS, outcome_link


def did_it_happen(placement: Placement) -> None:
    """The host's second and last touch, by a link that needs no sign-in."""
    for membership in placement.offer.organisation.coordinators():
        user = membership.user
        if user.email:
            to_user(user, placement, lambda user=user: _outcome(placement, user))  # type: ignore[misc]  # binds this user


def _outcome(placement: Placement, user: User) -> Letter:
    return Letter(
        title=_("Did it happen? %(name)s at %(host)s")
        % {"name": placement.visitor.name, "host": placement.offer.organisation.name},
        paragraphs=(_("Tell us that it happened and how many hours it took you, and you are done."),),
        facts=facts_of(placement),
        button_label=_("Say how it was"),
        button_url=outcome_link(placement, user.email or ""),
        after=(_("The link opens this one page, without signing in, for %(days)s days.") % {"days": LASTS.days},),
    )


def return_due(swap: Swap, first: Placement) -> None:
    """Somebody of the host would like to come now: told to those who would welcome them."""

    def letter() -> Letter:
        host = first.offer.organisation
        return Letter(
            title=_("Somebody from %(host)s would like to come to you") % {"host": host.name},
            paragraphs=(
                _("%(name)s visited them and promised a visit in return.") % {"name": first.visitor.name},
                _(
                    "If your organisation has an offer open, they can ask for days there. If not, it takes a few "
                    "minutes to write one."
                ),
            ),
            facts=facts_of(first),
            button_label=_("Your organisation’s offers"),
            button_url=url_named("offers-ours"),
        )

    to_coordinators(first.home, first, letter, but=first.visitor.email or "")
    to_visitor(first, letter)


def concern_raised(concern: Concern) -> None:
    """To administrators: that there is one, and where to read it. What was written stays on the page."""
    for user in User.objects.filter(is_administrator=True, is_active=True):
        to_user(
            user,
            concern,
            lambda: Letter(
                title=_("Somebody says that something is wrong"),
                paragraphs=(
                    _("It was said on %(day)s. Please read it today.") % {"day": moment_words(concern.created_at)},
                ),
                button_label=_("Read it"),
                button_url=url_named("concern-read", concern.uuid),
            ),
        )
