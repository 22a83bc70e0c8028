"""Searching the directory: what, where, and how far."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import Place
from partnerships.postcodes import parts_of, place_of
from partnerships.states import Field, PlaceKind, Sector

KM = 25
OTHER_KM = (5, 10, 50, 100)
MOST_MEANT = 4

RELEVANCE, DISTANCE, NAME = "relevance", "distance", "name"
HERE = "here"


@dataclass(frozen=True, slots=True)
class Somewhere:
    """A place that was understood: what it is called, where it is, and what else the word may have meant."""

    label: str
    point: tuple[float, float]
    others: tuple[str, ...] = ()


class DirectorySearch(forms.Form):
    """Every field may be empty, and what is wrong in one takes nothing from the others."""

    mark_optional = False

    q = forms.CharField(label=gettext_lazy("Name or what they do"), max_length=200, required=False)
    near = forms.CharField(label=gettext_lazy("Postcode or place"), max_length=80, required=False)
    who = forms.ChoiceField(
        label=gettext_lazy("Which organisations"),
        choices=[("", gettext_lazy("All that are listed")), (HERE, gettext_lazy("Here on In Your Shoes"))],
        required=False,
    )
    within = forms.ChoiceField(
        label=gettext_lazy("How far from there"),
        # Empty is what an address without it means, so that the page shows what it did.
        choices=[("", f"{KM} km"), *((str(km), f"{km} km") for km in OTHER_KM)],
        required=False,
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("Sector"), choices=[("", gettext_lazy("Any sector")), *Sector.choices], required=False
    )
    field = forms.ChoiceField(
        label=gettext_lazy("Field"), choices=[("", gettext_lazy("Any field")), *Field.choices], required=False
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        choices=[
            ("", gettext_lazy("Best first")),
            (RELEVANCE, gettext_lazy("Best match first")),
            (DISTANCE, gettext_lazy("Nearest first")),
            (NAME, gettext_lazy("By name")),
        ],
        required=False,
    )

    def clean_q(self) -> str:
        # PostgreSQL keeps no such character in a text.
        return str(self.cleaned_data["q"]).replace("\0", " ").strip()

    def clean_near(self) -> Somewhere | None:
        typed = str(self.cleaned_data["near"]).replace("\0", " ").strip()
        if not typed:
            return None
        found = find_place(typed)
        if found is None:
            raise ValidationError(
                _("We do not know “%(typed)s”. Enter a postcode, part of one, or a council area such as Salford."),
                code="unknown_place",
                params={"typed": typed},
            )
        return found

    @property
    def narrows(self) -> bool:
        """Whether more was asked for than words and a place."""
        return any(self.data.get(name) for name in ("who", "sector", "field", "within", "sort"))

    def km(self) -> int:
        return int(self.cleaned_data.get("within") or KM)

    @property
    def here_only(self) -> bool:
        return self.cleaned_data.get("who") == HERE

    def order(self) -> tuple[str, ...]:
        """What was asked for where it makes sense; else the best first.

        Whoever types words looks for what they say; everybody else for those who answer, near ones before far ones.
        """
        near, words = self.cleaned_data.get("near"), self.cleaned_data.get("q")
        asked = self.cleaned_data.get("sort")
        if asked == NAME:
            first: tuple[str, ...] = ()
        elif near and asked == DISTANCE:
            first = ("distance_km",)
        elif words and (asked == RELEVANCE or not near):
            first = ("-rank", "-is_here")
        else:
            first = ("-is_here", "distance_km") if near else ("-is_here",)
        return (*first, "name", "id")


def find_place(typed: str) -> Somewhere | None:
    """The point of a postcode, of part of one, or of an area by its name."""
    if parts := parts_of(typed):
        located = place_of(typed)
        if located is None:
            return None
        label = f"{parts.outcode} {parts.incode}".strip() if located.precision != "outcode" else parts.outcode
        return Somewhere(label, (located.latitude, located.longitude))
    return _named(typed)


def _named(typed: str) -> Somewhere | None:
    """The area with this name before those that begin with it, and those before the ones that have it further on.

    Nobody who types "Bristol" means the health board whose name begins with it.
    """
    closeness = Case(
        When(Q(name__iexact=typed) | Q(name__iexact=f"City of {typed}"), then=Value(0)),
        When(kind__in=[PlaceKind.ICB, PlaceKind.POLICE_FORCE], then=Value(3)),
        When(name__istartswith=typed, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = (
        Place.objects.filter(Q(name__iexact=typed) | Q(name__istartswith=typed) | Q(name__icontains=f" {typed}"))
        .filter(latitude__isnull=False)
        .annotate(closeness=closeness)
        .order_by("closeness", "kind", "name", "id")[: MOST_MEANT * 3]
    )
    points: dict[str, tuple[float, float]] = {}
    for name, latitude, longitude in found.values_list("name", "latitude", "longitude"):
        if latitude is not None and longitude is not None:
            points.setdefault(name, (latitude, longitude))
    if not points:
        return None
    first, *others = points
    exact = first.lower().removeprefix("city of ") == typed.lower()
    return Somewhere(first, points[first], () if exact else tuple(others[: MOST_MEANT - 1]))
