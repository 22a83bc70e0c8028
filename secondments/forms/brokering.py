"""What a broker notes, and writes to several people; and why a round is called off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

WHO_READS_A_NOTE = _(
    "Only brokers of this programme see it. Whom it is about can ask to read it, and it is erased a year after the "
    "round."
)


class NoteForm(forms.Form):
    """A note about somebody, or about an organisation."""

    text = forms.CharField(
        label=_("Add a note"),
        error_messages={"required": _("Write the note")},
        help_text=WHO_READS_A_NOTE,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CallOffForm(forms.Form):
    """Why a round does not take place. Of a draft nobody knows, so that nobody has to be told."""

    because = forms.CharField(
        label=_("Why does it not take place?"),
        error_messages={"required": _("Say why it does not take place")},
        help_text=_("Everybody who has joined, or was asked to, reads this as you write it. Name nobody."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, told: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not told:
            del self.fields["because"]

    def because_said(self) -> str:
        return str(self.cleaned_data.get("because", ""))


class LetterForm(forms.Form):
    """A letter to several people. `key` is made with its preview, so that sending twice is sending once."""

    mark_optional = False

    subject = forms.CharField(
        label=_("Subject"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("What you write"),
        error_messages={"required": _("Write the letter")},
        help_text=_("Each reader gets a mail of their own and sees no other name. An empty line makes a paragraph."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
