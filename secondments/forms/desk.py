"""What a broker asks of a proposal, some of its people, and why they change it by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.states import Sector
from secondments.forms.brokering import WHO_READS_A_NOTE
from secondments.matches.swaps import following
from secondments.models import MatchRun, Participation
from secondments.models.runs import MatchQuerySet, NotPlacedQuerySet
from secondments.states import AdjustmentReason

PLACED, WITHOUT, COMPULSORY, LOW, BY_HAND = "placed", "without", "compulsory", "low", "by-hand"


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
            field.choices = [("", _("Any organisation")), *run.organisations().values_list("slug", "name")]

    def _chosen(self, name: str) -> str:
        return str(getattr(self, "cleaned_data", {}).get(name, ""))

    def matches(self) -> MatchQuerySet:
        """The matches that are asked for."""
        found, show = self.run.matches.all(), self._chosen("show")
        if show == WITHOUT:
            return found.none()
        if show == COMPULSORY:
            found = found.compulsory()
        if show == LOW:
            found = found.fitting_less_than_half()
        if show == BY_HAND:
            found = found.made_by_hand()
        if sector := self._chosen("sector"):
            found = found.from_sector(sector)
        if slug := self._chosen("organisation"):
            found = found.of_organisation(slug)
        return found

    def without(self) -> NotPlacedQuerySet:
        """Those without a place who are asked for."""
        found, show = self.run.not_placed.all(), self._chosen("show")
        if show in (PLACED, LOW, BY_HAND):
            return found.none()
        if show == COMPULSORY:
            found = found.compulsory()
        if sector := self._chosen("sector"):
            found = found.from_sector(sector)
        if slug := self._chosen("organisation"):
            found = found.of_organisation(slug)
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


WEEKS = ("week", "back"), ("week", "on", "back")
"""By how many change places, the names under which an address has the week of each."""


class WeeksForm(forms.Form):
    """In which weeks people who change places go, each to the next."""

    mark_optional = False

    def __init__(
        self, *args: Any, people: Sequence[Participation], room: Sequence[Iterable[date]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        goes = _("When %(person)s goes to %(host)s")
        for name, visitor, host, weeks in zip(weeks_of(people), people, following(people), room, strict=True):
            who = {"person": visitor.membership.user.name, "host": host.membership.user.name}
            self.fields[name] = forms.ChoiceField(label=goes % who, choices=_week_choices(weeks))


def weeks_of(people: Sequence[Participation]) -> Sequence[str]:
    """The names of their weeks."""
    return WEEKS[len(people) - 2]


class RoundForm(forms.Form):
    """Which two somebody could go round with."""

    mark_optional = False

    def __init__(
        self, *args: Any, person: str, to: Iterable[tuple[str, str]], back: Iterable[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        labels = {"to": _("Who %(person)s visits"), "back": _("Who visits %(person)s")}
        for name, choices in {"to": to, "back": back}.items():
            label = labels[name] % {"person": person}
            choices = [("", _("Anybody")), *choices]
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
