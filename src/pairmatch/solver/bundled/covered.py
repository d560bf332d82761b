"""Tiers of covered mentees that are settled: how many are covered stands, which ones is open.

A multiplier that separates tiers for certain counts a mentee that bundles cover by half as half of it, which
is far more than any total. Where the number is known, no such multiplier is needed: of all mentees so many
are chosen whose places add most, and the multiplier is what the last one of them adds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints, Problem
from pairmatch.solver.gains import SideGains, used

__all__ = ["COVERING", "Held", "held_tiers"]

COVERING = ("must_match", "mentees", "pairs")
"""Tiers that count covered mentees; the last one does only where nobody may have several mentors."""


@dataclass(frozen=True, eq=False)
class Held:
    """How many mentees of which kind are covered, beside those with a required pair.

    Attributes
    ----------
    members, counts
        The mentees of each kind, and how many of them are covered. No mentee is of two kinds.
    tiers
        The tier that counts each kind; one that counts all stands before ``"must_match"``.
    """

    members: tuple[NDArray[np.intp], ...]
    counts: tuple[int, ...]
    tiers: tuple[str, ...]

    def best(self, side: SideGains, prices: Ints) -> int:
        """The most that mentees' loads add at prices, where so many of them are covered."""
        best, more = side.best(prices), _covered(side).best(prices)
        alone = side.total(side.used)
        total = int(best.sum())
        for own, count in zip(self.members, self.counts, strict=True):
            total += int((alone - best)[own].sum()) + _of_largest((more - alone)[own], count)
        return total

    def loads(self, side: SideGains, prices: Ints) -> tuple[Ints, Ints]:
        """Least and largest load of each mentee that attain it."""
        least, most = side.best_loads(prices)
        one, other = _covered(side).best_loads(prices)
        more = _covered(side).best(prices) - side.total(side.used)
        for own, count in zip(self.members, self.counts, strict=True):
            added, last = more[own], _last(more[own], count)
            chosen, open_ = (added > last) | (count == len(own)), (added >= last) & (count > 0)
            least[own], most[own] = np.where(chosen, one[own], 0), np.where(open_, other[own], 0)
        return least, most

    def stated(
        self, multipliers: Mapping[str, int], prices: Ints, side: SideGains
    ) -> tuple[dict[str, int], Ints]:
        """Multipliers of all tiers, and prices, of the proof by prices that gives the same bound."""
        more = _covered(side).best(prices) - side.total(side.used)
        found = {**multipliers}
        before = 0
        for tier, own, count in zip(self.tiers, self.members, self.counts, strict=True):
            last = -_last(more[own], count)
            found[tier] = last - before
            before = last
        return found, prices + found["pairs"] if "pairs" in self.tiers else prices

    def keeps(self, mentee: NDArray[np.integer[Any]], mentees: int) -> bool:
        """Whether pairs with these mentees cover so many."""
        covered = np.bincount(mentee, minlength=mentees) > 0
        counted = zip(self.members, self.counts, strict=True)
        return all(int(covered[own].sum()) == count for own, count in counted)


def held_tiers(problem: Problem, earlier: Sequence[str], values: Mapping[str, int]) -> Held | None:
    """What earlier tiers say of covered mentees; None if nothing.

    Parameters
    ----------
    problem
        The problem.
    earlier, values
        The tiers that are settled, and their values.
    """
    single = int(problem.loads.mentee_capacity.max(initial=0)) <= 1
    every = next((tier for tier in COVERING[1 : 2 + single] if tier in earlier), None)
    carried = used(problem)[1]
    open_, must = (carried == 0) & (problem.loads.mentee_capacity > 0), problem.must_match
    kinds: list[tuple[NDArray[np.bool_], int, str]] = []
    needed = 0
    if "must_match" in earlier and (must & open_).any():
        needed = values["must_match"] - int((must & (carried > 0)).sum())
        kinds = [(must & open_, needed, "must_match")]
    if every is not None:
        rest = open_ & ~must if kinds else open_
        kinds = [(rest, values[every] - int((carried > 0).sum()) - needed, every), *kinds]
    kinds = [kind for kind in kinds if kind[0].any()]
    if not kinds:
        return None
    members, counts, tiers = zip(*kinds, strict=True)
    return Held(tuple(np.flatnonzero(own) for own in members), counts, tiers)


def _covered(side: SideGains) -> SideGains:
    """The same side, where everybody who can has a pair."""
    return replace(side, used=np.minimum(np.maximum(side.used, 1), side.capacity))


def _last(added: Ints, count: int) -> int:
    """The smallest one of the largest few."""
    place = len(added) - max(count, 1)
    return int(np.partition(added, place)[place])


def _of_largest(added: Ints, count: int) -> int:
    return int(np.partition(added, len(added) - count)[len(added) - count :].sum()) if count else 0
