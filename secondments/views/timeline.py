"""What has happened to a visit, from the audit trail, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.ground.look import Happening
from partnerships.ground.models import Event
from secondments.models import Check, Decision, Placement
from secondments.next_steps import deciders
from secondments.permissions import is_visitor
from secondments.states import LIVE_STATES, CheckState, DecisionKind, DecisionState, HowBegan, PlacementState

if TYPE_CHECKING:
    from partnerships.models import User


def timeline_of(placement: Placement, user: User) -> list[Happening]:
    """Oldest first; a no is not among it, and neither is who said it."""
    return [*_past(placement, user), *_to_come(placement, user)]


def _past(placement: Placement, user: User) -> Iterator[Happening]:
    decisions = {decision.pk: decision for decision in placement.decisions.all()}
    checks = {check.pk: check for check in placement.checks.all()}
    about = (
        Q(thing_type=Placement._meta.label_lower, thing_id=placement.pk)
        | Q(thing_type=Decision._meta.label_lower, thing_id__in=list(decisions))
        | Q(thing_type=Check._meta.label_lower, thing_id__in=list(checks))
    )
    # What was there from the beginning is told by the asking itself.
    for event in Event.objects.filter(about).exclude(verb="create").order_by("id"):
        if event.thing_type == Decision._meta.label_lower:
            words = _of_decision(event, decisions[event.thing_id], placement, user)
        elif event.thing_type == Check._meta.label_lower:
            words = _("%(thing)s: done") % {"thing": checks[event.thing_id].get_kind_display()}
        else:
            words = _of_placement(event, placement, user)
        if words:
            yield Happening(words, event.at)


def _of_decision(event: Event, decision: Decision, placement: Placement, user: User) -> str:
    who = deciders(placement, user)[decision.kind]
    if event.verb == "ask_someone_else":
        return _("Somebody else was asked to agree")
    if event.to_state != DecisionState.YES:
        return ""
    if decision.kind == DecisionKind.HOST:
        return _("%(who)s said yes, on the ground rules") % {"who": who}
    return _("%(who)s said yes") % {"who": who}


def _of_placement(event: Event, placement: Placement, user: User) -> str:
    mine = is_visitor(user, placement)
    names = {"name": placement.visitor.name, "host": placement.offer.organisation.name}
    if event.verb == "request_placement":
        return _began(placement, mine=mine) % names
    return {
        PlacementState.AGREED: "",
        PlacementState.CONFIRMED: _("Everything ready"),
        PlacementState.UNDER_WAY: _("The first day came"),
        PlacementState.COMPLETED: _("%(host)s said that it happened") % names,
        PlacementState.DECLINED: _("It does not work out this time"),
        PlacementState.WITHDRAWN: _("You withdrew") if mine else _("%(name)s withdrew") % names,
        PlacementState.CANCELLED: _("It was called off"),
        PlacementState.EXPIRED: _("The time to answer ran out"),
        PlacementState.DID_NOT_HAPPEN: _("It did not happen"),
    }.get(PlacementState(event.to_state), "")


def _began(placement: Placement, *, mine: bool) -> str:
    """Whether the visitor asked, or is asked as well as everybody else."""
    if placement.how_began == HowBegan.MATCHED:
        return _("You were matched with %(host)s") if mine else _("%(name)s was matched with %(host)s")
    if placement.how_began == HowBegan.INTRODUCED:
        return _("A broker introduced you to %(host)s") if mine else _("A broker introduced %(name)s to %(host)s")
    return _("You asked %(host)s") if mine else _("%(name)s asked %(host)s")


def _to_come(placement: Placement, user: User) -> Iterator[Happening]:
    if placement.state not in LIVE_STATES:
        return
    names = deciders(placement, user)
    day = date_format(localtime(placement.answer_by), "l j F")
    for decision in placement.decisions.all():
        if decision.state == DecisionState.WAITING:
            note = _("asked; answer by %(day)s") % {"day": day}
            yield Happening(_("%(who)s to decide") % {"who": names[decision.kind]}, note=note, done=False)
    if placement.state in (PlacementState.REQUESTED, PlacementState.AGREED):
        needed = sum(check.state == CheckState.NEEDED for check in placement.checks.all())
        note = ngettext("%(count)d thing to do", "%(count)d things to do", needed) % {"count": needed}
        yield Happening(_("Everything ready"), note=note if needed else "", done=False)
    days = placement.days()
    if days and placement.state != PlacementState.UNDER_WAY:
        yield Happening(_("The first day"), days[0], done=False)
    if days:
        yield Happening(
            _("%(host)s says that it happened") % {"host": placement.offer.organisation.name},
            note=_("after the last day, %(day)s") % {"day": date_format(days[-1], "j F")},
            done=False,
        )
