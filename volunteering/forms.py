"""What is typed about skill needs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.ground import clock
from partnerships.ground.dates import DateField
from partnerships.models import Organisation, User
from volunteering.models import SkillNeed
from volunteering.states import TimeWanted


class NeedForm(forms.ModelForm[SkillNeed]):
    """A need in three minutes: two texts, one choice, and two questions that may be left."""

    minutes = forms.TypedChoiceField(
        label=gettext_lazy("How much time would it take?"),
        error_messages={"required": gettext_lazy("Choose how much time it would take; a guess is good enough")},
        help_text=gettext_lazy("In all. A guess is good enough."),
        choices=TimeWanted.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    needed_by = DateField(
        label=gettext_lazy("By when do you need it?"),
        help_text=gettext_lazy("Leave this empty if any time will do. For example, 27 3 2027."),
        required=False,
    )

    class Meta:
        model = SkillNeed
        fields = ["title", "what_would_help", "minutes", "needed_by", "online"]
        labels = {"online": gettext_lazy("It can be done online")}
        help_texts = {
            "title": gettext_lazy("One line, such as “Write a conduct policy” or “Make sense of our figures”."),
            "what_would_help": gettext_lazy(
                "Two or three sentences, as you would say it to a colleague."
                " Leave out names of people: everybody can read this."
            ),
        }
        error_messages = {
            "title": {"required": gettext_lazy("Say what you need help with")},
            "what_would_help": {"required": gettext_lazy("Say what would help most")},
        }
        widgets = {"what_would_help": forms.Textarea(attrs={"rows": 6})}

    def clean_needed_by(self) -> date | None:
        day: date | None = self.cleaned_data["needed_by"]
        unchanged = self.instance.pk is not None and self.instance.needed_by == day
        if day and day < clock.today() and not unchanged:
            raise ValidationError(_("The day by which you need it must be today or later"))
        return day

    def clean_minutes(self) -> int:
        minutes: int = self.cleaned_data["minutes"]
        return minutes

    def _post_clean(self) -> None:
        """Forms validate what was typed and never write: the row stays as it is until a verb changes it."""


class PublishForm(forms.Form):
    """For which organisation; asked only of people who belong to several."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("For which organisation?"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        # Those that are still to be confirmed would be refused.
        organisations = Organisation.objects.acting().filter(pk__in=user.organisation_ids())
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker, cannot be otherwise
        field.queryset = organisations


class AnswerForm(forms.Form):
    message = forms.CharField(
        label=gettext_lazy("Your message"),
        help_text=gettext_lazy("How you could help and when. Two or three sentences are enough to start."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class NeedSearch(forms.Form):
    mark_optional = False

    q = forms.CharField(label=gettext_lazy("Words"), max_length=100, required=False)
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    online = forms.BooleanField(label=gettext_lazy("It can be done online"), required=False)
