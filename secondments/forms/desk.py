"""What a broker asks of a proposal, some of its people, and why they change it by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import Organisation
from partnerships.states import Sector
from secondments.forms.brokering import WHO_READS_A_NOTE
from secondments.matches.swaps import Weeks
from secondments.models import MatchRun, Participation
from secondments.models.runs import MatchQuerySet, NotPlacedQuerySet
from secondments.states import AdjustmentReason

PLACED, WITHOUT, COMPULSORY, LOW, BY_HAND = "placed", "without", "compulsory", "low", "by-hand"
HALF = 2


class ProposalFilter(forms.Form):
    """Every field may be empty; what is wrong in one takes nothing from the others."""

    mark_optional = False

    show = forms.ChoiceField(
        label=gettext_lazy("Who"),
        choices=[
            ("", gettext_lazy("Everybody")),
            (PLACED, gettext_lazy("People with a place")),
            (WITHOUT, gettext_lazy("People without a place")),
            (COMPULSORY, gettext_lazy("People who have to go")),
            (LOW, gettext_lazy("Matches that fit less than half")),
            (BY_HAND, gettext_lazy("Matches set by hand")),
        ],
        required=False,
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("Where they work"),
        choices=[("", gettext_lazy("Any sector")), *Sector.choices],
        required=False,
    )
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation, either side"), required=False)

    def __init__(self, *args: Any, run: MatchRun, **options: Any) -> None:
        super().__init__(*args, **options)
        self.run = run
        field = self.fields["organisation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Any organisation")), *_organisations_in(run)]

    def _chosen(self, name: str) -> str:
        return str(getattr(self, "cleaned_data", {}).get(name, ""))

    def matches(self) -> MatchQuerySet:
        """The matches that are asked for."""
        found, show = self.run.matches.all(), self._chosen("show")
        if show == WITHOUT:
            return found.none()
        if show == COMPULSORY:
            found = found.filter(participation__compulsory=True)
        if show == LOW:
            found = found.alias(doubled=F("fit") * HALF).filter(doubled__lt=_most_points(self.run))
        if show == BY_HAND:
            found = found.filter(facts__by_hand=True)
        if sector := self._chosen("sector"):
            found = found.filter(participation__membership__organisation__sector=sector)
        if slug := self._chosen("organisation"):
            home = Q(participation__membership__organisation__slug=slug)
            found = found.filter(home | Q(offer__organisation__slug=slug))
        return found

    def without(self) -> NotPlacedQuerySet:
        """Those without a place who are asked for."""
        found, show = self.run.not_placed.all(), self._chosen("show")
        if show in (PLACED, LOW, BY_HAND):
            return found.none()
        if show == COMPULSORY:
            found = found.filter(participation__compulsory=True)
        if sector := self._chosen("sector"):
            found = found.filter(participation__membership__organisation__sector=sector)
        if slug := self._chosen("organisation"):
            found = found.filter(participation__membership__organisation__slug=slug)
        return found


class ChangeForm(forms.Form):
    """Why a proposal is changed by hand."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        error_messages={"required": gettext_lazy("Say why you change this")},
        choices=AdjustmentReason.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note for brokers"),
        help_text=WHO_READS_A_NOTE,
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _week_choices(weeks: Iterable[date]) -> list[tuple[str, str]]:
    return [(week.isoformat(), _("Week of %(monday)s") % {"monday": date_format(week, "j F Y")}) for week in weeks]


class WeekForm(forms.Form):
    """In which of the weeks that suit both."""

    mark_optional = False

    week = forms.ChoiceField(label=gettext_lazy("Week"))

    def __init__(self, *args: Any, weeks: Iterable[date], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["week"]
        if isinstance(field, forms.ChoiceField):
            field.choices = _week_choices(weeks)


class WeeksForm(forms.Form):
    """In which weeks two people who change places go, each to the other."""

    mark_optional = False

    def __init__(self, *args: Any, room: Weeks, both: tuple[Participation, Participation], **options: Any) -> None:
        super().__init__(*args, **options)
        one, other = (each.membership.user.name for each in both)
        goes = _("When %(person)s goes to %(host)s")
        self.fields["week"] = forms.ChoiceField(
            label=goes % {"person": one, "host": other}, choices=_week_choices(room.there)
        )
        self.fields["back"] = forms.ChoiceField(
            label=goes % {"person": other, "host": one}, choices=_week_choices(room.back)
        )


def _organisations_in(run: MatchRun) -> list[tuple[str, str]]:
    """Everybody's own organisation, and every host's."""
    homes = run.matches.values("participation__membership__organisation")
    others = run.not_placed.values("participation__membership__organisation")
    hosts = run.matches.values("offer__organisation")
    found = Organisation.objects.filter(Q(pk__in=homes) | Q(pk__in=others) | Q(pk__in=hosts))
    return list(found.order_by("name", "id").values_list("slug", "name"))


def _most_points(run: MatchRun) -> int:
    """What a match of this run can give at most. Every match of a run is weighed alike."""
    parts = run.matches.values_list("parts", flat=True).first()
    return sum(part["out_of"] for part in parts or [])
