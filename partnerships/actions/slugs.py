"""Addresses for many new organisations at once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from django.utils.text import slugify

from partnerships.models import FormerSlug, Organisation

LONGEST = 60


def free_slugs(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A free slug by reference for each (reference, name). Of two with one name, the second has its reference added."""
    wanted = {reference: slug_of(name) for reference, name in names}
    longer = {reference: f"{slug}-{slugify(reference)[:18]}" for reference, slug in wanted.items()}
    taken = _taken({*wanted.values(), *longer.values()})
    free: dict[str, str] = {}
    for reference, slug in wanted.items():
        choice = slug if slug not in taken else longer[reference]
        numbers = count(2)
        while choice in taken:
            choice = f"{slug}-{next(numbers)}"
            taken |= _taken({choice})
        free[reference] = choice
        taken.add(choice)
    return free


def slug_of(name: str) -> str:
    """At most sixty characters, cut between words."""
    slug = slugify(name)
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]
    return slug or "organisation"


def _taken(candidates: set[str]) -> set[str]:
    return {
        *Organisation.objects.filter(slug__in=candidates).values_list("slug", flat=True),
        *FormerSlug.objects.filter(slug__in=candidates).values_list("slug", flat=True),
    }
