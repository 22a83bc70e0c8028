"""Forms of a programme: its rules, the dates of its round, and both at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from partnerships.ground.dates import DateField
from partnerships.states import SECTOR_OF_FIELD, Field, Sector
from secondments.models.programmes import FEWEST_DAYS_TO_ANSWER, MOST_DAYS_TO_ANSWER
from secondments.states import CheckKind

if TYPE_CHECKING:
    from partnerships.models import Organisation
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

ONE_WAY, IN_TWOS, IN_THREES = "one_way", "two", "three"
USUAL, OWN = "usual", "own"
ANYBODY, ENROLLED = "anybody", "enrolled"


def _round_name() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Name of this round"),
        help_text=gettext_lazy("For example, Winter 2027"),
        error_messages={"required": gettext_lazy("Enter a name for this round")},
        max_length=120,
    )


class DatesForm(forms.Form):
    """When a round moves on by itself. Without a day to open or to match, its broker does so."""

    opens_on = DateField(
        label=gettext_lazy("Day on which it opens by itself"),
        help_text=gettext_lazy("Leave empty to open it yourself."),
        required=False,
    )
    join_by = DateField(
        label=gettext_lazy("Last day to join"),
        help_text=gettext_lazy("It closes by itself the night after."),
        error_messages={"required": gettext_lazy("Enter the last day to join")},
    )
    match_on = DateField(
        label=gettext_lazy("Day on which everybody is matched by itself"),
        help_text=gettext_lazy("Leave empty to press “Match” yourself. You read the proposal before anybody is told."),
        required=False,
    )
    starts_on = DateField(
        label=gettext_lazy("First day of visits"),
        error_messages={"required": gettext_lazy("Enter the first day of visits")},
    )
    ends_on = DateField(
        label=gettext_lazy("Last day of visits"),
        error_messages={"required": gettext_lazy("Enter the last day of visits")},
    )


class RulesForm(forms.Form):
    """What a programme says, and by which rules people are matched in its round."""

    name = forms.CharField(
        label=gettext_lazy("Name of the programme"),
        error_messages={"required": gettext_lazy("Enter a name for the programme")},
        max_length=120,
    )
    about = forms.CharField(
        label=gettext_lazy("What people can expect"),
        help_text=gettext_lazy("Who it is for and what a visit is like. Everyone reads this before they join."),
        error_messages={"required": gettext_lazy("Say what people can expect")},
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
    ways = forms.MultipleChoiceField(
        label=gettext_lazy("How people can be placed"),
        help_text=gettext_lazy("To change places, people say when they join what they can show a visitor."),
        choices=[
            (ONE_WAY, gettext_lazy("One way: somebody visits, and nobody need come in return")),
            (IN_TWOS, gettext_lazy("Two people change places")),
            (IN_THREES, gettext_lazy("Two people change places, or three go round: each visits the next")),
        ],
        error_messages={"required": gettext_lazy("Choose at least one way in which people can be placed")},
        widget=forms.CheckboxSelectMultiple,
        initial=[ONE_WAY],
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
    pays_cover_pounds = forms.IntegerField(
        label=gettext_lazy("What can be paid for cover for a day, in pounds"),
        help_text=gettext_lazy(
            "For somebody in the visitor’s place. People whose cover costs more cannot be matched. Leave empty if "
            "nothing can be paid."
        ),
        min_value=0,
        max_value=1000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    answer_days = forms.IntegerField(
        label=gettext_lazy("How many days people have to answer"),
        help_text=gettext_lazy(
            "Everyone is asked on one day. Where somebody does not answer, the days are given back."
        ),
        min_value=FEWEST_DAYS_TO_ANSWER,
        max_value=MOST_DAYS_TO_ANSWER,
        initial=7,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-2"}),
    )
    checks = forms.MultipleChoiceField(
        label=gettext_lazy("Needed of every visitor"),
        help_text=gettext_lazy("Besides what a host asks for. Choose none if hosts ask for what they need."),
        choices=CheckKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    who = forms.ChoiceField(
        label=gettext_lazy("Which organisations take part"),
        choices=[
            (ANYBODY, gettext_lazy("Any organisation of these fields")),
            (ENROLLED, gettext_lazy("Those that accept our terms: we invite them, or they ask")),
        ],
        error_messages={"required": gettext_lazy("Choose which organisations take part")},
        widget=forms.RadioSelect,
        initial=ANYBODY,
    )
    terms = forms.CharField(
        label=gettext_lazy("The terms that they accept"),
        help_text=gettext_lazy("A coordinator of each organisation reads and accepts them. They stand from then on."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    requirement = forms.CharField(
        label=gettext_lazy("What commissioners have to do, if anything"),
        help_text=gettext_lazy("For example: one visit and a written reflection, as part of their training."),
        max_length=300,
        required=False,
    )
    required_by = DateField(label=gettext_lazy("By when they have to"), required=False)

    reveals = {"who": {ENROLLED: "terms"}}
    headings = {
        "crossings": gettext_lazy("Who visits whom"),
        "criteria": gettext_lazy("How people are matched"),
        "days": gettext_lazy("The visits"),
        "who": gettext_lazy("Who takes part"),
    }

    def rules(self) -> dict[str, Any]:
        """What `edit_programme` takes."""
        said = dict(self.cleaned_data)
        said["by_enrolment"] = said.pop("who") == ENROLLED
        ways = said.pop("ways")
        said["one_way"] = ONE_WAY in ways
        # Where three may go round, two may change places: the engine takes whatever serves more people.
        said["largest_exchange"] = 3 if IN_THREES in ways else 2 if IN_TWOS in ways else 1
        said["crossings"] = sorted({pair for name in said["crossings"] for pair in CROSSINGS[name]})
        said["criteria"] = said["criteria"].split()
        said["pays_pence"] = said.pop("pays_pounds") * 100
        said["pays_cover_pence"] = (said.pop("pays_cover_pounds") or 0) * 100
        return said

    @staticmethod
    def said_of(a_round: Round) -> dict[str, Any]:
        """What stands now, as this form shows it."""
        programme = a_round.programme
        pairs = {(source, target) for source, target in programme.crossings}
        fields = [ALL] if pairs == set(CROSSINGS[ALL]) else [way for way in (OUT, BACK) if set(CROSSINGS[way]) <= pairs]
        exchanges = [IN_TWOS, IN_THREES][: programme.largest_exchange - 1]
        return {
            "name": programme.name,
            "about": programme.about,
            "crossings": fields,
            "ways": [*([ONE_WAY] if programme.one_way else []), *exchanges],
            "criteria": " ".join(a_round.criteria),
            "days": programme.days,
            "most_km": programme.most_km,
            "pays_pounds": programme.pays_pence // 100,
            "pays_cover_pounds": programme.pays_cover_pence // 100 or None,
            "answer_days": programme.answer_days,
            "checks": programme.checks,
            "who": ENROLLED if programme.by_enrolment else ANYBODY,
            "terms": programme.terms,
            "requirement": programme.requirement,
            "required_by": programme.required_by,
        }


_UNTIL_CRITERIA = list(RulesForm.base_fields)[: list(RulesForm.base_fields).index("criteria") + 1]


class AgainForm(DatesForm):
    """Another round of a programme, whose rules stand."""

    name = _round_name()

    field_order = ["name", *DatesForm.base_fields]


class ProgrammeForm(RulesForm, DatesForm):
    """A programme with one round, on one page."""

    organisation = forms.ChoiceField(label=gettext_lazy("Which organisation runs it"), widget=forms.RadioSelect)
    round_name = _round_name()

    points = forms.ChoiceField(
        label=gettext_lazy("What makes a good fit"),
        help_text=gettext_lazy(
            "Each match has up to 100 points, most of them for what somebody wants to see. They are published before "
            "people join, and decide where the order above leaves a choice."
        ),
        choices=[
            (USUAL, gettext_lazy("The usual points")),
            (OWN, gettext_lazy("We share out the points ourselves, on the next page, before the round opens")),
        ],
        widget=forms.RadioSelect,
        initial=USUAL,
    )

    headings = RulesForm.headings | {"round_name": gettext_lazy("The first round, and its days")}

    field_order = ["organisation", *_UNTIL_CRITERIA, "points", *RulesForm.base_fields, "round_name"]

    def __init__(self, *args: Any, organisations: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisations = {str(each.pk): each for each in organisations}
        field = self.fields["organisation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, each.name) for key, each in self.organisations.items()]
        if len(self.organisations) == 1:
            del self.fields["organisation"]

    @property
    def shares_out_points(self) -> bool:
        """Whether the round waits until its broker has said what makes a good fit."""
        return bool(self.cleaned_data["points"] == OWN)

    def programme(self) -> dict[str, Any]:
        """What `create_programme` takes."""
        said = self.rules()
        del said["points"]
        chosen = said.pop("organisation", next(iter(self.organisations)))
        said["organisation"] = self.organisations[chosen]
        return said
