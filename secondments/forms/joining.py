"""The form by which somebody joins a round: what nearly everybody says first, what some want to say below."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import Organisation
from partnerships.states import Field, WhoAgrees
from secondments.forms.addresses import address_in
from secondments.matches import monday_of, week_number
from secondments.matches.days import mondays
from secondments.matches.problem import offers_to_wish_for
from secondments.models.joining import MOST_WISHES
from secondments.states import AccessNeed, Mode, Tie

if TYPE_CHECKING:
    from partnerships.models import Membership
    from secondments.models import HostOffer, Participation, Round

MOST_AVOIDED = 10
MOST_COVER_POUNDS = 1000
MOST_TICKED, LONGEST_TYPED = 100, 10_000
"""So much of what is not right yet is kept: more boxes, and longer texts, than any page has or takes."""

MOST_NAMED = 5
"""So many organisations are named where what was typed could mean each of them."""

WISHES = tuple(f"wish_{rank}" for rank in range(1, MOST_WISHES + 1))
MORE = ("access_needs", "needs", "cover_pounds", *WISHES, "avoids", "avoid_reason")
"""What stands below "More, if you like"."""


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
    shows = forms.CharField(
        label=gettext_lazy("What you can show a visitor"),
        help_text=gettext_lazy(
            "One line, such as “a morning of calls, and our weekly meeting”. Whoever comes to you reads it."
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    welcomes = forms.BooleanField(label=gettext_lazy("Somebody could come to me in return"), required=False)
    shows_access = forms.MultipleChoiceField(
        label=gettext_lazy("What a visitor finds where you work"),
        choices=AccessNeed.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    weeks = forms.MultipleChoiceField(
        label=gettext_lazy("Weeks in which you could go"),
        help_text=gettext_lazy("The more you choose, the better your chance. You agree the days with your host."),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small app-months"}),
    )
    most_km = forms.IntegerField(
        label=gettext_lazy("How far you can travel, in km"),
        min_value=1,
        max_value=500,
        initial=25,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    how = forms.MultipleChoiceField(
        label=gettext_lazy("How you could meet"),
        error_messages={"required": gettext_lazy("Choose a visit in person, a visit online, or both")},
        choices=Mode.choices,
        initial=[Mode.IN_PERSON.value],
        widget=forms.CheckboxSelectMultiple,
    )
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
    access_needs = forms.MultipleChoiceField(
        label=gettext_lazy("What a place must have for you"),
        help_text=gettext_lazy(
            "You are matched only with hosts who say that they have it. Only your host and you will see this."
        ),
        choices=AccessNeed.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    needs = forms.CharField(
        label=gettext_lazy("What else you need to take part"),
        help_text=gettext_lazy("In your own words. Only your host and you will see this."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    cover_pounds = forms.IntegerField(
        label=gettext_lazy("What somebody in your place costs a day, in pounds"),
        help_text=gettext_lazy("Only where you cannot go unless your absence is covered and paid for."),
        min_value=0,
        max_value=MOST_COVER_POUNDS,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    avoids = forms.CharField(
        label=gettext_lazy("Whom you must not meet"),
        help_text=gettext_lazy(
            "On each line an organisation, or the work email address of a person. You are never matched with them. "
            "Nobody is told whom you name."
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    avoid_reason = forms.CharField(
        label=gettext_lazy("Why you must not meet"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, a_round: Round, membership: Membership, mine: Participation | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        field = membership.organisation.field
        crossings = a_round.programme.crossings
        targets = {target for source, target in crossings if source == field}
        self._choose("wants", [(value, label) for value, label in Field.choices if value in targets])
        self._choose("weeks", _weeks_by_month(a_round))
        returns = any(target == field for _source, target in crossings)
        if a_round.programme.largest_exchange == 1 or not returns:
            del self.fields["shows"], self.fields["welcomes"], self.fields["shows_access"]
        if membership.organisation.who_agrees != WhoAgrees.MANAGER:
            del self.fields["agrees_email"]
        else:
            self.fields["agrees_email"].initial = membership.agrees_email
        self.avoided_before = [each.pk for each in mine.avoids.all()] if mine else []
        self._let_wish({offer.slug: offer for offer in offers_to_wish_for(a_round, membership)})
        kept = _("You gave a reason. It is kept; what you write here takes its place.")
        self.fields["avoid_reason"].help_text = _(
            "Nobody reads it once you have sent it, and no page shows it again. It stands in the copy of your data "
            "that you can ask for."
        ) + (f" {kept}" if mine and mine.avoid_reason else "")

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices

    def _let_wish(self, offers: dict[str, HostOffer]) -> None:
        """A choice of each rank, where there is anything to choose from; they stand before what is to be avoided."""
        self.offers = offers
        if not offers:
            return
        choices = [
            (slug, _("%(offer)s, %(host)s") % {"offer": offer.title, "host": offer.organisation.name})
            for slug, offer in offers.items()
        ]
        ranks = (
            gettext_lazy("First choice"),
            gettext_lazy("Second choice"),
            gettext_lazy("Third choice"),
            gettext_lazy("Fourth choice"),
            gettext_lazy("Fifth choice"),
        )
        for name, label in zip(WISHES, ranks, strict=True):
            self.fields[name] = forms.ChoiceField(label=label, choices=[("", _("No wish")), *choices], required=False)
        self.order_fields([*(name for name in self.fields if name not in MORE), *MORE])

    def clean_weeks(self) -> list[date]:
        return [monday_of(week_number(date.fromisoformat(value))) for value in self.cleaned_data["weeks"]]

    def clean_cover_pounds(self) -> int:
        return self.cleaned_data["cover_pounds"] or 0

    def clean_avoids(self) -> list[Organisation | str]:
        """Each line is an address, or a name, or enough of it to mean one organisation and no other."""
        lines = list(dict.fromkeys(" ".join(line.split()) for line in self.cleaned_data["avoids"].splitlines()))
        names = [line for line in lines if line]
        if len(names) > MOST_AVOIDED:
            raise forms.ValidationError(
                _("Name at most %(most)s here, and speak to your coordinator about others."),
                params={"most": MOST_AVOIDED},
            )
        found: list[Organisation | str] = []
        for name in names:
            found += [address_in(name)] if "@" in name else self._organisations_named(name)
        return list(dict.fromkeys(found))

    def _organisations_named(self, name: str) -> list[Organisation]:
        """All of that very name, for they are avoided all; or the only one whose name it is a part of."""
        # What was said before holds, even where that organisation is not in the directory any more.
        public = Organisation.objects.public() | Organisation.objects.filter(pk__in=self.avoided_before)
        public = public.only("name").order_by("name", "pk")
        found = list(public.filter(name__iexact=name)[:MOST_AVOIDED])
        if found:
            return found
        found = list(public.filter(name__icontains=name)[: MOST_NAMED + 1])
        if not found:
            raise forms.ValidationError(
                _("We know no organisation named “%(name)s”. Look it up under Organisations, and copy its name."),
                params={"name": name},
            )
        if len(found) > 1:
            names = dict.fromkeys(each.name for each in found[:MOST_NAMED])
            raise forms.ValidationError(
                _("“%(name)s” could be more than one organisation. Write the whole name, such as %(names)s."),
                params={"name": name, "names": _(" or ").join(names)},
            )
        return found

    def typed(self) -> dict[str, Any]:
        """What was entered so far, right or wrong, as it can be kept and shown again."""
        return {field.name: _kept(field.data) for field in self}

    def said(self) -> dict[str, Any]:
        """What `join_round` takes."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in (*WISHES, "how")}
        how = self.cleaned_data["how"]
        said |= {"in_person": Mode.IN_PERSON in how, "online": Mode.REMOTE in how}
        said["cover_pence"] = said.pop("cover_pounds") * 100
        avoided = said.pop("avoids")
        said["avoids"] = [each for each in avoided if not isinstance(each, str)]
        said["avoids_emails"] = [each for each in avoided if isinstance(each, str)]
        chosen = [self.cleaned_data.get(name) for name in WISHES]
        said["wishes"] = [self.offers[slug] for slug in chosen if slug]
        # Nobody is shown their reason again, so an empty field says that it stays.
        said["avoid_reason"] = said["avoid_reason"] or None
        return said

    @property
    def first(self) -> list[BoundField]:
        return [field for field in self if field.name not in MORE]

    @property
    def wishes(self) -> list[BoundField]:
        return [field for field in self if field.name in WISHES]

    @property
    def more_is_used(self) -> bool:
        """Nothing that is wrong, or was entered before, stays folded away."""
        return any(self[name].errors or self[name].value() for name in MORE if name in self.fields)


def said_before(mine: Participation) -> dict[str, Any]:
    """What somebody said when they joined, as the form shows it. Why they avoid somebody is not shown again."""
    how = {Mode.IN_PERSON.value: mine.in_person, Mode.REMOTE.value: mine.online}
    return {
        "learn": mine.learn,
        "wants": mine.wants,
        "shows": mine.shows,
        "welcomes": mine.welcomes,
        "shows_access": mine.shows_access,
        "weeks": [monday.isoformat() for monday in mine.weeks],
        "most_km": mine.most_km,
        "how": [mode for mode, chosen in how.items() if chosen],
        "tie": mine.tie,
        "agrees_email": mine.agrees_email,
        "access_needs": mine.access_needs,
        "needs": mine.needs,
        "cover_pounds": mine.cover_pence // 100 or "",
        "avoids": "\n".join([*mine.avoids.order_by("name").values_list("name", flat=True), *mine.avoids_emails]),
        **{f"wish_{wish.rank}": wish.offer.slug for wish in mine.wishes.select_related("offer")},
    }


def _kept(data: Any) -> Any:
    """Without what no database takes, and no more than anybody types."""
    if isinstance(data, list):
        return [_kept(one) for one in data[:MOST_TICKED]]
    return data.replace("\0", "")[:LONGEST_TYPED] if isinstance(data, str) else data


def says_anything_new(typed: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether what was typed is other than what was said before."""

    def plain(value: Any) -> Any:
        return sorted(value) if isinstance(value, list) else str(value or "")

    return any(plain(value) != plain(before.get(name)) for name, value in typed.items())


def _weeks_by_month(a_round: Round) -> list[tuple[str, list[tuple[str, str]]]]:
    months = groupby(mondays(a_round.starts_on, a_round.ends_on), lambda monday: date_format(monday, "F Y"))
    return [
        (
            month,
            [
                (monday.isoformat(), _("Week of %(monday)s") % {"monday": date_format(monday, "j F")})
                for monday in those
            ],
        )
        for month, those in months
    ]
