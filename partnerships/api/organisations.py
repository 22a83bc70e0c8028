"""/api/v1/organisations/: who is there, what a register says of them and what they say of themselves."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from partnerships.api.filters import PlaceFilter, WordsFilter
from partnerships.api.resource import VISITOR, Resource
from partnerships.models import Identifier, Organisation, Place, RegisterEntry
from partnerships.models.organisations import PUBLIC_STATES
from partnerships.states import ATTRIBUTIONS, Field, OrganisationState, Sector

STATES = [(state.value, state.label) for state in OrganisationState if state in PUBLIC_STATES]


class PlaceSerializer(serializers.ModelSerializer[Place]):
    """An area with its official code."""

    class Meta:
        model = Place
        fields = ["code", "name", "kind"]
        extra_kwargs = {
            "code": {"help_text": _("GSS code where there is one.")},
            "name": {"help_text": _("What it is called.")},
        }


class IdentifierSerializer(serializers.ModelSerializer[Identifier]):
    """A number in a public register, by the name that org-id.guide has for the register."""

    class Meta:
        model = Identifier
        fields = ["scheme", "value"]
        extra_kwargs = {
            "scheme": {"help_text": _("Such as GB-CHC for the Charity Commission.")},
            "value": {"help_text": _("The number in it.")},
        }


class RegisterEntrySerializer(serializers.ModelSerializer[RegisterEntry]):
    """What a public register said on a day, and whom to name when you show it."""

    facts = serializers.DictField(help_text=_("Facts by name, as the register has them."))
    attribution = serializers.SerializerMethodField(
        help_text=_("Source and licence. Show this line wherever you show the facts.")
    )

    class Meta:
        model = RegisterEntry
        fields = ["register", "reference", "as_of", "closed_on", "facts", "attribution"]
        extra_kwargs = {
            "reference": {"help_text": _("The register’s own number for it.")},
            "as_of": {"help_text": _("The day of the register’s file.")},
            "closed_on": {"help_text": _("The day on which it ended, as the register says.")},
        }

    def get_attribution(self, entry: RegisterEntry) -> str:
        return ATTRIBUTIONS.get(entry.register, "")


class PageField(serializers.SerializerMethodField):
    """The address of the page that people read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(method_name=None, help_text=_("The page about it, for people."), **kwargs)

    def bind(self, field_name: str, parent: Any) -> None:
        serializers.Field.bind(self, field_name, parent)

    def to_representation(self, value: Any) -> str:
        return str(self.context["request"].build_absolute_uri(value.get_absolute_url()))


extend_schema_field(OpenApiTypes.URI)(PageField)


class ShortOrganisationSerializer(serializers.HyperlinkedModelSerializer[Organisation]):
    """The organisation behind an offer, a need or a story."""

    place = PlaceSerializer(allow_null=True, help_text=_("Where it is."))
    page = PageField()

    class Meta:
        model = Organisation
        fields = ["url", "page", "slug", "name", "sector", "field", "place"]
        extra_kwargs = {
            "url": {
                "view_name": "api-organisation",
                "lookup_field": "slug",
                "help_text": _("Its address in this API."),
            },
            "slug": {"help_text": _("Names it in addresses.")},
            "name": {"help_text": _("What it is called.")},
            "field": {"help_text": _("What it works in.")},
        }


class OrganisationSerializer(ShortOrganisationSerializer):
    """A body, group or business: what a register says of it and what it says of itself."""

    website = serializers.CharField(help_text=_("Its own address; empty where it has named none."))
    state = serializers.ChoiceField(choices=STATES, help_text=_("Whether its own people look after its page."))
    areas_served = PlaceSerializer(many=True, help_text=_("Where it works."))
    identifiers = IdentifierSerializer(many=True, help_text=_("Its numbers in public registers."))
    register_entries = RegisterEntrySerializer(many=True, help_text=_("What public registers say of it."))

    class Meta(ShortOrganisationSerializer.Meta):
        fields = [
            *ShortOrganisationSerializer.Meta.fields,
            "state",
            "legal_form",
            "size",
            "what_it_does",
            "how_it_works_with_others",
            "website",
            "areas_served",
            "identifiers",
            "register_entries",
        ]
        extra_kwargs = {
            **ShortOrganisationSerializer.Meta.extra_kwargs,
            "legal_form": {"help_text": _("Such as a charitable company; empty where it is not known.")},
            "what_it_does": {"help_text": _("In its own words.")},
        }


class IdentifierFilter(filters.CharFilter):
    """The organisation with a number in a register: scheme and value joined by a hyphen."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        cut = [i for i, letter in enumerate(value) if letter == "-"]
        pairs = [(value[:i], value[i + 1 :]) for i in cut]
        found = Identifier.objects.none()
        for scheme, number in pairs:
            found = found | Identifier.objects.filter(scheme=scheme, value=number)
        return qs.filter(pk__in=found.values("organisation"))


class OrganisationFilters(filters.FilterSet):
    q = WordsFilter()
    sector = filters.ChoiceFilter(choices=Sector.choices)
    field = filters.ChoiceFilter(choices=Field.choices, help_text=_("What it works in."))
    state = filters.ChoiceFilter(choices=STATES)
    place = PlaceFilter()
    identifier = IdentifierFilter(
        max_length=90, help_text=_("A number in a register with its scheme, such as GB-CHC-1164331.")
    )

    class Meta:
        model = Organisation
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary=_("Organisations by name")),
    retrieve=extend_schema(summary=_("One organisation")),
)
@extend_schema(tags=["organisations"])
class Organisations(Resource[Organisation]):
    """Organisations of every sector that are listed from a public register or have joined."""

    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilters
    lookup_field = "slug"
    queryset = Organisation.objects.none()

    def get_queryset(self) -> QuerySet[Organisation]:
        return (
            Organisation.objects.visible_to(VISITOR)
            .defer("search", "register_summary")
            .select_related("place")
            .prefetch_related("areas_served", "identifiers", "register_entries")
            .order_by("name", "id")
        )
