"""Where the lines and boxes of our drawn figures stand; the templates parts/flow.html and parts/bars.html draw them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from partnerships.ground.look import Bar, Flow

# A figure on a page of rows is at most this high.
MOST_HIGH = 220
GAP = 14
LEAST_BAND = 18
BAR_WIDTH = 360


def _key(words: Iterable[object]) -> str:
    """Sets the ids inside one drawing apart from those of another on the same page."""
    return "f" + hashlib.blake2s("|".join(map(str, words)).encode(), digest_size=4).hexdigest()


def flow(flows: Sequence[Flow]) -> dict[str, Any]:
    """Bands from left to right, as thick as they are many, none too thin to be seen."""
    total = sum(each.count for each in flows)
    room = MOST_HIGH - GAP * (len(flows) + 1)
    top: float = GAP
    bands = []
    for each in flows:
        height = max(LEAST_BAND, round(room * each.count / total)) if total else LEAST_BAND
        bands.append({"flow": each, "top": top, "height": height, "middle": round(top + height / 2 + 5)})
        top += height + GAP
    return {
        "key": _key((each.from_label, each.to_label, each.count) for each in flows),
        "bands": bands,
        "height": round(top),
        "sectors": sorted({each.from_sector for each in flows}),
        "description": "; ".join(
            _("%(from)s to %(to)s: %(count)s")
            % {"from": each.from_label, "to": each.to_label, "count": intcomma(each.count)}
            for each in flows
        ),
    }


def bars(given: Sequence[Bar]) -> dict[str, Any]:
    """One bar a row, the longest across the whole width."""
    longest = max((each.count for each in given), default=0)
    step = min(44, (MOST_HIGH - GAP) // max(1, len(given)))
    rows = []
    for number, each in enumerate(given):
        top = GAP + number * step
        width = round(BAR_WIDTH * each.count / longest) if longest else 0
        rows.append(
            {
                "bar": each,
                "top": top,
                "height": step - 12,
                "width": max(2, width) if each.count else 0,
                "value_at": 190 + width + 10,
                "middle": top + (step - 12) // 2 + 5,
            }
        )
    return {
        "key": _key((each.label, each.count) for each in given),
        "rows": rows,
        "height": GAP + step * len(given),
        "sectors": sorted({each.sector for each in given}),
        "description": "; ".join(f"{each.label}: {intcomma(each.count)}" for each in given),
    }
