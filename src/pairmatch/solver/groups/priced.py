"""The flow at given prices of the groups, and the bound that it proves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints, Problem
from pairmatch.solver.clock import Clock
from pairmatch.solver.gains import Gains, combine
from pairmatch.solver.network import Network
from pairmatch.solver.prices import Arcs, least_prices


class PricedNetwork(Network):
    """A network in which one more in the count of a group has its price.

    What the counts themselves may add at most is not in an optimum's bound.
    """

    def __init__(self, problem: Problem, clock: Clock) -> None:
        super().__init__(problem, clock)
        self.group_prices = np.zeros(len(problem.groups), np.int64)

    def _gains(self, multipliers: Mapping[str, int]) -> Gains:
        return combine(self.problem, multipliers, self.group_prices)

    def middle(self, pairs: NDArray[np.intp], multipliers: Mapping[str, int]) -> tuple[Ints, Ints] | None:
        """Prices half way between the least and the largest ones of the best pairs; None where none are.

        They tell best how far other pairs are from being as good.
        """
        gains = self._gains(multipliers)
        gain = self._free(gains.pair)
        core = self._core(gain, gains)
        taken = np.zeros(len(self.problem.mentor), bool)
        taken[pairs] = True
        mentor, mentee, chosen = self.mentor[core], self.mentee[core], self._free(taken)[core]
        low = least_prices(Arcs(mentor, mentee, gain[core], chosen), gains)
        turned = Gains(gains.pair, gains.mentees, gains.mentors)
        high = least_prices(Arcs(mentee, mentor, gain[core], chosen), turned)
        if low is None or high is None:
            return None
        return (low[0] + high[1]) // 2, (low[1] + high[0]) // 2
