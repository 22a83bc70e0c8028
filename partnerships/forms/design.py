"""A form with every control, for the page that shows the look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.ground.dates import DateField

SECTORS = [
    ("public", _("Public sector")),
    ("vcse", _("Voluntary, community and social enterprise")),
    ("private", _("Private or independent")),
    ("people", _("People who use services and their families")),
]


class EveryControl(forms.Form):
    """Each control once, in the words of a real question."""

    name = forms.CharField(label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your work email"),
        help_text=_("We send the answer here, and nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    days = forms.IntegerField(
        label=_("How many days?"),
        min_value=1,
        max_value=10,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2", "suffix": _("days")}),
    )
    fee = forms.DecimalField(
        label=_("Payment to the host for each day"),
        required=False,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5", "prefix": "£"}),
    )
    starts_on = DateField(label=_("Which day do you start?"), help_text=_("For example, 12 1 2027"))
    place = forms.ChoiceField(
        label=_("Which place?"),
        choices=[("", "---------"), ("salford", "Salford"), ("leeds", "Leeds")],
    )
    sector = forms.ChoiceField(label=_("Where do you work?"), choices=SECTORS, widget=forms.RadioSelect)
    funds = forms.ChoiceField(
        label=_("Does your team fund, buy from, inspect or assess this organisation?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    funds_how = forms.CharField(label=_("In what way?"), required=False)
    needs = forms.MultipleChoiceField(
        label=_("What do you need?"),
        required=False,
        choices=[
            ("step_free", _("A way in without steps")),
            ("quiet", _("A quiet place")),
            ("none", _("None of these")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    hopes = forms.CharField(
        label=_("What do you hope to learn?"),
        max_length=400,
        help_text=_("Two lines are enough."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    letter = forms.FileField(label=_("A letter from your employer"), required=False)
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    rules = forms.BooleanField(
        label=_("I have read the ground rules"),
        help_text=_("Nothing seen on a visit is used for monitoring or scoring."),
    )

    choice_hints = {"sector": {"vcse": _("Charities, community groups, social enterprises, unregistered groups")}}
    reveals = {"funds": {"yes": "funds_how"}}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("funds") == "yes" and not cleaned.get("funds_how"):
            self.add_error("funds_how", ValidationError(_("Say in what way, in a few words"), code="incomplete"))
        return cleaned


class FindOrganisations(forms.Form):
    """A search over a list."""

    words = forms.CharField(label=_("Words or a place"), widget=forms.TextInput(attrs={"type": "search"}))
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", _("Every sector")), *SECTORS])

    mark_optional = False
