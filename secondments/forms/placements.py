"""What is said about a visit once it was asked for."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

HAPPENED = "happened"
DID_NOT = "did_not"


class OutcomeForm(forms.Form):
    """The host's second and last touch."""

    outcome = forms.ChoiceField(
        label=_("Did it happen?"),
        error_messages={"required": _("Say whether it happened")},
        choices=[(HAPPENED, _("Yes, it happened")), (DID_NOT, _("No, it did not happen"))],
        widget=forms.RadioSelect,
    )
    hours = forms.DecimalField(
        label=_("About how many hours did it take you and your colleagues, all together?"),
        help_text=_("A guess is good enough. It counts as time that your organisation gave."),
        required=False,
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal(400))],
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )
    reveals = {"outcome": {HAPPENED: "hours"}}

    def clean(self) -> None:
        super().clean()
        happened = self.cleaned_data.get("outcome") == HAPPENED
        if happened and not self.cleaned_data.get("hours") and "hours" not in self.errors:
            self.add_error("hours", forms.ValidationError(_("Enter how many hours it took, such as 3 or 1.5")))

    def minutes(self) -> int:
        return int(self.cleaned_data["hours"] * 60)


class ApproverForm(forms.Form):
    """Somebody else is asked to agree."""

    agrees_email = forms.EmailField(
        label=_("Their work email address"),
        help_text=_("The link in the mail that went out before stops working."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class ConcernForm(forms.Form):
    """Something is wrong. Nothing is asked but what it is."""

    what_is_wrong = forms.CharField(
        label=_("What is wrong?"),
        error_messages={"required": _("Say what is wrong")},
        help_text=_("Say it as it comes. Only those who run this service read it."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    how_to_reach_you = forms.CharField(
        label=_("How can we reach you?"),
        help_text=_("A phone number or an address, if you would like an answer."),
        max_length=200,
        required=False,
    )
