"""/api/v1/case-studies/: what went really well, told with the consent of everybody in it."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from partnerships.api.filters import PlaceFilter, SlugFilter, WordsFilter
from partnerships.api.organisations import PageField, ShortOrganisationSerializer
from partnerships.api.resource import VISITOR, Resource
from partnerships.models import CaseStudy, Organisation
from partnerships.states import Field, Sector


class CaseStudySerializer(serializers.HyperlinkedModelSerializer[CaseStudy]):
    """A story of partnership, published with the consent of every organisation in it."""

    organisations = ShortOrganisationSerializer(many=True, help_text=_("Those who tell it; each has said yes to it."))
    published_at = serializers.DateTimeField(help_text=_("When it was published."))
    page = PageField()

    class Meta:
        model = CaseStudy
        fields = [
            "url",
            "page",
            "slug",
            "title",
            "summary",
            "what_went_well",
            "what_made_it_work",
            "what_others_can_copy",
            "organisations",
            "published_at",
        ]
        extra_kwargs = {
            "url": {"view_name": "api-case-study", "lookup_field": "slug", "help_text": _("Its address in this API.")},
            "slug": {"help_text": _("Names it in addresses.")},
            "title": {"help_text": _("What the story is called.")},
            "what_made_it_work": {"help_text": _("What each side did.")},
            "what_others_can_copy": {"help_text": _("What somebody elsewhere can begin with.")},
            "summary": {"help_text": _("The story in two sentences.")},
        }


class CaseStudyFilters(filters.FilterSet):
    """Filters on organisations hold where any one organisation of the story fits."""

    q = WordsFilter()
    organisation = SlugFilter("organisations__slug", distinct=True)
    sector = filters.ChoiceFilter(field_name="organisations__sector", choices=Sector.choices, distinct=True)
    field = filters.ChoiceFilter(
        field_name="organisations__field",
        choices=Field.choices,
        distinct=True,
        help_text=_("What one of them works in."),
    )
    place = PlaceFilter("organisations__place", distinct=True)
    published_since = filters.DateFilter(
        field_name="published_at", lookup_expr="date__gte", help_text=_("Published on this day or later.")
    )

    class Meta:
        model = CaseStudy
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary=_("Published stories, newest first")),
    retrieve=extend_schema(summary=_("One story")),
)
@extend_schema(tags=["case-studies"])
class CaseStudies(Resource[CaseStudy]):
    """When it went really well, and what others can copy. A story disappears when a consent is taken back."""

    serializer_class = CaseStudySerializer
    filterset_class = CaseStudyFilters
    lookup_field = "slug"
    queryset = CaseStudy.objects.none()

    def get_queryset(self) -> QuerySet[CaseStudy]:
        organisations = Organisation.objects.defer("search", "register_summary").select_related("place")
        return (
            CaseStudy.objects.visible_to(VISITOR)
            .defer("search")
            .prefetch_related(Prefetch("organisations", queryset=organisations.order_by("name", "id")))
            .order_by("-published_at", "-id")
        )
