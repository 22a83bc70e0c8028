"""Forms of a programme and of joining its round."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.ground.dates import DateField
from partnerships.states import SECTOR_OF_FIELD, Field, Sector, WhoAgrees
from secondments.matches import monday_of, week_number
from secondments.matches.days import mondays
from secondments.states import Tie

if TYPE_CHECKING:
    from partnerships.models import Membership, Organisation
    from secondments.models import Round

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


class JoinForm(forms.Form):
    """Everything one says to take part, on one page."""

    learn = forms.CharField(
        label=gettext_lazy("What you hope to learn"),
        help_text=gettext_lazy("Two lines are enough. Your host reads them."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wants = forms.MultipleChoiceField(
        label=gettext_lazy("What you would like to see"),
        help_text=gettext_lazy("Choose as many as you like, or none if you are open to all."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    weeks = forms.MultipleChoiceField(
        label=gettext_lazy("Weeks in which you could go"),
        help_text=gettext_lazy("The more you choose, the better your chance. You agree the days with your host."),
        widget=forms.CheckboxSelectMultiple,
    )
    most_km = forms.IntegerField(
        label=gettext_lazy("How far you can travel, in km"),
        min_value=1,
        max_value=500,
        initial=25,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    online = forms.BooleanField(label=gettext_lazy("A visit online is fine too"), required=False)
    tie = forms.ChoiceField(
        label=gettext_lazy("Does your team fund, buy from, inspect or assess organisations that might host you?"),
        error_messages={"required": gettext_lazy("Say whether your team has such a tie to some of them")},
        help_text=gettext_lazy("If so, you go only where such visitors are welcome, and your coordinator agrees too."),
        choices=[
            (Tie.NONE.value, gettext_lazy("No")),
            (Tie.VISITOR_FUNDS.value, gettext_lazy("Yes, we fund or buy from some of them")),
            (Tie.VISITOR_INSPECTS.value, gettext_lazy("Yes, we inspect or assess some of them")),
        ],
        widget=forms.RadioSelect,
        initial=Tie.NONE.value,
    )
    agrees_email = forms.EmailField(
        label=gettext_lazy("Work email of who agrees to your going"),
        error_messages={
            "required": gettext_lazy("Enter the work email address of the person who agrees to your going")
        },
        help_text=gettext_lazy("They get one mail, with a link to say yes or no, once you have a match."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    needs = forms.CharField(
        label=gettext_lazy("What you need to take part"),
        help_text=gettext_lazy("Such as step-free access. Only your host and you will see this."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, a_round: Round, membership: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        targets = {target for source, target in a_round.programme.crossings if source == membership.organisation.field}
        self._choose("wants", [(value, label) for value, label in Field.choices if value in targets])
        self._choose(
            "weeks",
            [
                (monday.isoformat(), _("Week of %(monday)s") % {"monday": date_format(monday, "j F Y")})
                for monday in mondays(a_round.starts_on, a_round.ends_on)
            ],
        )
        if membership.organisation.who_agrees != WhoAgrees.MANAGER:
            del self.fields["agrees_email"]
        else:
            self.fields["agrees_email"].initial = membership.agrees_email

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices

    def clean_weeks(self) -> list[date]:
        return [monday_of(week_number(date.fromisoformat(value))) for value in self.cleaned_data["weeks"]]
