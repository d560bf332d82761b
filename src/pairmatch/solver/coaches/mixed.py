"""Coaches together with groups, even loads, hours and floors: searched where small, else one after the other.

Prices of coaches and people prove bounds when groups, hours and sums over several mentors are left out; what
they leave open is reported as a gap, or closed by a search over all pairs with all coaches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import NoSolutionError
from pairmatch.problem import MINIMUMS, Ints, Problem, Report, Solution, TierProof
from pairmatch.solver.clock import Clock
from pairmatch.solver.coaches.coaching import assign_coaches
from pairmatch.solver.coaches.gains import CoachGains, bare
from pairmatch.solver.coaches.jointly import JOINT, Joint, Point, Proven
from pairmatch.solver.coaches.whole import CoachSearch, is_searchable
from pairmatch.solver.faces import restrict
from pairmatch.solver.floors import ascending, loose_floor, reach
from pairmatch.solver.gains import tier_value
from pairmatch.solver.groups.counts import constant
from pairmatch.solver.network import Network
from pairmatch.solver.search import fits

__all__ = ["Mixed"]

FLOORS = ("worst", "leximin")

Way = Callable[[Problem, Clock, Report | None], Solution]


class Mixed(Joint):
    """Goes from tier to tier; only pairs that keep everything are taken in hand.

    Parameters
    ----------
    problem
        With coaches; its pairs are usable.
    clock, report
        As for :func:`~pairmatch.solver.coaches.jointly.solve_jointly`.
    way
        Solves the problem without coaches.
    """

    def __init__(self, problem: Problem, clock: Clock, report: Report | None, way: Way) -> None:
        self._way = way
        self._search: CoachSearch | None = None
        # Where the pairs still allowed stand among the search's.
        self._at = np.arange(len(problem.mentor))
        super().__init__(problem, clock, report)

    def run(self) -> Solution:
        """Solve the plain problem, and from the first tier that coaches have a part in, search or bound."""
        objective = self.problem.objective
        first = min((objective.index(tier) for tier in JOINT if tier in objective), default=len(objective))
        alone = self._way(self.plain, self.clock, self._report)
        self.hand = self.alone = self._valued(self._index(alone.pairs))
        for proof in alone.tiers[:first]:
            if proof.tier in FLOORS:
                self._restrict(proof.value)
        self._restart()
        if is_searchable(self.problem) and first < len(objective):
            self._search = self._searching(alone.tiers[:first])
        tiers = [
            self._kept(proof, {one.tier: one.value for one in alone.tiers}) for proof in alone.tiers[:first]
        ]
        for place in range(first, len(objective)):
            tiers.append(self._next(objective[place], objective[:place]))
        complete = alone.complete and all(proof.value == proof.bound for proof in tiers)
        return self._answer(alone, tiers, complete=complete)

    def _next(self, tier: str, earlier: Sequence[str]) -> TierProof:
        """One tier: searched where that is possible, and bounded by prices."""
        bound = self._searched(tier)
        if tier in FLOORS:
            proof = loose_floor(self.problem, tier, self._value(tier))
            levels = ascending(self.problem, self.hand.pairs) if tier == "leximin" else ()
            proof = replace(proof, levels=levels)
            self._restrict(proof.value)
            self._restart()
        else:
            linear = [name for name in earlier if name not in (*FLOORS, "spread")]
            proof = self._proof(self._tier(tier, linear), linear)
        if bound is not None:
            proof = replace(proof, bound=min(bound, proof.verified_bound))
        return replace(proof, kind=_kind(proof))

    # -- bounds ------------------------------------------------------------------------------

    def _point(self, times: Any, prices: Ints) -> Point:
        point = super()._point(times, prices)
        return replace(point, raw=point.raw + constant(self.problem, times))

    def _better(self, tier: str, scale: int, targets: Any, point: Point) -> Any:
        return None if tier == "spread" else super()._better(tier, scale, targets, point)

    def _closed(self, proven: Proven, earlier: Sequence[str]) -> Proven:
        return proven

    def _offer(self, pairs: NDArray[np.intp]) -> None:
        if self._search is None and self._is_valid(pairs):
            super()._offer(pairs)

    def _is_valid(self, pairs: NDArray[np.intp]) -> bool:
        """Whether pairs that a flow has chosen keep what flows do not know, and fill the minimums."""
        full = self._targets(()).get(MINIMUMS, 0) == tier_value(self.plain, MINIMUMS, pairs)
        return full and fits(self.problem, pairs)

    def _plain_value(self, tier: str, pairs: NDArray[np.intp]) -> tuple[int, ...]:
        if tier not in FLOORS:
            return (tier_value(self.plain, tier, pairs),)
        levels = ascending(self.problem, pairs)
        worst = min(levels, default=0)
        return (worst, len(levels), *levels) if tier == "leximin" else (worst,)

    def _restrict(self, floor: int) -> None:
        """Take away the pairs that cannot be on a floor."""
        kept = restrict(self.problem, reach(self.problem) >= floor)
        self.problem, self.plain = kept.problem, bare(kept.problem)
        self.hand = replace(self.hand, pairs=np.searchsorted(kept.index, self.hand.pairs))
        self._at = self._at[kept.index]

    def _restart(self) -> None:
        """Gains and network of the pairs that are left."""
        self.gains = CoachGains(self.problem)
        self.network = Network(self.gains.plain, self.clock)
        self._assigned = assign_coaches(self.coaching, self._places(self.hand.pairs)).tiers
        self._keys = self._taken(self.hand.pairs, self.hand.coached)

    # -- search ------------------------------------------------------------------------------

    def _searching(self, proofs: Sequence[TierProof]) -> CoachSearch:
        """The search, with all earlier tiers held at their values."""
        search = CoachSearch(self.problem, self.clock)
        self._at = np.arange(len(self.problem.mentor))
        for proof in proofs:
            if proof.tier == "leximin":
                search.keep(search.linear("mentees"), len(proof.levels))
                for count in range(1, len(proof.levels) + 1):
                    search.keep(search.sum_of_smallest(count), sum(proof.levels[:count]))
            elif proof.tier == "worst":
                search.keep_floor(proof.value)
            else:
                search.keep(search.linear(proof.tier), proof.value)
        search.hint(self.hand.pairs)
        return search

    def _searched(self, tier: str) -> int | None:
        """The search's bound on a tier; what it found is in hand."""
        search = self._search
        if search is None:
            return None
        try:
            if tier in FLOORS:
                bound = self._found(search, search.worst())
                search.keep_floor(self._value(tier))
                if tier == "leximin":
                    self._levels(search)
            else:
                bound = self._found(search, search.linear(tier))
                search.keep(search.linear(tier), self._value(tier))
        except NoSolutionError:
            self._search = None
            return None
        return bound

    def _levels(self, search: CoachSearch) -> None:
        self._found(search, search.linear("mentees"))
        search.keep(search.linear("mentees"), len(ascending(self.problem, self.hand.pairs)))
        for count in range(1, len(ascending(self.problem, self.hand.pairs)) + 1):
            smallest = search.sum_of_smallest(count)
            self._found(search, smallest)
            levels = ascending(self.problem, self.hand.pairs)
            search.keep(smallest, sum(levels[:count]))

    def _found(self, search: CoachSearch, expression: Any) -> int:
        found = search.maximise(expression)
        offered = self._valued(np.searchsorted(self._at, found.pairs))
        if offered.values >= self.hand.values:
            self.hand = offered
        search.hint(self._at[self.hand.pairs])
        return found.bound


def _kind(proof: TierProof) -> str:
    if proof.tier in FLOORS:
        return "search"
    return "prices" if proof.value == proof.verified_bound else "search"
