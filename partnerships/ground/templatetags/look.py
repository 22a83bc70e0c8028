"""Template tags of the look: sector tags, drawn figures, menus, error lines, moments, pages of a list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.translation import gettext, gettext_lazy, pgettext

from partnerships.ground import clock, drawing, look
from partnerships.ground import forms as ground_forms
from partnerships.ground.problems import Problem

register = template.Library()

SECTOR_LABELS = {
    "public": gettext_lazy("Public"),
    "vcse": gettext_lazy("Voluntary"),
    "private": gettext_lazy("Private and independent"),
    "people": gettext_lazy("People and families"),
}


@register.inclusion_tag("parts/sector_tag.html")
def sector_tag(sector: str, label: look.Text = "") -> dict[str, Any]:
    return {"sector": sector, "label": label or SECTOR_LABELS.get(sector, sector)}


@register.inclusion_tag("parts/flow.html")
def flow_figure(title: str, flows: Sequence[look.Flow], **words: str) -> dict[str, Any]:
    return {"title": title, **drawing.flow(flows), **words}


@register.inclusion_tag("parts/bars.html")
def bar_figure(title: str, bars: Sequence[look.Bar], **words: str) -> dict[str, Any]:
    return {"title": title, **drawing.bars(bars), **words}


@register.filter
def moment(when: date | datetime) -> str:
    """A day, and the time where there is one; the year only where it is not this one."""
    is_moment = isinstance(when, datetime)
    day = timezone.localtime(when) if isinstance(when, datetime) and timezone.is_aware(when) else when
    words = formats.date_format(day, "j F" if day.year == clock.today().year else "j F Y")
    if is_moment:
        words = pgettext("a day and a time", "%(day)s, %(time)s") % {
            "day": words,
            "time": formats.date_format(day, "G.i"),
        }
    return words


@register.simple_tag(takes_context=True)
def menu(context: Context, setting: str) -> list[dict[str, Any]]:
    """The links that a setting names; a page that does not exist is left out."""
    request = context.get("request")  # an error page may have none
    path = request.path if request else ""
    items = []
    for label, *names in getattr(settings, setting, ()):
        addresses = [address for address in map(_address, names) if address]
        if addresses:
            below = any(path.startswith(address) for address in addresses if address != "/")
            exact = path == addresses[0]
            items.append({"label": label, "url": addresses[0], "exact": exact, "current": exact or below})
    return items


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def page_address(context: Context, number: int, param: str = "") -> str:
    query = context["request"].GET.copy()
    query[param or "page"] = str(number)
    return f"?{query.urlencode()}"


@register.filter
def page_numbers(page: Page[Any]) -> Iterator[int | str]:
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag
def error_lines(
    form: BaseForm | None = None,
    forms: Iterable[BaseForm] | None = None,
    problems: Iterable[Problem] | None = None,
    targets: Mapping[str, str] | None = None,
) -> list[ground_forms.ErrorLine]:
    given = [each for each in (form, *(forms or ())) if each]
    lines = [line for each in given for line in ground_forms.error_lines(each)]
    fields = [bound for each in given for bound in each if isinstance(bound, ground_forms.GovUKBoundField)]
    known = {**(targets or {}), **{bound.name: bound.error_target for bound in fields}}
    return lines + [ground_forms.ErrorLine(each.sentence, known.get(each.field, "")) for each in problems or ()]


@register.simple_tag
def title_prefix(*forms: Any) -> str:
    """What a browser's tab says first while something is wrong, so that it is heard before all else."""
    return gettext("Error: ") if any(getattr(form, "is_bound", False) and form.errors for form in forms) else ""
