"""What somebody says when they ask for a visit."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import Membership
from partnerships.states import WhoAgrees
from secondments.models import HostOffer
from secondments.models.days import HalfDay
from secondments.states import Half, Tie


class AboutForm(forms.Form):
    """The second page. Who funds or inspects whom is asked first, because it decides whether there is a third."""

    who = forms.ModelChoiceField(
        label=gettext_lazy("Who goes?"),
        error_messages={"required": gettext_lazy("Choose who goes")},
        queryset=Membership.objects.none(),
        to_field_name="uuid",
        widget=forms.RadioSelect,
        empty_label=None,
    )
    tie = forms.ChoiceField(
        label=gettext_lazy("Does one of you fund, buy from or inspect the other?"),
        error_messages={"required": gettext_lazy("Say whether one of you funds, buys from or inspects the other")},
        help_text=gettext_lazy("This is said first, to everyone who decides. It is no secret and no fault."),
        choices=Tie.choices,
        widget=forms.RadioSelect,
    )
    learn = forms.CharField(
        label=gettext_lazy("What do you hope to learn?"),
        error_messages={"required": gettext_lazy("Say what you hope to learn")},
        help_text=gettext_lazy("Two lines are enough. Your host and whoever agrees read this."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    needs = forms.CharField(
        label=gettext_lazy("What do you need to take part?"),
        help_text=gettext_lazy("Access, breaks, food, a car park. Only your host reads this, not your manager."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    agrees_email = forms.EmailField(
        label=gettext_lazy("Who agrees to your going? Their work email address"),
        error_messages={
            "required": gettext_lazy("Enter the work email address of the person who agrees to your going")
        },
        help_text=gettext_lazy("Usually your line manager. They answer from a mail and need no account."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    wants_return = forms.BooleanField(
        label=gettext_lazy("Somebody from there is welcome to come to us in return"),
        help_text=gettext_lazy("It stays open for twelve months, and only they say when."),
        required=False,
    )

    def __init__(
        self, *args: Any, offer: HostOffer, goers: list[Membership], is_return: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.only = goers[0] if len(goers) == 1 else None
        if self.only:
            del self.fields["who"]
        else:
            who = self.fields["who"]
            who.queryset = Membership.objects.select_related("user", "organisation").filter(  # type: ignore[attr-defined]  # Field has none
                pk__in=[goer.pk for goer in goers]
            )
            who.label_from_instance = goer_words  # type: ignore[attr-defined]  # Field has none
        if all(goer.organisation.who_agrees != WhoAgrees.MANAGER for goer in goers):
            del self.fields["agrees_email"]
        elif not self.only:
            self.fields["agrees_email"].required = False
        if is_return:
            del self.fields["wants_return"]
        else:
            words = _("It stays open for twelve months, and only %(host)s says when.")
            self.fields["wants_return"].help_text = words % {"host": offer.organisation.name}

    def goer(self) -> Membership:
        return self.only or self.cleaned_data["who"]


def goer_words(membership: Membership) -> str:
    """Li Zhang, Harbour Advice."""
    return _("%(name)s, %(organisation)s") % {
        "name": membership.user.name,
        "organisation": membership.organisation.name,
    }


class PromiseForm(forms.Form):
    """The last page: one promise, only where the host asks for it."""

    promise = forms.BooleanField(
        label=gettext_lazy("I promise that what I see and hear about people there stays there")
    )

    def __init__(self, *args: Any, asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asked:
            del self.fields["promise"]


class DaysForm(forms.Form):
    """The half-days that were ticked; each is "2027-01-12.am"."""

    days = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [(value, value) for value in offered]  # type: ignore[attr-defined]  # Field has none


def half_days_in(values: Iterable[str]) -> list[HalfDay]:
    """Read "2027-01-12.am", as our own pages send it; anything else was not sent by them and is passed over."""
    half_days = set()
    for value in values:
        day, _dot, half = value.partition(".")
        with suppress(ValueError):
            half_days.add(HalfDay(date.fromisoformat(day), Half(half).value))
    return sorted(half_days)
