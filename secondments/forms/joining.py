"""The form by which somebody joins a round."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.states import Field, WhoAgrees
from secondments.matches import monday_of, week_number
from secondments.matches.days import mondays
from secondments.states import Tie

if TYPE_CHECKING:
    from partnerships.models import Membership
    from secondments.models import Round


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
