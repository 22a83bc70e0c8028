"""The form of a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from partnerships.ground.dates import DateField
from partnerships.states import SECTOR_OF_FIELD, Field, Sector

if TYPE_CHECKING:
    from partnerships.models import Organisation

PUBLIC_FIELDS = [str(field) for field, sector in SECTOR_OF_FIELD.items() if sector == Sector.PUBLIC]
VCSE_FIELDS = [str(field) for field, sector in SECTOR_OF_FIELD.items() if sector == Sector.VCSE]

OUT, BACK, ALL = "out", "back", "all"
CROSSINGS: dict[str, list[tuple[str, str]]] = {
    OUT: [(source, target) for source in PUBLIC_FIELDS for target in VCSE_FIELDS],
    BACK: [(source, target) for source in VCSE_FIELDS for target in PUBLIC_FIELDS],
    ALL: [(source, target) for source in Field.values for target in Field.values if source != target],
}

ORDERS = {
    "placed hosts fit": gettext_lazy("Everyone’s chance of a place first, then visitors spread over hosts, then fit"),
    "compulsory placed hosts fit": gettext_lazy("People who have to go first, then as in the choice above"),
}


class ProgrammeForm(forms.Form):
    """A programme with one round, on one page."""

    organisation = forms.ChoiceField(label=gettext_lazy("Which organisation runs it"), widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("Name of the programme"), max_length=120)
    about = forms.CharField(
        label=gettext_lazy("What people can expect"),
        help_text=gettext_lazy("Who it is for and what a visit is like. Everyone reads this before they join."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    crossings = forms.MultipleChoiceField(
        label=gettext_lazy("Which visits count"),
        choices=[
            (OUT, gettext_lazy("From the public sector to voluntary, community and social enterprise organisations")),
            (BACK, gettext_lazy("From voluntary, community and social enterprise organisations to the public sector")),
            (ALL, gettext_lazy("Between any two different fields, such as health and policing")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    criteria = forms.ChoiceField(
        label=gettext_lazy("What comes first when places are few"),
        help_text=gettext_lazy("The order is published before people join, and stands from then on."),
        choices=list(ORDERS.items()),
        widget=forms.RadioSelect,
        initial="placed hosts fit",
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long a visit lasts"),
        choices=[
            (1, gettext_lazy("One day")),
            (2, gettext_lazy("Two days in one week")),
            (5, gettext_lazy("A week")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        initial=1,
    )
    most_km = forms.IntegerField(
        label=gettext_lazy("How far people travel at most, in km"),
        min_value=1,
        max_value=500,
        initial=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    pays_pounds = forms.IntegerField(
        label=gettext_lazy("What a host can be paid for a day, in pounds"),
        help_text=gettext_lazy("Hosts who ask for more are left out. 0 if nothing can be paid."),
        min_value=0,
        max_value=1000,
        initial=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    round_name = forms.CharField(
        label=gettext_lazy("Name of this round"), help_text=gettext_lazy("For example, Winter 2027"), max_length=120
    )
    join_by = DateField(label=gettext_lazy("Last day to join"))
    starts_on = DateField(label=gettext_lazy("First day of visits"))
    ends_on = DateField(label=gettext_lazy("Last day of visits"))

    def __init__(self, *args: Any, organisations: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisations = {str(each.pk): each for each in organisations}
        field = self.fields["organisation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, each.name) for key, each in self.organisations.items()]
        if len(self.organisations) == 1:
            del self.fields["organisation"]

    def programme(self) -> dict[str, Any]:
        """What `create_programme` takes."""
        said = dict(self.cleaned_data)
        chosen = said.pop("organisation", next(iter(self.organisations)))
        said["organisation"] = self.organisations[chosen]
        said["crossings"] = sorted({pair for name in said["crossings"] for pair in CROSSINGS[name]})
        said["criteria"] = said["criteria"].split()
        said["pays_pence"] = said.pop("pays_pounds") * 100
        return said
