"""Shares: how a weight of 1 is divided among the goals (law §4)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from pairmatch.problem import RESOLUTION

__all__ = ["Share", "bar_units", "shares"]


class Share(NamedTuple):
    """One goal's part of the weight.

    Attributes
    ----------
    scale
        Units that a score of 1 is worth, before rounding.
    most
        Units that a score of 1 earns. The shares of a policy never add up to more than one weight.
    """

    scale: float
    most: int

    def units(self, score: float) -> int:
        """Units that a score in [0, 1] earns: rounded once, half to even."""
        return min(round(score * self.scale), self.most)


def shares(weights: Sequence[float]) -> list[Share]:
    """The share of each goal, given the goals' weights.

    Six equal goals would each be rounded up to 166 667 units, 1 000 002 together, and a perfect pair would
    weigh more than 1. The goals that were rounded up furthest then earn one unit less for a perfect score.
    """
    total = math.fsum(weights)
    scales = [weight / total * RESOLUTION for weight in weights]
    most = [round(scale) for scale in scales]
    excess = max(0, sum(most) - RESOLUTION)
    furthest = sorted(range(len(most)), key=lambda k: (scales[k] - most[k], k))
    for k in furthest[:excess]:
        most[k] -= 1
    return [Share(scale, units) for scale, units in zip(scales, most, strict=True)]


def bar_units(minimum_weight: float | None) -> int:
    """The least whole number of units whose weight is not below ``minimum_weight``."""
    if minimum_weight is None:
        return 0
    bar = max(0, math.floor(minimum_weight * RESOLUTION) - 1)
    while bar / RESOLUTION < minimum_weight:
        bar += 1
    return bar
