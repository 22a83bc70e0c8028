"""Figures about people that may be read by everybody: none of fewer than five, and none that could be worked out.

Nought is shown, since it is about nobody. Any other number below five is not; and because whoever knows a total and
all parts but one knows that one too, groups are put together until each part of each is nought, or five and more. What
is shown of a table then adds up to its totals, and what is hidden could have been at least two things: the tests try
every round of a size to see that it could.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LEAST = 5

Row = tuple[list[str], tuple[int, ...]]


def may_show(*counts: int, least: int = LEAST) -> bool:
    """Whether each of these numbers is of nobody, or of enough people."""
    return all(count == 0 or count >= least for count in counts)


def together(rows: Iterable[tuple[str, Sequence[int]]], *, least: int = LEAST) -> list[Row]:
    """Groups, those with a number that may not be shown put together with the one after (the last: before) them.

    None at all where that leaves one group of several: it would say no more than the totals do. Whether a group is put
    together with another must not depend on more than its own numbers, or it would tell of them.
    """
    groups: list[Row] = [([name], tuple(counts)) for name, counts in rows if any(counts)]
    several = len(groups) > 1
    while len(groups) > 1:
        few = next((at for at, (_names, counts) in enumerate(groups) if not may_show(*counts, least=least)), None)
        if few is None:
            return groups
        first = min(few, len(groups) - 2)
        (names, counts), (more_names, more) = groups[first : first + 2]
        groups[first : first + 2] = [([*names, *more_names], tuple(map(sum, zip(counts, more, strict=True))))]
    return [] if several or not all(may_show(*counts, least=least) for _names, counts in groups) else groups
