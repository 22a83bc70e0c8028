"""Forms about oneself: signing up, where one works, and leaving."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships import postcodes
from partnerships.models import Membership, Organisation, Place, User
from partnerships.states import Field, WhoAgrees

NAME_LENGTH = 120


class SignUpForm(forms.Form):
    """What signing up asks besides the address. allauth builds its own form upon it; the adapter keeps the name."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        help_text=_("As people at work know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Asked for by allauth; `AccountAdapter.save_user` has done it by then."""


class PersonForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["name", "language"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) > 1:
            self.fields["language"].widget = forms.RadioSelect(choices=settings.LANGUAGES)
        else:
            del self.fields["language"]


class JoinForm(forms.Form):
    job_title = forms.CharField(
        label=_("Your job title or role"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("For example commissioning manager, or volunteer."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )


class ClaimForm(forms.Form):
    job_title = forms.CharField(
        label=_("Your job title or role"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    evidence = forms.CharField(
        label=_("How can we check that you look after it?"),
        error_messages={"required": _("Say how we can check that you look after it")},
        max_length=1000,
        help_text=_(
            "For example a web page that names you, or who in the organisation we can ask."
            " Do not send identity documents."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class FoundForm(forms.Form):
    """ "My organisation is not here": as little as can be told apart from others and vouched for."""

    name = forms.CharField(
        label=_("Name of your organisation or group"),
        error_messages={"required": _("Enter the name of your organisation or group")},
        max_length=200,
    )
    where = forms.CharField(
        label=_("Where it is"),
        max_length=80,
        help_text=_("A postcode, or the name of the council area, such as Salford. We keep the area only."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    field = forms.ChoiceField(
        label=_("Kind of organisation"),
        error_messages={"required": _("Choose the kind of organisation that comes closest")},
        choices=Field.choices,
        widget=forms.RadioSelect,
    )
    what_it_does = forms.CharField(
        label=_("What it does"),
        max_length=2000,
        help_text=_("One or two sentences, in your own words."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    job_title = forms.CharField(label=_("Your role there"), max_length=NAME_LENGTH, required=False)

    def clean_where(self) -> Place:
        return find_place(self.cleaned_data["where"])


def find_place(typed: str) -> Place:
    """The area that a postcode or a name means; `ValidationError` with what to type instead."""
    located = postcodes.place_of(typed)
    if located is not None:
        place = Place.objects.with_code(located.council_code).first()
        if place is not None:
            return place
    named = list(Place.objects.filter(name__iexact=typed.strip())[:2])
    if len(named) == 1:
        return named[0]
    similar = list(Place.objects.filter(name__icontains=typed.strip()).values_list("name", flat=True)[:5])
    if similar:
        raise ValidationError(
            gettext("Which of these is it? %(names)s. Enter the whole name.") % {"names": ", ".join(similar)}
        )
    raise ValidationError(gettext("We do not know this place. Enter a postcode, or the name of the council area."))


class OwnMembershipForm(forms.ModelForm[Membership]):
    """What a person says of their own place in an organisation."""

    class Meta:
        model = Membership
        fields = ["job_title", "agrees_email"]
        labels = {"agrees_email": _("Email address of the person who agrees to your going")}
        help_texts = {
            "agrees_email": _(
                "Usually your line manager. They get a mail when you ask for a visit, and need no account."
            )
        }
        widgets = {"agrees_email": forms.EmailInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.organisation.who_agrees != WhoAgrees.MANAGER:
            del self.fields["agrees_email"]


class CloseAccountForm(forms.Form):
    sure = forms.BooleanField(label=_("I want my name, my address and my words taken out. This cannot be undone."))


class MembershipForm(forms.ModelForm[Membership]):
    """What a coordinator says of one of the organisation's people."""

    class Meta:
        model = Membership
        fields = ["job_title", "is_commissioner", "is_coordinator", "agrees_email"]
        labels = {
            "is_commissioner": _("This person commissions services"),
            "is_coordinator": _("This person coordinates for the organisation"),
            "agrees_email": _("Email address of the person who agrees to their going"),
        }
        help_texts = {
            "is_commissioner": _("A visit and a written reflection are part of their training."),
            "is_coordinator": _("They confirm people, manage offers and settings, and decide where you ask them to."),
            "agrees_email": _("They get a mail when a visit is asked for, and need no account."),
        }
        widgets = {"agrees_email": forms.EmailInput(attrs={"autocomplete": "off"})}


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("Email address"), help_text=_("They get a link to one page, and can say yes there."), max_length=254
    )
    as_coordinator = forms.BooleanField(label=_("Invite them as coordinator"), required=False)


class OrganisationForm(forms.ModelForm[Organisation]):
    """What an organisation says of itself, and whose yes it asks for."""

    website = forms.URLField(
        label=_("Website"), required=False, assume_scheme="https", widget=forms.URLInput(attrs={"autocomplete": "url"})
    )

    class Meta:
        model = Organisation
        fields = ["what_it_does", "how_it_works_with_others", "website", "who_agrees"]
        labels = {"who_agrees": _("Whose yes is needed before somebody goes on a visit?")}
        widgets = {
            "what_it_does": forms.Textarea(attrs={"rows": 4}),
            "how_it_works_with_others": forms.Textarea(attrs={"rows": 4}),
            "who_agrees": forms.RadioSelect,
        }


class DomainForm(forms.Form):
    domain = forms.CharField(
        label=_("Mail domain"),
        max_length=120,
        help_text=_("What stands behind the @ in your own work address, such as council.gov.uk."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "spellcheck": "false"}),
    )

    def clean_domain(self) -> str:
        domain = str(self.cleaned_data["domain"]).strip().lower().removeprefix("@")
        if "." not in domain or any(character in domain for character in "@/ :"):
            raise ValidationError(gettext("Enter what stands behind the @, such as council.gov.uk."))
        return domain
