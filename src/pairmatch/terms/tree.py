"""The tree of concepts: what stands above what, and how many steps lie between two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

__all__ = ["FARTHEST", "Positions", "Tree"]

Positions = npt.NDArray[np.int32]
"""Places in a list of keys."""

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
        return tuple(self._upwards(key))

    def _upwards(self, key: str) -> Iterator[str]:
        while key := self._parents.get(key, ""):
            yield key

    def _near(self, key: str) -> tuple[str, ...]:
        """What stands above a key and is still related to it."""
        return tuple(islice(self._upwards(key), FARTHEST))

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
            near = self._near(lower)
            if upper in near:
                return near.index(upper) + 1
        return FARTHEST if self.common(one, other) else None

    def pairs(self, keys: Sequence[str]) -> tuple[Positions, Positions, npt.NDArray[np.int8]]:
        """Positions i < j of related keys, and the steps between them, in order.

        As arrays, because the children of one concept make millions of pairs where there are thousands.
        """
        places = _places(keys)
        parts = [*self._lines(places), *self._families(places), *_twins(places)]
        nothing = np.zeros(0, np.int32)
        one = np.concatenate([nothing, *(part[0] for part in parts)])
        other = np.concatenate([nothing, *(part[1] for part in parts)])
        each, times = [part[2] for part in parts], [len(part[0]) for part in parts]
        steps = np.repeat(np.array(each, np.int8), np.array(times, np.int64))
        del parts
        first, second = np.minimum(one, other), np.maximum(one, other)
        order = first.astype(np.int64) * len(keys) + second
        if (order[1:] > order[:-1]).all():
            return first, second, steps
        order = np.argsort(order, kind="stable")
        return first[order], second[order], steps[order]

    def _lines(self, places: Mapping[str, Positions]) -> Iterator[tuple[Positions, Positions, int]]:
        """Keys and what stands above them."""
        for key, lower in places.items():
            for steps, name in enumerate(self._near(key), 1):
                if name in places:
                    upper = places[name]
                    yield np.repeat(lower, len(upper)), np.tile(upper, len(lower)), steps

    def _families(self, places: Mapping[str, Positions]) -> Iterator[tuple[Positions, Positions, int]]:
        """Different keys that directly belong to one concept, which is no heading."""
        families: dict[str, list[Positions]] = defaultdict(list)
        for key, here in places.items():
            above = self._near(key)
            if len(above) == FARTHEST:
                families[above[0]].append(here)
        for family in families.values():
            member = np.repeat(np.arange(len(family)), [len(here) for here in family])
            one, other = _all_pairs(len(member))
            if len(member) > len(family):
                different = member[one] != member[other]
                one, other = one[different], other[different]
            everybody = np.concatenate(family)
            yield everybody[one], everybody[other], FARTHEST


def _places(keys: Sequence[str]) -> dict[str, Positions]:
    """Where each key stands."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        places[key].append(place)
    return {key: np.array(here, np.int32) for key, here in places.items()}


def _all_pairs(count: int) -> tuple[Positions, Positions]:
    one, other = np.triu_indices(count, 1)
    return one.astype(np.int32), other.astype(np.int32)


def _twins(places: Mapping[str, Positions]) -> Iterator[tuple[Positions, Positions, int]]:
    """One key at different places."""
    for here in places.values():
        if len(here) > 1:
            one, other = _all_pairs(len(here))
            yield here[one], here[other], 0
