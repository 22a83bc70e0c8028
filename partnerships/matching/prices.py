"""The criteria after the people are counted, as one whole number: each weighs more than all that follow it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .arrays import Ints
from .network import Network
from .types import COMPULSORY, FIT, HOST_POINTS, HOSTS, KEPT, PLACED

# The cost-scaling solver multiplies costs by the number of nodes in 64 bits.
_MOST_COST = 1 << 61


@dataclass(frozen=True, slots=True)
class Prices:
    """What one unit of each later criterion weighs, most important first; `base` is taken off each fit; `above` is
    what somebody who goes first weighs.

    A weight is more than twice what all later criteria can add up to, so a sum can be read back (`first_of`).
    """

    weights: dict[str, int]
    base: int
    above: int

    def edges(self, network: Network) -> Ints:
        """What choosing each edge is worth."""
        return network.kept * self.weights.get(KEPT, 0) + (network.fit - self.base) * self.weights[FIT]

    def tree(self, network: Network) -> Ints:
        """What each arc towards the sink is worth."""
        return network.tree.points * self.weights.get(HOSTS, 0)

    def first_of(self, loss: int) -> str:
        """The first criterion in which a loss shows; empty where it is none."""
        if 2 * loss >= self.above:
            return COMPULSORY
        for name, weight in self.weights.items():
            if (2 * abs(loss) + weight) // (2 * weight):
                return name
        return ""

    def lighter(self, network: Network, times: int) -> Prices:
        """Weights above `times` what one visitor can add to all later criteria: no proof by themselves."""
        each = {FIT: int(network.fit.max()) - self.base, HOSTS: HOST_POINTS[0], KEPT: 1}
        weights: dict[str, int] = {}
        below = 0
        for name in reversed(self.weights):
            weights[name] = min(self.weights[name], times * below + 1)
            below += weights[name] * each[name]
        return replace(self, weights=dict(reversed(weights.items())))

    def fits(self, network: Network) -> bool:
        """Whether the solver can calculate with these."""
        edge = self.weights.get(KEPT, 0) + self.weights[FIT] * (int(network.fit.max()) - self.base)
        return max(edge, self.weights.get(HOSTS, 0) * HOST_POINTS[0]) * (network.nodes + 1) <= _MOST_COST


def prices(criteria: tuple[str, ...], network: Network, placed: int) -> Prices:
    """Exact weights for the criteria after the people are counted."""
    base = int(network.fit.min())
    most = {
        FIT: placed * int(network.fit.max() - base),
        HOSTS: loose_bound(HOSTS, network, placed),
        KEPT: loose_bound(KEPT, network, placed),
    }
    weights: dict[str, int] = {}
    below = 0
    for name in reversed([name for name in criteria if name in most]):
        weights[name] = 2 * below + 1
        below += weights[name] * most[name]
    return Prices(dict(reversed(weights.items())), base, 2 * below + 1)


def loose_bound(name: str, network: Network, placed: int) -> int:
    """What a criterion cannot exceed with so many people placed, whoever they are."""
    if name == COMPULSORY:
        return int(network.first.sum())
    if name == HOSTS:
        paid = np.sort(network.tree.points[network.tree.points > 0])[::-1][:placed]
        return int(paid.sum()) + (placed - len(paid)) * (HOST_POINTS[-1] if len(paid) else 0)
    if name in (KEPT, FIT):
        each = np.zeros(len(network.rows), dtype=np.int64)
        np.maximum.at(each, network.person, network.kept if name == KEPT else network.fit)
        return int(np.sort(each)[::-1][:placed].sum())
    return placed


def values(network: Network, chosen: Ints) -> dict[str, int]:
    """Every criterion's value for a choice of edges (fixed placements not counted)."""
    return {
        PLACED: len(chosen),
        COMPULSORY: int(network.first[network.person[chosen]].sum()),
        KEPT: int(network.kept[chosen].sum()),
        HOSTS: int((network.tree.points * network.tree.flows(network.cell[chosen])).sum()),
        FIT: int(network.fit[chosen].sum()),
    }
