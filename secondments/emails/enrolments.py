"""Mails about organisations that take part in a programme: invited, asking, and answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from secondments.models import Enrolment

from .brokers import brokers_of
from .letters import Letter, to_coordinators, to_user, url_named


def _names(enrolment: Enrolment) -> dict[str, str]:
    programme = enrolment.programme
    return {
        "organisation": enrolment.organisation.name,
        "programme": programme.name,
        "broker": programme.organisation.name,
    }


def invited(enrolment: Enrolment) -> None:
    """To the coordinators of the organisation: what it is about, and where to read the terms."""
    names = _names(enrolment)
    to_coordinators(
        enrolment.organisation,
        enrolment,
        lambda: Letter(
            title=_("%(organisation)s is invited to %(programme)s") % names,
            paragraphs=(
                _("%(broker)s invites you to take part. Your people can join then, and visitors be sent to you.")
                % names,
                enrolment.programme.about,
                _("Read the terms first. No is a good answer and needs no reason."),
            ),
            button_label=_("Read the terms and answer"),
            button_url=url_named("enrolment", enrolment.uuid),
        ),
    )


def asked(enrolment: Enrolment) -> None:
    """To every broker of the programme."""
    names = _names(enrolment)
    for broker in brokers_of(enrolment.programme):
        to_user(
            broker,
            enrolment,
            lambda: Letter(
                title=_("%(organisation)s would like to take part in %(programme)s") % names,
                paragraphs=(_("A coordinator has read and accepted the terms. You say whether it takes part."),),
                button_label=_("Answer"),
                button_url=url_named("enrolments", enrolment.programme.slug),
            ),
        )


def admitted(enrolment: Enrolment) -> None:
    names = _names(enrolment)
    to_coordinators(
        enrolment.organisation,
        enrolment,
        lambda: Letter(
            title=_("%(organisation)s takes part in %(programme)s") % names,
            paragraphs=(_("Your people can join its rounds now, and visitors can be sent to your open offers."),),
            button_label=_("See the programmes"),
            button_url=url_named("rounds"),
        ),
    )


def not_admitted(enrolment: Enrolment) -> None:
    names = _names(enrolment)
    to_coordinators(
        enrolment.organisation,
        enrolment,
        lambda: Letter(
            title=_("%(programme)s takes no further organisations at the moment") % names,
            paragraphs=(_("You can ask hosts for visits, and be asked, outside any programme."),),
            button_label=_("See who is open to visitors"),
            button_url=url_named("offers"),
        ),
    )
