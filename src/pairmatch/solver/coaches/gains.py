"""Pairs with coaches as integer gains: prices on coaches leave a plain matching of pairs.

Each pair takes the coach that gains it most beside the coach's price, or none. So what is left of the problem
is a flow, and whatever the prices are, it bounds what pairs and coaches can reach together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import SolverError
from pairmatch.problem import Ints, Problem
from pairmatch.solver.gains import combine
from pairmatch.solver.groups.counts import ungrouped
from pairmatch.solver.network import Network, Optimum

WEIGHED = ("total", "pairs", "coached", "spread", "held", "kept")
"""Tiers whose gains are in the weights and charges of the plain matching."""

PAIR_TIERS = ("total", "pairs", "coached", "held", "kept")
"""Tiers that columns add to, and not persons."""

__all__ = ["PAIR_TIERS", "CoachGains", "Columns", "bare", "person_gains"]

NEVER = -(2**60)
"""Gain of a coach who does not suit; twice of it is still an int64."""


def bare(problem: Problem) -> Problem:
    """The problem without coaches and the tier that counts them; for the most pairs if no other is left."""
    objective = tuple(tier for tier in problem.objective if tier != "coached")
    return replace(problem, coaching=None, objective=objective or ("pairs",))


def person_gains(problem: Problem, tier: str) -> tuple[Ints, Ints]:
    """What each mentor's and each mentee's first pair adds to a tier that counts persons."""
    gains = combine(problem, {tier: 1})
    return gains.mentors.first, gains.mentees.first


@dataclass(frozen=True)
class Columns:
    """Pairs, each with one coach or with none.

    Attributes
    ----------
    pair
        Index of the pair among the problem's.
    coach
        Position of the coach; the number of coaches where there is none.
    """

    pair: NDArray[np.intp]
    coach: NDArray[np.intp]

    def keys(self, coaches: int) -> Ints:
        """One whole number for each."""
        return self.pair.astype(np.int64) * (coaches + 1) + self.coach

    @classmethod
    def of(cls, keys: Ints, coaches: int) -> Columns:
        """The columns of these numbers."""
        return cls(keys // (coaches + 1), keys % (coaches + 1))


class CoachGains:
    """The gains of pairs with coaches under mixtures of tiers and prices of coaches.

    Parameters
    ----------
    problem
        With coaches. Groups, hours and floors are not looked at.

    Attributes
    ----------
    largest
        No pair with its coach adds more to ``"total"``.
    group_prices
        What one more in the count of each group costs, where :meth:`near` looks; 0 at first.
    """

    def __init__(self, problem: Problem) -> None:
        if problem.coaching is None:
            raise SolverError("a problem without coaches")
        self.problem, self.coaching = problem, problem.coaching
        self.size = len(problem.coaching.capacity)
        self.plain = ungrouped(bare(problem))
        self.group_prices = np.zeros(len(problem.groups), np.int64)
        own = problem.coaching
        most = int(own.mentor_score.max(initial=0) + own.mentee_score.max(initial=0))
        self.largest = int(np.abs(problem.weight).max(initial=1)) + most
        self.largest += 0 if problem.earlier is None else problem.earlier.bonus

    def pairs(self, times: Mapping[str, int]) -> Ints:
        """What each pair gains by itself."""
        gain = self.problem.weight * times.get("total", 0) + times.get("pairs", 0)
        return np.asarray(gain + self._running(times))

    def _running(self, times: Mapping[str, int]) -> Ints | int:
        """What pairs gain for running already."""
        problem, earlier = self.problem, self.problem.earlier
        return 0 if earlier is None else earlier.gains(problem.mentor, problem.mentee, times)

    def coaches(self, times: Mapping[str, int], prices: Ints) -> Iterator[Ints]:
        """For each coach, what every pair gains by having them; hugely negative where they do not suit."""
        own, total, counts = self.coaching, times.get("total", 0), times.get("coached", 0)
        ours = np.where(own.mentor_allowed, own.mentor_score * total + counts - prices, NEVER)
        theirs = np.where(own.mentee_allowed, own.mentee_score * total, NEVER)
        for mentor, mentee in zip(np.ascontiguousarray(ours.T), np.ascontiguousarray(theirs.T), strict=True):
            yield mentor[self.problem.mentor] + mentee[self.problem.mentee]

    def best(self, times: Mapping[str, int], prices: Ints) -> Ints:
        """What each pair gains by itself and by its best coach, if any."""
        top = np.zeros(len(self.problem.mentor), np.int64)
        for gain in self.coaches(times, prices):
            np.maximum(top, gain, out=top)
        return np.asarray(self.pairs(times) + top)

    def solve(self, network: Network, times: Mapping[str, int], prices: Ints) -> Optimum:
        """The best pairs at these prices, and prices of people that prove it; coaches' capacities aside."""
        # The same pairs with other weights: the network keeps the core that it has found.
        often = times.get("total", 0) + times.get("spread", 0)
        evens = tuple(replace(even, price=even.price * often) for even in self.plain.evens if often)
        earlier = None if self.plain.earlier is None else replace(self.plain.earlier, bonus=0)
        network.problem = replace(
            self.plain,
            weight=self.best(times, prices),
            evens=evens,
            groups=network.problem.groups,
            earlier=earlier,
        )
        mixture = {tier: times[tier] for tier in times if tier not in WEIGHED}
        return network.solve({**mixture, "total": 1})

    def of(self, columns: Columns, tier: str) -> Ints:
        """What each column adds to a tier of pairs: total, pairs, coached, held or kept."""
        has = columns.coach < self.size
        if tier in ("pairs", "coached"):
            return np.ones(len(has), np.int64) if tier == "pairs" else has.astype(np.int64)
        gain = self.pairs({tier: 1})[columns.pair]
        if tier != "total":
            return gain
        pair, coach = columns.pair[has], columns.coach[has]
        gain[has] += self.coaching.mentor_score[self.problem.mentor[pair], coach]
        gain[has] += self.coaching.mentee_score[self.problem.mentee[pair], coach]
        return gain

    def near(
        self,
        times: Mapping[str, int],
        prices: Ints,
        people: tuple[Ints, Ints],
        most: int,
        below: int | None = None,
    ) -> tuple[Columns, bool]:
        """Columns whose reduced gain is nearest to the best of their pair, or to 0 where that is below 0.

        Parameters
        ----------
        times, prices, people
            The mixture, and the prices of coaches, mentors and mentees.
        most
            How many columns, at most.
        below
            How far from the best they may be; None: as far as many pairs' best columns are.

        Returns
        -------
        The nearest columns, and whether no other is within ``below``.
        """
        problem = self.problem
        rest = self.pairs(times) - people[0][problem.mentor] - people[1][problem.mentee]
        for group, price in zip(problem.groups, self.group_prices.tolist(), strict=True):
            if price and group.pairs is not None:
                rest -= price * group.pairs.of(problem.mentor, problem.mentee)
        top = rest.copy()
        for gain in self.coaches(times, prices):
            np.maximum(top, rest + gain, out=top)
        below = _reach(top, most) if below is None else below
        hopeful = np.flatnonzero(top >= -below)
        least = np.maximum(top[hopeful], 0) - below
        found = [(hopeful, self.size, rest[hopeful] - least)]
        for who, gain in enumerate(self.coaches(times, prices)):
            found.append((hopeful, who, (rest + gain)[hopeful] - least))
        near = [_within(*part) for part in found]
        pair, coach, over = (np.concatenate([part[k] for part in near]) for k in range(3))
        # Where many are equally near, some of every pair and coach: an order as if by chance.
        chance = (Columns(pair, coach).keys(self.size).astype(np.uint32) * np.uint32(2_654_435_769)) >> 1
        best = np.lexsort((chance, -over))[:most]
        return Columns(pair[best], coach[best]), len(pair) <= most


def _reach(top: Ints, most: int) -> int:
    """How far below 0 the best column of a good part of as many pairs is."""
    few = min(len(top), most // 2)
    return max(0, -int(np.partition(top, len(top) - few)[len(top) - few])) if few else 0


def _within(
    pair: NDArray[np.intp], coach: int, over: Ints
) -> tuple[NDArray[np.intp], NDArray[np.intp], Ints]:
    good = over >= 0
    return pair[good], np.full(int(good.sum()), coach), over[good]
