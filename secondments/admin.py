"""Offers, visits and what is wrong, to look at. States change through verbs on the pages, never here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from partnerships.ground.admin import ReadOnly
from secondments.models import Concern, HostOffer, Placement


@admin.register(HostOffer)
class HostOfferAdmin(ReadOnly):
    """Whom a host would like to come is for those who manage the offer, and what one person shows for their round."""

    list_display = ("title", "organisation", "dating", "state", "published_at")
    list_filter = ("state", "dating", "mode")
    list_select_related = ("organisation",)
    search_fields = ("title", "organisation__name")
    ordering = ("-id",)
    exclude = ("search", "asks_for")

    def get_queryset(self, request: HttpRequest) -> QuerySet[HostOffer]:
        return HostOffer.objects.of_organisations()


@admin.register(Placement)
class PlacementAdmin(ReadOnly):
    """What a visitor needs is between them and their host."""

    list_display = ("uuid", "home", "offer", "state", "requested_at")
    list_filter = ("state", "how_began")
    list_select_related = ("home", "offer")
    search_fields = ("uuid", "home__name", "offer__organisation__name")
    ordering = ("-id",)
    exclude = ("needs",)


@admin.register(Concern)
class ConcernAdmin(ReadOnly):
    list_display = ("uuid", "state", "created_at")
    list_filter = ("state",)
    ordering = ("-id",)
