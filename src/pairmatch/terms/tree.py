"""The tree of concepts: what stands above what, and how many steps lie between two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

__all__ = ["FARTHEST", "Tree"]

FARTHEST = 2
"""Concepts more steps apart than this have nothing to do with each other."""


class Tree:
    """Concepts by what they belong to.

    Parameters
    ----------
    parents
        Each concept's key and the key it belongs to; empty for a heading.
    """

    def __init__(self, parents: Mapping[str, str]) -> None:
        self._parents = parents

    def above(self, key: str) -> tuple[str, ...]:
        """The chain above a key, nearest first."""
        chain = []
        while key := self._parents.get(key, ""):
            chain.append(key)
        return tuple(chain)

    def common(self, one: str, other: str) -> str:
        """What two concepts both belong to directly; empty if nothing, or a heading."""
        parent = self._parents.get(one, "")
        siblings = one != other and parent == self._parents.get(other, "")
        return parent if siblings and self._parents.get(parent) else ""

    def distance(self, one: str, other: str) -> int | None:
        """Steps between two keys, 0 to 2; None where they are not related."""
        if one == other:
            return 0
        for lower, upper in ((one, other), (other, one)):
            near = self.above(lower)[:FARTHEST]
            if upper in near:
                return near.index(upper) + 1
        return FARTHEST if self.common(one, other) else None

    def pairs(self, keys: Sequence[str]) -> list[tuple[int, int, int]]:
        """Positions i < j of related keys, and the steps between them, in order."""
        places: dict[str, list[int]] = defaultdict(list)
        for place, key in enumerate(keys):
            places[key].append(place)
        found = [
            (min(i, j), max(i, j), steps)
            for one, other, steps in self._related(places)
            for i in places[one]
            for j in places[other]
        ]
        twins = [(i, j, 0) for here in places.values() for i, j in combinations(here, 2)]
        return sorted(found + twins)

    def _related(self, keys: Collection[str]) -> Iterator[tuple[str, str, int]]:
        """Different related keys, by way of what they belong to: never all with all."""
        families: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            above = self.above(key)[:FARTHEST]
            yield from ((key, upper, steps) for steps, upper in enumerate(above, 1) if upper in keys)
            if len(above) == FARTHEST:
                families[above[0]].append(key)
        for family in families.values():
            yield from ((one, other, FARTHEST) for one, other in combinations(family, 2))
