"""How much each part of a fit counts, as a broker types it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from partnerships.ground.forms import add_problems
from secondments.matches.words import PARTS
from secondments.models.weights import IN_ALL, usual_weights
from secondments.problems import problems_of_weights


class WeightsForm(forms.Form):
    """A number for each part; together they are a hundred."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in usual_weights():
            self.fields[name] = forms.IntegerField(
                label=str(PARTS[name]),
                min_value=0,
                max_value=IN_ALL,
                error_messages={"required": gettext_lazy("Enter a number; 0 if it does not count")},
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
            )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = self.cleaned_data
        if not self.errors:
            add_problems(self, problems_of_weights(said))
        return said

    def weights(self) -> Mapping[str, int]:
        """Part → points."""
        return {name: self.cleaned_data[name] for name in usual_weights()}
