"""What a broker or a coordinator writes down for somebody, and what that person makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.forms.accounts import FoundForm
from partnerships.forms.finding import organisation_called
from partnerships.ground.look import Fact
from partnerships.models import Membership, Organisation
from partnerships.states import Sector
from secondments.forms.joining import JoinForm
from secondments.forms.offers import OfferForm
from secondments.forms.starting_texts import STARTING_TEXTS
from secondments.states import Tie

if TYPE_CHECKING:
    from secondments.models import Entry, Round

WHO = ("name", "email", "job_title", "is_commissioner")
PRIVATE = ("access_needs", "needs", "avoids", "avoid_reason")
"""What a page that a mailed link opens does not show: the link may be forwarded."""

TOLD = ("learn", "weeks", "wants", "shows", *PRIVATE)
"""Where all of these are empty, nothing was told: somebody is invited, no more."""

THEY = {
    "learn": gettext_lazy("What they hope to learn"),
    "wants": gettext_lazy("What they would like to see"),
    "shows": gettext_lazy("What they can show a visitor"),
    "welcomes": gettext_lazy("Somebody could come to them in return"),
    "shows_access": gettext_lazy("What a visitor finds where they work"),
    "weeks": gettext_lazy("Weeks in which they could go"),
    "most_km": gettext_lazy("How far they can travel, in km"),
    "how": gettext_lazy("How they could meet"),
    "tie": gettext_lazy("Does their team fund, buy from, inspect or assess organisations that might host them?"),
    "agrees_email": gettext_lazy("Work email of who agrees to their going"),
    "access_needs": gettext_lazy("What a place must have for them"),
    "needs": gettext_lazy("What else they need to take part"),
    "cover_pounds": gettext_lazy("What somebody in their place costs a day, in pounds"),
    "avoids": gettext_lazy("Whom they must not meet"),
    "avoid_reason": gettext_lazy("Why they must not meet"),
}
HINTS = {
    "learn": gettext_lazy("Two lines are enough. Their host reads them."),
    "wants": gettext_lazy("Choose as many as they like, or none if they are open to all."),
    "shows": gettext_lazy("One line, such as “a morning of calls, and our weekly meeting”."),
    "weeks": gettext_lazy("The more there are, the better their chance. They agree the days with their host."),
    "tie": gettext_lazy("If so, they go only where such visitors are welcome, and their coordinator agrees too."),
    "agrees_email": gettext_lazy("They get one mail, with a link to say yes or no, once there is a match."),
    "access_needs": gettext_lazy("Once sent, only their host and they will see this."),
    "needs": gettext_lazy("In their own words. Once sent, only their host and they will see this."),
    "avoids": gettext_lazy(
        "On each line an organisation, or the work email address of a person. Once sent, no page shows it but theirs."
    ),
    "avoid_reason": gettext_lazy("Once sent, no page shows it."),
}


class WhereForm(forms.Form):
    """First page: where the person works."""

    organisation = forms.CharField(
        label=gettext_lazy("Where do they work or volunteer?"),
        help_text=gettext_lazy("As it stands under Organisations, or the address of its page."),
        error_messages={"required": gettext_lazy("Enter the name of an organisation")},
        max_length=300,
    )

    def clean_organisation(self) -> Organisation:
        return organisation_called(self.cleaned_data["organisation"].strip())


class HostForm(WhereForm):
    """First page of an invitation that a broker writes: for whom, and what comes closest to its days."""

    field_order = ("organisation", "text")
    text = forms.ChoiceField(
        label=gettext_lazy("What would a visitor see?"),
        error_messages={"required": gettext_lazy("Choose what comes closest to what a visitor would see")},
        choices=[(each.key, each.label) for each in STARTING_TEXTS],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].label = _("Who invites?")
        self.choice_hints = {"text": {each.key: each.hint for each in STARTING_TEXTS}}


class HostOfferForm(OfferForm):
    """The invitation itself. Which days, and whom the host would like to come, only the host says."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["dating"], self.fields["asks_for"]
        self.fields["places"].label = _("How many visitors do they take at a time?")
        self.fields["notice_days"].label = _("How many days of notice do they need?")
        self.fields["payment"].help_text = _(
            "What the visitor’s organisation pays them for each day. Leave it empty if they ask for nothing."
        )
        self.reveals = {}


class GroupForm(FoundForm):
    """A group that is in no register, entered by a broker who knows it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["job_title"]
        self.fields["name"].label = _("Name of the group")
        self.fields["what_it_does"].help_text = _("One or two sentences.")


class EntryForm(JoinForm):
    """Who somebody is, and what they told, as far as they did: what is left empty they say themselves.

    `whole`: it is a coordinator who writes, and who stands in for whoever has no email: nobody else will fill it in.
    """

    mark_optional = False

    def __init__(self, *args: Any, a_round: Round, organisation: Organisation, whole: bool, **options: Any) -> None:
        super().__init__(*args, a_round=a_round, membership=Membership(organisation=organisation), **options)
        self.whole = whole
        self.needed = {name for name, field in self.fields.items() if field.required}
        for name, field in self.fields.items():
            field.required = False
            field.label = THEY.get(name, field.label)
            field.help_text = HINTS.get(name, field.help_text)
        # What nobody told is not said for them.
        self.fields["tie"] = forms.ChoiceField(
            label=THEY["tie"],
            help_text=HINTS["tie"],
            choices=[
                (Tie.NONE.value, _("No")),
                (Tie.VISITOR_FUNDS.value, _("Yes, they fund or buy from some of them")),
                (Tie.VISITOR_INSPECTS.value, _("Yes, they inspect or assess some of them")),
            ],
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields["name"] = forms.CharField(
            label=_("Their name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
        )
        self.fields["email"] = forms.EmailField(
            label=_("Their email address"),
            help_text=_("They get one mail, and say whether all is right. Without one you answer for them.")
            if whole
            else _("They get one mail, and say whether all is right. Without one their coordinator does."),
            required=False,
            widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )
        self.fields["job_title"] = forms.CharField(label=_("Their job title or role"), max_length=120, required=False)
        if organisation.sector == Sector.PUBLIC:
            self.fields["is_commissioner"] = forms.BooleanField(label=_("They are a commissioner"), required=False)
        self.order_fields([*WHO, *(name for name in self.fields if name not in WHO)])

    def clean(self) -> dict[str, Any] | None:
        """Only what nobody will be asked again has to be whole."""
        cleaned = super().clean()
        if self.stands_in:
            for name in self.needed & set(self.fields):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, _("Say this too: nobody else is asked where there is no email address."))
        return cleaned

    @property
    def stands_in(self) -> bool:
        """Whether whoever writes this is the one who answers, too."""
        return self.whole and not self.cleaned_data.get("email") and "email" not in self.errors

    def who(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WHO if name in self.cleaned_data}

    def told(self) -> dict[str, Any]:
        """What was told, as the form to join has it; nothing, where somebody is only invited."""
        typed = {name: value for name, value in self.typed().items() if name not in WHO}
        if any(typed.get(name) for name in TOLD):
            return typed
        return {"agrees_email": typed["agrees_email"]} if typed.get("agrees_email") else {}

    def said(self) -> dict[str, Any]:
        """What `join_round` takes, where all of it is there."""
        said = super().said()
        return {name: value for name, value in said.items() if name not in WHO}


class ConfirmForm(JoinForm):
    """What was written down for somebody, as they may change it. What is private is kept, and not shown."""

    def __init__(self, *args: Any, entry: Entry, **options: Any) -> None:
        self.entry = entry
        membership = Membership(organisation=entry.organisation, agrees_email=entry.said.get("agrees_email", ""))
        options["initial"] = shown(entry.said)
        super().__init__(*args, a_round=entry.round, membership=membership, **options)
        self.kept = {name: entry.said[name] for name in PRIVATE if entry.said.get(name) and name in self.fields}
        for name in self.kept:
            self.fields[name].help_text = _(
                "Something is written down here already. It is not shown, because a mail may be forwarded. It is kept; "
                "what you enter takes its place."
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors or not self.kept:
            return cleaned
        typed = self.typed() | {name: kept for name, kept in self.kept.items() if not self[name].data}
        membership = Membership(organisation=self.entry.organisation)
        self.together = JoinForm(typed, a_round=self.entry.round, membership=membership)
        if not self.together.is_valid():
            self.add_error(
                None, _("Something that was written down cannot be used any more. Enter again what you need.")
            )
            self.kept = {}
        return cleaned

    def said(self) -> dict[str, Any]:
        return self.together.said() if self.kept else super().said()


def shown(said: Mapping[str, Any]) -> dict[str, Any]:
    """What of it a page may show that a mailed link opens."""
    return {name: value for name, value in said.items() if name not in PRIVATE}


def facts_of(form: forms.Form, names: Mapping[str, Any] | None = None) -> list[Fact]:
    """What is entered in a form, in words, without what is empty; `names` are other labels than its own."""
    facts = []
    for bound in form:
        value = bound.value()
        if bound.name in PRIVATE or value in (None, "", [], False):
            continue
        label = str((names or {}).get(bound.name, bound.label))
        facts.append(Fact(label, _words(bound.field, value)))
    return facts


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("Yes")
    if not isinstance(field, forms.ChoiceField):
        return str(value)
    labels: dict[str, str] = {}
    for key, label in field.widget.choices:
        # A group of choices has its choices where a single one has its label.
        labels |= (
            {str(one): str(words) for one, words in label}
            if isinstance(label, list | tuple)
            else {str(key): str(label)}
        )
    chosen = value if isinstance(value, list) else [value]
    return "\n".join(labels[str(one)] for one in chosen if str(one) in labels)
