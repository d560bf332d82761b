"""What a repair tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pairmatch.problem import Ints

__all__ = ["Repaired"]


@dataclass(frozen=True)
class Repaired:
    """What a repair did.

    Attributes
    ----------
    ended, begun
        Pairs that were in the matching and are not, and the other way round: positions, mentor first.
    values, bounds
        By tier.
    searches
        How many paths were looked for.
    joined
        How many pairs beyond those in hand came in.
    full
        Whether every hard minimum is filled.
    """

    ended: Ints
    begun: Ints
    values: Mapping[str, int]
    bounds: Mapping[str, int]
    searches: int
    joined: int
    full: bool

    @property
    def proven(self) -> bool:
        """Whether the repaired matching is as good as any: if not, solve anew."""
        return self.full and self.values == self.bounds
