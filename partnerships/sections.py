"""What other apps add to an organisation's page, such as its host offers and its skill needs.

settings.ORGANISATION_SECTIONS names functions by dotted path, each `(organisation, user) -> list[Section]`: the apps
that stand on this one are reached in no other way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under a heading of its own. `template` is given it as `section`: `section.context.offers`."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Source = Callable[[Any, Any], list[Section]]


def gather(organisation: Any, user: Any) -> list[Section]:
    """The sections of one organisation that `user` may see, in the order of the setting."""
    sources: list[Source] = [import_string(path) for path in settings.ORGANISATION_SECTIONS]
    return [section for source in sources for section in source(organisation, user)]
