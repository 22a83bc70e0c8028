"""Addresses that nothing else has, for one new thing or for many organisations at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import count

from django.db.models import Model
from django.utils.text import slugify

from partnerships.ground.locks import take_turns
from partnerships.models import FormerSlug, Organisation

LONGEST = 60


def free_slug(words: str, *models: type[Model], otherwise: str, reserved: Collection[str] = ()) -> str:
    """An address made of `words` that no row of `models` has, nor a page that stands where it would."""
    take_turns("slugs")
    stem = slugify(words)[:70].strip("-") or otherwise
    for number in count(1):
        slug = stem if number == 1 else f"{stem}-{number}"
        if slug not in reserved and not any(model._base_manager.filter(slug=slug).exists() for model in models):
            return slug
    raise AssertionError("There is always a free number.")


def free_slugs(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A free slug by reference for each (reference, name). Of two with one name, the second has its reference added."""
    take_turns("slugs")
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
