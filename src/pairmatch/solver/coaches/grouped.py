"""Coaches together with groups where the problem is too large to search whole: prices on both.

Prices of groups move the gains of the plain matching that prices of coaches leave. The pairs without coaches
tell the first prices of groups; the linear programme over few pairs with coaches tells better ones of both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import MINIMUMS, Ints, Problem, Report, Solution
from pairmatch.solver.clock import Clock
from pairmatch.solver.coaches.jointly import BELOW, LARGEST, WORTH, Joint, Point, Proven
from pairmatch.solver.coaches.relaxed import Relaxed
from pairmatch.solver.gains import places, tier_value
from pairmatch.solver.groups.counts import constant, grain, swing
from pairmatch.solver.groups.priced import PricedNetwork
from pairmatch.solver.search import fits

__all__ = ["GroupedJoint"]

Way = Callable[[Problem, Clock, Report | None], Solution]


class GroupedJoint(Joint):
    """Goes from tier to tier with prices of coaches and of groups.

    Parameters
    ----------
    problem
        With coaches and groups; no even loads, hours or floors, and the tier ``"spread"`` only before those
        that coaches have a part in.
    clock, report
        As for :func:`~pairmatch.solver.coaches.jointly.solve_jointly`.
    way
        Solves the problem without coaches.
    """

    def __init__(self, problem: Problem, clock: Clock, report: Report | None, way: Way) -> None:
        super().__init__(problem, clock, report)
        self._way = way
        self.priced = PricedNetwork(self.plain, clock)
        self.network = self.priced
        self._groups = np.zeros(len(problem.groups), np.int64)
        self._first: Ints = self._groups

    def _without_coaches(self) -> Solution:
        """The plain problem's answer, whose prices of groups are the first."""
        alone = self._way(self.plain, self.clock, self._report)
        for proof in alone.tiers:
            if proof.tier == "total" and len(proof.group_prices) == len(self._groups):
                self._first = np.rint(proof.group_prices / proof.scale).astype(np.int64)
        return alone

    def _start(self, tier: str, earlier: Sequence[str]) -> tuple[int, dict[str, int], Ints]:
        self._groups = self._first if tier == "total" else np.zeros_like(self._first)
        return super()._start(tier, earlier)

    def _guess(self, tier: str, earlier: Sequence[str], scale: int) -> dict[str, int]:
        """As without groups; a step of what groups cost is never less than their grain."""
        cost = swing(self.problem)
        steps = {"total": self.gains.largest + cost, "spread": cost, "waited": self._longest_wait}
        below = scale * steps.get(tier, 1)
        times: dict[str, int] = {}
        for name in [*reversed(earlier), *([MINIMUMS] if places(self.plain) else [])]:
            times[name] = -(-WORTH * below // (grain(self.problem) if name == "spread" else 1))
            below += times[name] * steps.get(name, 1)
        return {**times, BELOW: below}

    def _point(self, times: Mapping[str, int], prices: Ints) -> Point:
        groups = self._groups
        people = self.problem.n_mentors + self.problem.n_mentees + 2
        if int(np.abs(groups.astype(object)).sum()) * people >= LARGEST:
            groups = np.zeros_like(groups)
        self.priced.group_prices = groups
        point = super()._point(times, prices)
        return replace(point, raw=point.raw + constant(self.problem, times, groups), groups=groups)

    def _better(self, tier: str, scale: int, targets: Mapping[str, int], point: Point) -> Relaxed | None:
        self.gains.group_prices = point.groups
        told = super()._better(tier, scale, targets, point)
        if told is not None:
            self._groups = told.groups
        return told

    def _look(self, proven: Proven, targets: Mapping[str, int], slack: int, most: int) -> tuple[bool, bool]:
        self.gains.group_prices = proven.point.groups
        return super()._look(proven, targets, slack, most)

    def _offer(self, pairs: NDArray[np.intp]) -> None:
        full = self._targets(()).get(MINIMUMS, 0) == tier_value(self.plain, MINIMUMS, pairs)
        if full and fits(self.problem, np.sort(pairs)):
            super()._offer(pairs)
