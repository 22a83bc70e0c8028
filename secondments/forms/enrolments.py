"""Which organisation takes part in a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from partnerships.forms.finding import organisation_called

if TYPE_CHECKING:
    from partnerships.models import Organisation


class InviteForm(forms.Form):
    """A broker names one organisation."""

    organisation = forms.CharField(
        label=gettext_lazy("Name of the organisation"),
        help_text=gettext_lazy("As it stands under Organisations, or the address of its page."),
        error_messages={"required": gettext_lazy("Enter the name of an organisation")},
        max_length=300,
    )

    def clean_organisation(self) -> Organisation:
        return organisation_called(self.cleaned_data["organisation"].strip())


class AskForm(forms.Form):
    """A coordinator accepts the terms for one organisation."""

    organisation = forms.ChoiceField(
        label=gettext_lazy("Which organisation would take part"),
        error_messages={"required": gettext_lazy("Choose the organisation that would take part")},
        widget=forms.RadioSelect,
    )
    accepts = forms.BooleanField(
        label=gettext_lazy("We accept these terms"),
        error_messages={"required": gettext_lazy("Accept the terms, or leave the page if you cannot")},
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisations = {str(each.pk): each for each in organisations}
        field = self.fields["organisation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, each.name) for key, each in self.organisations.items()]
        if len(self.organisations) == 1:
            del self.fields["organisation"]

    def chosen(self) -> Organisation:
        return self.organisations[self.cleaned_data.get("organisation", next(iter(self.organisations)))]


class AnswerForm(forms.Form):
    """The answer of one button. `edition` names the terms that stood on the page."""

    answer = forms.ChoiceField(choices=[("accept", ""), ("admit", ""), ("decline", ""), ("leave", "")])
    edition = forms.CharField(max_length=64, required=False)
