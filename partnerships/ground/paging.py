"""Pages of long lists, which cost the same however long the list is."""

from __future__ import annotations

from typing import TypeVar, cast

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.utils import formats
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

Row = TypeVar("Row", bound=Model)

MOST = 10_000  # nobody turns five hundred pages, and counting further would cost more than the page itself


class Pages(Paginator[Row]):
    """The pages of the first `MOST` that were found."""

    object_list: QuerySet[Row]

    def __init__(self, rows: QuerySet[Row], per_page: int, *, found: int | None = None, by_key: bool = False) -> None:
        """`found` says how many there are, where they were counted together with others.

        `by_key`: the rows of a page are looked for by their keys alone, and only then is all read that stands with
        them. A database that sorts thousands of rows would otherwise carry all of it along for each of them.
        """
        super().__init__(rows, per_page)
        self.by_key = by_key
        if found is not None:
            self.found = found

    @cached_property
    def found(self) -> int:
        """How many there are; one more than `MOST` stands for any number beyond."""
        return self.object_list.order_by()[: MOST + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.found, MOST)

    def page(self, number: int | str) -> Page[Row]:
        page = super().page(number)
        if self.by_key:
            keys = cast(QuerySet[Row], page.object_list).values("pk")
            page.object_list = self.object_list.filter(pk__in=keys)
        return page

    @property
    def counted(self) -> str:
        """How many there are, in words."""
        number = formats.number_format(self.count, force_grouping=True)
        return _("More than %(number)s") % {"number": number} if self.found > MOST else number
