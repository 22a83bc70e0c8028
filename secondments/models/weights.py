"""How much each part of a fit counts, in points of a hundred: what a programme publishes and the engine is told."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from partnerships.matching.types import Weights

IN_ALL = 100
FINER = 10
"""The engine counts in thousandths, so that half a wish is not rounded away."""


def usual_weights() -> dict[str, int]:
    """Part → points, for a round whose broker says nothing else."""
    return {name: points // FINER for name, points in dataclasses.asdict(Weights()).items()}


def as_told(weights: Mapping[str, int]) -> Weights:
    """As the engine counts them."""
    return Weights(**{name: points * FINER for name, points in weights.items()})
