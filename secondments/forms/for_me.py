"""What somebody outside any round would like of a visit. It travels in the address, so it says nothing of a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import Membership
from partnerships.states import Field, Sector
from secondments.matches.for_one import Wanted, everyday_crossings, weeks_ahead
from secondments.models import Participation

IN_PERSON, ONLINE, EITHER = "in-person", "online", "either"
HOW_FAR = 25
SMALL_BOXES = {"class": "govuk-checkboxes--small"}


class ForMeForm(forms.Form):
    """Nothing has to be chosen: what is left empty may be anything."""

    mark_optional = False

    home = forms.ChoiceField(label=gettext_lazy("Where you go from"), required=False)
    wants = forms.MultipleChoiceField(
        label=gettext_lazy("What you would like to see"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=SMALL_BOXES),
    )
    months = forms.MultipleChoiceField(
        label=gettext_lazy("When you could go"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=SMALL_BOXES),
    )
    km = forms.IntegerField(
        label=gettext_lazy("How far you can travel, in km"),
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("Enter how far you can travel, such as 25")),
        min_value=1,
        max_value=500,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How you would meet"),
        choices=[
            (IN_PERSON, gettext_lazy("In person")),
            (EITHER, gettext_lazy("In person or online")),
            (ONLINE, gettext_lazy("Online")),
        ],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
    )
    tie = forms.BooleanField(
        label=gettext_lazy("My team funds, buys from, inspects or assesses organisations that might host me"),
        required=False,
    )
    unpaid = forms.BooleanField(label=gettext_lazy("Only hosts that ask for no payment"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        goers: list[Membership],
        goer: Membership,
        said: Participation | None,
        at: datetime,
    ) -> None:
        self.weeks = weeks_ahead(at)
        home = goer.organisation
        targets = {target for source, target in everyday_crossings() if source == home.field}
        super().__init__(data or _as_said(said, targets))
        self._choose("wants", [(value, label) for value, label in Field.choices if value in targets])
        self._choose("months", list({_month(week): date_format(week, "F Y") for week in self.weeks}.items()))
        if len(goers) > 1:
            self._choose("home", [(each.organisation.slug, each.organisation.name) for each in goers])
        else:
            del self.fields["home"]
        if not goer.is_commissioner and home.sector != Sector.PUBLIC:
            del self.fields["tie"]

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def wanted(self) -> Wanted:
        """What was said, as the engine is asked."""
        said = self.cleaned_data
        months = said["months"]
        return Wanted(
            wants=said["wants"],
            weeks=[week for week in self.weeks if not months or _month(week) in months],
            most_km=said["km"],
            in_person=said["how"] != ONLINE,
            online=said["how"] in (ONLINE, EITHER),
            has_tie=said.get("tie", False),
            unpaid_only=said["unpaid"],
        )

    def words(self) -> str:
        """What was said, in a line."""
        said = self.cleaned_data
        labels = dict(Field.choices)
        hows = {IN_PERSON: _("in person"), EITHER: _("in person or online"), ONLINE: _("online")}
        months = [date_format(week, "F") for week in self.weeks if _month(week) in said["months"]]
        what = _(", ").join(str(labels[field]) for field in said["wants"]) or _("Any kind of organisation")
        when = _(", ").join(dict.fromkeys(months)) or _("any month")
        how_far = _("up to %(km)s km") % {"km": said["km"]}
        return _(" · ").join([what, when, how_far, hows[said["how"] or IN_PERSON]])


def _as_said(said: Participation | None, targets: set[str]) -> dict[str, Any]:
    """What is looked for before anything is chosen: the same as when they last joined a round, at any time."""
    if said is None:
        return {"km": str(HOW_FAR), "how": IN_PERSON}
    hows = {(True, True): EITHER, (False, True): ONLINE}
    return {
        "km": str(said.most_km),
        "how": hows.get((said.in_person, said.online), IN_PERSON),
        "wants": [field for field in said.wants if field in targets],
        "tie": said.has_tie,
    }


def _month(day: date) -> str:
    return day.strftime("%Y-%m")
