"""Alternating reachability over one side's people, some rows of eligible pairs at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints
from pairmatch.scoring.blocks import strip_height

__all__ = ["Bools", "Reached"]

Bools = NDArray[np.bool_]

REMEMBERED = 1 << 28
"""Bytes for the rows that are remembered, a bit for each pair; larger cohorts are asked again."""

FIRST, GROWTH = 4, 8
"""People who are looked at together at first, and by how many times more each time after that."""


class Reached:
    """Whom people reach by eligible pairs and pairs of the matching in turn.

    Parameters
    ----------
    allowed
        Which of some people's pairs with some partners are eligible: a row for each person.
    kept
        For each person the partner held, one each; below 0 for nobody.
    places
        Most pairs of each partner.
    """

    def __init__(self, allowed: Callable[[Ints, Ints], Bools], kept: Ints, places: Ints) -> None:
        self.kept, self.places, self._allowed = kept, places, allowed
        held = np.bincount(kept[kept >= 0], minlength=len(places))
        self.free: Bools = held < places

    def closed(self, person: int) -> tuple[Ints, Ints] | None:
        """All who are reached, people and partners, the person first; None if a free place is among them."""
        people, done, size = np.array([person], np.int64), 0, FIRST
        seen = np.zeros(len(self.places), np.bool_)
        while done < len(people):
            part = people[done : done + size]
            done, size = done + len(part), min(size * GROWTH, self._most)
            new = self._partners(part, seen)
            if (new & self.free).any():
                return None
            seen |= new
            people = np.concatenate([people, self._holders(new)])
        return people, np.flatnonzero(seen)

    def partners_of(self, person: int) -> Bools:
        """Partners whom one person may have."""
        return self._partners(np.array([person], np.int64), np.zeros(len(self.places), np.bool_))

    def look_at(self, people: Ints) -> None:
        """Remember the rows of some people; those of many at once are looked at sooner than one by one."""
        if self._remembered is None:
            return
        fresh = people[~self._known[people]]
        for start in range(0, len(fresh), self._most):
            part = fresh[start : start + self._most]
            self._remembered[part] = np.packbits(self._allowed(part, np.arange(len(self.places))), axis=1)
            self._known[part] = True

    def _holders(self, partners: Bools) -> Ints:
        """The people who hold a place of these partners."""
        return np.flatnonzero(partners[self.kept] & (self.kept >= 0)) if len(partners) else self.kept[:0]

    def _partners(self, people: Ints, seen: Bools) -> Bools:
        """Partners whom any of these people may have, but for those seen before."""
        if self._remembered is None:
            unseen = np.flatnonzero(~seen)
            found = np.zeros(len(seen), np.bool_)
            found[unseen] = self._allowed(people, unseen).any(axis=0)
            return found
        self.look_at(people)
        union = np.bitwise_or.reduce(self._remembered[people], axis=0)
        return np.unpackbits(union, count=len(seen)).astype(np.bool_) & ~seen

    @cached_property
    def _known(self) -> Bools:
        return np.zeros(len(self.kept), np.bool_)

    @cached_property
    def _remembered(self) -> NDArray[np.uint8] | None:
        """The rows of people looked at so far, packed; None where all of them would be too many."""
        width = (len(self.places) + 7) // 8
        return None if len(self.kept) * width > REMEMBERED else np.zeros((len(self.kept), width), np.uint8)

    @property
    def _most(self) -> int:
        return strip_height(len(self.places))
