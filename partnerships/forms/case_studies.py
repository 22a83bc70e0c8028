"""What a curator types for a story, and how an organisation answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.forms.finding import organisation_called
from partnerships.models import CaseStudy, Organisation

MOST_ORGANISATIONS = 20
"""In one story. Each is asked for its consent, and a page names all of them."""


class CaseStudyForm(forms.ModelForm[CaseStudy]):
    """A story in five texts. Organisations are named line by line, which works on every machine and needs no script."""

    named = forms.CharField(
        label=gettext_lazy("Organisations in the story"),
        help_text=gettext_lazy(
            "One on each line, by its name here. Where several have the same name, give the address of its page."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    class Meta:
        model = CaseStudy
        fields = ["title", "summary", "what_went_well", "what_made_it_work", "what_others_can_copy"]
        labels = {"summary": gettext_lazy("The story in two sentences")}
        help_texts = {
            "what_went_well": gettext_lazy("A time when it was at its best. What happened, and what came of it?"),
            "what_made_it_work": gettext_lazy("What did each side do, and what was there that often is not?"),
            "what_others_can_copy": gettext_lazy("What could somebody elsewhere begin with next week?"),
        }
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "what_went_well": forms.Textarea(attrs={"rows": 8}),
            "what_made_it_work": forms.Textarea(attrs={"rows": 8}),
            "what_others_can_copy": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = list(self.instance.organisations.order_by("name")) if self.instance.pk else []
        if self.present:
            self.initial["named"] = "\n".join(organisation.name for organisation in self.present)

    def clean_named(self) -> list[Organisation]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["named"].splitlines()]
        names = [line for line in lines if line]
        if len(names) > MOST_ORGANISATIONS:
            raise ValidationError(
                _("Name at most %(most)s organisations. Tell what the others did as a story of its own."),
                params={"most": MOST_ORGANISATIONS},
            )
        found = {organisation.pk: organisation for organisation in map(self._find, names)}
        return list(found.values())

    def _find(self, line: str) -> Organisation:
        for organisation in self.present:
            if organisation.name == line:
                return organisation
        return organisation_called(line)

    def _post_clean(self) -> None:
        """Forms validate what was typed and never write: the row stays as it is until a verb changes it."""


class ConsentForm(forms.Form):
    """The answer of one button. `edition` names the words that stood on the page."""

    answer = forms.ChoiceField(choices=[("yes", ""), ("no", ""), ("take_back", "")])
    edition = forms.CharField(max_length=64)


class StorySearch(forms.Form):
    mark_optional = False

    q = forms.CharField(label=gettext_lazy("Words"), max_length=100, required=False)
