"""/api/v1/host-offers/: who takes visitors, and what a visitor will really see."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from partnerships.api.filters import PlaceFilter, SlugFilter, WordsFilter, YesNoFilter
from partnerships.api.organisations import PageField, ShortOrganisationSerializer
from partnerships.api.resource import VISITOR, Resource
from partnerships.ground import clock
from partnerships.states import Field, Sector
from secondments.models import HostOffer, OfferSession
from secondments.states import Dating, Mode


class FreeHalfDaySerializer(serializers.ModelSerializer[OfferSession]):
    """A half-day on which there is still a place. How many are booked is nobody's business."""

    class Meta:
        model = OfferSession
        fields = ["date", "half"]
        extra_kwargs = {"date": {"help_text": _("The day.")}, "half": {"help_text": _("Morning or afternoon.")}}


class HostOfferSerializer(serializers.HyperlinkedModelSerializer[HostOffer]):
    """An invitation to visit. Asking for a visit is done by people, on its page."""

    organisation = ShortOrganisationSerializer(help_text=_("Who invites."))
    free = FreeHalfDaySerializer(
        many=True,
        source="free_sessions",
        help_text=_("Half-days to come with a free place, where the host names days; empty where you ask for them."),
    )
    published_at = serializers.DateTimeField(help_text=_("When it was published."))
    page = PageField()

    class Meta:
        model = HostOffer
        fields = [
            "url",
            "page",
            "slug",
            "title",
            "what_you_will_see",
            "mode",
            "payment_pence",
            "dating",
            "usual_weekdays",
            "months_to_avoid",
            "notice_days",
            "free",
            "organisation",
            "published_at",
        ]
        extra_kwargs = {
            "url": {"view_name": "api-host-offer", "lookup_field": "slug", "help_text": _("Its address in this API.")},
            "slug": {"help_text": _("Names it in addresses.")},
            "title": {"help_text": _("What the visit is called.")},
            "mode": {"help_text": _("Where the visit takes place.")},
            "dating": {"help_text": _("Whether the host names days or asks to be asked.")},
            "payment_pence": {"help_text": _("Pence asked for a day; empty where no payment is asked.")},
            "usual_weekdays": {"help_text": _("Weekdays from 0, Monday, to 6, Sunday.")},
            "months_to_avoid": {"help_text": _("Months from 1 to 12.")},
        }


class HostOfferFilters(filters.FilterSet):
    q = WordsFilter()
    organisation = SlugFilter()
    sector = filters.ChoiceFilter(field_name="organisation__sector", choices=Sector.choices)
    field = filters.ChoiceFilter(
        field_name="organisation__field", choices=Field.choices, help_text=_("What the host works in.")
    )
    place = PlaceFilter("organisation__place")
    mode = filters.ChoiceFilter(choices=Mode.choices)
    dating = filters.ChoiceFilter(choices=Dating.choices, help_text=_("Whether the host names days."))
    payment = YesNoFilter(
        field_name="payment_pence", lookup_expr="isnull", exclude=True, help_text=_("Whether payment is asked.")
    )
    published_since = filters.DateFilter(
        field_name="published_at", lookup_expr="date__gte", help_text=_("Published on this day or later.")
    )

    class Meta:
        model = HostOffer
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary=_("Open offers to host a visitor, newest first")),
    retrieve=extend_schema(summary=_("One offer")),
)
@extend_schema(tags=["host-offers"])
class HostOffers(Resource[HostOffer]):
    """What a visitor will really see, when, and whether payment is asked."""

    serializer_class = HostOfferSerializer
    filterset_class = HostOfferFilters
    lookup_field = "slug"
    queryset = HostOffer.objects.none()

    def get_queryset(self) -> QuerySet[HostOffer]:
        free = OfferSession.objects.free().from_day(clock.today())
        return (
            HostOffer.objects.visible_to(VISITOR)
            .defer("search", "organisation__search", "organisation__register_summary")
            .select_related("organisation__place")
            .prefetch_related(Prefetch("sessions", queryset=free, to_attr="free_sessions"))
            .order_by("-published_at", "-id")
        )
