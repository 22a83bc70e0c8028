"""/api/v1/skill-needs/: what organisations ask for at the moment."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from partnerships.api.filters import PlaceFilter, SlugFilter, WordsFilter, YesNoFilter
from partnerships.api.organisations import PageField, ShortOrganisationSerializer
from partnerships.api.resource import VISITOR, Resource
from partnerships.ground import clock
from partnerships.states import Field, Sector
from volunteering.models import SkillNeed


class SkillNeedSerializer(serializers.HyperlinkedModelSerializer[SkillNeed]):
    """A skill that an organisation asks for. Whoever can help writes to it from its page."""

    organisation = ShortOrganisationSerializer(help_text=_("Who asks."))
    published_at = serializers.DateTimeField(help_text=_("When it was published."))
    page = PageField()

    class Meta:
        model = SkillNeed
        fields = [
            "url",
            "page",
            "uuid",
            "title",
            "what_would_help",
            "minutes",
            "needed_by",
            "online",
            "organisation",
            "published_at",
        ]
        extra_kwargs = {
            "url": {"view_name": "api-skill-need", "lookup_field": "uuid", "help_text": _("Its address in this API.")},
            "uuid": {"help_text": _("Names it in addresses.")},
            "minutes": {"help_text": _("The time wanted in all.")},
            "needed_by": {"help_text": _("The last day on which help is of use; empty where any time will do.")},
            "online": {"help_text": _("Whether it can be done online.")},
        }


class SkillNeedFilters(filters.FilterSet):
    q = WordsFilter()
    organisation = SlugFilter()
    sector = filters.ChoiceFilter(field_name="organisation__sector", choices=Sector.choices)
    field = filters.ChoiceFilter(
        field_name="organisation__field", choices=Field.choices, help_text=_("What the organisation works in.")
    )
    place = PlaceFilter("organisation__place")
    online = YesNoFilter(help_text=_("Whether it can be done online."))
    most_minutes = filters.NumberFilter(
        field_name="minutes",
        lookup_expr="lte",
        min_value=1,
        max_value=100_000,
        decimal_places=0,
        help_text=_("Needs that take no more time than this."),
    )
    published_since = filters.DateFilter(
        field_name="published_at", lookup_expr="date__gte", help_text=_("Published on this day or later.")
    )

    class Meta:
        model = SkillNeed
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary=_("Open skill needs, newest first")),
    retrieve=extend_schema(summary=_("One skill need")),
)
@extend_schema(tags=["skill-needs"])
class SkillNeeds(Resource[SkillNeed]):
    """Skills that organisations ask for and that nobody has given yet."""

    serializer_class = SkillNeedSerializer
    filterset_class = SkillNeedFilters
    lookup_field = "uuid"
    queryset = SkillNeed.objects.none()

    def get_queryset(self) -> QuerySet[SkillNeed]:
        return (
            SkillNeed.objects.visible_to(VISITOR)
            .wanted_on(clock.today())
            .defer("search", "organisation__search", "organisation__register_summary")
            .select_related("organisation__place")
            .order_by("-published_at", "-id")
        )
