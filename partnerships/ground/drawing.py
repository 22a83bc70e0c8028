"""How thick and how long the shapes of our drawn figures are; parts/flow.html and parts/bars.html draw them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from partnerships.ground.look import Bar, Flow

# A figure on a page of rows is at most this high, in pixels.
MOST_HIGH = 220
GAP = 14
# A line of text still fits beside the thinnest band.
LEAST_BAND = 28


def _key(words: Iterable[object]) -> str:
    """Sets the ids inside one drawing apart from those of another on the same page."""
    return "f" + hashlib.blake2s("|".join(map(str, words)).encode(), digest_size=4).hexdigest()


def flow(flows: Sequence[Flow]) -> dict[str, Any]:
    """Bands from left to right, as thick as they are many, none too thin to be seen."""
    total = sum(each.count for each in flows)
    room = MOST_HIGH - GAP * (len(flows) - 1)
    return {
        "key": _key((each.from_label, each.to_label, each.count) for each in flows),
        "sectors": sorted({each.from_sector for each in flows}),
        "bands": [
            {"flow": each, "height": max(LEAST_BAND, round(room * each.count / total)) if total else LEAST_BAND}
            for each in flows
        ],
    }


def bars(given: Sequence[Bar]) -> dict[str, Any]:
    """One bar a row, the longest across the whole width, a nought without one; a share of its own whole."""
    longest = max((each.count for each in given), default=0)
    return {
        "key": _key((each.label, each.count) for each in given),
        "sectors": sorted({each.sector for each in given}),
        "shares": any(each.of is not None for each in given),
        "rows": [
            # Whole percents, and never the last: the outline needs room on the right.
            {"bar": each, "percent": max(1, round(99 * each.count / (each.of or longest))) if each.count else 0}
            for each in given
        ],
    }
