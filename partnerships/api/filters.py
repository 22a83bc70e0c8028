"""Filters that say no to what they do not know: a misspelt parameter must not return everything."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from rest_framework.request import Request

from partnerships.api.errors import BadParameters
from partnerships.api.paging import PARAMETERS
from partnerships.models import Place


class StrictFilters(filters.DjangoFilterBackend):
    """The filters of a list; one thing by its own address takes no parameters at all."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        known = [] if view.detail else sorted([*(filterset_class.base_filters if filterset_class else ()), *PARAMETERS])
        errors = {}
        for name, values in request.query_params.lists():
            if name not in known:
                errors[name] = _("There is no such parameter here.")
            elif len(values) > 1:
                errors[name] = _("Give it once.")
        if errors:
            raise BadParameters(errors, allowed=known)
        if view.detail:
            return queryset
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise BadParameters(
                {name: " ".join(map(str, messages)) for name, messages in filterset.errors.items()}, allowed=known
            )
        found: QuerySet[Any] = filterset.qs
        return found


class PlaceCodeField(forms.CharField):
    """The official code of a place, present or former, as the place itself."""

    default_error_messages = {"unknown": gettext_lazy("No place here has this code. Council areas have GSS codes.")}

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if not code:
            return None
        place = Place.objects.with_code(code).first()
        if place is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return place


class PlaceFilter(filters.CharFilter):
    """Rows of a place or of any part of it, by the place's code."""

    field_class = PlaceCodeField

    def __init__(self, field_name: str = "place", **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            gettext_lazy("Code of the place or of what it is part of, such as E08000006 for Salford; old codes work."),
        )
        super().__init__(field_name=field_name, max_length=20, **kwargs)

    def filter(self, qs: QuerySet[Any], value: Place | None) -> QuerySet[Any]:
        if value is None:
            return qs
        within = Place.objects.filter(
            Q(pk=value.pk) | Q(parent=value) | Q(parent__parent=value) | Q(parent__parent__parent=value)
        )
        return qs.filter(**{f"{self.field_name}__in": within.values("pk")})


class WordsFilter(filters.CharFilter):
    """Full text search, as people type it into search engines."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text", gettext_lazy("Words to search for; “quoted words” stand together, a minus leaves out.")
        )
        super().__init__(field_name="search", max_length=200, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(search=SearchQuery(value, config="english", search_type="websearch")) if value else qs


class YesNoField(forms.Field):
    default_error_messages = {"invalid": gettext_lazy("Give true or false.")}

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        if value not in {"true", "false"}:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return bool(value == "true")


class YesNoFilter(filters.BooleanFilter):
    field_class = YesNoField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # The framework's own widget turns what it does not know into "not asked".
        self.extra["widget"] = forms.TextInput


class SlugFilter(filters.CharFilter):
    """Rows of one organisation, by the slug in its address."""

    def __init__(self, field_name: str = "organisation__slug", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("Slug of an organisation."))
        super().__init__(field_name=field_name, max_length=80, **kwargs)
