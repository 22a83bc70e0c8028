"""What is typed about an offer, its days, and in the search for one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.forms.accounts import find_place
from partnerships.ground import clock
from partnerships.ground.dates import DateField
from partnerships.models import Organisation, Place
from partnerships.states import Field, Month, Sector, Weekday
from secondments.forms.addresses import addresses_in
from secondments.forms.starting_texts import STARTING_TEXTS
from secondments.models.days import HalfDay, weekly
from secondments.states import AccessNeed, CheckKind, Dating, Half, Mode

NARROW = {"class": "govuk-input--width-3"}
MOST_WEEKS = 26
FOLDED = ("months_to_avoid", "meets", "checks", "asks_for")
MOST_ASKED_FOR = 10


class StartingTextForm(forms.Form):
    """The first page of a new offer: what kind of place, and for which organisation where one has several."""

    organisation = forms.ModelChoiceField(
        label=_("Which organisation invites?"),
        error_messages={"required": _("Choose the organisation that invites")},
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    text = forms.ChoiceField(
        label=_("What would a visitor see?"),
        error_messages={"required": _("Choose what comes closest to what a visitor would see")},
        help_text=_("We start you off with a text for each of these. You change what is not true of you."),
        choices=[(each.key, each.label) for each in STARTING_TEXTS],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = organisations[0] if len(organisations) == 1 else None
        self.choice_hints = {"text": {each.key: each.hint for each in STARTING_TEXTS}}
        if self.only:
            del self.fields["organisation"]
        else:
            self.fields["organisation"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]  # Field has none
                pk__in=[each.pk for each in organisations]
            )

    def organisation_chosen(self) -> Organisation:
        return self.only or self.cleaned_data["organisation"]


class OfferForm(forms.Form):
    """Six things are needed; the rest may be left as it is."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("What it is, in a few words. For example “A day at the front desk”."),
    )
    what_you_will_see = forms.CharField(
        label=_("What a visitor will really see and do"),
        max_length=2000,
        help_text=_("An ordinary day is what they come for. Leave out names of people: everybody can read this."),
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    mode = forms.ChoiceField(label=_("How"), choices=Mode.choices, initial=Mode.IN_PERSON, widget=forms.RadioSelect)
    places = forms.IntegerField(
        label=_("How many visitors at a time?"),
        error_messages={"required": _("Enter how many visitors you take at a time, such as 1")},
        initial=1,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        widget=forms.NumberInput(attrs=NARROW),
    )
    dating = forms.ChoiceField(
        label=_("When"),
        error_messages={"required": _("Choose whether you name the days, or agree them with each visitor")},
        choices=Dating.choices,
        widget=forms.RadioSelect,
    )
    notice_days = forms.IntegerField(
        label=_("How many days of notice do you need?"),
        error_messages={"required": _("Enter how many days of notice you need, such as 7")},
        initial=7,
        validators=[MinValueValidator(0), MaxValueValidator(90)],
        widget=forms.NumberInput(attrs=NARROW),
    )
    usual_weekdays = forms.TypedMultipleChoiceField(
        label=_("On which weekdays?"),
        help_text=_(
            "Leave all empty if any day will do. Nobody is matched with you on a bank holiday, or between Christmas "
            "and New Year. To welcome somebody then, name the days instead."
        ),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    months_to_avoid = forms.TypedMultipleChoiceField(
        label=_("Months in which you take nobody"),
        choices=Month.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    payment = forms.DecimalField(
        label=_("Payment for a day"),
        help_text=_(
            "What the visitor’s organisation pays you for each day. Hosting takes your time: it is fair to ask. "
            "Leave it empty if you ask for nothing. Travel and meals are paid by the visitor’s organisation too."
        ),
        required=False,
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5", "prefix": "£"}),
    )
    access = forms.CharField(
        label=_("Getting in and around"),
        help_text=_("Steps, lifts, noise, parking, what to wear."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    meets = forms.MultipleChoiceField(
        label=_("What a visitor finds with you"),
        help_text=_("Whoever needs one of these is matched only with hosts who say that they have it."),
        choices=AccessNeed.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    accepts_ties = forms.BooleanField(
        label=_("Visitors whose team funds, buys from, inspects or assesses us are welcome"),
        help_text=_("They say so first. If you leave this empty, they are not offered your days."),
        required=False,
    )
    checks = forms.MultipleChoiceField(
        label=_("Needed first"),
        help_text=_(
            "A visitor is never alone with people who use your service, so you need no criminal-record check. "
            "Ask for as little as you can."
        ),
        choices=CheckKind.choices,
        initial=[CheckKind.CONFIDENTIALITY],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    asks_for = forms.CharField(
        label=_("Whom you would like to come"),
        help_text=_(
            "Work email addresses, one on each line. Where they join a programme they are a little more likely to be "
            "matched with you. They are told why only then, and nobody outside your organisation sees this."
        ),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    reveals = {"dating": {Dating.ASK_US.value: "usual_weekdays"}}

    @property
    def at_hand(self) -> list[forms.BoundField]:
        """What everybody is asked; what few change is folded away below it."""
        return [field for field in self.visible_fields() if field.name not in FOLDED]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in FOLDED if name in self.fields]

    @property
    def folded_is_wrong(self) -> bool:
        return any(name in self.errors for name in FOLDED)

    def clean_payment(self) -> int | None:
        """In pence; nothing and £0 are the same."""
        payment: Decimal | None = self.cleaned_data["payment"]
        return int(payment * 100) if payment else None

    def clean_asks_for(self) -> list[str]:
        return addresses_in(self.cleaned_data["asks_for"], most=MOST_ASKED_FOR)

    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "payment"}
        return {**values, "payment_pence": self.cleaned_data["payment"]}


class SessionsForm(forms.Form):
    """A first day, which halves of it, and for how many weeks."""

    first_day = DateField(
        label=_("First day"),
        error_messages={"required": _("Enter the first day")},
        help_text=_("For example, 12 1 2027."),
    )
    halves = forms.MultipleChoiceField(
        label=_("Which part of the day?"),
        error_messages={"required": _("Choose the morning, the afternoon or both")},
        choices=[(half.value, half.label.capitalize()) for half in Half],
        initial=list(Half.values),
        widget=forms.CheckboxSelectMultiple,
    )
    weeks = forms.IntegerField(
        label=_("For how many weeks?"),
        error_messages={"required": _("Enter for how many weeks, 1 for this day alone")},
        help_text=_("1 is this day alone; 5 is the same weekday five weeks running."),
        initial=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_WEEKS)],
        widget=forms.NumberInput(attrs=NARROW),
    )

    def half_days(self) -> list[HalfDay]:
        data = self.cleaned_data
        return weekly(data["first_day"], data["halves"], data["weeks"])


class OfferSearch(forms.Form):
    """The filters of the list of offers; nothing is required."""

    mark_optional = False

    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    place = forms.CharField(
        label=_("Place or postcode"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", _("All sectors")), *Sector.choices], required=False)
    field = forms.ChoiceField(label=_("Field"), choices=[("", _("All fields")), *Field.choices], required=False)
    mode = forms.ChoiceField(label=_("How"), choices=[("", _("In person or online")), *Mode.choices], required=False)
    month = forms.ChoiceField(label=_("When"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [(month.strftime("%Y-%m"), formats.date_format(month, "F Y")) for month in coming_months()]
        self.fields["month"].choices = [("", gettext("Any time")), *months]  # type: ignore[attr-defined]  # Field has none

    @property
    def narrows(self) -> bool:
        """Whether one of the filters that are folded away is in use or wrong."""
        return any(self.data.get(name) or name in self.errors for name in ("sector", "field", "mode", "month"))

    def clean_place(self) -> Place | None:
        typed = self.cleaned_data["place"].strip()
        return find_place(typed) if typed else None

    def clean_month(self) -> date | None:
        value = self.cleaned_data["month"]
        return date.fromisoformat(f"{value}-01") if value else None


def coming_months(many: int = 12) -> list[date]:
    """The first days of this month and those after it."""
    today = clock.today()
    numbers = [today.year * 12 + today.month - 1 + ahead for ahead in range(many)]
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]
