"""The best total at each number of people or pairs that are served, exactly, by prices on serving them.

A price on each one served leaves a problem that a flow solves, and the best of these prices proves a bound
for every number. "At least so many served" is itself a lower bound on the flow through one place of the
network, so the best total is concave in the number, and whole at whole ones: at the right whole price the
bound is attained (Ahuja, Magnanti and Orlin 1993, "Network flows", chapter 16).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pairmatch.problem import COVERAGE_TIERS, MINIMUMS, Beyond, Problem, TierProof, never
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import usable
from pairmatch.solver.gains import first_guess, places, tier_value
from pairmatch.solver.network import Network, Optimum, Solver
from pairmatch.solver.rounds import Rounds

__all__ = ["Traded", "is_tradable"]

GROWTH = 8


@dataclass(frozen=True)
class _Known:
    """A matching: how many it serves, and its total."""

    count: int
    total: int


def is_tradable(problem: Problem) -> bool:
    """Whether flows can say all of a problem whose objective counts people or pairs, then has ``"total"``."""
    more = problem.groups or problem.evens or problem.coaching or problem.loads.mentor_hours is not None
    return not more and {*problem.objective} <= {*COVERAGE_TIERS, "total"}


class Traded:
    """Best totals by how many are served, the earlier tiers at their values.

    Parameters
    ----------
    problem
        Its objective has the tiers that are kept, then ``"total"``; see :func:`is_tradable`.
    tier
        What is counted.
    kept
        Proofs of the kept tiers.
    ends
        The two ends, as numbers served and totals: the best total with the most served, and the most served
        with the best total.
    beyond
        The way to pairs that are not at hand.
    time_limit, cancelled
        As for :func:`~pairmatch.solver.solve`.
    """

    def __init__(
        self,
        problem: Problem,
        tier: str,
        kept: tuple[TierProof, ...],
        ends: tuple[tuple[int, int], tuple[int, int]],
        *,
        beyond: Beyond | None = None,
        time_limit: float | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> None:
        clock = Clock(time_limit, cancelled)
        part = usable(problem).problem
        self._network: Solver = Network(part, clock)
        if beyond is not None:
            rounds = Rounds(part, beyond, clock, lambda _: None)
            rounds.start()
            self._network = rounds
        self._tier, self._kept = tier, kept
        self._worths: dict[int, int] = {}
        self._known = [_Known(*end) for end in ends]

    @property
    def stopped(self) -> bool:
        """Whether the time is up: then bounds may be above the best totals."""
        return self._network.stopped

    def best(self, count: int) -> tuple[int, int]:
        """The best total with at least so many served, and what no matching exceeds."""
        while not self.stopped:
            few, many = self._around(count)
            if few.count == count:
                return few.total, few.total
            slope = (few.total - many.total) // (many.count - few.count)
            new = [price for price in (slope, slope + 1) if price not in self._worths]
            if not new:
                bound = self._bound(count)
                return bound, bound
            self._look(new[0])
        _, many = self._around(count)
        return many.total, max(many.total, self._bound(count) if self._worths else self._known[0].total)

    def _bound(self, count: int) -> int:
        return min(worth - price * count for price, worth in self._worths.items())

    def _around(self, count: int) -> tuple[_Known, _Known]:
        """The known matchings next to a number: with at most, and with more served."""
        few = max((known for known in self._known if known.count <= count), key=lambda known: known.count)
        later = [known for known in self._known if known.count > count]
        return few, min(later, key=lambda known: known.count, default=few)

    def _look(self, price: int) -> None:
        """The best matching at a price."""
        optimum, worth = self._at(price)
        self._worths[price] = worth
        problem = self._network.problem
        counted, total = (tier_value(problem, tier, optimum.pairs) for tier in (self._tier, "total"))
        if self._network.stopped or total + price * counted != worth:
            return
        if all(known.count != counted for known in self._known):
            self._known.append(_Known(counted, total))

    def _at(self, price: int) -> tuple[Optimum, int]:
        """The best pairs at a price, and what total and price together cannot exceed."""
        problem, names = self._network.problem, [proof.tier for proof in self._kept]
        first = [MINIMUMS] if places(problem) else []
        times = first_guess(problem, [*first, *names, "total"])
        # Earlier tiers count more than what the price can bring too.
        grown = 1 + 4 * price // max(1, int(problem.weight.max(initial=1)))
        full = {proof.tier: proof.value for proof in self._kept}
        full |= {MINIMUMS: places(problem)} if first else {}
        while True:
            mixture = {name: grown * times[name] for name in [*first, *names]}
            optimum = self._network.solve({**mixture, self._tier: price, "total": 1})
            kept = all(
                tier_value(problem := self._network.problem, name, optimum.pairs) == full[name]
                for name in full
            )
            if kept or self._network.stopped:
                return optimum, optimum.bound - sum(mixture[name] * full[name] for name in mixture)
            grown *= GROWTH
