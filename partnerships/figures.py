"""Figures of the front page: counted, not estimated, and gathered from every app."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.utils.module_loading import import_string
from django.utils.translation import get_language, ngettext

from partnerships.ground.look import Figure
from partnerships.models import Organisation


def gather() -> list[Figure]:
    """Every app's figures, without those that would say nothing; counted again every few minutes."""
    if not settings.FIGURES_SECONDS:
        return _count()
    cache, key = caches["quick"], f"figures-{get_language()}"
    figures: list[Figure] | None = cache.get(key)
    if figures is None:
        figures = _count()
        cache.set(key, figures, settings.FIGURES_SECONDS)
    return figures


def _count() -> list[Figure]:
    sources: list[Callable[[], list[Figure]]] = [import_string(path) for path in settings.FIGURES]
    return [figure for source in sources for figure in source() if figure.value]


def figures() -> list[Figure]:
    acting = Organisation.objects.acting().count()
    return [
        Figure(
            acting,
            ngettext("organisation wishes to work with others", "organisations wish to work with others", acting),
        )
    ]
